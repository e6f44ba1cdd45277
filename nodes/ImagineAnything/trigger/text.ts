import { createHash } from 'crypto';
import { isRecord } from '../../../credentials/http/record';

/** The maximum length of a name, an ID or a handle; longer text is none of these. */
export const MAX_TEXT_LENGTH = 200;

/**
 * Reads a name, an ID or a handle.
 *
 * @returns the trimmed text; undefined when it is empty, too long or not text
 */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string') {
    return value.length > MAX_TEXT_LENGTH || value.trim() === '' ? undefined : value.trim();
  }
  // Larger integers have lost their last digits, so two different IDs could become one.
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

/** Control characters, lone surrogates and the like. */
const UNPRINTABLE = /\p{C}/u;

/**
 * Reads a name or an ID that is stored and may be displayed later.
 *
 * @returns the trimmed text; undefined when it is empty, too long, not printable or not text
 */
export function toPrintableText(value: unknown): string | undefined {
  const text = toText(value);
  return text === undefined || UNPRINTABLE.test(text) ? undefined : text;
}

const MAX_SECRET_BYTES = 4096;

/** Whether a value can be the signing secret of a webhook: printable text of up to 4 KB. */
export function isSecret(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_SECRET_BYTES &&
    value.trim() !== '' &&
    !UNPRINTABLE.test(value) &&
    Buffer.byteLength(value) <= MAX_SECRET_BYTES
  );
}

/** The longest URL that every proxy accepts. */
const MAX_URL_LENGTH = 2048;

/** Whether a value is an http or https URL of up to 2 KB. */
export function isHttpUrl(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_URL_LENGTH &&
    /^https?:\/\//i.test(value) &&
    !/[\s\p{C}]/u.test(value) &&
    URL.canParse(value)
  );
}

/** The longest form of a time, with room for the names of days and zones. */
const MAX_TIME_LENGTH = 64;

/** What every date contains, and a date without a zone, which is read as UTC. */
const YEAR = /\d{4}/;
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/;

/**
 * Reads a time: ISO 8601, or epoch seconds or milliseconds.
 *
 * @returns the time in ISO 8601; undefined when it is not a time
 */
export function toTime(value: unknown): string | undefined {
  if (typeof value === 'string' && value.length > MAX_TIME_LENGTH) return undefined;
  const isNumber =
    typeof value === 'number' || (typeof value === 'string' && /^\d{9,16}$/.test(value));
  if (!isNumber && !(typeof value === 'string' && YEAR.test(value))) return undefined;
  const number = Number(value);
  const text = WITHOUT_ZONE.test(String(value)) ? `${String(value).replace(' ', 'T')}Z` : value;
  const date = new Date(isNumber ? (number < 1e11 ? number * 1000 : number) : String(text));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

const MAX_MESSAGE_LENGTH = 500;

/** Messages from elsewhere may have any length. */
function truncate(message: string): string {
  return message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message;
}

/** The message of anything thrown, for a log or an item. */
export function messageOf(thrown: unknown): string {
  const { message } = isRecord(thrown) ? thrown : {};
  return typeof message === 'string' ? truncate(message) : 'an unknown error without a message';
}

/** 120 bits: enough that two events never collide, short enough to keep thousands. */
const HASH_LENGTH = 20;

/** Hashes text or bytes to a short key. */
export function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, HASH_LENGTH);
}
