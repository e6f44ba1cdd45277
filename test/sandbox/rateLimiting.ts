/** Counts the requests of the server against the rate limits, and puts the headers on its responses. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type Budget,
  limitClassOf,
  limitHeaders,
  rateLimited,
  RateLimits,
  secondsUntil,
} from './limits';
import type { SandboxSettings } from './options';
import { callerOf, pathOf } from './requestContext';
import type { State } from './state';
import type { Tokens } from './tokens';

const classOf = (request: FastifyRequest) => limitClassOf(request.method, pathOf(request));

/** Authentications are counted once the body has told whose they are. */
export const isAuthentication = (request: FastifyRequest): boolean => classOf(request) === 'auths';

export class RateLimiting {
  readonly #limits: RateLimits;

  constructor(
    private readonly settings: SandboxSettings,
    private readonly state: State,
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

  /** Spends one request of a caller. @throws ApiError 429 */
  count(request: FastifyRequest, reply: FastifyReply, caller: string): void {
    const { hints, resetForm, now } = this.settings;
    const budget = this.#limits.take(caller, classOf(request));
    if (request.sandbox) request.sandbox.isCounted = true;
    reply.headers(limitHeaders(budget, resetForm, hints, now()));
    if (budget.allowed) return;
    if (hints.retryAfterHeader) reply.header('Retry-After', secondsUntil(budget.resetAt, now()));
    throw rateLimited(budget, hints, now());
  }

  /** Counts an authentication for the client's or the refresh token's agent, else for the address. @throws ApiError 429 */
  countAuthentication(request: FastifyRequest, reply: FastifyReply): void {
    const body = (request.body ?? {}) as { client_id?: unknown; refresh_token?: unknown };
    const owner =
      this.state.agentByClientId(String(body.client_id)) ??
      this.state.agents.get(this.tokens.ownerOfRefreshToken(String(body.refresh_token)) ?? '');
    this.count(request, reply, callerOf(request, owner));
  }

  /** Responses that were given before anything was counted (a body that is not JSON) carry the headers too. */
  addHeaders(request: FastifyRequest, reply: FastifyReply): void {
    if (!request.sandbox?.record || request.sandbox.record.fault) return;
    if (reply.hasHeader('x-ratelimit-limit')) return;
    const { hints, resetForm, now } = this.settings;
    const caller = callerOf(request, request.sandbox.viewer);
    const budget = this.#limits.peek(caller, classOf(request));
    reply.headers(limitHeaders(budget, resetForm, hints, now()));
  }

  /** What is left of the limit that a request counts against. */
  budgetOf(request: FastifyRequest): Budget {
    const handle = request.sandbox?.record?.agent;
    const agent = handle ? this.state.agentByHandle(handle) : undefined;
    return this.#limits.peek(callerOf(request, agent), classOf(request));
  }
}
