import { createHash } from 'crypto';
import type {
  ICredentialDataDecryptedObject,
  IDataObject,
  IHttpRequestHelper,
  IHttpRequestOptions,
} from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import { readBaseUrl } from './baseUrl';

/** The smallest call that needs a token, below `/api`: it tells whether a token is good. */
export const OWN_PROFILE_PATH = '/agents/me';

/** The hidden members of the credential. n8n stores them with it (n8n 2.41.1 persists every returned key). */
// A type, not an interface: n8n's data types want index signatures, which types have implicitly.
export type TokenState = {
  accessToken: string;
  refreshToken: string;
  /** Epoch milliseconds. */
  tokenExpiresAt: number;
  /** Which base URL, client ID and secret the token was given for. */
  tokenIssuedFor: string;
};

const NO_TOKEN: TokenState = {
  accessToken: '',
  refreshToken: '',
  tokenExpiresAt: 0,
  tokenIssuedFor: '',
};

/** Visible ASCII, so that nothing in a token can end the header that it goes into. */
const TOKEN_FORM = /^[\x21-\x7e]+$/;

/** Tokens live an hour (reference: Authentication) where an answer does not say, in seconds. */
const USUAL_LIFETIME = 3600;

/** Tokens of this process by identity, so that executions share one exchange and its result. */
const held = new Map<string, TokenState>();
const exchanges = new Map<string, Promise<TokenState>>();

/**
 * Names the identity that a credential stands for, without showing its secret.
 *
 * @returns a SHA-256 hash in hex over base URL, client ID and client secret
 * @throws UserError when the base URL is refused
 */
