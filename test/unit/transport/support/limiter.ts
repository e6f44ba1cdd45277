import type { RateLimitState } from '../../../../credentials/http/rateLimitHeaders';
import { deadlineIn } from '../../../../credentials/http/deadline';
import { type Permit, RateLimiter, type Refusal } from '../../../../credentials/http/rateLimiter';
import { elapsed, follow, type Outcome, pass } from './clock';

export type Request = Outcome<Permit | Refusal>;

export const ask = (limiter: RateLimiter, maxWaitMs = 600_000, signal?: AbortSignal): Request =>
  follow(limiter.acquire(deadlineIn(maxWaitMs), signal));

export const isAdmitted = ({ value }: Request): boolean => value !== undefined && 'at' in value;

/** How many of some requests may be sent by now. */
export const admitted = (requests: Request[]) => requests.filter(isAdmitted).length;

/** What a response says of a limit that resets at a time of the test. */
export const state = (remaining: number, resetAt: number, limit = 30): RateLimitState => ({
  limit,
  remaining,
  reset: { ms: resetAt - elapsed(), isPlausible: true },
});

/** Takes what is free. */
export async function take(limiter: RateLimiter): Promise<Permit> {
  const permit = await limiter.acquire(deadlineIn(0));
  if (!('at' in permit)) throw new Error('Nothing is free');
  // What is measured in microseconds on a machine takes no time on this clock.
  await pass(1);
  return permit;
}

/** A limiter of which a response has told the state. */
export async function limiterWith(
  remaining: number,
  resetAt: number,
  limit = 30,
): Promise<RateLimiter> {
  const limiter = new RateLimiter(limit);
  limiter.release(await take(limiter), state(remaining, resetAt, limit));
  return limiter;
}
