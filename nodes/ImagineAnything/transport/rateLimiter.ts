import type { RateLimitState, RetryAfter } from '../../../credentials/http/rateLimitHeaders';
import { ProcessMap } from '../../../credentials/processMap';
import { type Deadline, remaining } from './deadline';
import { sleep } from './sleep';

/**
 * The service counts these separately (reference: Rate Limits). Token exchanges do not pass a limiter: an agent has one at
 * a time, and its 429 is reported as such. So `authentication` counts registrations only.
 */
export type RateClass = 'read' | 'write' | 'authentication';

/** Requests per minute by the reference; the headers of the first response replace them. */
const DOCUMENTED_LIMITS: Readonly<Record<RateClass, number>> = {
  read: 100,
  write: 30,
  authentication: 10,
};

/** Two reset times that differ by less mean the same window: the service may round them to whole seconds. */
const SAME_WINDOW_MS = 1500;

/**
 * Limits the requests of one agent in one class. Everything that this process sends for the agent shares it, and every
 * response corrects it, because other processes use the same limit.
 */
export class RateLimiter {
  private limit: number;

  private remaining: number;

  /** On the monotonic clock; undefined until a response says it, and after a reset. */
  private resetAt?: number;

  /** The service sent an implausible reset time: after the wait, a single request tests it. */
  private isUncertain = false;

  private inFlight = 0;

  /** Wakes those who wait for a response. */
  private readonly waiters = new Set<() => void>();

  constructor(rateClass: RateClass) {
    this.limit = DOCUMENTED_LIMITS[rateClass];
    this.remaining = this.limit;
  }

  /**
   * Waits until a request may be sent, and counts it as in flight.
   *
   * @param deadline the longest wait
   * @param signal n8n's cancel signal
   * @returns undefined when it may be sent; otherwise how long until the limit resets, if that is known
   * @throws ManualExecutionCancelledError when the execution is cancelled meanwhile
   */
  async acquire(
    deadline: Deadline,
    signal?: AbortSignal,
  ): Promise<{ resetMs?: number } | undefined> {
    for (;;) {
      const now = performance.now();
      this.resetIfDue(now);
      if (this.remaining > this.inFlight) {
        this.inFlight += 1;
        return undefined;
      }
      const { resetAt = Infinity } = this;
      const isSpent = this.remaining === 0;
      const isLate = remaining(deadline) === 0;
      if (isLate || (isSpent && resetAt > deadline.at)) {
        return Number.isFinite(resetAt) ? { resetMs: resetAt - now } : {};
      }
      if (isSpent) await sleep(resetAt - now, signal);
      else await this.waitForRelease(Math.min(resetAt, deadline.at) - now, signal);
    }
  }

  /**
   * Ends a request that was acquired, and takes its response into account. Call it once for each.
   *
   * @param reading the rate limit in its headers; undefined when there is none, or no response
   */
  release(reading: RateLimitState | undefined): void {
    this.inFlight -= 1;
    if (reading) this.update(reading, performance.now());
    this.wakeAll();
  }

  /**
   * Blocks further requests: the service refused one with 429.
   *
   * @param wait how long to wait
   */
  block({ ms, isPlausible }: RetryAfter): void {
    this.remaining = 0;
    this.resetAt = Math.max(this.resetAt ?? 0, performance.now() + ms);
    this.isUncertain ||= !isPlausible;
    this.wakeAll();
  }

  /** Wakes all, because a single one might give up and leave the others waiting. */
  private wakeAll(): void {
    for (const wake of this.waiters) wake();
  }

  private resetIfDue(now: number): void {
    if (this.resetAt === undefined || now < this.resetAt) return;
    this.remaining = this.isUncertain ? Math.min(1, this.limit) : this.limit;
    this.isUncertain = false;
    this.resetAt = undefined;
  }

  private update({ limit, remaining: left, reset }: RateLimitState, now: number): void {
    this.resetIfDue(now);
    const resetAt = now + reset.ms;
    const isNew = this.resetAt === undefined || resetAt > this.resetAt + SAME_WINDOW_MS;
    this.limit = limit;
    // Responses overtake each other: within a window the smallest number is the latest.
    this.remaining = isNew ? left : Math.min(this.remaining, left);
    if (!isNew) return;
    this.resetAt = resetAt;
    this.isUncertain = !reset.isPlausible && left === 0;
  }

  /**
   * All remaining requests are in flight: waits until a response says more, or the limit resets.
   */
  private async waitForRelease(ms: number, signal?: AbortSignal): Promise<void> {
    let wake = () => {};
    const released = new Promise<void>((resolve) => (wake = resolve));
    this.waiters.add(wake);
    try {
      await sleep(ms, signal, released);
    } finally {
      this.waiters.delete(wake);
    }
  }
}

/** More agents than one process serves; a credential with expressions may stand for many. */
const MAX_LIMITERS = 3000;

const limiters = new ProcessMap<RateLimiter>(MAX_LIMITERS);

/**
 * The rate limiter of an agent for a class, shared by all executions of this process.
 *
 * @param owner base URL and identity of the agent
 * @param rateClass which of the service's counters
 */
export function rateLimiterOf(owner: string, rateClass: RateClass): RateLimiter {
  const key = `${rateClass} ${owner}`;
  const limiter = limiters.get(key) ?? new RateLimiter(rateClass);
  limiters.set(key, limiter);
  return limiter;
}
