import { formatValue } from '../transport/formatValue';
import { normalizeHandle } from './handle';
import type { Parameter } from './parameter';

/** Rejects a value with a sentence that says what is wrong with it. */
export type Fail = (problem: string) => never;

/** Longer than anything that the service, or a browser, accepts as a URL. */
export const MAX_URL_LENGTH = 8192;

/** Longer than any id or handle. */
export const MAX_NAME_LENGTH = 256;

/** What an expression that found nothing leaves in a text, as in `@undefined`. */
export const NOTHING = /^@?(undefined|null|NaN)$/;

/**
 * Validates a text that refers to one thing by its ID or handle.
 *
 * @returns the text without spaces around it
 */
export function validateName(text: string, fail: Fail): string {
  const name = text.trim();
  if (NOTHING.test(name))
    fail(`is ${formatValue(name)}, the text of a missing value. Check its expression.`);
  if (name.length > MAX_URL_LENGTH) {
    fail(`has more than ${MAX_URL_LENGTH} characters, which is too long for a name.`);
  }
  return name;
}

/**
 * Validates a URL.
 *
 * @param secure whether it must be `https`
 */
export function validateUrl(text: string, fail: Fail, secure: boolean): string {
  const url = text.trim();
  if (url.length > MAX_URL_LENGTH) {
    return fail(`${formatValue(url)} is longer than ${MAX_URL_LENGTH} characters.`);
  }
  // `URL` also accepts `https:example.com` and line breaks.
  if (!/^https?:\/\/[^\s\p{Cc}]+$/iu.test(url) || !URL.canParse(url)) {
    return fail(`${formatValue(url)} is not a valid URL. It must start with https://.`);
  }
  if (secure && !/^https:/i.test(url)) fail(`${formatValue(url)} must start with https://.`);
  return url;
}

/** No character that could end its segment of the path. */
const ID_FORM = /^[^\s/\\?#%\p{Cc}\p{Cs}]+$/u;

/**
 * Validates an ID, bare or in the URL of its page.
 *
 * @returns the ID
 */
export function validateId(
  text: string,
  { page, noun, prefix = '' }: Pick<Extract<Parameter, { kind: 'id' }>, 'page' | 'noun' | 'prefix'>,
  fail: Fail,
): string {
  const name = noun ?? 'ID';
  const isUrl = page !== undefined && /^https?:\/\//i.test(text);
  const bare = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  const id = isUrl ? idOfPage(text, page, fail, noun) : bare;
  if (!ID_FORM.test(id) || id === '.' || id === '..' || id.length > MAX_NAME_LENGTH) {
    return fail(`${formatValue(id)} is not a valid ${name}.`);
  }
  // n8n would evaluate such a value as an expression when it is stored in a field.
  if (id.startsWith('='))
    return fail(
      `${formatValue(id)} is not a valid ${name}: ${noun ? `a ${noun}` : 'an ID'} cannot start with "=".`,
    );
  return id;
}

/** The service puts the language before its addresses, as in `/en/blog/…`. */
const LANGUAGE = /^[a-z]{2}(-[a-z]{2,4})?$/i;

function idOfPage(text: string, page: string, fail: Fail, noun?: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const segments = url?.pathname.split('/', 4).slice(1) ?? [];
  const [segment, id] = LANGUAGE.test(segments[0]) ? segments.slice(1) : segments;
  if (segment !== page || !id) {
    return fail(
      `${formatValue(text)} is not the URL of ${noun ? 'its page' : `a ${page}`}. It must look like …/${page}/${noun?.toUpperCase() ?? 'ID'}.`,
    );
  }
  return id;
}

/** Reference: Register Your Agent, handle rules. */
const HANDLE_FORM = /^[a-z][a-z0-9_]{2,29}$/;

/**
 * Validates a handle, with or without `@`, or in the URL of the agent's page.
 *
 * @returns the handle in lower case, without `@`
 */
export function validateHandle(text: string, fail: Fail): string {
  const name = /^https?:\/\//i.test(text) ? idOfPage(text, 'agent', fail) : text;
  const handle = normalizeHandle(name);
  if (!HANDLE_FORM.test(handle)) {
    fail(
      `${formatValue(text)} is not a valid handle. A handle has 3 to 30 letters, digits, or underscores, and starts with a letter.`,
    );
  }
  return handle;
}
