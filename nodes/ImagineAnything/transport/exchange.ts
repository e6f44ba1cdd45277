import type { IAllExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { timeLimit, untilAborted } from '../../../credentials/http/abortable';
import { type Headers, readWait } from '../../../credentials/http/rateLimitHeaders';
import { readBody, UnreadableBodyError } from '../../../credentials/http/responseBody';
import {
  type CurrentSession,
  obtainSession,
  storing,
  using,
} from '../../../credentials/tokenCache';
import type { HttpRequest } from '../../../credentials/tokenExchange';
import { describeBody, type Failure, readDisguisedRefusal, readRefusal } from './failure';
import { MultipartBody } from './multipart';
import { type ApiAnswer, type ApiRequest, type Caller, CREDENTIAL } from './apiRequest';

/** What came back, whatever its status. */
export interface Exchange {
  statusCode: number;
  headers: Headers;
  /** Parsed where it is JSON. */
  body: unknown;
  /** Why the body could not be read to its end; only with a status that is an error. */
  unreadable?: string;
}

export interface ExchangeOptions {
  /** Until the answer is complete, a sign-in included. */
  timeoutMs: number;
  /** n8n's cancel signal. */
  signal?: AbortSignal;
  /** The access token that the service refused; empty for none. */
  refusedToken: string;
  /** How far it got, for whoever catches what is thrown. */
  progress: { accessToken?: string; isSent?: true };
}

/** An answer takes seconds; a file may go over a line of 1 Mbit a second. */
const JSON_TIMEOUT_MS = 60_000;
const FILE_BYTES_PER_MS = 125;

/** The largest body of an error that is read, in bytes. */
const MAX_ERROR_BYTES = 1024 * 1024;

/** How long a request may take by default, from its sending to the end of its answer, in milliseconds. */
export function timeoutOf({ body }: ApiRequest): number {
  return timeoutFor(body instanceof MultipartBody ? body.size : 0);
}

/** How long a request with a file of so many bytes may take by default, in milliseconds. */
export function timeoutFor(bytes: number): number {
  return JSON_TIMEOUT_MS + bytes / FILE_BYTES_PER_MS;
}

/**
 * Sends a request once, with a token where it takes one, and reads the answer.
 *
 * @throws SignInError when there is no token to be had
 * @throws whatever n8n's request helper throws, or the reason of the signal when the time is up
 */
export async function exchange(
  caller: Caller,
  request: ApiRequest,
  { timeoutMs, signal: cancel, refusedToken, progress }: ExchangeOptions,
): Promise<Exchange> {
  const signal = timeLimit(timeoutMs, cancel);
  const options = { ...requestOptions(caller.baseUrl, request, timeoutMs), abortSignal: signal };
  let sending: Promise<unknown>;
  if (caller.credentials === undefined || request.token === 'never') {
    progress.isSent = true;
    sending = caller.context.helpers.httpRequest(options);
  } else {
    const signIn = obtainSession(httpRequestOf(caller), caller.credentials, refusedToken);
    const current = await untilAborted(signIn, signal);
    progress.accessToken = current.session.accessToken;
    progress.isSent = true;
    sending = sendWithToken(caller, request, current, options, signal);
  }
  // n8n does work of its own before it sends, which no signal ends.
  const answer = (await untilAborted(sending, signal)) as Exchange;
  return await withBody(answer, signal);
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

async function sendWithToken(
  { context, credentials = {}, reference }: Caller,
  request: ApiRequest,
  { session, isNew }: CurrentSession,
  options: IHttpRequestOptions,
  signal: AbortSignal,
): Promise<unknown> {
  // n8n puts the cancel signal of the execution in the place of any other (n8n 2.41.1,
  // `httpRequestWithAuthentication`), so it gets ours as that. It declares `this` as all contexts at
  // once, and uses what each of them has.
  const self = Object.create(context, {
    getExecutionCancelSignal: { value: () => signal },
  }) as unknown as IAllExecuteFunctions;
  const data =
    isNew || request.store !== undefined
      ? storing(credentials, session, request.store ?? {})
      : using(credentials, session);
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
  const search = new URLSearchParams(query).toString();
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

async function withBody(answer: Exchange, signal: AbortSignal): Promise<Exchange> {
  if (isSuccess(answer)) return { ...answer, body: await readBody(answer.body, signal) };
  try {
    return { ...answer, body: await readBody(answer.body, signal, MAX_ERROR_BYTES) };
  } catch (error) {
    // The status says enough: nothing was carried out, or the service does not know.
    const unreadable =
      error instanceof UnreadableBodyError ? error.message : 'the answer is not complete';
    return { ...answer, body: undefined, unreadable };
  }
}

function isSuccess({ statusCode }: Exchange): boolean {
  return statusCode >= 200 && statusCode <= 299;
}

/**
 * Reads an answer: a failure unless its status is 2xx and its body is what one needs.
 *
 * @param exchanged what came back
 * @param request what was asked
 */
export function readAnswer(
  exchanged: Exchange,
  { method }: Pick<ApiRequest, 'method'>,
): { answer: ApiAnswer } | { failure: Failure } {
  const { statusCode: status, headers, body, unreadable } = exchanged;
  if (!isSuccess(exchanged)) {
    const wait = readWait(status, headers, body, Date.now());
    const refusal = readRefusal(status, body);
    return { failure: { ...refusal, message: unreadable ?? refusal.message, wait } };
  }
  const refusal = readDisguisedRefusal(body);
  if (refusal !== undefined) return { failure: refusal };
  const isEmpty = body === undefined || body === null || body === '';
  // 204 says that there is nothing; any other answer to a read has a body.
  if (isEmpty && (method !== 'GET' || status === 204)) {
    return { answer: { status, body: undefined } };
  }
  if (isEmpty || typeof body !== 'object') {
    // What a write answered cannot be read, but the service said that it was carried out.
    return { failure: { kind: 'unknown', message: describeBody(body) } };
  }
  return { answer: { status, body } };
}
