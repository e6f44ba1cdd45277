import { createHash } from 'crypto';
import { isRecord } from '../../../credentials/http/record';

/** The longest name, ID or handle that is read; what is longer is none of these. */
export const MAX_TEXT = 200;

/**
 * Reads a name, an ID or a handle.
 *
 * @returns the text without spaces around it; undefined when it is none, or too long to be one
 */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string') {
    return value.length > MAX_TEXT || value.trim() === '' ? undefined : value.trim();
  }
  // A whole number beyond that has lost its last digits, and would be the same for two.
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

/** What stands in no text that is meant to be shown: control characters, halves of characters. */
const INVISIBLE = /\p{C}/u;

/**
 * Reads a name or an ID that is kept, and may be shown later.
 *
 * @returns the text; undefined when it is none, too long, or holds what cannot be shown
 */
export function toPlainText(value: unknown): string | undefined {
  const text = toText(value);
  return text === undefined || INVISIBLE.test(text) ? undefined : text;
}

const MAX_SECRET_BYTES = 4096;

/** Says whether a value can be the secret of a webhook: text that can be shown, up to 4 KB. */
export function isSecret(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_SECRET_BYTES &&
    value.trim() !== '' &&
    !INVISIBLE.test(value) &&
    Buffer.byteLength(value) <= MAX_SECRET_BYTES
  );
}

/** The longest address that every proxy takes. */
const MAX_ADDRESS = 2048;

/** Says whether a value is an address on the web, up to 2 KB. */
export function isWebAddress(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_ADDRESS &&
    /^https?:\/\//i.test(value) &&
    !/[\s\p{C}]/u.test(value) &&
    URL.canParse(value)
  );
}

/** The longest form of a time, with room for names of days and zones. */
const MAX_TIME = 64;

/** What a date must at least have, and one without a zone, which is then UTC. */
const DATE = /\d{4}/;
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/;

/**
 * Reads ISO 8601 and epoch numbers, in seconds or milliseconds.
 *
 * @returns the time in ISO 8601; undefined when it is none
 */
export function toTime(value: unknown): string | undefined {
  if (typeof value === 'string' && value.length > MAX_TIME) return undefined;
  const isNumber =
    typeof value === 'number' || (typeof value === 'string' && /^\d{9,16}$/.test(value));
  if (!isNumber && !(typeof value === 'string' && DATE.test(value))) return undefined;
  const number = Number(value);
  const text = WITHOUT_ZONE.test(String(value)) ? `${String(value).replace(' ', 'T')}Z` : value;
  const date = new Date(isNumber ? (number < 1e11 ? number * 1000 : number) : String(text));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

const MAX_MESSAGE = 500;

/** Shortens a message for a log or an item: what others say may be of any length. */
function clip(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
}

/** The message of whatever was thrown, for a log or an item. */
export function messageOf(thrown: unknown): string {
  const { message } = isRecord(thrown) ? thrown : {};
  return typeof message === 'string' ? clip(message) : 'an error without a message came up';
}

/** 120 bits: enough that two events never meet, short enough to remember thousands. */
const HASH_LENGTH = 20;

/** Makes a short text that stands for a long one, or for bytes. */
export function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, HASH_LENGTH);
}
