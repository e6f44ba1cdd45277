import type { RetryAfter } from '../../../credentials/http/rateLimitHeaders';
import { isRecord } from '../../../credentials/http/record';
import { isRedirect } from '../../../credentials/http/status';

/**
 * What users can do about a failure, in the words of the editor they are in. Whoever opens a client knows these;
 * what does not apply is left out.
 */
export interface Advice {
  /** The client may not wait long enough for the rate limit. */
  rateLimit?: string;
  /** The response is larger than what is read. */
  responseTooLarge?: string;
  /** The request needs a credential, and none is chosen. */
  noCredential?: string;
  /** The request needs a credential, and is to be sent without one. */
  anonymous?: string;
}

/** Why a request brought no usable response. */
export interface Failure {
  /**
   * - `refused`: the service responded with an error status
   * - `unreachable`: the request certainly never reached the service
   * - `unknown`: it may have been completed; the response was lost or cannot be read
   * - `credential`: the service returned no token, or refused it twice
   */
  kind: 'refused' | 'unreachable' | 'unknown' | 'credential';
  status?: number;
  /** The API's own code (`not_found`), or the code of the connection (`ECONNRESET`). */
  code?: string;
  /** What the service said, or what happened. */
  message: string;
  description?: string;
  /** How long until the service takes requests again, when it said so. */
  retryAfter?: RetryAfter;
  /** What the caller can say about what to do, besides the description. */
  advice?: keyof Advice;
  /** The same request would fail in the same way. */
  isFinal?: boolean;
  /** It has the documented form of an error, so that it is from the service and not from a proxy before it. */
  isDocumented?: boolean;
  /** The connection was lost during an upload: the service may have refused it in a response that was lost. */
  isInterruptedUpload?: boolean;
}

/** What the service says is cut to this many characters. */
const MAX_TEXT_LENGTH = 500;
const MAX_CODE_LENGTH = 100;

/** Trims text for a message and cuts it where it is long; undefined when the value is not text, or empty. */
export function readableText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const trimmed = value.slice(0, 2 * MAX_TEXT_LENGTH).trim();
  if (trimmed.length <= MAX_TEXT_LENGTH) return trimmed === '' ? undefined : trimmed;
  return `${trimmed.slice(0, MAX_TEXT_LENGTH)}…`;
}

/** Reads an error code, which is one word; undefined for anything else, such as a sentence. */
export function errorCode(value: unknown): string | undefined {
  const isWord =
    typeof value === 'string' && value.length <= MAX_CODE_LENGTH && /^[\w.-]+$/.test(value);
  return isWord ? value : undefined;
}

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
  const code = errorCode(body.error);
  return {
    code: code ?? errorCode(body.code) ?? errorCode(nested.code),
    message:
      readableText(body.message) ??
      readableText(body.error_description) ??
      readableText(nested.message) ??
      readableText(isRecord(first) ? first.message : first) ??
      (code === undefined ? readableText(body.error) : undefined),
  };
}

/**
 * The failure of a request that was not sent, because its rate limit is used up for too long, or because
 * too many requests are waiting for a response.
 *
 * @param resetMs milliseconds until the limit resets; undefined when it is not used up
 */
export function rateLimited(resetMs: number | undefined): Failure {
  if (resetMs === undefined) {
    return {
      kind: 'unreachable',
      message: "too many of the agent's requests are waiting for a response, so nothing was sent",
      description: 'The service is not responding to earlier requests. Try again later.',
      advice: 'rateLimit',
      isFinal: true,
    };
  }
  return {
    kind: 'refused',
    status: 429,
    message: "the agent's rate limit is used up, so nothing was sent",
    retryAfter: { ms: resetMs, isPlausible: true },
  };
}

/** The failure of a request whose deadline has passed before it was sent. */
export function deadlineExceeded(): Failure {
  return {
    kind: 'unreachable',
    message: 'time ran out before the request was sent',
    description: 'Nothing was sent. Allow more time for the operation.',
    isFinal: true,
  };
}

/**
 * Makes a failure of an error status.
 *
 * @param status the HTTP status
 * @param body the body as it came
 */
export function readErrorResponse(status: number, body: unknown): Failure {
  const { code, message } = readErrorBody(body);
  return {
    kind: status === 401 ? 'credential' : 'refused',
    status,
    code,
    message: message ?? (isRedirect(status) ? REDIRECTED : describeBody(body)),
    isDocumented: isRecord(body) && typeof body.error === 'string',
  };
}

/** The fields that an error may have (reference: Error Handling), and nothing else. */
const ERROR_FIELDS = ['error', 'message', 'error_description', 'code', 'status', 'details'];

/**
 * Recognizes an error that comes with a status of success: it has the documented form and nothing else.
 *
 * @returns undefined for any other body
 */
export function readErrorWithSuccessStatus(body: unknown): Failure | undefined {
  if (!isRecord(body) || typeof body.error !== 'string' || body.error === '') return undefined;
  if (!Object.keys(body).every((name) => ERROR_FIELDS.includes(name))) return undefined;
  const { code, message } = readErrorBody(body);
  // Such a response does not say whether anything was done.
  return { kind: 'unknown', code, message: message ?? describeBody(body), isFinal: true };
}

const REDIRECTED = 'the service redirected the request';

/** Says what is wrong with a body that should have been JSON. */
export function describeBody(body: unknown): string {
  if (body === undefined || body === null || body === '') return 'the response is empty';
  if (typeof body !== 'string') return 'the service gave no reason';
  return /^\s*</.test(body)
    ? 'the response is a web page instead of JSON, probably from a proxy'
    : 'the response is not JSON';
}

/**
 * Says whether a request may have had its effect although it failed: behind a 5xx of a gateway, or of a service that
 * failed late, the work may be done.
 */
export function mayHaveHadEffect({ kind, status = 0 }: Failure): boolean {
  // 1xx is not a response to the request.
  const saysNothing = status > 0 && status < 200;
  return kind === 'unknown' || (kind === 'refused' && (status >= 500 || saysNothing));
}
