import type {
  IAllExecuteFunctions,
  ICredentialDataDecryptedObject,
  IDataObject,
  IExecuteFunctions,
  IHookFunctions,
  IHttpRequestMethods,
  IHttpRequestOptions,
  ILoadOptionsFunctions,
  IWebhookFunctions,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { aiProviderKeysOf } from '../../../credentials/aiProviderKeys';
import { PUBLIC_BASE_URL, readBaseUrl } from '../../../credentials/baseUrl';
import {
  identityOf,
  OWN_PROFILE_PATH,
  withCurrentToken,
  withMembersToStore,
} from '../../../credentials/tokens';
import { type Budget, budgetOf, type RateClass } from './budget';
import {
  type Attempt,
  type Failure,
  describeBody,
  mayHaveHadEffect,
  rateLimited,
  readRefusal,
  readThrown,
  toNodeApiError,
} from './failure';
import { FileForm } from './fileForm';
import { type Headers, readRate, readWait } from './hints';
import { pause } from './pause';
import { type Attempts, type Repeat, retryDelay, wasAlreadyDone } from './retry';
import { withoutSecrets } from './secrets';

/** The credential type whose token goes with every request that may carry one. */
export const CREDENTIAL = 'imagineAnythingApi';

/** What n8n hands to nodes, triggers and list methods, as far as a request needs it. */
export type RequestContext =
  | IExecuteFunctions
  | IHookFunctions
  | ILoadOptionsFunctions
  | IWebhookFunctions;

/** One call of the API, ready to send. */
export interface ApiRequest {
  method: IHttpRequestMethods;
  /** Below `/api`, each segment encoded: `/posts/p1/like`. */
  path: string;
  query?: Readonly<Record<string, string>>;
  /** JSON, or a `FileForm` that goes out as `multipart/form-data`. */
  body?: object | FileForm;
  /** `optional`: the token goes along when there is a credential. */
  token: 'required' | 'optional' | 'never';
  repeat: Repeat;
  action: string;
  subject?: string;
  /** Values of the request that nobody may see, should the answer repeat them. */
  secrets?: readonly string[];
  /** Hidden members of the credential that n8n stores on the occasion of this request. */
  store?: IDataObject;
}

/** An answer with a 2xx status. */
export interface ApiAnswer {
  status: number;
  /** The parsed JSON, or undefined when there was no body. */
  body: unknown;
}

/** Sends requests for one agent. */
export interface Client {
  send(request: ApiRequest): Promise<ApiAnswer>;
}

/** How patient a client is. */
export interface ClientSettings {
  /** The longest wait for a rate limit, in milliseconds. */
  patienceMs: number;
  /** How long an answer may take, in milliseconds; undefined for what fits the request. */
  timeoutMs?: number;
}

/** For requests that an execution waits for. */
const DEFAULT_SETTINGS: ClientSettings = { patienceMs: 600_000 };

/** An answer takes seconds; an upload of 100 MB over a slow line takes minutes. */
const JSON_TIMEOUT_MS = 60_000;
const UPLOAD_TIMEOUT_MS = 900_000;

/** A small request that needs a token. */
const TOKEN_CHECK = {
  method: 'GET',
  path: OWN_PROFILE_PATH,
  token: 'required',
  repeat: 'safe',
} as const;

interface Exchange {
  statusCode: number;
  headers: Headers;
  body: unknown;
}

type Outcome = { answer: ApiAnswer } | { failure: Failure };

/**
 * Opens a client for the agent of the node's credential, or for nobody when it has none. It keeps to the
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
  const reference = node.credentials?.[CREDENTIAL];
  const credentials = reference ? await context.getCredentials(CREDENTIAL, index) : undefined;
  let baseUrl = PUBLIC_BASE_URL;
  try {
    baseUrl = readBaseUrl(credentials?.baseUrl);
  } catch (error) {
    throw new NodeOperationError(node, error as Error);
  }
  const owner = credentials ? identityOf(credentials) : `nobody at ${baseUrl}`;
  const signal =
    'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;

  async function exchange(request: ApiRequest): Promise<Exchange> {
    const options = requestOptions(baseUrl, request, settings.timeoutMs);
    if (credentials === undefined || request.token === 'never') {
      return (await context.helpers.httpRequest({
        ...options,
        ignoreHttpStatusErrors: true,
        abortSignal: signal,
      })) as Exchange;
    }
    // n8n declares `this` as all contexts at once, and uses what each of them has.
    const self = context as unknown as IAllExecuteFunctions;
    return (await self.helpers.httpRequestWithAuthentication.call(self, CREDENTIAL, options, {
      credentialsDecrypted: decrypted(reference, credentials, request.store),
    })) as Exchange;
  }

  async function attempt(request: ApiRequest, budget: Budget): Promise<Outcome> {
    let headers: Headers = {};
    try {
      const exchanged = await exchange(request);
      headers = exchanged.headers;
      return readAnswer(exchanged, request);
    } catch (thrown) {
      const form = request.body instanceof FileForm ? request.body : undefined;
      return { failure: readThrown(thrown, form) };
    } finally {
      budget.settle(readRate(headers, Date.now()));
    }
  }

  async function sendPatiently(request: ApiRequest): Promise<Outcome> {
    const budget = budgetOf(owner, rateClassOf(request));
    const deadline = Date.now() + settings.patienceMs;
    const attempts: Attempts = { faults: 0, limited: 0 };
    let isDoubtful = false;
    for (;;) {
      const tooLongMs = await budget.admit(deadline - Date.now(), signal);
      if (tooLongMs !== undefined) return { failure: rateLimited(tooLongMs) };
      const outcome = await attempt(request, budget);
      if ('answer' in outcome) return outcome;
      // A cancelled request looks like a broken connection; the pause tells n8n what it was.
      if (signal?.aborted) await pause(0, signal);
      const { failure } = outcome;
      if (isDoubtful && wasAlreadyDone(failure, request)) {
        return { answer: { status: failure.status ?? 0, body: undefined } };
      }
      if (failure.status === 429) attempts.limited += 1;
      else attempts.faults += 1;
      const delay = retryDelay(failure, request.repeat, attempts);
      if (delay === undefined || Date.now() + delay > deadline) return outcome;
      isDoubtful ||= mayHaveHadEffect(failure);
      // Others of the same agent need not run into the same refusal.
      if (failure.status === 429 && failure.kind === 'refused') budget.close(delay);
      await pause(delay, signal);
      if (failure.isCut) {
        // A refused token may be why: a small request tells, and has n8n renew it before the next sending.
        const check = await sendPatiently({ ...TOKEN_CHECK, action: request.action });
        if ('failure' in check && check.failure.kind === 'credential') return check;
      }
    }
  }

  return {
    async send(request) {
      if (request.token === 'required' && credentials === undefined) {
        throw new NodeOperationError(node, `${request.action}: this operation needs a credential`, {
          description: 'Choose or create an ImagineAnything API credential in the node.',
        });
      }
      // A provider's own error may quote the key, whatever the operation.
      const secrets = [...(request.secrets ?? []), ...aiProviderKeysOf(credentials)];
      const outcome = withoutSecrets(await sendPatiently(request), secrets);
      if ('answer' in outcome) return outcome.answer;
      const asked: Attempt = {
        action: request.action,
        subject: request.subject,
        credentialName: reference?.name,
        creating: request.repeat === 'creating',
      };
      throw toNodeApiError(node, outcome.failure, asked);
    },
  };
}

function rateClassOf({ method, path }: ApiRequest): RateClass {
  if (path.startsWith('/auth/')) return 'authentication';
  return method === 'GET' ? 'read' : 'write';
}

function decrypted(
  reference: { id: string | null; name: string } | undefined,
  credentials: ICredentialDataDecryptedObject,
  store: IDataObject | undefined,
) {
  const current = withCurrentToken(credentials);
  return {
    id: reference?.id ?? '',
    name: reference?.name ?? '',
    type: CREDENTIAL,
    data: store ? withMembersToStore(current, store) : current,
  };
}

function requestOptions(
  baseUrl: string,
  request: ApiRequest,
  timeoutMs: number | undefined,
): IHttpRequestOptions {
  const usual = request.body instanceof FileForm ? UPLOAD_TIMEOUT_MS : JSON_TIMEOUT_MS;
  const query = new URLSearchParams(request.query).toString();
  return {
    method: request.method,
    url: `${baseUrl}/api${request.path}${query === '' ? '' : `?${query}`}`,
    ...(request.body === undefined ? {} : { body: request.body as IHttpRequestOptions['body'] }),
    json: true,
    returnFullResponse: true,
    // n8n's own handling of 401 renews the token and repeats the request once; the rest is read here.
    ignoreHttpStatusErrors: { ignore: true, except: [401] },
    // A redirect could carry the token to another host.
    disableFollowRedirect: true,
    timeout: timeoutMs ?? usual,
  };
}

function readAnswer({ statusCode, headers, body }: Exchange, request: ApiRequest): Outcome {
  if (statusCode < 200 || statusCode > 299) {
    const waitMs = readWait(statusCode, headers, body, Date.now());
    return { failure: { ...readRefusal(statusCode, body), waitMs } };
  }
  const isEmpty = body === undefined || body === null || body === '';
  // 204 says that there is nothing; any other answer to a read has a body.
  if (isEmpty && (request.method !== 'GET' || statusCode === 204)) {
    return { answer: { status: statusCode, body: undefined } };
  }
  if (isEmpty || typeof body !== 'object') {
    // What a write answered cannot be read, but the service said that it was carried out.
    return { failure: { kind: 'unknown', message: describeBody(body) } };
  }
  return { answer: { status: statusCode, body } };
}
