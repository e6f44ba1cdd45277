/** What happens to a request before its body is read: its record, an ordered fault, its token, the rate limit. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { tokenExpired, unauthorized } from './errors';
import type { FaultResponses } from './faultResponses';
import { appliesFirst, type Faults } from './faults';
import type { Secrets } from './hostile/behaviour';
import type { SandboxSettings } from './options';
import type { RateLimiting } from './rateLimiting';
import { bearerOf, forgetHostileCursor, recordOf, type RequestContext } from './requestContext';
import type { Requests } from './requests';
import type { State } from './state';
import type { Tokens } from './tokens';

/** What admission needs of the server. */
export interface AdmissionHost {
  readonly settings: SandboxSettings;
  readonly state: State;
  readonly tokens: Tokens;
  readonly requests: Requests;
  readonly faults: Faults;
  readonly faultResponses: FaultResponses;
  readonly limits: RateLimiting;
  /** Lets `Sandbox.as` in; nobody outside can know it. */
  readonly key: string;
  /** Ends pauses. */
  readonly closing: AbortSignal;
}

export class Admission {
  constructor(private readonly host: AdmissionHost) {}

  /** Before the body is read: fault, token, limit. */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    if (request.routeOptions.config.isPage) return;
    const { operation } = request.routeOptions.config;
    const context: RequestContext = {
      record: null,
      operation,
      viewer: undefined,
      fault: undefined,
    };
    request.sandbox = context;
    const insider = request.headers['x-sandbox-key'] === this.host.key;
    if (insider) {
      context.viewer = this.host.state.agentByHandle(String(request.headers['x-sandbox-agent']));
      return;
    }
    const token = bearerOf(request);
    let identity = token === undefined ? undefined : this.host.tokens.identify(token);
    const agent =
      identity && identity.kind !== 'unknown'
        ? this.host.state.agents.get(identity.agentId)
        : undefined;
    const record = this.host.requests.record(
      recordOf(request, operation, agent, this.host.settings.now()),
    );
    context.record = record;
    reply.raw.once('close', () => {
      if (record.status === null && reply.raw.headersSent) record.status = reply.raw.statusCode;
    });
    await this.#pause(this.host.settings.latencyMs);

    const fault = this.host.faults.take(record);
    record.fault = fault?.kind ?? null;
    if (fault?.kind === 'latency') await this.#pause(fault.ms);
    if (fault?.kind === 'expire-token' && token !== undefined) {
      this.host.tokens.expire(token);
      identity = this.host.tokens.identify(token);
    }
    if (fault && !appliesFirst(fault)) {
      await this.host.faultResponses.apply(fault, request, reply, undefined);
      return reply;
    }
    context.fault = fault;
    if (fault?.kind === 'hostile') forgetHostileCursor(request);

    const authenticated = identity?.kind === 'valid' ? agent : undefined;
    if (!authenticated) record.agent = null;
    this.host.limits.count(request, reply);
    if (token !== undefined || request.headers.authorization !== undefined) {
      if (identity?.kind === 'expired') throw tokenExpired();
      if (!authenticated) throw unauthorized('The access token is invalid');
    } else if (operation?.needsToken) {
      throw unauthorized('This call needs an access token: Authorization: Bearer iat_…');
    }
    context.viewer = authenticated;
    return;
  }

  /** What a request carries that nobody may see, and what else its agent keeps to itself. */
  secretsOf(request: FastifyRequest, body: unknown): Secrets {
    const token = bearerOf(request);
    const sent = (body ?? {}) as Record<string, unknown>;
    const identity = token === undefined ? undefined : this.host.tokens.identify(token);
    const agent =
      identity && identity.kind !== 'unknown'
        ? this.host.state.agents.get(identity.agentId)
        : this.host.state.agentByClientId(String(sent.client_id));
    return {
      accessToken: token,
      refreshToken: typeof sent.refresh_token === 'string' ? sent.refresh_token : undefined,
      clientSecret: agent?.clientSecret,
    };
  }

  async #pause(ms: number): Promise<void> {
    if (ms <= 0) return;
    // Closing ends the pause; the connection is gone then.
    await sleep(ms, undefined, { signal: this.host.closing }).catch(() => undefined);
  }
}
