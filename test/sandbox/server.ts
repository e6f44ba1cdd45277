/**
 * The ImagineAnything API on this machine: a real HTTP server with its state in memory.
 *
 * The way of a request: ordered fault → token → rate limit → contract → handler → contract → answer.
 */
import multipart from '@fastify/multipart';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Agent as Dispatcher } from 'undici';
import { Admission } from './admission';
import { registerAgent } from './agents';
import type { Handlers, SandboxContext } from './call';
import { AgentClient } from './client';
import { Deliveries } from './deliveries';
import { ApiError, notFound } from './errors';
import { Events } from './events';
import { type Answer, FaultResponses, JSON_TYPE } from './faultResponses';
import { Faults } from './faults';
import { resolveOptions, type SandboxOptions, type SandboxSettings } from './options';
import { Pages } from './pages';
import { Payments } from './payments';
import { RateLimiting } from './rateLimiting';
import { acceptJson, checkRequest, frameworkError, statusOf } from './refusals';
import { pathOf } from './requestContext';
import { Requests } from './requests';
import { handlers as allHandlers } from './resources';
import type { ContractViolation, Sandbox } from './sandbox';
import { State } from './state';
import { Tokens, type TokenExchange } from './tokens';
import { toCall } from './toCall';
import { methodsByPath } from './methodsByPath';
import { contractOperations, type Operation } from './validate';
import { Views } from './views';
import { website } from './website';

export type { SandboxOptions } from './options';
export type { RegisteredAgent, Sandbox } from './sandbox';

