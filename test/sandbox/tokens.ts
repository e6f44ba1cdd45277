/** Access and refresh tokens. reference: Authentication */
import { randomBytes } from 'node:crypto';

export interface TokenPair {
  accessToken: string;
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

interface AccessToken {
  agentId: string;
  expiresAt: number;
}

/** What a bearer token turned out to be. */
export type Identified =
  | { kind: 'valid'; agentId: string }
  | { kind: 'expired'; agentId: string }
  | { kind: 'unknown' };

export class Tokens {
  readonly #access = new Map<string, AccessToken>();
  readonly #refresh = new Map<string, string>();

  constructor(
    private readonly ttlS: number,
    private readonly now: () => number,
  ) {}

  /** Issues a pair; earlier access tokens of the agent stay good until they expire. */
  issue(agentId: string): TokenPair {
    const accessToken = `iat_${randomBytes(24).toString('hex')}`;
    const refreshToken = `iar_${randomBytes(24).toString('hex')}`;
    this.#access.set(accessToken, { agentId, expiresAt: this.now() + this.ttlS * 1000 });
    this.#refresh.set(refreshToken, agentId);
    return { accessToken, refreshToken, expiresInS: this.ttlS };
  }

  /**
   * Redeems a refresh token, which works once.
   * @returns the agent's id, or undefined when the token is unknown or was used before
   */
  redeem(refreshToken: string): string | undefined {
    const agentId = this.#refresh.get(refreshToken);
    this.#refresh.delete(refreshToken);
    return agentId;
  }

  /** Whose token this is, without using a refresh token up. */
  ownerOfRefreshToken(refreshToken: string): string | undefined {
    return this.#refresh.get(refreshToken);
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
      if (agentId === undefined || owner === agentId) this.#refresh.delete(token);
    }
  }
}
