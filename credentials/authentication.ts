import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import { OWN_PROFILE_PATH, readBaseUrl } from './baseUrl';
import { timeoutSignal, untilAborted } from './http/abort';
import { isRecord } from './http/record';
import { assertOrigin, withToken } from './requestTarget';
import { isUnexpired, readTokenSet } from './tokenSet';
import type { HttpRequest } from './tokenExchange';

/** A request that was sent with a token. */
export interface SentRequest {
  baseUrl: string;
  accessToken: string;
  /** As the request helper of n8n handed them over. */
  options: IHttpRequestOptions & { uri?: unknown };
}

/** What happened to a request: it was refused here, there was no token for it, or it was sent. */
export type LastRequest = 'withheld' | 'without a token' | SentRequest;

/** Timeout of the requests that find out whether a token was refused. */
const PROBE_TIMEOUT_MS = 15_000;

const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * n8n hands the same object to `authenticate` and, when the request has failed, to
 * `preAuthentication`; it says nothing about the failure (n8n 1.85 to 2.41).
 */
const lastRequests = new WeakMap<ICredentialDataDecryptedObject, LastRequest>();

/** n8n treats it as a 401: it calls `preAuthentication` for a token and authenticates again. */
class NoTokenError extends UserError {
  readonly response = { status: 401 };
}

/**
 * Adds the token to a request, or refuses it.
 *
 * @param credentials the decrypted credential
 * @param options the options as a request helper of n8n hands them over
 * @throws UserError when the request goes to another origin than that of the base URL, or when the
 *   credential has no token that can be used
 */
export function authenticateRequest(
  credentials: ICredentialDataDecryptedObject,
  options: IHttpRequestOptions,
): IHttpRequestOptions {
  lastRequests.set(credentials, 'withheld');
  const baseUrl = readBaseUrl(credentials.baseUrl);
  const tokens = readTokenSet(credentials);
  if (!isUnexpired(tokens)) {
    assertOrigin(options, baseUrl);
    // Without a token it would be sent as anonymous, and an upload could not be sent again.
    lastRequests.set(credentials, 'without a token');
    throw new NoTokenError('The ImagineAnything credential has no access token', {
      description: 'Open the credential and test it to get one.',
    });
  }
  const { accessToken } = tokens;
  const authenticated = withToken(options, baseUrl, accessToken);
  lastRequests.set(credentials, { baseUrl, accessToken, options });
  return authenticated;
}

/** Returns what happened to the last request with these credentials; undefined when there was none. */
export function lastRequestOf(
  credentials: ICredentialDataDecryptedObject,
): LastRequest | undefined {
  return lastRequests.get(credentials);
}

/**
 * Finds out whether a request failed because the service refused its token. Where that is not certain,
 * it did not: n8n would send the request again, which may have had its effect.
 *
 * @param httpRequest n8n's request helper
 * @param sent the request that failed
 * @throws UserError when the service redirects it
 */
export async function wasTokenRefused(
  httpRequest: HttpRequest,
  sent: SentRequest,
): Promise<boolean> {
  const signal = timeoutSignal(PROBE_TIMEOUT_MS);
  const { method = 'GET', url, uri, baseURL, qs, headers } = sent.options;
  const isRead = method.toUpperCase() === 'GET';
  // Asked even after a write: of a redirect, n8n shows nothing but the status.
  const again = { url: String(url ?? uri ?? ''), baseURL, qs, headers: isRead ? headers : {} };
  const status = await statusOf(httpRequest, sent, again, signal);
  if (isRead) return status === 401;
  const profile = { url: `${sent.baseUrl}/api${OWN_PROFILE_PATH}` };
  return (await statusOf(httpRequest, sent, profile, signal)) === 401;
}

/** @returns undefined when there was no response */
async function statusOf(
  httpRequest: HttpRequest,
  { baseUrl, accessToken }: SentRequest,
  read: IHttpRequestOptions,
  signal: AbortSignal,
): Promise<unknown> {
  const request: IHttpRequestOptions = {
    ...withToken(read, baseUrl, accessToken),
    method: 'GET',
    encoding: 'stream',
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
    timeout: PROBE_TIMEOUT_MS,
    abortSignal: signal,
  };
  const response = await untilAborted(httpRequest(request), signal).catch(() => undefined);
  const { statusCode: status, headers, body } = isRecord(response) ? response : {};
  if (isRecord(body) && typeof body.destroy === 'function') body.destroy();
  if (typeof status === 'number' && REDIRECTS.includes(status)) {
    throw redirected(baseUrl, status, isRecord(headers) ? headers.location : undefined);
  }
  return status;
}

function redirected(baseUrl: string, status: number, location: unknown): UserError {
  const { origin } = new URL(baseUrl);
  const target = typeof location === 'string' ? URL.parse(location, baseUrl)?.origin : undefined;
  const where =
    target === undefined || target === 'null' || target === origin ? 'another URL' : target;
  return new UserError(`${baseUrl} redirected the request to ${where} (HTTP ${status})`, {
    description:
      'Redirects are not followed, to protect the token. Check the URL in the node and the base URL of the credential.',
  });
}