/**
 * Starts an instance on 127.0.0.1.
 * @throws RangeError when an option is not acceptable, Error (`EADDRINUSE`) when the port is busy
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = resolveOptions(options);
  const operations = await contractOperations(settings);
  return await new Instance(settings).start(operations, allHandlers);
}

class Instance implements SandboxContext {
  readonly state: State;
  readonly tokens: Tokens;
  readonly tokenExchanges: TokenExchange[] = [];
  readonly pages: Pages;
  readonly views: Views;
  readonly events: Events;
  readonly deliveries: Deliveries;
  readonly payments: Payments;
  readonly #limits: RateLimiting;
  readonly #faults = new Faults();
  readonly #faultResponses: FaultResponses;
  readonly #admission: Admission;
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
    this.tokens = new Tokens(settings, now);
    this.pages = new Pages(settings.fields !== 'reference');
    this.views = new Views(this.state, settings);
    this.deliveries = new Deliveries(settings);
    this.events = new Events(this.state, this.views, this.deliveries, now);
    this.payments = new Payments(this.state, now, () => this.url);
    this.#limits = new RateLimiting(settings, this.tokens);
    this.#faultResponses = new FaultResponses({
      settings,
      reply: (request, reply, answer) => this.#reply(request, reply, answer),
      budgetOf: (request) => this.#limits.budgetOf(request),
      secretsOf: (request, body) => this.#admission.secretsOf(request, body),
      defect: (error) => void this.#defect(error),
    });
    this.#admission = new Admission({
      settings,
      state: this.state,
      tokens: this.tokens,
      requests: this.#requests,
      faults: this.#faults,
      faultResponses: this.#faultResponses,
      limits: this.#limits,
      key: this.#key,
      closing: this.#closing.signal,
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
    app.addHook('onRequest', async (request, reply) => await this.#admission.admit(request, reply));
    acceptJson(app);
    app.setErrorHandler(async (error, request, reply) => {
      await this.#send(request, reply, this.#failure(error));
    });
    for (const operation of operations) {
      app.route({
        method: operation.method,
        url: operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
        config: { operation },
        handler: async (request, reply) => {
          const answer = await this.#handle(operation, handlers[operation.id], request);
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
    const methodsOf = methodsByPath(operations);
    app.setNotFoundHandler(async (request, reply) => {
      const path = pathOf(request);
      const methods = methodsOf(path);
      const error =
        methods.length > 0
          ? new ApiError(405, 'method_not_allowed', `${request.method} is not possible on ${path}`)
          : notFound('Endpoint', `${request.method} ${path}`);
      await this.#send(request, reply, {
        ...this.#failure(error),
        headers: methods.length > 0 ? { Allow: methods.join(', ') } : {},
      });
    });
  }

  async #handle(
    operation: Operation,
    handler: Handlers[string] | undefined,
    request: FastifyRequest,
  ): Promise<Answer> {
    const record = request.sandbox?.record;
    if (record) record.body = request.body;
    let status: number;
    let body: unknown;
    let headers: Answer['headers'];
    try {
      if (!handler)
        throw new ApiError(501, 'not_implemented', `${operation.id} is not implemented`);
      checkRequest(operation, request, this.settings.accepts);
      const result = await handler(toCall(this, operation, request));
      status = result.status ?? operation.successStatus;
      body = operation.isBodyless(status) ? undefined : result.body;
      if (record) record.applied = operation.method !== 'GET' && !result.unchanged;
    } catch (error) {
      const refusal = error instanceof ApiError ? error : this.#defect(error);
      status = statusOf(refusal, operation);
      body = refusal.body();
      headers = refusal.headers;
      // Defects and gaps of the sandbox are no part of the contract.
      if (refusal.status >= 500) return { status, body: JSON.stringify(body) };
    }
    const problems = operation.answerProblems(status, body);
    if (problems.length > 0) {
      this.#violations.push({ operationId: operation.id, status, problems, body });
      return this.#failure(
        new ApiError(
          500,
          'contract_violation',
          `The sandbox's response to ${operation.id} (${status}) breaks the contract in test/contract: ${problems.join('; ')}`,
          { details: problems },
        ),
      );
    }
    return { status, body: body === undefined ? undefined : JSON.stringify(body), headers };
  }

  /** Sends an answer, or what the ordered fault makes of it. */
  async #send(request: FastifyRequest, reply: FastifyReply, answer: Answer): Promise<void> {
    const context = request.sandbox;
    if (context?.record && answer.status >= 400 && answer.body) {
      context.record.error = (JSON.parse(answer.body) as { error: string }).error;
    }
    if (context?.fault) await this.#faultResponses.apply(context.fault, request, reply, answer);
    else this.#reply(request, reply, answer);
  }

  #reply(request: FastifyRequest, reply: FastifyReply, answer: Answer): void {
    const record = request.sandbox?.record;
    if (record) record.status = answer.status;
    void reply.code(answer.status);
    for (const [name, value] of Object.entries(answer.headers ?? {})) {
      if (value === null) reply.removeHeader(name);
      else void reply.header(name, value);
    }
    if (answer.body !== undefined && !reply.hasHeader('content-type')) void reply.type(JSON_TYPE);
    void reply.send(answer.body);
  }

  /** A path that cannot be decoded: no hook and no route has seen it. */
  async #refuseUnrouted(error: Error, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    try {
      if ((await this.#admission.admit(request, reply)) === reply) return;
      throw error;
    } catch (refusal) {
      await this.#send(request, reply, this.#failure(refusal));
    }
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

  #sandbox(app: FastifyInstance): Sandbox {
    const known = (handle: string) => this.state.knownAgent(handle);
    const { url, settings, state, tokenExchanges, payments } = this;
    const limits = this.#limits;
    const faultResponses = this.#faultResponses;
    return {
      ...{ url, settings, state, tokenExchanges, payments },
      requests: this.#requests,
      deliveries: this.deliveries.records,
      faults: this.#faults,
      get hostileAnswers() {
        return faultResponses.underWay;
      },
      contractViolations: this.#violations,
      internalErrors: this.#internalErrors,
      get rateLimited() {
        return limits.refused;
      },
      registerAgent: (agent) => registerAgent(state, agent),
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
