import type { Wait } from '../../../credentials/http/rateLimitHeaders';
import { isRecord } from '../../../credentials/http/record';

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
  /** How long until the service takes requests again, when it said so. */
  wait?: Wait;
  /** The same request would fail in the same way. */
  isFinal?: boolean;
  /** The connection broke within a file: the service may have refused it by an answer that was lost. */
  isCut?: boolean;
}

/** What the service says is cut to this many characters. */
const MAX_TEXT_LENGTH = 500;
const MAX_CODE_LENGTH = 100;

/** Text that somebody may read: trimmed, and cut where it is long; undefined when it is none. */
export function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const trimmed = value.slice(0, 2 * MAX_TEXT_LENGTH).trim();
  if (trimmed.length <= MAX_TEXT_LENGTH) return trimmed === '' ? undefined : trimmed;
  return `${trimmed.slice(0, MAX_TEXT_LENGTH)}…`;
}

/** A code is one word; some services put a sentence there. */
export function word(value: unknown): string | undefined {
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
  const code = word(body.error);
  return {
    code: code ?? word(body.code) ?? word(nested.code),
    message:
      text(body.message) ??
      text(body.error_description) ??
      text(nested.message) ??
      text(isRecord(first) ? first.message : first) ??
      (code === undefined ? text(body.error) : undefined),
  };
}

/**
 * The failure of a request that was not sent, because its rate limit is used up for too long, or because
 * as many requests as are allowed wait for an answer.
 *
 * @param resetMs milliseconds until the limit resets; undefined when it is not used up
 */
export function rateLimited(resetMs: number | undefined): Failure {
  if (resetMs === undefined) {
    return {
      kind: 'unreachable',
      message: 'too many requests of the agent are waiting for an answer, so nothing was sent',
      description:
        'The service does not answer the requests that were sent before. Try again later, or increase Max Wait for Rate Limit in the options of the node.',
      isFinal: true,
    };
  }
  return {
    kind: 'refused',
    status: 429,
    message: 'the rate limit of the agent is used up, so nothing was sent',
    wait: { ms: resetMs, isPlausible: true },
  };
}

/** The failure of a request whose deadline has passed before it was sent. */
export function outOfTime(): Failure {
  return {
    kind: 'unreachable',
    message: 'the time for it ran out, so nothing was sent',
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
export function readRefusal(status: number, body: unknown): Failure {
  const { code, message } = readErrorBody(body);
  return {
    kind: status === 401 ? 'credential' : 'refused',
    status,
    code,
    message: message ?? (isRedirect(status) ? REDIRECTED : describeBody(body)),
  };
}

/** The fields that an error may have (reference: Error Handling), and nothing else. */
const ERROR_FIELDS = ['error', 'message', 'error_description', 'code', 'status', 'details'];

/**
 * Recognises an error that comes with a status of success: it has the documented form and nothing else.
 *
 * @returns undefined for any other body
 */
export function readDisguisedRefusal(body: unknown): Failure | undefined {
  if (!isRecord(body) || typeof body.error !== 'string' || body.error === '') return undefined;
  if (!Object.keys(body).every((name) => ERROR_FIELDS.includes(name))) return undefined;
  const { code, message } = readErrorBody(body);
  // Whether anything was carried out, nobody can tell from such an answer.
  return { kind: 'unknown', code, message: message ?? describeBody(body), isFinal: true };
}

const REDIRECTED = 'the service redirected the request';

export function isRedirect(status: number): boolean {
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
  // 101 has no answer to the request in it.
  const saysNothing = status > 0 && status < 200;
  return kind === 'unknown' || (kind === 'refused' && (status >= 500 || saysNothing));
}
