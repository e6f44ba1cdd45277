import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { lastRequestOf, wasTokenRefused } from './authentication';
import { isRecord, parseJsonObject } from './http/record';
import { identityOf, isUnexpired, readTokenSet, type TokenSet, toTokenFields } from './tokenSet';
import { exchangeToken, type HttpRequest } from './tokenExchange';

/** More identities than one process serves; a credential with expressions may stand for many. */
const MAX_IDENTITIES = 1000;

/** The tokens of this process by identity, so that executions share one exchange and its result. */
const tokenSets = new Map<string, TokenSet>();

const exchanges = new Map<string, Promise<TokenSet>>();

/** Tokens that may be used now. */
export interface ObtainedTokens {
  tokens: TokenSet;
  /** True for the one caller that should store it with the credential. */
  isNew: boolean;
}

/**
 * Gets tokens that the service has not refused yet. Everyone in this process who needs one for the
 * same identity at the same time shares a single exchange (reference: Rate Limits, 10 a minute).
 *
 * @param httpRequest n8n's request helper
 * @param credentials the decrypted credential
 * @param refused the access token that the service refused, if any
 * @throws SignInError when the service gives no token
 * @throws UserError when the base URL is refused
 */
export async function obtainTokens(
  httpRequest: HttpRequest,
  credentials: ICredentialDataDecryptedObject,
  refused = '',
): Promise<ObtainedTokens> {
  const identity = identityOf(credentials);
  const stored = readTokenSet(credentials);
  const held = tokenSets.get(identity);
  const newest = [held, stored].filter(isUnexpired).sort(byExpiry)[0];
  if (newest !== undefined && isBetter(newest, refused, stored)) {
    return { tokens: newest, isNew: false };
  }
  const underway = exchanges.get(identity);
  if (underway) return { tokens: await underway, isNew: false };
  const refreshToken = (held ?? stored)?.refreshToken ?? '';
  const exchange = exchangeToken(httpRequest, credentials, refreshToken)
    .then((tokens) => {
      remember(identity, tokens);
      return tokens;
    })
    .finally(() => exchanges.delete(identity));
  exchanges.set(identity, exchange);
  return { tokens: await exchange, isNew: true };
}

function byExpiry(a: TokenSet, b: TokenSet): number {
  return b.expiresAt - a.expiresAt;
}

/** One that is older than what was refused is no better: another process got the newer one. */
function isBetter(tokens: TokenSet, refused: string, stored: TokenSet | undefined): boolean {
  if (refused === '') return true;
  if (tokens.accessToken === refused) return false;
  return stored?.accessToken !== refused || tokens.expiresAt >= stored.expiresAt;
}

function remember(identity: string, tokens: TokenSet): void {
  tokenSets.delete(identity);
  tokenSets.set(identity, tokens);
  const [oldest] = tokenSets.keys();
  if (tokenSets.size > MAX_IDENTITIES && oldest !== undefined) tokenSets.delete(oldest);
}

/** Where the fields travel that n8n is to store; see {@link storing}. */
const TO_STORE = 'toStore';

/**
 * Prepares a credential for a request so that n8n stores hidden fields with it on that occasion. n8n
 * stores what `preAuthentication` returns, and calls it when it finds no token (n8n 2.41.1).
 *
 * @param credentials the decrypted credential
 * @param tokens the tokens of the request
 * @param fields further hidden fields of the credential to be stored
 */
export function storing(
  credentials: ICredentialDataDecryptedObject,
  tokens: TokenSet,
  fields: IDataObject,
): ICredentialDataDecryptedObject {
  const toStore = { ...toTokenFields(tokens), ...fields };
  return { ...credentials, ...toStore, sessionToken: '', [TO_STORE]: toStore };
}

/**
 * Prepares a credential for a request with tokens that is stored already, or by another request.
 */
export function using(
  credentials: ICredentialDataDecryptedObject,
  tokens: TokenSet,
): ICredentialDataDecryptedObject {
  return { ...credentials, ...toTokenFields(tokens) };
}

/**
 * What n8n's `preAuthentication` returns: the hidden fields that it stores with the credential. n8n also
 * calls it after every failure of its HTTP Request node, whatever the reason, and sends the request
 * again when it gets a token: a 500 would be two posts, a 404 a sign-in (n8n 1.85 to 2.41,
 * `requestWithAuthentication`). So it gets one only where the token was refused.
 *
 * @param httpRequest n8n's request helper
 * @param credentials the decrypted credential
 * @returns nothing when no new token is needed
 * @throws SignInError when the service gives no token
 * @throws UserError when the service redirected the request
 */
export async function fieldsToStore(
  httpRequest: HttpRequest,
  credentials: ICredentialDataDecryptedObject,
): Promise<IDataObject> {
  const toStore = credentials[TO_STORE];
  if (isRecord(toStore) && credentials.sessionToken === '') return toStore as IDataObject;
  const last = lastRequestOf(credentials);
  if (last === 'withheld') return {};
  if (typeof last === 'object' && !(await wasTokenRefused(httpRequest, last))) return {};
  const refused = String(credentials.sessionToken ?? '');
  const { tokens } = await obtainTokens(httpRequest, credentials, refused);
  return toTokenFields(tokens);
}

/**
 * The secrets that a credential holds, so that they can be masked in what the service says.
 *
 * @param credentials the decrypted credential
 * @param include whether the secret of the webhook is among them
 * @throws UserError when the base URL is refused
 */
export function credentialSecrets(
  credentials: ICredentialDataDecryptedObject,
  include: { webhook: boolean },
): string[] {
  const known = [readTokenSet(credentials), tokenSets.get(identityOf(credentials))];
  const tokens = known.flatMap((each) => (each ? [each.accessToken, each.refreshToken] : []));
  const secret = String(credentials.clientSecret ?? '');
  const { secret: webhookSecret } = include.webhook ? parseJsonObject(credentials.webhook) : {};
  return [secret, secret.trim(), ...tokens, webhookSecret].filter(
    (each): each is string => typeof each === 'string' && each !== '',
  );
}

/** Forgets the tokens of this process. For tests that start from nothing. */
export function forgetSessions(): void {
  tokenSets.clear();
}
