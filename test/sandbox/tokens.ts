/** Access and refresh tokens. reference: Authentication */
import { randomBytes } from 'node:crypto';
import type { SandboxSettings, TokenForm } from './options';

export interface TokenPair {
  accessToken: string;
  /** Empty for none. */
  refreshToken: string;
  expiresInS: number;
}

/** One call of `POST /api/auth/token`, refused or not. */
export interface TokenExchange {
  at: number;
  grantType: string;
  /** Whose token was asked for, when that could be told. */
  agent: string | null;
  status: number;
  /** The error code of a refusal. */
  error: string | null;
}

interface IssuedToken {
  agentId: string;
  expiresAt: number;
}

/** What a bearer token turned out to be. */
export type Identified =
  | { kind: 'valid'; agentId: string }
  | { kind: 'expired'; agentId: string }
  | { kind: 'unknown' };

export class Tokens {
  readonly #access = new Map<string, IssuedToken>();
  readonly #refresh = new Map<string, IssuedToken>();

  constructor(
    private readonly settings: Pick<
      SandboxSettings,
      'tokenTtlS' | 'refreshTtlS' | 'tokenForm' | 'refreshTokens'
    >,
    private readonly now: () => number,
  ) {}

  /**
   * Issues a pair; earlier access tokens of the agent stay good until they expire.
   * @param used the refresh token that was redeemed for it, if any
   */
  issue(agentId: string, used?: string): TokenPair {
    const { tokenTtlS, refreshTtlS, tokenForm, refreshTokens } = this.settings;
    const accessToken = newToken(tokenForm, 'iat');
    this.#access.set(accessToken, { agentId, expiresAt: this.now() + tokenTtlS * 1000 });
    const pair = { accessToken, refreshToken: '', expiresInS: tokenTtlS };
    if (refreshTokens === 'none' || (refreshTokens === 'omitted' && used !== undefined))
      return pair;
    const refreshToken =
      refreshTokens === 'kept' && used !== undefined ? used : newToken(tokenForm, 'iar');
    if (refreshToken !== used) {
      this.#refresh.set(refreshToken, { agentId, expiresAt: this.now() + refreshTtlS * 1000 });
    }
    return { ...pair, refreshToken };
  }

  /**
   * Redeems a refresh token, which works once where refresh tokens rotate.
   * @returns the agent's id, or undefined when the token is unknown, expired or was used up
   */
  redeem(refreshToken: string): string | undefined {
    const agentId = this.ownerOfRefreshToken(refreshToken);
    if (this.settings.refreshTokens === 'rotated') this.#refresh.delete(refreshToken);
    return agentId;
  }

  /** Whose token this is, without using a refresh token up. */
  ownerOfRefreshToken(refreshToken: string): string | undefined {
    const token = this.#refresh.get(refreshToken);
    return token && token.expiresAt > this.now() ? token.agentId : undefined;
  }

  identify(accessToken: string): Identified {
    const token = this.#access.get(accessToken);
    if (!token) return { kind: 'unknown' };
    const kind = token.expiresAt > this.now() ? 'valid' : 'expired';
    return { kind, agentId: token.agentId };
  }

  /** Ends one access token now. */
  expire(accessToken: string): void {
    const token = this.#access.get(accessToken);
    if (token) token.expiresAt = this.now();
  }

  /** Ends the access tokens of one agent, or of all; with `refresh` the refresh tokens as well. */
  expireAll(agentId?: string, refresh = false): void {
    for (const token of this.#access.values()) {
      if (agentId === undefined || token.agentId === agentId) {
        token.expiresAt = Math.min(token.expiresAt, this.now());
      }
    }
    if (!refresh) return;
    for (const [token, owner] of this.#refresh) {
      if (agentId === undefined || owner.agentId === agentId) this.#refresh.delete(token);
    }
  }
}

/** Every kind of visible character, in front one that no number and no name begins with. */
const VISIBLE = `|{$}"'\\%&<>=:;,.#@`;

function newToken(form: TokenForm, prefix: string): string {
  const random = randomBytes(24);
  if (form === 'opaque') return `${VISIBLE}${random.toString('hex')}`;
  if (form === 'prefixed') return `${prefix}_${random.toString('hex')}`;
  const part = (content: object): string =>
    Buffer.from(JSON.stringify(content)).toString('base64url');
  return [part({ alg: 'HS256' }), part({ use: prefix }), random.toString('base64url')].join('.');
}
