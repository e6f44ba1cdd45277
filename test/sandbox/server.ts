/**
 * The ImagineAnything API on this machine: a real HTTP server with its state in memory.
 *
 * The way of a request: ordered fault → token → rate limit → contract → handler → contract → answer.
 */
import multipart from '@fastify/multipart';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent as Dispatcher } from 'undici';
import { createAgent, type NewAgent } from './agents';
import type { Call, Handlers, World } from './call';
import { AgentClient } from './client';
import { Deliveries, type DeliverOverrides, type DeliveryRecord } from './deliveries';
import { ApiError, invalid, notFound, tokenExpired, unauthorized } from './errors';
import { Events } from './events';
import { type Answer, FaultResponses, JSON_TYPE } from './faultResponses';
import { appliesFirst, Faults, type Fault } from './faults';
import { limitClassOf, limitHeaders, rateLimited, RateLimits, secondsUntil } from './limits';
import { resolveOptions, type SandboxOptions, type SandboxSettings } from './options';
import { Pages } from './pages';
import { Payments } from './payments';
import { Requests, type RequestRecord } from './requests';
import type { Secrets } from './hostile/behaviour';
import { isHostileCursor } from './hostile/lists';
import { handlers as allHandlers } from './resources';
import { malformedTokenRequest } from './resources/authentication';
import { State, type Agent } from './state';
import { Tokens, type TokenExchange } from './tokens';
import { receiveUpload } from './uploads';
import { contractOperations, type Operation } from './validate';
import { Views } from './views';
import { website } from './website';

export type { SandboxOptions } from './options';

/** An answer of ours that did not keep the contract. */
export interface ContractViolation {
  operationId: string;
  status: number;
  problems: string[];
  body: unknown;
}

export interface RegisteredAgent {
  id: string;
  handle: string;
  name: string;
  clientId: string;
  clientSecret: string;
}

/** A running instance. */
export interface Sandbox {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly settings: SandboxSettings;
  readonly state: State;
  /** Every request but those of {@link Sandbox.as}, oldest first. */
  readonly requests: Requests;
  readonly tokenExchanges: TokenExchange[];
  readonly deliveries: DeliveryRecord[];
  /** What happens at Stripe and Coinbase: orders get paid, accounts completed, payouts paid out. */
  readonly payments: Payments;
  readonly faults: Faults;
  /** Hostile answers that have not ended. */
  readonly hostileAnswers: number;
  readonly contractViolations: ContractViolation[];
  /** Errors that are defects of the sandbox itself (answered with 500 `internal_error`). */
  readonly internalErrors: Error[];
  /** How many requests the rate limits refused (429s ordered as faults not counted). */
  readonly rateLimited: number;
  /** Adds an agent, past HTTP and limits. @throws ApiError 409 when the handle is taken */
  registerAgent(agent: NewAgent): RegisteredAgent;
  /** A client that acts as an agent. @throws Error when there is no such agent */
  as(handle: string): AgentClient;
  /** Issues tokens to an agent, past HTTP and limits. */
  issueToken(handle: string): { accessToken: string; refreshToken: string };
  /** Ends access tokens now; with `refresh` refresh tokens as well. */
  expireTokens(handle?: string, options?: { refresh?: boolean }): void;
  /** Makes all rate budgets whole. */
  resetLimits(): void;
  /** Sends any body (text and bytes as they are, all else as JSON) to an agent's webhook. */
  deliver(handle: string, body: unknown, overrides?: DeliverOverrides): Promise<DeliveryRecord>;
  /** Resolves when no delivery is under way or waiting to be repeated. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** What the hooks of a request leave for its handler. */
interface Context {
  /** Null for the requests of {@link Sandbox.as}. */
  record: RequestRecord | null;
  operation: Operation | undefined;
  viewer: Agent | undefined;
  /** Still to strike, after the request has been handled. */
  fault: Fault | undefined;
  /** It has spent one request of a budget. */
  isCounted: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    sandbox: Context | null;
  }
  interface FastifyContextConfig {
    operation?: Operation;
  }
}

