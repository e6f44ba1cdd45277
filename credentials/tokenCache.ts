import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { untilAborted } from './http/abort';
import { parseJsonObject } from './http/record';
import { ProcessMap } from './memory/processMap';
import { exchangeToken, type HttpRequest } from './tokenExchange';
import { identityOf, isUnexpired, readTokenSet, type TokenSet } from './tokenSet';

/** More identities than one process serves; a credential with expressions may stand for many. */
const MAX_IDENTITIES = 1000;

/** The tokens of this process by identity, so that executions share one exchange and its result. */
const tokenSets = new ProcessMap<TokenSet>(MAX_IDENTITIES);

/** The exchanges under way, by identity. */
const exchanges = new ProcessMap<Promise<TokenSet>>();

/** Tokens that may be used now. */
export interface ObtainedTokens {
  tokens: TokenSet;
  /** True for the one caller that should store them with the credential. */
  isNew: boolean;
}

/**
 * Gets tokens that the service has not refused yet. Everyone in this process who needs them for the same identity at
 * the same time shares one exchange (reference: Rate Limits, 10 a minute).
 *
 * @param httpRequest n8n's request helper
 * @param credentials the decrypted credential
 * @param refused the access token that the service refused, if any
 * @param signal ends the wait for an exchange; others may go on waiting for it
 * @param turnMs how long a new exchange waits for its turn, in milliseconds
 * @throws SignInError when the service returns no token
 * @throws UserError when the base URL is invalid
 */
export async function obtainTokens(
  httpRequest: HttpRequest,
  credentials: ICredentialDataDecryptedObject,
  refused?: string,
  signal?: AbortSignal,
  turnMs?: number,
): Promise<ObtainedTokens> {
  const identity = identityOf(credentials);
  const stored = readTokenSet(credentials);
  const held = tokenSets.get(identity);
  const known = [held, stored].filter((each) => each !== undefined).sort(byExpiry);
  // Tokens that are older than the refused one are no use: the service has replaced them.
  const newest = known.find(isUnexpired);
  if (newest !== undefined && newest.accessToken !== refused) {
    return { tokens: newest, isNew: false };
  }
  const pending = exchanges.get(identity);
  if (pending) return { tokens: await untilAborted(pending, signal), isNew: false };
  // An older one may have been used already, by another process.
  const refreshToken = known[0]?.refreshToken ?? '';
  const exchange = exchangeToken(httpRequest, credentials, refreshToken, turnMs)
    .then((tokens) => {
      tokenSets.set(identity, tokens);
      return tokens;
    })
    .finally(() => exchanges.delete(identity));
  exchanges.set(identity, exchange);
  return { tokens: await untilAborted(exchange, signal), isNew: true };
}

function byExpiry(a: TokenSet, b: TokenSet): number {
  return b.expiresAt - a.expiresAt;
}

/**
 * The secrets of a credential, so that they can be masked in what the service says.
 *
 * @param credentials the decrypted credential
 * @param include whether the secrets of the webhook are among them
 * @throws UserError when the base URL is invalid
 */
export function credentialSecrets(
  credentials: ICredentialDataDecryptedObject,
  include: { webhook: boolean },
): string[] {
  const known = [readTokenSet(credentials), tokenSets.get(identityOf(credentials))];
  const tokens = known.flatMap((each) => (each ? [each.accessToken, each.refreshToken] : []));
  const secret = String(credentials.clientSecret ?? '');
  const webhook = include.webhook ? parseJsonObject(credentials.webhook) : {};
  const ofWebhook = [webhook.secret, webhook.urlKey, webhook.nextUrlKey];
  return [secret, secret.trim(), ...tokens, ...ofWebhook].filter(
    (each): each is string => typeof each === 'string' && each !== '',
  );
}
