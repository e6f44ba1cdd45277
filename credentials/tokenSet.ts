import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { readBaseUrl } from './baseUrl';
import { parseJsonObject } from './http/record';
import { rememberLast } from './memory/rememberLast';

/** A token pair, and whom it was issued for. */
export interface TokenSet {
  readonly accessToken: string;
  /** Empty when the service returned none. */
  readonly refreshToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** The identity that it was given for; see {@link identityOf}. */
  readonly issuedFor: string;
}

/**
 * The hidden fields of the credential that keep the tokens.
 *
 * n8n evaluates every stored text that begins with `=` when it reads a credential (n8n 2.41.1,
 * `applyDefaultsAndOverwrites`), so that a token `={{ $json.password }}` would be run as an
 * expression. An access token that begins with `=` is refused, which RFC 6750 does not allow either;
 * everything else that the service said is stored inside JSON text, which begins with `{`.
 */
// A type, not an interface: n8n's data types want index signatures, which types have implicitly.
export type TokenFields = {
  /** The access token. n8n asks for a new one when it is empty. */
  sessionToken: string;
  /** What else belongs to the token set, as JSON. */
  session: string;
};

/**
 * Visible ASCII, as RFC 6749 has it (appendix A.12): what form the tokens of the service have is not documented. Not with
 * `=` in front, and within what fits into a header.
 */
const ACCESS_TOKEN = /^[\x21-\x3c\x3e-\x7e][\x21-\x7e]{0,4095}$/;

/** RFC 6749, appendix A.17: visible ASCII and spaces. */
const REFRESH_TOKEN = /^[\x20-\x7e]{1,4096}$/;

/** Says whether a value can be an access token. */
export function isAccessToken(value: unknown): value is string {
  return typeof value === 'string' && ACCESS_TOKEN.test(value);
}

/** Says whether a value can be a refresh token. */
export function isRefreshToken(value: unknown): value is string {
  return typeof value === 'string' && REFRESH_TOKEN.test(value);
}

/**
 * Identifies the agent of a credential without revealing its secret.
 *
 * @returns a SHA-256 hash in hex over base URL, client ID and client secret
 * @throws UserError when the base URL is invalid
 */
export function identityOf(credentials: ICredentialDataDecryptedObject): string {
  return hashOf(readBaseUrl(credentials.baseUrl), credentials.clientId, credentials.clientSecret);
}

const hashOf = rememberLast((...parts: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex'),
);

/** Gives the hidden fields that keep a token set. */
export const toTokenFields = rememberLast(
  ({ accessToken, ...rest }: TokenSet): TokenFields => ({
    sessionToken: accessToken,
    session: JSON.stringify(rest),
  }),
);

/**
 * Reads the tokens that are stored with a credential.
 *
 * @returns undefined when there is none, when it is not in the form in which it is stored, or when
 *   it belongs to an earlier client ID, client secret or base URL
 * @throws UserError when the base URL is refused
 */
export function readTokenSet(credentials: ICredentialDataDecryptedObject): TokenSet | undefined {
  return parseTokenFields(credentials.sessionToken, credentials.session, identityOf(credentials));
}

const parseTokenFields = rememberLast(
  (sessionToken: unknown, session: unknown, identity: string): TokenSet | undefined => {
    const { refreshToken, expiresAt, issuedFor } = parseJsonObject(session);
    // Nothing is stored yet, or it was issued for somebody else: then a new token set replaces it.
    if (issuedFor !== identity) return undefined;
    return {
      accessToken: isAccessToken(sessionToken) ? sessionToken : '',
      refreshToken: isRefreshToken(refreshToken) ? refreshToken : '',
      expiresAt: typeof expiresAt === 'number' ? expiresAt : 0,
      issuedFor: identity,
    };
  },
);

/** Says whether a token set has an access token that has not expired. */
export function isUnexpired(tokens: TokenSet | undefined): tokens is TokenSet {
  return tokens !== undefined && tokens.accessToken !== '' && tokens.expiresAt > Date.now();
}
