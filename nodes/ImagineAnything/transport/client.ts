import { type INode, NodeOperationError } from 'n8n-workflow';
import { aiProviderKeysOf } from '../../../credentials/aiProviderKeys';
import { OWN_PROFILE_PATH, PUBLIC_BASE_URL, readBaseUrl } from '../../../credentials/baseUrl';
import { type Headers, readRate } from '../../../credentials/http/rateLimitHeaders';
import { maskSecrets } from '../../../credentials/http/secrets';
import { identityOf } from '../../../credentials/session';
import { secretsOf } from '../../../credentials/tokenCache';
import { type RateLimiter, rateLimiterOf, type RateClass } from './rateLimiter';
import { type Deadline, deadlineIn, remaining } from './deadline';
import { exchange, readAnswer, timeoutOf } from './exchange';
import { type Failure, mayHaveHadEffect, outOfTime, rateLimited } from './failure';
import { MultipartBody } from './multipart';
import { type ErrorContext, toNodeApiError } from './nodeError';
import { sleep } from './sleep';
import { type RetryCount, retryDelay, wasAlreadyDone } from './retry';
import { readThrown } from './thrown';
import {
  type ApiAnswer,
  type ApiRequest,
  type Caller,
  CREDENTIAL,
  type RequestContext,
} from './apiRequest';

export { CREDENTIAL } from './apiRequest';
export type { ApiAnswer, ApiRequest } from './apiRequest';

/** Sends requests for one agent. */
export interface Client {
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** A client for the last things to do when an execution is cancelled: 15 seconds for all of them. */
  detached(): Client;
}

/** How patient a client is. */
export interface ClientSettings {
  /** The longest wait for a rate limit, in milliseconds. */
  maxWaitMs: number;
  /** How long one attempt may take until its answer is complete, in milliseconds; by default what fits the request. */
  timeoutMs?: number;
  /** Set where requests go out without a token, whatever credential the node still refers to. */
  isAnonymous?: boolean;
}

/** For requests that an execution waits for. */
const DEFAULT_SETTINGS: ClientSettings = { maxWaitMs: 600_000 };

const DETACHED_MS = 15_000;

/** A small request that needs a token. */
const TOKEN_CHECK = {
  method: 'GET',
  path: OWN_PROFILE_PATH,
  token: 'required',
  repeat: 'safe',
} as const;

type Outcome = { answer: ApiAnswer } | { failure: Failure };

/**
 * Opens a client for the agent of the node's credential, or for nobody when it has none or is not to use it. It keeps to the
 * agent's rate limits, repeats what may be repeated, and turns failures into errors that say what to do.
 *
 * @param context the functions that n8n gives
 * @param settings how patient it is
 * @param index the item whose values the expressions in a credential mean
 * @throws NodeOperationError when the credential cannot be read or its base URL is refused
 */
export async function openClient(
  context: RequestContext,
  settings: ClientSettings = DEFAULT_SETTINGS,
  index = 0,
): Promise<Client> {
  const node = context.getNode();
  // The editor keeps the reference of a node that no longer shows its credential.
  const reference = settings.isAnonymous ? undefined : node.credentials?.[CREDENTIAL];
  const credentials = reference ? await context.getCredentials(CREDENTIAL, index) : undefined;
  let baseUrl = PUBLIC_BASE_URL;
  try {
    baseUrl = readBaseUrl(credentials?.baseUrl);
  } catch (error) {
    throw new NodeOperationError(node, error as Error);
  }
  const signal =
    'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
  return new ApiClient({ context, reference, credentials, baseUrl }, settings, signal);
}

class ApiClient implements Client {
  constructor(
    private readonly caller: Caller,
    private readonly settings: ClientSettings,
    private readonly signal?: AbortSignal,
    /** When all that it sends must be over. */
    private readonly end?: Deadline,
  ) {}

