import type {
  ICredentialDataDecryptedObject,
  IHttpRequestHelper,
  IHttpRequestOptions,
} from 'n8n-workflow';
import { PUBLIC_BASE_URL, readBaseUrl } from './baseUrl';
import { timeoutSignal, untilAborted } from './http/abort';
import { explainConnectionError } from './http/connectionError';
import { type ResponseHeaders, readRetryAfter } from './http/rateLimitHeaders';
import { isRecord } from './http/record';
import { explainUnreadable, readResponseBody } from './http/responseBody';
import { maskSecrets } from './http/secrets';
import { isRedirect, isSuccess } from './http/status';
import { identityOf, isAccessToken, isRefreshToken, type TokenSet } from './tokenSet';
import { SignInError, type SignInFailure } from './signInError';

/** n8n's request helper, as credentials and nodes have it. */
export type HttpRequest = IHttpRequestHelper['helpers']['httpRequest'];

/**
 * Names the operation of the node, although a credential knows no node: the credential test shows this message as it
 * is, with no node that could say it, and it is the first thing that a user without an agent reads.
 */
const NO_AGENT_YET =
  'No agent yet? Run the operation Agent: Register with Authentication set to None.';

/** How long an exchange may take, both of its requests together, in milliseconds. */
const EXCHANGE_MS = 30_000;

/** Far more than a token response needs. */
const MAX_TOKEN_RESPONSE_BYTES = 64 * 1024;

/** The lifetime of a token where the response does not state it, in seconds (reference: Authentication). */
const DEFAULT_LIFETIME_S = 3600;

/** What the service says about a refusal is cut to this many characters. */
const MAX_REASON_LENGTH = 300;

/**
 * Exchanges the refresh token, or else the client credentials, for a token set.
 *
 * @param httpRequest n8n's request helper
 * @param credentials the decrypted credential
 * @param refreshToken empty for none
 * @throws SignInError when the service returns no token in time
 */
