import type { Failure } from './failure';

/** How a request may be repeated: `safe` and `idempotent` ones freely, `creating` ones only when they had no effect. */
export type Repeat = 'safe' | 'idempotent' | 'creating';

/** How often a request is sent again after a fault that may pass. */
const MAX_RETRIES = 3;

const FIRST_BACKOFF_MS = 300;
const LONGEST_BACKOFF_MS = 60_000;

/** What is known about the attempts so far. */
export interface RetryCount {
  /** Failed attempts that were not 429, this one included. */
  faults: number;
  /** Attempts that met 429, this one included. */
  limited: number;
}

/**
 * Decides whether a failed request is sent again, and after which delay. A
 * `creating` request could take effect twice, so it is sent again only when it certainly never arrived, or when the
 * service asked to retry later.
 *
 * @param failure what happened
 * @param repeat which kind of request it is
 * @param attempts what was tried so far
 * @param random a number from 0 to 1, for the jitter
 * @returns milliseconds to wait, or undefined when it is not sent again
 */
export function retryDelay(
  failure: Failure,
  repeat: Repeat,
  attempts: RetryCount,
  random = Math.random(),
): number | undefined {
  if (failure.isFinal) return undefined;
  if (failure.status === 429) {
    // The hint may be rounded down or come from another clock: while the limit has not reset, the delay grows.
    if (failure.retryAfter === undefined) return backoff(attempts.limited + 1, random);
    return Math.max(failure.retryAfter.ms, backoff(attempts.limited, random));
  }
  if (attempts.faults > MAX_RETRIES) return undefined;
  const delay = backoff(attempts.faults, random);
  if (failure.kind === 'unreachable') return delay;
  if (failure.status === 503 && failure.retryAfter !== undefined) return failure.retryAfter.ms;
  if (repeat === 'creating') return undefined;
  return failure.kind === 'unknown' || (failure.status ?? 0) >= 500 ? delay : undefined;
}

/** Doubles with each attempt; the jitter keeps many executions from coming back together. */
function backoff(attempt: number, random: number): number {
  const full = Math.min(FIRST_BACKOFF_MS * 2 ** (attempt - 1), LONGEST_BACKOFF_MS);
  return full / 2 + (full / 2) * random;
}

/**
 * Says whether a refusal only shows that an earlier attempt, whose response was lost, had succeeded: what was
 * deleted is gone, and a mark such as a like is there already. A conflict over anything else may have
 * another reason, and a proxy that does not know the service at the moment also says "not found".
 *
 * @param failure the refusal of the repeated request
 * @param request its method, kind and body; a mark has none
 */
export function wasAlreadyDone(
  failure: Failure,
  { method, repeat, body }: { method: string; repeat: Repeat; body?: unknown },
): boolean {
  if (repeat !== 'idempotent' || failure.isDocumented !== true) return false;
  if (method === 'DELETE') return failure.status === 404;
  return method === 'POST' && body === undefined && failure.status === 409;
}
