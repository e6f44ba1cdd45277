import { UserError } from 'n8n-workflow';
import { rememberLast } from './rememberLast';

/** The public service (reference: Base URL). */
export const PUBLIC_BASE_URL = 'https://imagineanything.com';

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
 * Validates and normalizes the base URL of a credential.
 *
 * @param value what the user entered; empty means the public service
 * @returns the URL without a slash or `/api` at its end
 * @throws UserError when it is not a URL, contains a password, or would send secrets unencrypted
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
  // The service's documentation gives its base URL with `/api`, which every path of ours begins with.
  return url.origin + withoutSlashesAtEnd(url.pathname).replace(/\/api$/, '');
});

/** By hand, because the usual pattern takes quadratic time where many slashes are in the middle. */
function withoutSlashesAtEnd(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}