export async function exchangeToken(
  httpRequest: HttpRequest,
  credentials: ICredentialDataDecryptedObject,
  refreshToken: string,
): Promise<TokenSet> {
  const signal = timeoutSignal(EXCHANGE_MS);
  // Both are often pasted with a line end.
  const clientId = String(credentials.clientId ?? '').trim();
  const clientSecret = String(credentials.clientSecret ?? '').trim();
  const missing = clientId === '' ? 'Client ID' : clientSecret === '' ? 'Client Secret' : undefined;
  if (missing !== undefined) throw new SignInError(missingField(missing));
  const request = async (body: Record<string, string>) =>
    await requestToken(httpRequest, credentials, body, [clientSecret, refreshToken], signal);
  if (refreshToken !== '') {
    const refreshed = await request({ grant_type: 'refresh_token', refresh_token: refreshToken });
    // An answer without a new one leaves the old one good (RFC 6749, section 6). The vendor's SDK drops it then; if the
    // service does as well, it refuses it once, and the client credentials take over.
    if ('accessToken' in refreshed) {
      return refreshed.refreshToken === '' ? { ...refreshed, refreshToken } : refreshed;
    }
    // The client credentials would hit the same limit or the same network failure, and cost another sign-in.
    if (refreshed.status === 429 || refreshed.status === 0) throw new SignInError(refreshed);
    // A refused refresh token is no failure: another process may have used it, and the client credentials still work.
  }
  const response = await request({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  if ('accessToken' in response) return response;
  throw new SignInError(response);
}

async function requestToken(
  httpRequest: HttpRequest,
  credentials: ICredentialDataDecryptedObject,
  body: Record<string, string>,
  secrets: readonly string[],
  signal: AbortSignal,
): Promise<TokenSet | SignInFailure> {
  const options: IHttpRequestOptions = {
    method: 'POST',
    url: `${readBaseUrl(credentials.baseUrl)}/api/auth/token`,
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
  if ('failure' in response) return response.failure;
  const { statusCode: status, headers } = response;
  const fields = isRecord(response.body) ? response.body : {};
  if (isSuccess(status) && isAccessToken(fields.access_token)) {
    return toTokenSet(fields.access_token, fields, identityOf(credentials));
  }
  if (isSuccess(status) && fields.access_token !== undefined) return unusableToken(status);
  return {
    ...explainRefusal(status, fields, secrets),
    status,
    retryAfter: readRetryAfter(status, headers, fields, Date.now()),
  };
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
          ? unreachable(options.url, error, signal.aborted)
          : unreadableResponse(options.url, response?.statusCode ?? 0, unreadable),
    };
  }
}

/** There was a response, but it cannot be read. */
function unreadableResponse(url: string, status: number, reason: string): SignInFailure {
  const advice = 'Check the base URL of the credential. It may not be the ImagineAnything service.';
  return {
    status,
    message: `The sign-in response from ${new URL(url).origin} cannot be used: ${reason}. ${advice}`,
    description: advice,
  };
}

/** How n8n says that it does not let a request out: domains of a credential, SSRF protection (n8n 2.41.1). */
const NOT_AMONG_DOMAINS = /^(Domain not allowed|No allowed domains)/;
const BLOCKED = /^The request was blocked/;

function unreachable(url: string, error: unknown, isLate: boolean): SignInFailure {
  const { code, message } = isRecord(error) ? error : {};
  const { origin, hostname } = new URL(url);
  if (typeof message === 'string' && NOT_AMONG_DOMAINS.test(message)) {
    return {
      status: 0,
      // A test of the credential shows the message only.
      message: `n8n blocked the sign-in at ${origin}: the "Allowed Domains" of the credential do not include ${hostname}`,
      description: `Add ${hostname} to the "Allowed Domains" of the credential, or set "Allowed HTTP Request Domains" to "All".`,
    };
  }
  if (typeof message === 'string' && BLOCKED.test(message)) {
    return {
      status: 0,
      message: `n8n blocked the sign-in at ${origin}: it does not allow requests to internal addresses`,
      description: `Check the base URL of the credential, or ask your n8n administrator to allow ${hostname}.`,
    };
  }
  const explained = typeof code === 'string' ? explainConnectionError(code, error, url) : undefined;
  const reason = isLate
    ? `no complete response arrived within ${EXCHANGE_MS / 1000} seconds`
    : (explained?.reason ?? 'the connection was lost before a response arrived');
  const advice = explained?.advice ?? 'Check the base URL of the credential and the network.';
  return {
    status: 0,
    // The credential test shows nothing but the message. It has no code in it, because n8n puts a sentence
    // of its own in place of a message that has one (n8n 2.41.1).
    message: `ImagineAnything could not be reached at ${origin} to sign in: ${reason}. ${advice}`,
    description: advice,
  };
}

function missingField(name: string): SignInFailure {
  return {
    status: 400,
    message: `The "${name}" field of the ImagineAnything credential is empty`,
    description: `Nothing was sent. Enter the client ID and client secret that ImagineAnything showed when the agent was registered. ${NO_AGENT_YET}`,
  };
}

function unusableToken(status: number): SignInFailure {
  return {
    status,
    message: `ImagineAnything returned an access token that cannot be used (HTTP ${status})`,
    description:
      'It is not a valid bearer token. Check the base URL of the credential. It may not be the ImagineAnything service.',
  };
}

function explainRefusal(
  status: number,
  fields: Record<string, unknown>,
  secrets: readonly string[],
): Pick<SignInFailure, 'message' | 'description'> {
  const code = typeof fields.error === 'string' ? fields.error : '';
  const reason = [fields.error_description, fields.message].find(
    (text): text is string => typeof text === 'string' && text !== '',
  );
  const said = maskSecrets([code, reason].filter(Boolean).join(': '), secrets).slice(
    0,
    MAX_REASON_LENGTH,
  );
  if (status === 429) {
    return {
      message: `ImagineAnything is not accepting more sign-ins right now (429${said ? `, ${said}` : ''})`,
      description: 'The service allows 10 sign-ins per minute. Try again in a minute.',
    };
  }
  if (isRedirect(status)) {
    return {
      message: `ImagineAnything redirected the sign-in (HTTP ${status})`,
      description:
        'Redirects are not followed, to protect the client secret. Check the base URL of the credential.',
    };
  }
  if (status === 404 || status === 405) {
    return {
      message: `The base URL of the credential is not the ImagineAnything service (HTTP ${status})`,
      description: `The server does not offer a sign-in. Use ${PUBLIC_BASE_URL}, unless you use the sandbox or another instance.`,
    };
  }
  if (status === 407) {
    return {
      message: 'The proxy between n8n and ImagineAnything rejected the sign-in (HTTP 407)',
      description:
        'The proxy requires a user name and password. Check the proxy settings of n8n (the environment variables HTTP_PROXY and HTTPS_PROXY).',
    };
  }
  if (status >= 500 || said === '') {
    return {
      message: `ImagineAnything returned no token (HTTP ${status}${said ? `, ${said}` : ''})`,
      description:
        'The service may be unavailable, or the base URL may not be the ImagineAnything service. Try again later, or check the base URL of the credential.',
    };
  }
  const advice = `Check the client ID and client secret of the credential. ImagineAnything showed both when the agent was registered. ${NO_AGENT_YET}`;
  return {
    // The credential test shows nothing but the message.
    message: `ImagineAnything rejected the credential: ${said.trim().replace(/\.$/, '')}. ${advice}`,
    description: advice,
  };
}
