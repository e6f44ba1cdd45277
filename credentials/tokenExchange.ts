import type {
  ICredentialDataDecryptedObject,
  IHttpRequestHelper,
  IHttpRequestOptions,
} from 'n8n-workflow';
import { readBaseUrl } from './baseUrl';
import { timeoutSignal, untilAborted } from './http/abort';
import { admit } from './http/admission';
import { type Deadline, deadlineIn } from './http/deadline';
import { type ResponseHeaders, readRetryAfter } from './http/rateLimitHeaders';
import { isRecord } from './http/record';
import { explainUnreadable, readResponseBody } from './http/responseBody';
import { isClientError, isSuccess } from './http/status';
import { ProcessMap } from './memory/processMap';
import { identityOf, isAccessToken, isRefreshToken, type TokenSet } from './tokenSet';
import { SignInError, type SignInFailure } from './signInError';
import {
  explainRefusal,
  limitUsedUp,
  missingField,
  unreachable,
  unreadableResponse,
  unusableToken,
} from './signInFailures';

/** n8n's request helper, as credentials and nodes have it. */
export type HttpRequest = IHttpRequestHelper['helpers']['httpRequest'];

/** How long an exchange may take, both of its requests together, in milliseconds. */
const EXCHANGE_MS = 30_000;

/** How long it waits for its turn by default, in milliseconds. The rest of the time is for the requests. */
const TURN_MS = EXCHANGE_MS / 2;

/** How long after a refusal without a time the next one is sent, in milliseconds. */
const PAUSE_MS = 1000;

/** The call, as the rate limit has it. */
const TOKEN_ENDPOINT = { method: 'POST', path: '/auth/token' } as const;

/** More identities than one process serves. */
const MAX_IDENTITIES = 1000;

/**
 * The last refresh token that the service refused, by identity: where the client credentials have to wait for their
 * turn, the next attempt must not spend it on the refresh token again.
 */
const refusedRefreshTokens = new ProcessMap<string>(MAX_IDENTITIES);

/** Far more than a token response needs. */
const MAX_TOKEN_RESPONSE_BYTES = 64 * 1024;

/** The lifetime of a token where the response does not state it, in seconds (reference: Authentication). */
const DEFAULT_LIFETIME_S = 3600;

/**
 * Exchanges the refresh token, or else the client credentials, for a token set. Its requests wait for their turn: those
 * of all agents of a service, and registrations, count together (vendor's pages: Rate Limits, 10 a minute).
 *
 * @param httpRequest n8n's request helper
 * @param credentials the decrypted credential
 * @param refreshToken empty for none
 * @param turnMs how long to wait for the turn; 0 for a caller that comes back itself
 * @throws SignInError when the service returns no token in time; of status 429 when it is not the turn of the exchange,
 *   with the time after which it may be
 */