export function identityOf(credentials: ICredentialDataDecryptedObject): string {
  const parts = [readBaseUrl(credentials.baseUrl), credentials.clientId, credentials.clientSecret];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function storedToken(credentials: ICredentialDataDecryptedObject): TokenState {
  return {
    accessToken: String(credentials.accessToken ?? ''),
    refreshToken: String(credentials.refreshToken ?? ''),
    tokenExpiresAt: Number(credentials.tokenExpiresAt ?? 0),
    tokenIssuedFor: String(credentials.tokenIssuedFor ?? ''),
  };
}

function isLive(token: TokenState | undefined): token is TokenState {
  return token !== undefined && token.accessToken !== '' && token.tokenExpiresAt > Date.now();
}

/**
 * Gives the credential the token that may be used with it now. A token given for another client ID,
 * secret or base URL is dropped, and so is one that has expired: n8n exchanges where it finds none.
 *
 * @returns a copy of the credential; `accessToken` is empty when an exchange is due
 * @throws UserError when the base URL is refused
 */
export function withCurrentToken(
  credentials: ICredentialDataDecryptedObject,
): ICredentialDataDecryptedObject {
  const identity = identityOf(credentials);
  const stored = storedToken(credentials);
  const mine = stored.tokenIssuedFor === identity ? stored : NO_TOKEN;
  const newest = [held.get(identity), mine].filter(isLive).sort(byExpiry)[0];
  if (newest) return { ...credentials, ...newest };
  const refreshToken = held.get(identity)?.refreshToken ?? mine.refreshToken;
  return { ...credentials, ...NO_TOKEN, refreshToken, tokenIssuedFor: identity };
}

function byExpiry(a: TokenState, b: TokenState): number {
  return b.tokenExpiresAt - a.tokenExpiresAt;
}

/**
 * Prepares a credential so that n8n stores further hidden members with it. n8n stores what
 * `preAuthentication` returns and calls it where it finds no token (n8n 2.41.1), so the token that
 * is still good travels next to the members and is found again in {@link obtainMembers}.
 *
 * @param credentials the credential as `withCurrentToken` gives it
 * @param members the hidden members of the credential to be stored
 */
export function withMembersToStore(
  credentials: ICredentialDataDecryptedObject,
  members: IDataObject,
): ICredentialDataDecryptedObject {
  return { ...credentials, accessToken: '', toStore: { ...storedToken(credentials), ...members } };
}

/**
 * Gets what n8n stores with the credential: a token, and the members that a node wants to be kept.
 *
 * @throws UserError with the service's reason when it refuses the client
 */
export async function obtainMembers(
  helpers: IHttpRequestHelper['helpers'],
  credentials: ICredentialDataDecryptedObject,
): Promise<IDataObject> {
  const { toStore } = credentials;
  if (!isRecord(toStore)) return await obtainToken(helpers, credentials);
  const token = storedToken(toStore as ICredentialDataDecryptedObject);
  // n8n puts the token into the credential after the first call: one that is there now was refused.
  const isGood = credentials.accessToken === '' && isLive(token);
  return { ...toStore, ...(isGood ? token : await obtainToken(helpers, credentials)) };
}

/**
 * Gets a token that the service has not refused yet. Everyone in this process who needs one for the
 * same identity at the same time shares a single exchange (reference: Rate Limits, 10 a minute).
 *
 * @param helpers n8n's request helper
 * @param credentials the credential; its `accessToken` is empty or was refused
 * @throws UserError with the service's reason when it refuses the client
 */
export async function obtainToken(
  helpers: IHttpRequestHelper['helpers'],
  credentials: ICredentialDataDecryptedObject,
): Promise<TokenState> {
  const identity = identityOf(credentials);
  const known = held.get(identity);
  const refused = storedToken(credentials);
  // One that is older than what was refused is no better: another process got the newer one.
  const isBetter = ({ accessToken, tokenExpiresAt }: TokenState) =>
    refused.accessToken === '' ||
    (accessToken !== refused.accessToken && tokenExpiresAt >= refused.tokenExpiresAt);
  if (isLive(known) && isBetter(known)) return known;

  const underway = exchanges.get(identity);
  if (underway) return await underway;
  const exchange = exchangeToken(helpers, credentials, identity, known)
    .then((token) => {
      held.set(identity, token);
      return token;
    })
    .finally(() => exchanges.delete(identity));
  exchanges.set(identity, exchange);
  return await exchange;
}

async function exchangeToken(
  helpers: IHttpRequestHelper['helpers'],
  credentials: ICredentialDataDecryptedObject,
  identity: string,
  known: TokenState | undefined,
): Promise<TokenState> {
  const stored = storedToken(credentials);
  const refreshToken =
    known?.refreshToken || (stored.tokenIssuedFor === identity ? stored.refreshToken : '');
  if (refreshToken !== '') {
    const refreshed = await requestToken(helpers, credentials, identity, {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    });
    if ('accessToken' in refreshed) return refreshed;
    // The client credentials would meet the same limit or the same broken line, and cost another sign-in.
    if (refreshed.status === 429 || refreshed.status === 0) throw toError(refreshed);
    // A refused refresh is no failure: another process may have used it, and the client credentials still work.
  }
  const answer = await requestToken(helpers, credentials, identity, {
    grant_type: 'client_credentials',
    // Both are often pasted with a line end.
    client_id: String(credentials.clientId ?? '').trim(),
    client_secret: String(credentials.clientSecret ?? '').trim(),
  });
  if ('accessToken' in answer) return answer;
  throw toError(answer);
}

function toError({ message, description, ...extra }: Refusal): UserError {
  return new UserError(message, { description, extra });
}

/** Why there is no token. Whoever may wait and try again finds the hints of the answer here. */
interface Refusal {
  message: string;
  description: string;
  /** The HTTP status; 0 when the service could not be reached. */
  status: number;
  headers?: IDataObject;
  body?: unknown;
}

async function requestToken(
  helpers: IHttpRequestHelper['helpers'],
  credentials: ICredentialDataDecryptedObject,
  identity: string,
  body: Record<string, string>,
): Promise<TokenState | Refusal> {
  const options: IHttpRequestOptions = {
    method: 'POST',
    url: `${readBaseUrl(credentials.baseUrl)}/api/auth/token`,
    body,
    json: true,
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
    disableFollowRedirect: true,
    timeout: 30_000,
  };
  const answer = await tryRequest(helpers, options);
  if ('unreachable' in answer) return unreachable(options.url, answer.unreachable);
  const members = isRecord(answer.body) ? answer.body : {};
  const accessToken = members.access_token;
  const isToken = typeof accessToken === 'string' && TOKEN_FORM.test(accessToken);
  if (answer.statusCode >= 200 && answer.statusCode < 300 && isToken) {
    const lifetime = Number(members.expires_in);
    const isLifetime = lifetime >= 1 && lifetime <= Number.MAX_SAFE_INTEGER;
    return {
      accessToken,
      refreshToken: typeof members.refresh_token === 'string' ? members.refresh_token : '',
      tokenExpiresAt: Date.now() + (isLifetime ? lifetime : USUAL_LIFETIME) * 1000,
      tokenIssuedFor: identity,
    };
  }
  const { statusCode: status, headers } = answer;
  return {
    ...refusal(status, members, body.client_secret || body.refresh_token),
    status,
    headers,
    body: { retry_after: members.retry_after },
  };
}

interface TokenAnswer {
  statusCode: number;
  headers: IDataObject;
  body: unknown;
}

async function tryRequest(
  helpers: IHttpRequestHelper['helpers'],
  options: IHttpRequestOptions,
): Promise<TokenAnswer | { unreachable: string }> {
  try {
    return (await helpers.httpRequest(options)) as TokenAnswer;
  } catch (error) {
    // The error of the HTTP library carries the request, and with it the secret: only its code travels on.
    return { unreachable: isRecord(error) && typeof error.code === 'string' ? error.code : '' };
  }
}

function unreachable(url: string, code: string): Refusal {
  return {
    status: 0,
    // Without the code: n8n puts a sentence of its own in place of a message that has one (n8n 2.41.1).
    message: `ImagineAnything could not be reached at ${new URL(url).origin} to sign in`,
    description: `No answer came${code ? ` (${code})` : ''}. Check the base URL of the credential and the network.`,
  };
}

/** @param secret what was sent and nobody may see, should the service repeat it */
function refusal(
  status: number,
  members: Record<string, unknown>,
  secret: string,
): Pick<Refusal, 'message' | 'description'> {
  const code = typeof members.error === 'string' ? members.error : '';
  const reason = [members.error_description, members.message].find(
    (text): text is string => typeof text === 'string' && text !== '',
  );
  const repeated = [code, reason].filter(Boolean).join(': ');
  const said = secret ? repeated.replaceAll(secret, '••••••') : repeated;
  if (status === 429) {
    return {
      message: `ImagineAnything allows no more sign-ins right now (429${said ? `, ${said}` : ''})`,
      description: 'The service takes 10 sign-ins a minute. Try again in a minute.',
    };
  }
  if (status >= 300 && status < 400) {
    return {
      message: `ImagineAnything gave no token, but pointed to another address (HTTP ${status})`,
      description:
        'The other address is not followed, so that the client secret stays where it belongs. Check the base URL of the credential.',
    };
  }
  if (status >= 500 || said === '') {
    return {
      message: `ImagineAnything gave no token (HTTP ${status}${said ? `, ${said}` : ''})`,
      description:
        'The base URL may not be the ImagineAnything service, or the service has a problem. Check the base URL of the credential, or try again later.',
    };
  }
  return {
    message: `ImagineAnything refused the credential: ${said}`,
    description:
      'Check the client ID and the client secret in the credential. Both were shown when the agent was registered.',
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Forgets the tokens of this process. For tests that start from nothing. */
export function forgetTokens(): void {
  held.clear();
}