/**
 * Starts an instance on 127.0.0.1.
 * @throws RangeError when an option is not acceptable, Error (`EADDRINUSE`) when the port is busy
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = resolveOptions(options);
  const operations = await contractOperations();
  return await new Instance(settings).start(operations, allHandlers);
}

class Instance implements World {
  readonly state: State;
  readonly tokens: Tokens;
  readonly tokenExchanges: TokenExchange[] = [];
  readonly pages = new Pages();
  readonly views: Views;
  readonly events: Events;
  readonly deliveries: Deliveries;
  readonly payments: Payments;
  readonly #limits: RateLimits;
  readonly #faults = new Faults();
  readonly #strikes: FaultResponses;
  readonly #requests = new Requests();
  readonly #violations: ContractViolation[] = [];
  readonly #internalErrors: Error[] = [];
  readonly #closing = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #dispatcher = new Dispatcher({ keepAliveTimeout: 1000 });
  /** Lets {@link Sandbox.as} in; nobody outside can know it. */
  readonly #key = randomBytes(16).toString('hex');
  url = '';

  constructor(readonly settings: SandboxSettings) {
    const { now } = settings;
    this.state = new State(now);
    this.tokens = new Tokens(settings.tokenTtlS, now);
    this.views = new Views(this.state, now);
    this.deliveries = new Deliveries(settings);
    this.events = new Events(this.state, this.views, this.deliveries, now);
    this.payments = new Payments(this.state, now, () => this.url);
    this.#limits = new RateLimits(settings);
    this.#strikes = new FaultResponses({
      now,
      reply: (request, reply, answer) => this.#reply(request, reply, answer),
      budgetOf: (request) => {
        const handle = request.sandbox?.record?.agent;
        const agent = handle ? this.state.agentByHandle(handle) : undefined;
        return this.#limits.peek(
          callerOf(request, agent),
          limitClassOf(request.method, pathOf(request)),
        );
      },
      secretsOf: (request, body) => this.#secretsOf(request, body),
      defect: (error) => void this.#defect(error),
    });
  }

  later(ms: number, task: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      task();
    }, ms);
    this.#timers.add(timer);
  }

  async start(operations: Operation[], handlers: Handlers): Promise<Sandbox> {
    const app = fastify({
      exposeHeadRoutes: false,
      // Ends what faults hold open, and idle kept-alive connections.
      forceCloseConnections: true,
      routerOptions: { maxParamLength: 500 },
      frameworkErrors: (error, request, reply) =>
        void this.#refuseUnrouted(error, request as FastifyRequest, reply as FastifyReply),
    });
    await app.register(multipart);
    app.decorateRequest('sandbox', null);
    app.addHook('onRequest', async (request, reply) => await this.#admit(request, reply));
    acceptJson(app);
    app.setErrorHandler(async (error, request, reply) => {
      await this.#send(request, reply, this.#refuse(error, request, reply));
    });
    for (const operation of operations) {
      app.route({
        method: operation.method,
        url: operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
        config: { operation },
        handler: async (request, reply) => {
          const answer = await this.#handle(operation, handlers[operation.id], request, reply);
          await this.#send(request, reply, answer);
        },
      });
    }
    this.payments.addPages(app);
    await app.register(website(this));
    this.#answerStrangers(app, operations);
    await app.listen({ host: '127.0.0.1', port: this.settings.port });
    const { port } = app.server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
    return this.#sandbox(app);
  }

  /** Paths that the contract does not have: 404; methods it does not have: 405. */
  #answerStrangers(app: FastifyInstance, operations: Operation[]): void {
    const patterns = operations.map(({ method, path }) => ({
      method,
      pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    }));
    app.setNotFoundHandler(async (request, reply) => {
      const path = pathOf(request);
      const methods = patterns
        .filter(({ pattern }) => pattern.test(path))
        .map(({ method }) => method);
      const error =
        methods.length > 0
          ? new ApiError(405, 'method_not_allowed', `${request.method} is not possible on ${path}`)
          : notFound('Endpoint', `${request.method} ${path}`);
      await this.#send(request, reply, {
        ...this.#refuse(error, request, reply),
        headers: methods.length > 0 ? { Allow: [...new Set(methods)].join(', ') } : {},
      });
    });
  }

  /** Before the body is read: fault, token, limit. */
  async #admit(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    if (request.routeOptions.config.isPage) return;
    const { operation } = request.routeOptions.config;
    const context: Context = {
      record: null,
      operation,
      viewer: undefined,
      fault: undefined,
      isCounted: false,
    };
    request.sandbox = context;
    const insider = request.headers['x-sandbox-key'] === this.#key;
    if (insider) {
      context.viewer = this.state.agentByHandle(String(request.headers['x-sandbox-agent']));
      return;
    }
    const token = bearerOf(request);
    let identity = token === undefined ? undefined : this.tokens.identify(token);
    const agent =
      identity && identity.kind !== 'unknown' ? this.state.agents.get(identity.agentId) : undefined;
    const record = this.#record(request, operation, agent);
    context.record = record;
    reply.raw.once('close', () => {
      if (record.status === null && reply.raw.headersSent) record.status = reply.raw.statusCode;
    });
    await this.#pause(this.settings.latencyMs);

    const fault = this.#faults.take(record);
    record.fault = fault?.kind ?? null;
    if (fault?.kind === 'latency') await this.#pause(fault.ms);
    if (fault?.kind === 'expire-token' && token !== undefined) {
      this.tokens.expire(token);
      identity = this.tokens.identify(token);
    }
    if (fault && !appliesFirst(fault)) {
      await this.#strikes.strike(fault, request, reply, undefined);
      return reply;
    }
    context.fault = fault;
    if (fault?.kind === 'hostile') forgetHostileCursor(request);

    const authenticated = identity?.kind === 'valid' ? agent : undefined;
    if (!authenticated) record.agent = null;
    // Authentications are counted once the body has told whose they are.
    if (limitClassOf(request.method, record.path) !== 'auths') {
      this.#count(request, reply, callerOf(request, authenticated));
    }
    if (token !== undefined || request.headers.authorization !== undefined) {
      if (identity?.kind === 'expired') throw tokenExpired();
      if (!authenticated) throw unauthorized('The access token is invalid');
    } else if (operation?.needsToken) {
      throw unauthorized('This call needs an access token: Authorization: Bearer iat_…');
    }
    context.viewer = authenticated;
    return;
  }

  /** Spends one request of a caller's budget. @throws ApiError 429 */
  #count(request: FastifyRequest, reply: FastifyReply, caller: string): void {
    const { hints, resetForm, now } = this.settings;
    const budget = this.#limits.take(caller, limitClassOf(request.method, pathOf(request)));
    if (request.sandbox) request.sandbox.isCounted = true;
    reply.headers(limitHeaders(budget, resetForm, hints, now()));
    if (budget.allowed) return;
    if (hints.retryAfterHeader) reply.header('Retry-After', secondsUntil(budget.resetAt, now()));
    throw rateLimited(budget, hints, now());
  }

  async #handle(
    operation: Operation,
    handler: Handlers[string] | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Answer> {
    const record = request.sandbox?.record;
    if (record) {
      record.body = request.body;
      if (limitClassOf(operation.method, operation.path) === 'auths') {
        this.#count(request, reply, this.#authenticating(request));
      }
    }
    let status: number;
    let body: unknown;
    try {
      if (!handler)
        throw new ApiError(501, 'not_implemented', `${operation.id} is not implemented`);
      checkRequest(operation, request);
      const result = await handler(this.#call(operation, request));
      status = result.status ?? operation.successStatus;
      body = operation.isBodyless(status) ? undefined : result.body;
      if (record) record.applied = operation.method !== 'GET' && !result.unchanged;
    } catch (error) {
      const refusal = error instanceof ApiError ? error : this.#defect(error);
      status = statusOf(refusal, operation);
      body = refusal.body();
      // Defects and gaps of the sandbox are no part of the contract.
      if (refusal.status >= 500) return { status, body: JSON.stringify(body) };
    }
    const problems = operation.answerProblems(status, body);
    if (problems.length > 0) {
      this.#violations.push({ operationId: operation.id, status, problems, body });
      return this.#failure(
        new ApiError(500, 'contract_violation', problems.join('; '), { details: problems }),
      );
    }
    return { status, body: body === undefined ? undefined : JSON.stringify(body) };
  }

  #call(operation: Operation, request: FastifyRequest): Call {
    const viewer = request.sandbox?.viewer;
    const { settings, state, tokens, tokenExchanges, pages, views, events, url } = this;
    const { deliveries, payments } = this;
    return {
      ...{ settings, state, tokens, tokenExchanges, pages, views, events, url },
      ...{ deliveries, payments },
      later: (ms, task) => this.later(ms, task),
      params: request.params as Record<string, string>,
      query: <T extends object>() => request.query as T,
      body: <T extends object>() => (request.body ?? {}) as T,
      viewer,
      get me() {
        if (!viewer) throw unauthorized('This call needs an access token');
        return viewer;
      },
      upload: async () => {
        if (!operation.file) throw new Error(`${operation.id} takes no file`);
        const file = await receiveUpload(request, operation, operation.file);
        const record = request.sandbox?.record;
        if (record && record.bodySize === 0) record.bodySize = file.size;
        return file;
      },
      envelope: (key, object) => (settings.envelope === 'keyed' ? { [key]: object } : object),
    };
  }

  /** Sends an answer, or what the ordered fault makes of it. */
  async #send(request: FastifyRequest, reply: FastifyReply, answer: Answer): Promise<void> {
    const context = request.sandbox;
    if (context?.record && answer.status >= 400 && answer.body) {
      context.record.error = (JSON.parse(answer.body) as { error: string }).error;
    }
    if (context?.fault) await this.#strikes.strike(context.fault, request, reply, answer);
    else this.#reply(request, reply, answer);
  }

  #reply(request: FastifyRequest, reply: FastifyReply, answer: Answer): void {
    const record = request.sandbox?.record;
    if (record) record.status = answer.status;
    this.#addLimits(request, reply);
    void reply.code(answer.status).headers(answer.headers ?? {});
    if (answer.body !== undefined && !reply.hasHeader('content-type')) void reply.type(JSON_TYPE);
    void reply.send(answer.body);
  }

  /** Answers that were given before anything was counted (a body that is no JSON) carry the headers too. */
  #addLimits(request: FastifyRequest, reply: FastifyReply): void {
    if (!request.sandbox?.record || request.sandbox.record.fault) return;
    if (reply.hasHeader('x-ratelimit-limit')) return;
    const { hints, resetForm, now } = this.settings;
    const limitClass = limitClassOf(request.method, pathOf(request));
    const budget = this.#limits.peek(callerOf(request, request.sandbox.viewer), limitClass);
    reply.headers(limitHeaders(budget, resetForm, hints, now()));
  }

  /** A path that cannot be decoded: no hook and no route has seen it. */
  async #refuseUnrouted(error: Error, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    try {
      if ((await this.#admit(request, reply)) === reply) return;
      throw error;
    } catch (refusal) {
      await this.#send(request, reply, this.#refuse(refusal, request, reply));
    }
  }

  /**
   * The answer to a request that no handler saw. An authentication counts nevertheless, for its address: whose it is
   * stands in a body that nobody could read.
   */
  #refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): Answer {
    const context = request.sandbox;
    const isAuthentication = limitClassOf(request.method, pathOf(request)) === 'auths';
    try {
      if (context?.record && !context.isCounted && isAuthentication) {
        this.#count(request, reply, callerOf(request, undefined));
      }
    } catch (limit) {
      return this.#failure(limit);
    }
    return this.#failure(error);
  }

  /** The answer to a request that failed outside a handler. */
  #failure(error: unknown): Answer {
    const refusal =
      error instanceof ApiError ? error : (frameworkError(error) ?? this.#defect(error));
    return { status: refusal.status, body: JSON.stringify(refusal.body()) };
  }

  #defect(error: unknown): ApiError {
    const defect = error instanceof Error ? error : new Error(String(error));
    this.#internalErrors.push(defect);
    return new ApiError(500, 'internal_error', defect.message);
  }

  #record(
    request: FastifyRequest,
    operation: Operation | undefined,
    agent: Agent | undefined,
  ): RequestRecord {
    return this.#requests.record({
      at: this.settings.now(),
      operationId: operation?.id ?? null,
      method: request.method,
      path: pathOf(request),
      query: { ...(request.query as Record<string, unknown>) },
      headers: { ...request.headers },
      agent: agent?.handle ?? null,
      status: null,
      error: null,
      applied: false,
      contentType: request.headers['content-type'] ?? null,
      body: undefined,
      bodySize: Number(request.headers['content-length'] ?? 0),
      fault: null,
    });
  }

  /** Whose authentication a request is: the client's or refresh token's agent, else the remote address. */
  #authenticating(request: FastifyRequest): string {
    const body = (request.body ?? {}) as { client_id?: unknown; refresh_token?: unknown };
    const owner =
      this.state.agentByClientId(String(body.client_id)) ??
      this.state.agents.get(this.tokens.ownerOfRefreshToken(String(body.refresh_token)) ?? '');
    return callerOf(request, owner);
  }

  /** What a request carries that nobody may see, and what else its agent keeps to itself. */
  #secretsOf(request: FastifyRequest, body: unknown): Secrets {
    const token = bearerOf(request);
    const sent = (body ?? {}) as Record<string, unknown>;
    const identity = token === undefined ? undefined : this.tokens.identify(token);
    const agent =
      identity && identity.kind !== 'unknown'
        ? this.state.agents.get(identity.agentId)
        : this.state.agentByClientId(String(sent.client_id));
    return {
      accessToken: token,
      refreshToken: typeof sent.refresh_token === 'string' ? sent.refresh_token : undefined,
      clientSecret: agent?.clientSecret,
    };
  }

  async #pause(ms: number): Promise<void> {
    if (ms <= 0) return;
    // Closing ends the pause; the connection is gone then.
    await sleep(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  #sandbox(app: FastifyInstance): Sandbox {
    const known = (handle: string): Agent => {
      const agent = this.state.agentByHandle(handle);
      if (!agent) throw new Error(`There is no agent @${handle}`);
      return agent;
    };
    const limits = this.#limits;
    const strikes = this.#strikes;
    return {
      url: this.url,
      settings: this.settings,
      state: this.state,
      requests: this.#requests,
      tokenExchanges: this.tokenExchanges,
      deliveries: this.deliveries.records,
      payments: this.payments,
      faults: this.#faults,
      get hostileAnswers() {
        return strikes.underWay;
      },
      contractViolations: this.#violations,
      internalErrors: this.#internalErrors,
      get rateLimited() {
        return limits.refused;
      },
      registerAgent: (agent) => {
        const { id, handle, name, clientId, clientSecret } = createAgent(this.state, agent);
        return { id, handle, name, clientId, clientSecret };
      },
      as: (handle) =>
        new AgentClient(
          this.url,
          { 'X-Sandbox-Key': this.#key, 'X-Sandbox-Agent': known(handle).handle },
          this.#dispatcher,
        ),
      issueToken: (handle) => this.tokens.issue(known(handle).id),
      expireTokens: (handle, { refresh = false } = {}) => {
        this.tokens.expireAll(handle === undefined ? undefined : known(handle).id, refresh);
      },
      resetLimits: () => limits.clear(),
      deliver: async (handle, body, overrides) =>
        await this.deliveries.custom(known(handle), body, overrides),
      settled: async () => await this.deliveries.settled(),
      close: async () => {
        this.#closing.abort();
        for (const timer of this.#timers) clearTimeout(timer);
        await this.deliveries.close();
        await this.#dispatcher.destroy();
        await app.close();
      },
    };
  }
}

/** JSON bodies; an empty one is no body, whatever its type is said to be. */
function acceptJson(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, next) => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
    if (length === '0' && encoding === undefined) delete request.headers['content-type'];
    next();
  });
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request, body, next) => {
      const record = request.sandbox?.record;
      if (record) record.bodySize = body.length;
      if (body.length === 0) return next(null, undefined);
      try {
        next(null, JSON.parse(body.toString()) as unknown);
      } catch {
        next(new ApiError(400, 'invalid_json', 'The body is not valid JSON'));
      }
    },
  );
}

