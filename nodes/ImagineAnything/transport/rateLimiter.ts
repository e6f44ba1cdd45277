import type { RateLimitState, RetryAfter } from '../../../credentials/http/rateLimitHeaders';
import { ProcessMap } from '../../../credentials/processMap';
import { type Deadline, remaining } from './deadline';
import { sleep } from './sleep';

/**
 * The service counts these separately (reference: Rate Limits). Token exchanges do not pass a limiter: an agent has one at
 * a time, and its 429 is reported as such. So `authentication` counts registrations only.
 */
export type RateClass = 'read' | 'write' | 'authentication';

/** What the reference says is allowed in a minute; the headers of the first answer say what is so. */
const DOCUMENTED_LIMITS: Readonly<Record<RateClass, number>> = {
  read: 100,
  write: 30,
  authentication: 10,
};

/** The start of a window is told from its end, which the service may round to whole seconds. */
const SAME_WINDOW_MS = 1500;

/**
 * What one agent may still send of one class. It is shared by everything that this process sends for
 * the agent, and corrected by every answer, because other processes spend from it as well.
 */
export class RateLimiter {
  private limit: number;

  private remaining: number;

  /** On the monotonic clock, which nobody sets back; undefined until an answer told, and after the window turned. */
  private resetAt?: number;

  /** The service said something implausible: after the wait, one request finds out. */
  private isUncertain = false;

  private inFlight = 0;

  /** Those who wait for an answer. */
  private readonly waiters = new Set<() => void>();

  constructor(rateClass: RateClass) {
    this.limit = DOCUMENTED_LIMITS[rateClass];
    this.remaining = this.limit;
  }

  /**
   * Waits until a request may go out, and counts it as under way.
   *
   * @param deadline the longest wait
   * @param signal n8n's cancel signal
   * @returns undefined once admitted; else `resetMs` says for how long the limit is used up, where it is
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
   * Takes an answer into account; call it once for each admitted request.
   *
   * @param reading what its headers say; undefined when they say nothing, or no answer came
   */
  release(reading: RateLimitState | undefined): void {
    this.inFlight -= 1;
    if (reading) this.update(reading, performance.now());
    this.wakeAll();
  }

  /**
   * Closes the limiter: the service refused a request with 429.
   *
   * @param wait how long to wait
   */
  block({ ms, isPlausible }: RetryAfter): void {
    this.remaining = 0;
    this.resetAt = Math.max(this.resetAt ?? 0, performance.now() + ms);
    this.isUncertain ||= !isPlausible;
    this.wakeAll();
  }

  /** Each looks for itself: one that was woken alone and then gave up would leave the others waiting. */
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
    // Answers overtake each other: within a window the smallest number is the latest.
    this.remaining = isNew ? left : Math.min(this.remaining, left);
    if (!isNew) return;
    this.resetAt = resetAt;
    this.isUncertain = !reset.isPlausible && left === 0;
  }

  /**
   * All that is left is under way, and the service may have counted some of it already: waits until an
   * answer tells more, or the window turns.
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
 * Gives the rate limiter of an agent for a class. It is the same for all executions of this process.
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
