import type {
  IAllExecuteFunctions,
  ICredentialDataDecryptedObject,
  IDataObject,
  IHttpRequestOptions,
} from 'n8n-workflow';
import { timeoutSignal, untilAborted } from '../../../credentials/http/abort';
import { type ResponseHeaders, readRetryAfter } from '../../../credentials/http/rateLimitHeaders';
import { readResponseBody, UnreadableBodyError } from '../../../credentials/http/responseBody';
import { isSuccess } from '../../../credentials/http/status';
import { withFieldsToStore, withTokens } from '../../../credentials/storedFields';
import { obtainTokens } from '../../../credentials/tokenCache';
import type { HttpRequest } from '../../../credentials/tokenExchange';
import {
  describeBody,
  type Failure,
  readErrorWithSuccessStatus,
  readErrorResponse,
} from './failure';
import { MultipartBody } from './multipart';
import { type ApiResponse, type ApiRequest, type Caller, CREDENTIAL } from './apiRequest';

/** A response with any status. */
export interface RawResponse {
  statusCode: number;
  headers: ResponseHeaders;
  /** Parsed where it is JSON. */
  body: unknown;
  /** Why the body could not be read to its end; only with a status that is an error. */
  unreadable?: string;
}

/** The result of a request. */
export type SendResult = { response: ApiResponse } | { failure: Failure };

export interface SendOptions {
  /** Until the response is complete, including a sign-in. */
  timeoutMs: number;
  /** n8n's cancel signal. */
  signal?: AbortSignal;
  /** The access token that the service refused; empty for none. */
  refusedToken: string;
  /** Hidden fields for n8n to save with the credential. */
  fields?: IDataObject;
  /** How far it got, for the handling of errors. */
  progress: { accessToken?: string; isSent?: true };
}

/** A response takes seconds; an upload may run at 1 Mbit/s. */
const JSON_TIMEOUT_MS = 60_000;
const FILE_BYTES_PER_MS = 125;

/** The largest body of an error that is read, in bytes. */
const MAX_ERROR_BYTES = 1024 * 1024;

/** The default timeout of a request, until its response is complete, in milliseconds. */
export function defaultTimeout({ body }: ApiRequest): number {
  return timeoutFor(body instanceof MultipartBody ? body.size : 0);
}

/** How long a request with a file of so many bytes may take by default, in milliseconds. */
export function timeoutFor(bytes: number): number {
  return JSON_TIMEOUT_MS + bytes / FILE_BYTES_PER_MS;
}

/**
 * Sends a request once, with a token if it takes one, and reads the response.
 *
 * @throws SignInError when the service returns no token
 * @throws whatever n8n's request helper throws, or the reason of the signal when the time is up
 */
export async function sendOnce(
  caller: Caller,
  request: ApiRequest,
  { timeoutMs, signal: cancel, refusedToken, fields, progress }: SendOptions,
): Promise<RawResponse> {
  const signal = timeoutSignal(timeoutMs, cancel);
  const options = { ...requestOptions(caller.baseUrl, request, timeoutMs), abortSignal: signal };
  let sending: Promise<unknown>;
  if (caller.credentials === undefined || request.token === 'never') {
    progress.isSent = true;
    sending = caller.context.helpers.httpRequest(options);
  } else {
    const { tokens, isNew } = await obtainTokens(
      httpRequestOf(caller),
      caller.credentials,
      refusedToken,
      signal,
      // The client waits itself: outside the timeout of one attempt, and until n8n's cancel signal.
      0,
    );
    signal.throwIfAborted();
    progress.accessToken = tokens.accessToken;
    progress.isSent = true;
    const prepared =
      isNew || fields !== undefined
        ? withFieldsToStore(caller.credentials, tokens, fields)
        : withTokens(caller.credentials, tokens);
    sending = sendWithCredential(caller, prepared, options, signal);
  }
  // n8n does work before it sends that no signal ends.
  const response = (await untilAborted(sending, signal)) as RawResponse;
  return await withBody(response, signal);
}