/** @throws ApiError 400 in the words of the call: the token call speaks OAuth */
function checkRequest(operation: Operation, request: FastifyRequest): void {
  try {
    if (request.isMultipart() && !operation.file) throw invalid('body: must be JSON');
    operation.checkRequest(request.params as object, request.query as object, request.body);
  } catch (error) {
    if (operation.id === 'authToken' && error instanceof ApiError) {
      throw malformedTokenRequest(request.body, error.message);
    }
    throw error;
  }
}

/** The contract lets a service answer 400 where it does not name 409 or 413. */
function statusOf(refusal: ApiError, operation: Operation): number {
  const narrower = refusal.status === 409 || refusal.status === 413;
  return narrower && !operation.declares(refusal.status) ? 400 : refusal.status;
}

/** What Fastify refuses before a handler is reached, in the form of the API. */
function frameworkError(error: unknown): ApiError | undefined {
  const { statusCode, code, message } = error as {
    statusCode?: number;
    code?: string;
    message?: string;
  };
  if (statusCode === undefined || statusCode >= 500) return undefined;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new ApiError(413, 'payload_too_large', 'The body is too large');
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new ApiError(400, 'unsupported_content_type', 'The body must be application/json');
  }
  return new ApiError(400, 'bad_request', message ?? 'Bad request');
}

/** Handlers see the request for the first page: a hostile list makes the others of that one. */
function forgetHostileCursor({ query }: FastifyRequest): void {
  const asked = query as { cursor?: unknown };
  if (isHostileCursor(asked.cursor)) delete asked.cursor;
}

/** The token of the header, also one without the right scheme: then no token is known by it. */
function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
}

function callerOf(request: FastifyRequest, agent: Agent | undefined): string {
  return agent ? `agent ${agent.id}` : `address ${request.ip}`;
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0];
}
