import { bucketOf, type RequestLine, learnBucket } from './buckets';
import type { Deadline } from './deadline';
import { readRateLimit, type ResponseHeaders } from './rateLimitHeaders';
import { type Refusal, rateLimiterOf } from './rateLimiter';

/** Whose requests are counted together, and where. */
export interface Sender {
  baseUrl: string;
  /** The identity of an agent, or the base URL for all requests without a token. */
  owner: string;
}

/** A request that may be sent. */
export interface Admitted {
  /**
   * Ends what the request took from its limiter. Call it once.
   *
   * @param headers the headers of its response; empty when there is none, or when they speak of another limit
   * @returns blocks the bucket that the service counted the request in, for so many milliseconds
   */
  settle(headers: ResponseHeaders): (ms: number) => void;
}

/**
 * Waits until the rate limit lets a request be sent.
 *
 * @param sender whose request it is
 * @param request its method and path
 * @param deadline the longest wait
 * @param signal n8n's cancel signal
 * @returns the permit, or how long until there may be one
 * @throws ManualExecutionCancelledError when the execution is cancelled meanwhile
 */
export async function admit(
  { baseUrl, owner }: Sender,
  request: RequestLine,
  deadline: Deadline,
  signal?: AbortSignal,
): Promise<Admitted | Refusal> {
  const limiter = rateLimiterOf(owner, bucketOf(baseUrl, request));
  const permit = await limiter.acquire(deadline, signal);
  if (!('at' in permit)) return permit;
  return {
    settle(headers) {
      const counting = rateLimiterOf(owner, learnBucket(baseUrl, request, headers));
      limiter.release(permit, readRateLimit(headers, Date.now()), counting);
      return (ms) => counting.block(permit, ms);
    },
  };
}