/** The request helper for a sign-in, within the domains that the user allows the credential (n8n 2.41.1). */
function httpRequestOf({ context, credentials }: Caller): HttpRequest {
  const { allowedHttpRequestDomains: mode, allowedDomains } = credentials ?? {};
  // n8n takes an empty text for no limit, and a comma for an empty list.
  const domains = String(allowedDomains ?? '').trim() || ',';
  const limits = mode === 'domains' ? { allowedDomains: domains } : {};
  return async (options) =>
    (await context.helpers.httpRequest({ ...options, ...limits })) as unknown;
}

async function sendWithCredential(
  { context, reference }: Caller,
  data: ICredentialDataDecryptedObject,
  options: IHttpRequestOptions,
  signal: AbortSignal,
): Promise<unknown> {
  // n8n replaces the signal of the options with the cancel signal of the execution (n8n 2.41.1,
  // `httpRequestWithAuthentication`), so ours is passed as that. n8n types `this` as all contexts at once,
  // and uses what each of them has.
  const self = Object.create(context, {
    getExecutionCancelSignal: { value: () => signal },
  }) as unknown as IAllExecuteFunctions;
  const { id, name } = reference ?? { id: '', name: '' };
  return await self.helpers.httpRequestWithAuthentication.call(self, CREDENTIAL, options, {
    credentialsDecrypted: { id: id ?? '', name, type: CREDENTIAL, data },
  });
}

function requestOptions(
  baseUrl: string,
  { method, path, query, body }: ApiRequest,
  timeoutMs: number,
): IHttpRequestOptions {
  const search = query === undefined ? '' : new URLSearchParams(query).toString();
  return {
    method,
    url: `${baseUrl}/api${path}${search === '' ? '' : `?${search}`}`,
    ...(body === undefined ? {} : { body: body as IHttpRequestOptions['body'] }),
    json: true,
    // As a stream, so that it can be read up to a limit.
    encoding: 'stream',
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
    // A redirect could carry the token to another host.
    disableFollowRedirect: true,
    timeout: Math.ceil(timeoutMs),
  };
}

async function withBody(response: RawResponse, signal: AbortSignal): Promise<RawResponse> {
  if (isSuccess(response.statusCode))
    return { ...response, body: await readResponseBody(response.body, signal) };
  try {
    return { ...response, body: await readResponseBody(response.body, signal, MAX_ERROR_BYTES) };
  } catch (error) {
    // The status is enough to go on: nothing was done, or the service does not know.
    const unreadable =
      error instanceof UnreadableBodyError ? error.message : 'the response is incomplete';
    return { ...response, body: undefined, unreadable };
  }
}

/**
 * Interprets a response: a failure unless its status is 2xx and its body can be used.
 *
 * @param response the response
 * @param request what was asked
 */
export function interpretResponse(
  response: RawResponse,
  { method }: Pick<ApiRequest, 'method'>,
): SendResult {
  const { statusCode: status, headers, body, unreadable } = response;
  if (!isSuccess(status)) {
    const failure = readErrorResponse(status, body);
    const retryAfter = readRetryAfter(status, headers, body, Date.now());
    return { failure: { ...failure, message: unreadable ?? failure.message, retryAfter } };
  }
  const error = readErrorWithSuccessStatus(body);
  if (error !== undefined) return { failure: error };
  const isEmpty = body === undefined || body === null || body === '';
  // 204 means that there is nothing; any other response to a read has a body.
  if (isEmpty && (method !== 'GET' || status === 204)) {
    return { response: { status, body: undefined } };
  }
  if (isEmpty || typeof body !== 'object') {
    // The response to a write cannot be read, but its status says that it was completed.
    return { failure: { kind: 'unknown', message: describeBody(body) } };
  }
  return { response: { status, body } };
}
