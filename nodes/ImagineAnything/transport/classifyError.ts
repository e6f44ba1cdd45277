import { explainConnectionError } from '../../../credentials/http/connectionError';
import { isRecord } from '../../../credentials/http/record';
import { explainUnreadable, UnreadableBodyError } from '../../../credentials/http/responseBody';
import { SignInError } from '../../../credentials/signInError';
import { type Failure, readableText, errorCode } from './failure';

/** While connecting, these mean that nothing was sent; they also end open connections. */
const NO_ROUTE = new Set(['EHOSTUNREACH', 'ENETUNREACH']);

const TIMED_OUT = new Set(['ETIMEDOUT', 'ECONNABORTED', 'ESOCKETTIMEDOUT']);

/** How far a request got before something was thrown. */
export interface RequestProgress {
  /** False while it still waited for a token. */
  isSent: boolean;
  /** The files that were being sent, if any, and whether they were read to their end. */
  form?: { isSent: boolean };
  /** How long it was given, in milliseconds. */
  timeoutMs: number;
  /** The base URL of the service. */
  baseUrl: string;
}

/**
 * Classifies what was thrown instead of a response. Only codes and texts of the error are kept, because it carries the
 * request with the token (n8n 2.41.1: `NodeApiError` over `AxiosError`).
 *
 * @param thrown what was caught
 * @param progress how far the request got
 */
export function classifyError(thrown: unknown, progress: RequestProgress): Failure {
  const { form } = progress;
  if (thrown instanceof SignInError) return signInFailure(thrown);
  if (thrown instanceof UnreadableBodyError) {
    return {
      kind: 'unknown',
      message: thrown.message,
      description: 'The service completed the request, but its response cannot be used.',
      advice: 'responseTooLarge',
      isFinal: true,
    };
  }
  const chain = [thrown, isRecord(thrown) ? thrown.cause : undefined].filter(isRecord);
  const names = chain.flatMap(({ name, code }) => [readableText(name), readableText(code)]);
  if (names.includes('TimeoutError') || names.includes('ERR_CANCELED')) {
    return timedOut(progress);
  }
  const code = chain.map((error) => errorCode(error.code)).find((value) => value !== undefined);
  if (code === undefined) return unknownError(chain.at(-1) ?? {}, thrown);
  const source = chain.find((error) => error.code === code);
  const explained = explainConnectionError(code, source, progress.baseUrl);
  if (explained !== undefined) {
    const { reason, advice, mayHaveBeenSent } = explained;
    return {
      kind: mayHaveBeenSent ? 'unknown' : 'unreachable',
      code,
      message: `the service could not be reached: ${reason}`,
      description: mayHaveBeenSent ? advice : `Nothing was sent. ${advice}`,
    };
  }
  const isConnecting = chain.some(
    ({ syscall, message }) => syscall === 'connect' || /^connect /.test(String(message)),
  );
  if (NO_ROUTE.has(code) && isConnecting) {
    return { kind: 'unreachable', code, message: 'the service could not be reached' };
  }
  if (TIMED_OUT.has(code)) return timedOut(progress, code);
  // EPIPE is a failed write. The end of the form is written last, so the service did not receive all of it.
  if (form && (!form.isSent || code === 'EPIPE')) {
    return { ...interruptedUpload('the connection was lost before the whole file was sent'), code };
  }
  const unreadable = explainUnreadable(source);
  if (unreadable !== undefined) return { kind: 'unknown', code, message: unreadable };
  return {
    kind: 'unknown',
    code,
    message: 'the connection was lost before the response was complete',
  };
}

function interruptedUpload(message: string): Failure {
  const description = 'The service did not receive the whole file. Run it again.';
  return { kind: 'unreachable', message, description, isInterruptedUpload: true };
}

function timedOut({ isSent, form, timeoutMs }: RequestProgress, code = 'ETIMEDOUT'): Failure {
  const time = `${Math.max(1, Math.round(timeoutMs / 100)) / 10} seconds`;
  if (!isSent) {
    return {
      kind: 'unreachable',
      message: `the sign-in did not finish within ${time}`,
      description: 'Nothing was sent. Check the base URL of the credential, or try again later.',
    };
  }
  if (form && !form.isSent) return interruptedUpload(`the file could not be sent within ${time}`);
  return { kind: 'unknown', code, message: `no complete response arrived within ${time}` };
}

/** There is no token; the request itself was not sent. */
function signInFailure({
  message,
  description,
  httpStatus: status,
  retryAfter,
}: SignInError): Failure {
  const isTransient = status === 0 || status === 429 || status >= 500;
  return {
    kind: isTransient ? 'unreachable' : 'credential',
    status: isTransient && status > 0 ? status : undefined,
    message,
    // Where the message has the advice in it, for the credential test, once is enough.
    description: description && !message.includes(description) ? description : 'Nothing was sent.',
    retryAfter: isTransient ? retryAfter : undefined,
    advice: status === 429 ? 'rateLimit' : undefined,
  };
}

/** Something else refused to send it, such as the credential for a request to another host. */
function unknownError(source: Record<string, unknown>, thrown: unknown): Failure {
  return {
    kind: 'credential',
    message: readableText(source.message) ?? readableText(thrown) ?? 'an unknown error occurred',
    description: readableText(source.description),
  };
}
