import type { IDataObject, INode } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { type Headers, readWait } from './hints';
import { isRecord } from './json';

export { isRecord };

/** Why a request brought no usable answer. */
export interface Failure {
  /**
   * - `refused`: the service answered with an error status
   * - `unreachable`: the request certainly never reached the service
   * - `unknown`: it may have been carried out; the answer was lost or cannot be read
   * - `credential`: no token was to be had, or it was refused twice
   */
  kind: 'refused' | 'unreachable' | 'unknown' | 'credential';
  status?: number;
  /** The API's own code (`not_found`), or the code of the connection (`ECONNRESET`). */
  code?: string;
  /** What the service said, or what happened. */
  message: string;
  description?: string;
  /** Milliseconds until the service takes requests again, when it said so. */
  waitMs?: number;
  /** The connection broke within a file: the service may have refused it by an answer that was lost. */
  isCut?: boolean;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

/**
 * Reads code and message of an error body. The documented form is `{error, message}` or
 * `{error, error_description}` (reference: Error Handling); anything else is read as far as it goes.
 *
 * @param body the body as it came, parsed when it was JSON
 */
export function readErrorBody(body: unknown): { code?: string; message?: string } {
  if (!isRecord(body)) return {};
  const nested = isRecord(body.error) ? body.error : {};
  const first = Array.isArray(body.errors) ? (body.errors as unknown[])[0] : undefined;
  const error = text(body.error);
  // A code is one word; some services put the sentence there.
  const isCode = error !== undefined && /^[\w.-]+$/.test(error);
  return {
    code: isCode ? error : (text(body.code) ?? text(nested.code)),
    message:
      text(body.message) ??
      text(body.error_description) ??
      text(nested.message) ??
      text(isRecord(first) ? first.message : first) ??
      (isCode ? undefined : error),
  };
}

/** Connection codes that say that not a byte of the request arrived (Node.js, libuv). */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** The same when they come while connecting; a connection that is open may break with them as well. */
const NO_ROUTE = new Set(['EHOSTUNREACH', 'ENETUNREACH']);

const TIMED_OUT = new Set(['ETIMEDOUT', 'ECONNABORTED', 'ESOCKETTIMEDOUT']);

/**
 * Reads what n8n's request helpers threw. Nothing of the thrown error travels on but its codes and
 * texts, because it carries the request with the token (n8n 2.41.1: `NodeApiError` over `AxiosError`).
 *
 * @param thrown what was caught
 * @param form the files that were being sent, if any, and whether they were read to their end
 */
export function readThrown(thrown: unknown, form?: { isSent: boolean }): Failure {
  const chain = [thrown, isRecord(thrown) ? thrown.cause : undefined].filter(isRecord);
  const response = chain.map((error) => error.response).find(isRecord);
  // A success that broke off in the middle is no refusal.
  if (response && typeof response.status === 'number' && response.status >= 300) {
    return readRefusal(response.status, response.data ?? response.body);
  }
  const code = chain.map((error) => text(error.code)).find((value) => value !== undefined);
  if (code === undefined) {
    return readSignIn(chain.at(-1) ?? {}, thrown);
  }
  const isConnecting = chain.some(
    ({ syscall, message }) => syscall === 'connect' || /^connect /.test(String(message)),
  );
  if (NEVER_SENT.has(code) || (NO_ROUTE.has(code) && isConnecting)) {
    return { kind: 'unreachable', code, message: 'the service could not be reached' };
  }
  if (TIMED_OUT.has(code)) {
    return { kind: 'unknown', code, message: 'no answer came in time' };
  }
  // EPIPE is a write that failed. The end of the form is written last, so the service has not got it all.
  if (form && (!form.isSent || code === 'EPIPE')) {
    return {
      kind: 'unreachable',
      code,
      message: 'the connection broke before the whole file was sent',
      description: 'The service has not got the file. Run it again.',
      isCut: true,
    };
  }
  return { kind: 'unknown', code, message: 'the connection broke before the answer was complete' };
}

/** What the credential threw instead of giving a token; the request itself was not sent. */
function readSignIn(source: Record<string, unknown>, thrown: unknown): Failure {
  const { status, headers, body } = isRecord(source.extra) ? source.extra : {};
  const isPassing = typeof status === 'number' && (status === 0 || status === 429 || status >= 500);
  return {
    kind: isPassing ? 'unreachable' : 'credential',
    status: isPassing && status > 0 ? status : undefined,
    message: text(source.message) ?? text(thrown) ?? 'an error without a message came up',
    description: text(source.description),
    waitMs: isPassing ? readWait(status, (headers ?? {}) as Headers, body, Date.now()) : undefined,
  };
}

/**
 * The failure of a request that was not sent, because its rate limit is used up for too long.
 *
 * @param waitMs milliseconds until the limit resets
 */
export function rateLimited(waitMs: number): Failure {
  return {
    kind: 'refused',
    status: 429,
    message: 'the rate limit of the agent is used up, so nothing was sent',
    waitMs,
  };
}

/**
 * Makes a failure of an error status.
 *
 * @param status the HTTP status
 * @param body the body as it came
 */
export function readRefusal(status: number, body: unknown): Failure {
  const { code, message } = readErrorBody(body);
  return {
    kind: status === 401 ? 'credential' : 'refused',
    status,
    code,
    message: message ?? (isRedirect(status) ? REDIRECTED : describeBody(body)),
  };
}

const REDIRECTED = 'the service pointed to another address';

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** Says what is wrong with a body that should have been JSON. */
export function describeBody(body: unknown): string {
  if (body === undefined || body === null || body === '') return 'the answer has no body';
  if (typeof body !== 'string') return 'the answer gives no reason';
  return /^\s*</.test(body)
    ? 'the answer is a web page instead of JSON, probably from a proxy in between'
    : 'the answer is not JSON';
}

/**
 * Says whether a request may have been carried out although it failed. A gateway answers for a service that
 * may have done its work, and so does a service that broke after it.
 */
export function mayHaveHadEffect({ kind, status = 0 }: Failure): boolean {
  return kind === 'unknown' || (kind === 'refused' && status >= 500);
}

/**
 * Tells whether a call certainly had no effect: it was refused, or never sent.
 *
 * @param thrown what the call threw
 */
export function hadNoEffect(thrown: unknown): boolean {
  if (thrown instanceof NodeApiError) return thrown.context.mayHaveHadEffect === false;
  // Anything else but our own errors, such as a cancellation, may have come in the middle.
  return thrown instanceof NodeOperationError;
}

/** Who asked for what, for the texts of an error. */
export interface Attempt {
  /** The operation as the editor names it, such as `Like a post`. */
  action: string;
  /** What the path names, such as `post "p1"`. */
  subject?: string;
  credentialName?: string;
  /** True for a write whose repetition would make a second thing. */
  creating: boolean;
}

/**
 * Turns a failure into the error that the user meets: what was asked, what the service said with
 * code and status, and what to do next.
 *
 * @param node the node that ran
 * @param failure what happened
 * @param attempt what was asked for
 */
export function toNodeApiError(node: INode, failure: Failure, attempt: Attempt): NodeApiError {
  const facts = [failure.status && `HTTP ${failure.status}`, failure.code]
    .filter(Boolean)
    .join(', ');
  const message = `${attempt.action}: ${failure.message}${facts ? ` (${facts})` : ''}`;
  const description = failure.description ?? nextStep(failure, attempt);
  const httpCode = failure.status === undefined ? undefined : String(failure.status);
  const error = new NodeApiError(
    node,
    { message, description },
    { message, description, httpCode, level: 'warning' },
  );
  // n8n replaces a message that names a connection code by a general one; ours says more.
  error.message = message;
  error.description = description;
  error.context = {
    ...error.context,
    ...errorFacts(failure),
    mayHaveHadEffect: mayHaveHadEffect(failure),
  };
  return error;
}

/**
 * The facts of a failure as members of an item: HTTP status and the API's code.
 */
export function errorFacts(failure: Pick<Failure, 'status' | 'code'>): IDataObject {
  return {
    ...(failure.status === undefined ? {} : { httpStatus: failure.status }),
    ...(failure.code === undefined ? {} : { errorCode: failure.code }),
  };
}

function nextStep(failure: Failure, attempt: Attempt): string {
  const credential = attempt.credentialName
    ? `the credential "${attempt.credentialName}"`
    : 'the credential';
  if (failure.kind === 'unreachable') {
    return `Nothing was sent. Check the base URL of ${credential} and the network, then run it again.`;
  }
  if (failure.status === 503 && failure.waitMs !== undefined) {
    return `The service takes no requests just now, and asks to come back in ${secondsOf(failure.waitMs)} seconds.`;
  }
  if (attempt.creating && mayHaveHadEffect(failure)) {
    return 'The service may have carried it out, so it was not sent again. Look at the agent on ImagineAnything before you run it again.';
  }
  if (failure.kind === 'unknown') return 'Run it again. Doing so twice does no harm.';
  const status = failure.status ?? 0;
  if (status === 401) {
    if (attempt.credentialName === undefined) {
      return 'The service asks who this is. Choose or create an ImagineAnything API credential in the node.';
    }
    return `The service did not accept ${credential}. Open it, check the client ID and the client secret, and test it.`;
  }
  if (status === 403) {
    return `The agent of ${credential} is not allowed to do this${attempt.subject ? ` to ${attempt.subject}` : ''}. Only its owner may.`;
  }
  if (status === 404) {
    if (attempt.subject) return `Check ${attempt.subject}: it does not exist, or not any more.`;
    // The service names its refusals; another server, or a proxy, would not.
    return failure.code === undefined
      ? `Check the base URL of ${credential}: the service knows no such address.`
      : 'What it is about does not exist, or not any more.';
  }
  if (status === 409)
    return 'It does not fit the state that the service is in. Look at it there first.';
  if (status === 429) return `Too many requests. ${waitHint(failure.waitMs)}`;
  if (isRedirect(status)) {
    return `The service pointed to another address, which is not followed, so that the token stays where it belongs. Check the base URL of ${credential}.`;
  }
  if (status >= 500) {
    return 'The service has a problem. Try again later; nothing in this workflow needs to be changed.';
  }
  return 'Check the values that this operation was given.';
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

function waitHint(waitMs: number | undefined): string {
  if (waitMs === undefined) return 'Wait a minute before you run it again.';
  const time = new Date(Date.now() + waitMs).toISOString();
  return `The limit resets in ${secondsOf(waitMs)} seconds, at ${time}. Run it again then, or raise Longest Wait in the options of the node.`;
}
