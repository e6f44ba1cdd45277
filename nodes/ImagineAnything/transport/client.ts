import { type IDataObject, NodeOperationError } from 'n8n-workflow';
import { aiProviderKeysOf } from '../../../credentials/aiProviderKeys';
import { OWN_PROFILE_PATH, PUBLIC_BASE_URL, readBaseUrl } from '../../../credentials/baseUrl';
import { admit, type Sender } from '../../../credentials/http/admission';
import { type Deadline, deadlineIn, remaining } from '../../../credentials/http/deadline';
import type { ResponseHeaders } from '../../../credentials/http/rateLimitHeaders';
import { maskSecrets } from '../../../credentials/http/secrets';
import { sleep } from '../../../credentials/http/sleep';
import { identityOf } from '../../../credentials/tokenSet';
import { credentialSecrets } from '../../../credentials/tokenCache';
import { defaultTimeout, interpretResponse, type SendResult, sendOnce } from './sendOnce';
import { mayHaveHadEffect, deadlineExceeded, rateLimited } from './failure';
import { MultipartBody } from './multipart';
import { type Advice, type ErrorContext, missingCredential, toNodeApiError } from './nodeError';
import { meetsRunningLimit } from './runningLimit';
import { type RetryCount, retryDelay, wasAlreadyDone } from './retry';
import { classifyError } from './classifyError';
import {
  type ApiResponse,
  type ApiRequest,
  type Caller,
  CREDENTIAL,
  type RequestContext,
} from './apiRequest';

export { CREDENTIAL } from './apiRequest';
export type { ApiResponse, ApiRequest } from './apiRequest';

/** Sends requests for one agent. */
export interface Client {
  send(request: ApiRequest): Promise<ApiResponse>;
  /** A client for the last things to do when an execution is cancelled: 15 seconds for all of them. */
  detached(): Client;
}

/** Sends requests for the agent of a credential, and can save hidden fields of that credential. */
export interface CredentialClient extends Client {
  /**
   * Has n8n save hidden fields of the credential, with a small request.
   *
   * @param fields the fields, by name
   * @throws NodeApiError when the request fails; then they may not be saved
   */
  storeFields(fields: IDataObject): Promise<void>;
}

/** How a client waits and explains. */
export interface ClientSettings {
  /** The longest wait for a rate limit, in milliseconds. */
  maxWaitMs: number;
  /** When the last wait ends, for all requests together. By default, each request may wait as long as the others. */
  lastWait?: Deadline;
  /** When all requests must be over. */
  deadline?: Deadline;
  /** Timeout of one attempt until its response is complete, in milliseconds; by default it depends on the request. */
  timeoutMs?: number;
  /** True to send requests without a token, whatever credential the node still refers to. */
  isAnonymous?: boolean;
  /** What users can do about failures, for the texts of errors. */
  advice?: Advice;
}

/** For requests that an execution waits for. */
const DEFAULT_SETTINGS: ClientSettings = { maxWaitMs: 600_000 };

const DETACHED_MS = 15_000;

/** A small request that needs a token. */
const OWN_PROFILE = {
  method: 'GET',
  path: OWN_PROFILE_PATH,
  token: 'required',
  repeat: 'safe',
} as const;

/**
 * Opens a client for the agent of the node's credential; without one, it sends requests without a token. It keeps to
 * the agent's rate limits, retries what may be retried, and turns failures into errors that say what to do.
 *
 * @param context the context in which n8n runs the node
 * @param settings how it waits and explains
 * @param index the item whose values the expressions in a credential mean
 * @throws NodeOperationError when the credential cannot be read or its base URL is refused
 */