  async send(request: ApiRequest): Promise<ApiAnswer> {
    const { context, credentials, reference } = this.caller;
    const node = context.getNode();
    if (request.token === 'required' && credentials === undefined) {
      throw missingCredential(node, request.action, this.settings.isAnonymous === true);
    }
    const outcome = await this.#sendWithRetries({
      ...request,
      deadline: this.#deadlineOf(request),
    });
    if ('answer' in outcome) return outcome.answer;
    const asked: ErrorContext = {
      action: request.action,
      subject: request.subject,
      credentialName: reference?.name,
      creating: request.repeat === 'creating',
    };
    throw toNodeApiError(node, maskSecrets(outcome.failure, this.#secretsOf(request)), asked);
  }

  detached(): Client {
    const settings = { ...this.settings, maxWaitMs: DETACHED_MS };
    return new ApiClient(this.caller, settings, undefined, deadlineIn(DETACHED_MS));
  }

  #deadlineOf({ deadline }: ApiRequest): Deadline | undefined {
    if (deadline === undefined || this.end === undefined) return deadline ?? this.end;
    return deadline.at < this.end.at ? deadline : this.end;
  }

  #secretsOf({ secrets = [] }: ApiRequest): string[] {
    const { context, credentials } = this.caller;
    if (credentials === undefined) return [...secrets];
    // The hooks of a trigger have the webhook registered, and must read its secret.
    const isHook = !('continueOnFail' in context);
    return [
      ...secrets,
      ...secretsOf(credentials, { webhook: !isHook }),
      // A provider's own error may quote the key, whatever the operation.
      ...aiProviderKeysOf(credentials),
    ];
  }

  async #sendWithRetries(request: ApiRequest): Promise<Outcome> {
    const { signal } = this;
    const { credentials, baseUrl } = this.caller;
    const owner = credentials ? identityOf(credentials) : `nobody at ${baseUrl}`;
    const limiter = rateLimiterOf(owner, rateClassOf(request));
    const left = request.deadline ? remaining(request.deadline) : Infinity;
    const admission = deadlineIn(Math.min(this.settings.maxWaitMs, left));
    const attempts: RetryCount = { faults: 0, limited: 0 };
    let isDoubtful = false;
    let refusedToken = '';
    for (;;) {
      if (request.deadline && remaining(request.deadline) === 0) return { failure: outOfTime() };
      const refusal = await limiter.admit(admission, signal);
      if (refusal !== undefined) return { failure: rateLimited(refusal.resetMs) };
      const { outcome, accessToken } = await this.#attempt(request, limiter, refusedToken);
      if ('answer' in outcome) return outcome;
      // A cancelled request looks like a broken connection; the pause tells n8n what it was.
      if (signal?.aborted) await sleep(0, signal);
      const { failure } = outcome;
      if (isDoubtful && wasAlreadyDone(failure, request)) {
        return { answer: { status: failure.status ?? 0, body: undefined } };
      }
      // A token may end before its time. What it was refused for was not carried out.
      if (failure.status === 401 && accessToken !== undefined && refusedToken === '') {
        refusedToken = accessToken;
        continue;
      }
      if (failure.status === 429) attempts.limited += 1;
      else attempts.faults += 1;
      const delay = retryDelay(failure, request.repeat, attempts);
      if (delay === undefined || delay > remaining(admission)) return outcome;
      isDoubtful ||= mayHaveHadEffect(failure);
      // Others of the same agent need not run into the same refusal.
      if (failure.status === 429 && failure.kind === 'refused') {
        limiter.close({ ms: delay, isPlausible: failure.wait?.isPlausible ?? true });
      }
      await sleep(delay, signal);
      if (failure.isCut) {
        // A refused token may be why: a small request tells, and renews it before the next sending.
        const { action, deadline } = request;
        const check = await this.#sendWithRetries({ ...TOKEN_CHECK, action, deadline });
        if ('failure' in check && check.failure.kind === 'credential') return check;
      }
    }
  }

  async #attempt(
    request: ApiRequest,
    limiter: RateLimiter,
    refusedToken: string,
  ): Promise<{ outcome: Outcome; accessToken?: string }> {
    const left = request.deadline ? remaining(request.deadline) : Infinity;
    const timeoutMs = Math.min(this.settings.timeoutMs ?? timeoutOf(request), left);
    const progress: { accessToken?: string; isSent?: true } = {};
    let headers: Headers = {};
    try {
      const exchanged = await exchange(this.caller, request, {
        timeoutMs,
        signal: this.signal,
        refusedToken,
        progress,
      });
      headers = exchanged.headers;
      // Before a message is cut: half a secret would not be recognised.
      const body = maskSecrets(exchanged.body, this.#secretsOf(request));
      return {
        outcome: readAnswer({ ...exchanged, body }, request),
        accessToken: progress.accessToken,
      };
    } catch (thrown) {
      const form = request.body instanceof MultipartBody ? request.body : undefined;
      const { baseUrl } = this.caller;
      const isSent = progress.isSent === true;
      const failure = readThrown(thrown, { form, isSent, timeoutMs, baseUrl });
      return { outcome: { failure } };
    } finally {
      limiter.settle(readRate(headers, Date.now()));
    }
  }
}

/**
 * Says that a request needs a credential, and how the node gets one.
 *
 * @param node the node that was to send it
 * @param action what it was to do
 * @param isAnonymous whether the node was set to send its requests without one
 */
export function missingCredential(
  node: INode,
  action: string,
  isAnonymous: boolean,
): NodeOperationError {
  const advice = isAnonymous
    ? 'Set Authentication to Agent and choose a credential.'
    : 'Choose or create an ImagineAnything API credential in the node.';
  return new NodeOperationError(node, `${action}: this operation needs a credential`, {
    level: 'warning',
    description: `Nothing was sent. ${advice}`,
  });
}

function rateClassOf({ method, path }: ApiRequest): RateClass {
  if (path.startsWith('/auth/')) return 'authentication';
  return method === 'GET' ? 'read' : 'write';
}
