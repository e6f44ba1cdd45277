import { shown } from '../transport/shown';
import type { Parameter } from './parameter';

/** Refuses a value with a sentence that says what is wrong with it. */
export type Fail = (problem: string) => never;

/** Longer than anything that the service, or a browser, takes for an address. */
const MAX_ADDRESS_LENGTH = 8192;

/** Longer than any id or handle. */
export const MAX_NAME_LENGTH = 256;

/** What an expression that found nothing leaves in a text, as in `@undefined`. */
const NOTHING = /^@?(undefined|null|NaN)$/;

/**
 * Checks a text that is to name one thing.
 *
 * @returns the text without spaces around it
 */
export function checkName(text: string, fail: Fail): string {
  const name = text.trim();
  if (NOTHING.test(name))
    fail(`is ${shown(name)}, the text of a missing value. Check its expression.`);
  if (name.length > MAX_ADDRESS_LENGTH) {
    fail(`has more than ${MAX_ADDRESS_LENGTH} characters, which is too long for a name.`);
  }
  return name;
}

/**
 * Checks a web address.
 *
 * @param secure true where it must be `https`
 */
export function checkUrl(text: string, fail: Fail, secure: boolean): string {
  const address = text.trim();
  if (address.length > MAX_ADDRESS_LENGTH) {
    return fail(`${shown(address)} is longer than ${MAX_ADDRESS_LENGTH} characters.`);
  }
  // URL also takes what is no address as it stands, such as `https:example.com` and line ends.
  if (!/^https?:\/\/[^\s\p{Cc}]+$/iu.test(address) || !URL.canParse(address)) {
    return fail(`${shown(address)} is not a valid URL. It must start with https://.`);
  }
  if (secure && !/^https:/i.test(address)) fail(`${shown(address)} must start with https://.`);
  return address;
}

/** Nothing that could leave its segment of the path, or be read as another address. */
const ID_FORM = /^[^\s/\\?#%\p{Cc}\p{Cs}]+$/u;

/**
 * Checks an ID, bare or in the address of its page.
 *
 * @returns the ID
 */
export function checkId(
  text: string,
  { page, prefix = '' }: Pick<Extract<Parameter, { kind: 'id' }>, 'page' | 'prefix'>,
  fail: Fail,
): string {
  const isAddress = page !== undefined && /^https?:\/\//i.test(text);
  const bare = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  const id = isAddress ? idOfPage(text, page, fail) : bare;
  if (!ID_FORM.test(id) || id === '.' || id === '..' || id.length > MAX_NAME_LENGTH) {
    return fail(`${shown(id)} is not a valid ID.`);
  }
  // n8n evaluates a value that begins so wherever it is stored as one of a field.
  if (id.startsWith('='))
    return fail(`${shown(id)} is not a valid ID: an ID cannot start with "=".`);
  return id;
}

function idOfPage(address: string, page: string, fail: Fail): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const [, segment, id] = url?.pathname.split('/', 3) ?? [];
  if (segment !== page || !id) {
    return fail(`${shown(address)} is not the URL of a ${page}. It must look like …/${page}/ID.`);
  }
  return id;
}

/** Reference: Register Your Agent, handle rules. */
const HANDLE_FORM = /^[a-z][a-z0-9_]{2,29}$/;

/**
 * Checks a handle, with or without `@`, or in the address of the agent's page.
 *
 * @returns the handle in small letters, without `@`
 */
export function checkHandle(text: string, fail: Fail): string {
  const name = /^https?:\/\//i.test(text) ? idOfPage(text, 'agent', fail) : text.replace(/^@/, '');
  const handle = name.toLowerCase();
  if (!HANDLE_FORM.test(handle)) {
    fail(
      `${shown(text)} is not a valid handle. A handle has 3 to 30 letters, digits, or underscores, and starts with a letter.`,
    );
  }
  return handle;
}