export async function exchangeToken(
  httpRequest: HttpRequest,
  credentials: ICredentialDataDecryptedObject,
  refreshToken: string,
  turnMs = TURN_MS,
): Promise<TokenSet> {
  const turn = deadlineIn(turnMs);
  const signal = timeoutSignal(EXCHANGE_MS);
  // Both are often pasted with a line end.
  const clientId = String(credentials.clientId ?? '').trim();
  const clientSecret = String(credentials.clientSecret ?? '').trim();
  const missing = clientId === '' ? 'Client ID' : clientSecret === '' ? 'Client Secret' : undefined;
  if (missing !== undefined) throw new SignInError(missingField(missing));
  const request = async (body: Record<string, string>) =>
    await requestToken(httpRequest, credentials, body, {
      secrets: [clientSecret, refreshToken],
      turn,
      signal,
    });
  const identity = identityOf(credentials);
  if (refreshToken !== '' && refreshToken !== refusedRefreshTokens.get(identity)) {
    const refreshed = await request({ grant_type: 'refresh_token', refresh_token: refreshToken });
    // An answer without a new one leaves the old one good (RFC 6749, section 6). The vendor's SDK drops it then; if the
    // service does as well, it refuses it once, and the client credentials take over.
    if ('accessToken' in refreshed) {
      return refreshed.refreshToken === '' ? { ...refreshed, refreshToken } : refreshed;
    }
    // The client credentials would hit the same limit or the same network failure, and cost another sign-in.
    if (refreshed.status === 429 || refreshed.status === 0) throw new SignInError(refreshed);
    // A refused refresh token is no failure: another process may have used it, and the client credentials still work.
    if (isClientError(refreshed.status)) refusedRefreshTokens.set(identity, refreshToken);
  }
  const response = await request({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  if ('accessToken' in response) return response;
  throw new SignInError(response);
}

interface TokenRequest {
  /** What must not be in a message. */
  secrets: readonly string[];
  /** When it must have been its turn. */
  turn: Deadline;
  signal: AbortSignal;
}

async function requestToken(
  httpRequest: HttpRequest,
  credentials: ICredentialDataDecryptedObject,
  body: Record<string, string>,
  { secrets, turn, signal }: TokenRequest,
): Promise<TokenSet | SignInFailure> {
  const baseUrl = readBaseUrl(credentials.baseUrl);
  const { method, path } = TOKEN_ENDPOINT;
  // The request carries no access token yet: all agents count together.
  const admitted = await admit({ baseUrl, owner: baseUrl }, TOKEN_ENDPOINT, turn);
  if (!('settle' in admitted)) return limitUsedUp(admitted.resetMs);
  const options: IHttpRequestOptions = {
    method,
    url: `${baseUrl}/api${path}`,
    body,
    json: true,
    encoding: 'stream',
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
    disableFollowRedirect: true,
    timeout: EXCHANGE_MS,
    abortSignal: signal,
  };
  const response = await send(httpRequest, options, signal);
  const block = admitted.settle('failure' in response ? {} : response.headers);
  if ('failure' in response) return response.failure;
  const { statusCode: status, headers } = response;
  const fields = isRecord(response.body) ? response.body : {};
  if (isSuccess(status) && isAccessToken(fields.access_token)) {
    return toTokenSet(fields.access_token, fields, identityOf(credentials));
  }
  if (isSuccess(status) && fields.access_token !== undefined) return unusableToken(status);
  const retryAfter = readRetryAfter(status, headers, fields, Date.now());
  if (status === 429) block(retryAfter?.ms ?? PAUSE_MS);
  return { ...explainRefusal(status, fields, secrets), status, retryAfter };
}

function toTokenSet(
  accessToken: string,
  { refresh_token: refreshToken, expires_in: expiresIn }: Record<string, unknown>,
  issuedFor: string,
): TokenSet {
  // An object may have no number to be read as.
  const lifetime = typeof expiresIn === 'object' ? NaN : Number(expiresIn);
  const isLifetime = lifetime >= 1 && lifetime <= Number.MAX_SAFE_INTEGER;
  return {
    accessToken,
    refreshToken: isRefreshToken(refreshToken) ? refreshToken : '',
    expiresAt: Date.now() + (isLifetime ? lifetime : DEFAULT_LIFETIME_S) * 1000,
    issuedFor,
  };
}

interface TokenResponse {
  statusCode: number;
  headers: ResponseHeaders;
  body: unknown;
}

async function send(
  httpRequest: HttpRequest,
  options: IHttpRequestOptions,
  signal: AbortSignal,
): Promise<TokenResponse | { failure: SignInFailure }> {
  let response: TokenResponse | undefined;
  try {
    response = (await untilAborted(httpRequest(options), signal)) as TokenResponse;
    return {
      ...response,
      body: await readResponseBody(response.body, signal, MAX_TOKEN_RESPONSE_BYTES),
    };
  } catch (error) {
    if (response !== undefined && !isSuccess(response.statusCode))
      return { ...response, body: undefined };
    // The error of the HTTP library carries the request, and with it the secret: nothing but its
    // code, or a sentence of ours or n8n's, is kept.
    const unreadable = explainUnreadable(error);
    return {
      failure:
        unreadable === undefined
          ? unreachable(options.url, error, signal.aborted ? EXCHANGE_MS : undefined)
          : unreadableResponse(options.url, response?.statusCode ?? 0, unreadable),
    };
  }
}