export async function openClient(
  context: RequestContext,
  settings: ClientSettings = DEFAULT_SETTINGS,
  index = 0,
): Promise<CredentialClient> {
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

class ApiClient implements CredentialClient {
  constructor(
    private readonly caller: Caller,
    private readonly settings: ClientSettings,
    private readonly signal?: AbortSignal,
  ) {}

  async send(request: ApiRequest): Promise<ApiResponse> {
    return await this.#send(request);
  }

  async storeFields(fields: IDataObject): Promise<void> {
    await this.#send({ ...OWN_PROFILE, action: 'Save to the credential' }, fields);
  }

  async #send(request: ApiRequest, fields?: IDataObject): Promise<ApiResponse> {
    const { context, credentials, reference } = this.caller;
    const { advice, isAnonymous } = this.settings;
    const node = context.getNode();
    if (request.token === 'required' && credentials === undefined) {
      throw missingCredential(
        node,
        request.action,
        isAnonymous ? advice?.anonymous : advice?.noCredential,
      );
    }
    const deadline = this.#deadlineOf(request);
    const result = await this.#sendWithRetries({ ...request, deadline }, fields);
    if ('response' in result) return result.response;
    const asked: ErrorContext = {
      action: request.action,
      subject: request.subject,
      credentialName: reference?.name,
      creating: request.repeat === 'creating',
      advice,
    };
    const secrets = this.#secretsOf(request, true);
    throw toNodeApiError(node, maskSecrets(result.failure, secrets), asked);
  }

  detached(): Client {
    return new ApiClient(this.caller, {
      ...this.settings,
      maxWaitMs: DETACHED_MS,
      lastWait: undefined,
      deadline: deadlineIn(DETACHED_MS),
    });
  }

  #deadlineOf({ deadline }: ApiRequest): Deadline | undefined {
    const { deadline: end } = this.settings;
    if (deadline === undefined || end === undefined) return deadline ?? end;
    return deadline.at < end.at ? deadline : end;
  }

  #secretsOf({ secrets = [] }: ApiRequest, isFailure = false): string[] {
    const { context, credentials } = this.caller;
    if (credentials === undefined) return [...secrets];
    // The hooks of a trigger register the webhook and must read its secrets.
    const isHook = !('continueOnFail' in context);
    return [
      ...secrets,
      ...credentialSecrets(credentials, { webhook: isFailure || !isHook }),
      // A provider's own error may quote the key, whatever the operation.
      ...aiProviderKeysOf(credentials),
    ];
  }

  async #sendWithRetries(request: ApiRequest, fields?: IDataObject): Promise<SendResult> {
    const { signal } = this;
    const left = request.deadline ? remaining(request.deadline) : Infinity;
    const { maxWaitMs, lastWait } = this.settings;
    const leftForWaits = lastWait ? remaining(lastWait) : Infinity;
    const lastStart = deadlineIn(Math.min(maxWaitMs, left, leftForWaits));
    const attempts: RetryCount = { faults: 0, limited: 0 };
    let mayBeDone = request.mayBeDone ?? false;
    let refusedToken = '';
    for (;;) {
      if (request.deadline && remaining(request.deadline) === 0)
        return { failure: deadlineExceeded() };
      const admitted = await admit(this.#senderOf(request), request, lastStart, signal);
      if (!('settle' in admitted)) return { failure: rateLimited(admitted.resetMs) };
      const { result, headers, accessToken } = await this.#attempt(request, refusedToken, fields);
      const block = admitted.settle(headers);
      if ('response' in result) return result;
      // A cancelled request looks like a lost connection; the sleep throws the cancellation instead.
      if (signal?.aborted) await sleep(0, signal);
      const { failure } = result;
      if (mayBeDone && wasAlreadyDone(failure, request)) {
        return { response: { status: failure.status ?? 0, body: undefined } };
      }
      // A token may be revoked early. A request that was refused for it had no effect.
      if (failure.status === 401 && accessToken !== undefined && refusedToken === '') {
        refusedToken = accessToken;
        continue;
      }
      if (failure.status === 429) attempts.limited += 1;
      else attempts.faults += 1;
      const delay = retryDelay(failure, request.repeat, attempts);
      if (delay === undefined || delay > remaining(lastStart)) return result;
      mayBeDone ||= mayHaveHadEffect(failure);
      // Other requests of the agent would only be refused as well.
      if (failure.status === 429 && failure.kind === 'refused') {
        block(delay);
      }
      await sleep(delay, signal);
      if (failure.isInterruptedUpload) {
        // A refused token may be the reason: a small request finds out, and renews it before the next attempt.
        const { action, deadline } = request;
        const probe = await this.#sendWithRetries({ ...OWN_PROFILE, action, deadline });
        if ('failure' in probe && probe.failure.kind === 'credential') return probe;
      }
    }
  }

  /** Those without a token are counted together, with the sign-ins. */
  #senderOf({ token }: ApiRequest): Sender {
    const { baseUrl, credentials } = this.caller;
    const isAnonymous = credentials === undefined || token === 'never';
    return { baseUrl, owner: isAnonymous ? baseUrl : identityOf(credentials) };
  }

  async #attempt(
    request: ApiRequest,
    refusedToken: string,
    fields?: IDataObject,
  ): Promise<{ result: SendResult; headers: ResponseHeaders; accessToken?: string }> {
    const left = request.deadline ? remaining(request.deadline) : Infinity;
    const timeoutMs = Math.min(this.settings.timeoutMs ?? defaultTimeout(request), left);
    const progress: { accessToken?: string; isSent?: true } = {};
    let headers: ResponseHeaders = {};
    try {
      const response = await sendOnce(this.caller, request, {
        timeoutMs,
        signal: this.signal,
        refusedToken,
        fields,
        progress,
      });
      headers = response.headers;
      // Before a message is cut: part of a secret would not be recognized.
      const body = maskSecrets(response.body, this.#secretsOf(request));
      const result = interpretResponse({ ...response, body }, request);
      const { accessToken } = progress;
      const limit = request.runningLimit;
      if (limit && 'failure' in result && meetsRunningLimit(result.failure, headers, limit)) {
        // What its headers say may be about that limit, and nothing that the rate limiter should learn.
        const failure = { ...result.failure, description: limit.advice, isFinal: true };
        return { result: { failure }, headers: {}, accessToken };
      }
      return { result, headers, accessToken };
    } catch (thrown) {
      const form = request.body instanceof MultipartBody ? request.body : undefined;
      const { baseUrl } = this.caller;
      const isSent = progress.isSent === true;
      const failure = classifyError(thrown, { form, isSent, timeoutMs, baseUrl });
      return { result: { failure }, headers };
    }
  }
}
