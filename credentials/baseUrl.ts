import { UserError } from 'n8n-workflow';
import { rememberLast } from './memory/rememberLast';

/** The public service (reference: Base URL). */
export const PUBLIC_BASE_URL = 'https://imagineanything.com';

/** A language of its pages, such as `en` or `pt-BR`, and the `/api` that its documentation has in the base URL. */
const PUBLIC_PATH = /^(\/[a-z]{2}(-[a-z]{2})?)?(\/api)?$/i;

/** What of a path is no prefix of another instance. Languages but English look like one, such as `/ia`. */
const ADDED_PATH = /(\/en)?(\/api)?$/;

/** The smallest call that needs a token, below `/api`: it tells whether a token is good. */
export const OWN_PROFILE_PATH = '/agents/me';

/** Longer than any URL that a browser accepts. */
const MAX_LENGTH = 2_000;

const LOOPBACK_HOSTS = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Says whether a host name is this machine.
 *
 * @param hostname as `URL.hostname` gives it, IPv6 in brackets
 */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK_HOSTS.test(hostname);
}

/**
 * Validates and normalizes the base URL of a credential. The service's documentation gives it with `/api`, which every
 * path of ours begins with, and a browser shows its pages below a language.
 *
 * @param value what the user entered; empty means the public service
 * @returns the URL without a slash, `/api` or `/en` at its end; another instance may have a path before them
 * @throws UserError when it is not a URL, contains a password, would send secrets unencrypted, or is a page of the
 *   public service
 */
export const readBaseUrl = rememberLast((value: unknown): string => {
  const text = String(value ?? '').trim() || PUBLIC_BASE_URL;
  if (text.length > MAX_LENGTH || !URL.canParse(text)) {
    throw new UserError(
      `The base URL of the ImagineAnything credential is not a valid URL: "${text.slice(0, 100)}". Use ${PUBLIC_BASE_URL}.`,
    );
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UserError(
      'The base URL of the ImagineAnything credential must not contain a user name, password, query or fragment.',
    );
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw new UserError(
      `The base URL of the ImagineAnything credential must start with https://. Plain http:// is only allowed for the machine that runs n8n: "${text.slice(0, 100)}".`,
    );
  }
  const path = withoutSlashesAtEnd(url.pathname);
  if (url.origin !== PUBLIC_BASE_URL) return url.origin + path.replace(ADDED_PATH, '');
  if (PUBLIC_PATH.test(path)) return url.origin;
  throw new UserError(
    `The base URL of the ImagineAnything credential is the URL of a page: "${text.slice(0, 100)}". Use ${PUBLIC_BASE_URL}.`,
  );
});

/** By hand, because the usual pattern takes quadratic time where many slashes are in the middle. */
function withoutSlashesAtEnd(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

/**
 * Says whether the service runs on this machine, as the sandbox does.
 *
 * @param baseUrl the field of the credential
 * @throws UserError as {@link readBaseUrl}
 */
export function isOnThisMachine(baseUrl: unknown): boolean {
  return isLoopback(new URL(readBaseUrl(baseUrl)).hostname);
}
