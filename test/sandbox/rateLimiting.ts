/** Counts the requests of the server against the rate limits, and puts the headers on its responses. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  bucketOf,
  type Budget,
  limitHeaders,
  rateLimited,
  RateLimits,
  refusalFields,
  refusalHeaders,
} from './limits';
import type { SandboxSettings } from './options';
import { bearerOf, pathOf } from './requestContext';
import type { Tokens } from './tokens';

export class RateLimiting {
  readonly #limits: RateLimits;

  constructor(
    private readonly settings: SandboxSettings,
    private readonly tokens: Tokens,
  ) {
    this.#limits = new RateLimits(settings);
  }

  /** How many requests were refused. */
  get refused(): number {
    return this.#limits.refused;
  }

  /** Makes all limits whole. */
  clear(): void {
    this.#limits.clear();
  }

  /** Spends one request of its caller. @throws ApiError 429 */
  count(request: FastifyRequest, reply: FastifyReply): void {
    const { hints, resetForm, now } = this.settings;
    const budget = this.#limits.take(this.#callerOf(request), this.#bucketOf(request));
    reply.headers(limitHeaders(budget, resetForm, hints, now()));
    if (budget.allowed) return;
    reply.headers(refusalHeaders(budget, hints, now()));
    throw rateLimited(budget, refusalFields(budget, resetForm, hints, now()));
  }

  /** What is left of the limit that a request counts against. */
  budgetOf(request: FastifyRequest): Budget {
    return this.#limits.peek(this.#callerOf(request), this.#bucketOf(request));
  }

  /**
   * Whose budget a request spends: its access token's, so that a new token starts a new count. Without a good token it
   * is that of the remote address, which the vendor's pages do not say. So is that of registrations and token exchanges.
   */
  #callerOf(request: FastifyRequest): string {
    const token = bearerOf(request);
    const isGood = token !== undefined && this.tokens.identify(token).kind === 'valid';
    return isGood ? `token ${token}` : `address ${request.ip}`;
  }

  #bucketOf(request: FastifyRequest) {
    return bucketOf(this.settings, request.method, pathOf(request));
  }
}
