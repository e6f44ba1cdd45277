import { ProcessMap } from '../memory/processMap';
import { type Deadline, remaining } from './deadline';
import { type RateLimitState, WINDOW_MS } from './rateLimitHeaders';
import { sleep } from './sleep';

/** The buckets that the service counts separately, by the names that it gives them (docs/service.md: Rate limits). */
export type Bucket = 'auth' | 'read' | 'write' | 'upload';

/** Requests per minute as published; the headers of the first response replace them. */
const PUBLISHED_LIMITS: Readonly<Record<Bucket, number>> = {
  auth: 10,
  read: 100,
  write: 30,
  upload: 10,
};

/** A service that gives resets in whole seconds may round them down. */
const ROUNDING_MS = 1000;

/** Far above what is published. A limit without a bound would have its requests counted without one. */
const MAX_LIMIT = 10_000;

/** A request that may be sent. Give it back with `release`. */
export interface Permit {
  /** When it was given, on the monotonic clock. */
  readonly at: number;
  /** It was given because the service said that something is free by now, not because the limiter knows. */
  readonly isProbe: boolean;
}

/** No permit: how long until one may be free, in milliseconds, if that is known. */
export interface Refusal {
  readonly resetMs?: number;
}

/**
 * Limits the requests of one agent in one bucket. Everything that this process sends for the agent shares it, and every
 * response corrects it, because other processes use the same limit.
 *
 * It does not need to know whether the service counts in a sliding or in a fixed window. It keeps the times of the
 * requests that the service has counted. A response says how many those are by now, so the oldest ones are dropped when
 * there are fewer, and requests of other processes are added when there are more. When the limit is used up, the reset
 * of the last response says when at least one request is free again; a single request finds out how many.
 */
export class RateLimiter {
  private limit: number;

  /** When each request was counted at the latest, on the monotonic clock, the oldest first. */
  private counted: number[] = [];

  private inFlight = 0;

  /** When the service says that something is free again, on the monotonic clock. */
  private resetAt?: number;

  private isProbing = false;

  /** The service has refused a request: a single one finds out after the wait whether it accepts more. */
  private isClosed = false;

  /** Whether a response has stated the limit. Of a service that states none, only refusals count. */
  private isStated = false;

  /** Added to the resets of a service that has refused a request after one of them. */
  private marginMs = 0;

  /** Wakes those who wait for a response. */
  private readonly waiters = new Set<() => void>();

  /** @param limit requests per window until a response says otherwise */
  constructor(limit: number) {
    this.limit = limit;
  }

  /**
   * Waits until a request may be sent, and counts it as in flight.
   *
   * @param deadline the longest wait
   * @param signal n8n's cancel signal
   * @throws ManualExecutionCancelledError when the execution is cancelled meanwhile
   */
  async acquire(deadline: Deadline, signal?: AbortSignal): Promise<Permit | Refusal> {
    for (;;) {
      const now = performance.now();
      const permit = this.permitAt(now);
      if (permit) return permit;
      const freeAt = this.freeAt();
      const isUsedUp = (this.isClosed || this.counted.length >= this.limit) && !this.isProbing;
      if (remaining(deadline) === 0 || (isUsedUp && freeAt > deadline.at)) {
        return Number.isFinite(freeAt) ? { resetMs: Math.max(0, freeAt - now) } : {};
      }
      await this.waitForRelease(Math.min(freeAt, deadline.at) - now, signal);
    }
  }

  /**
   * Ends a request that was acquired, and takes its response into account. Call it once for each.
   *
   * @param permit what `acquire` returned
   * @param state the rate limit in the headers; undefined when there is none, or no response
   * @param counting the limiter of the bucket that the service counted the request in, if not this one
   */
  release(permit: Permit, state: RateLimitState | undefined, counting: RateLimiter = this): void {
    this.inFlight -= 1;
    if (permit.isProbe) {
      this.isProbing = false;
      // If it was refused again, `block` follows.
      this.isClosed = false;
    }
    if (state) counting.update(permit, state);
    // Nobody knows whether the service counted it.
    else if (counting.isStated) counting.counted.push(performance.now());
    this.wakeAll();
    counting.wakeAll();
  }

  /**
   * Blocks further requests: the service refused one with 429.
   *
   * @param permit what the request was sent with
   * @param ms how long to wait, in milliseconds
   */
  block(permit: Permit, ms: number): void {
    if (permit.isProbe) this.marginMs = ROUNDING_MS;
    this.isClosed = true;
    this.resetAt = Math.max(this.resetAt ?? 0, performance.now() + ms);
    this.wakeAll();
  }

  private permitAt(now: number): Permit | undefined {
    while (this.counted.length > 0 && this.counted[0] + WINDOW_MS <= now) this.counted.shift();
    const isFree = !this.isClosed && this.counted.length + this.inFlight < this.limit;
    const isProbe = !isFree && !this.isProbing && this.resetAt !== undefined && this.resetAt <= now;
    if (!isFree && !isProbe) return undefined;
    this.inFlight += 1;
    if (isProbe) this.isProbing = true;
    return { at: now, isProbe };
  }

  /** When something may be free again, if no response comes before. */
  private freeAt(): number {
    const resetAt = this.isProbing ? Infinity : (this.resetAt ?? Infinity);
    return this.isClosed ? resetAt : Math.min(resetAt, (this.counted[0] ?? Infinity) + WINDOW_MS);
  }

  private update({ at }: Permit, { limit, remaining: left, reset }: RateLimitState): void {
    const now = performance.now();
    this.limit = Math.min(limit, MAX_LIMIT);
    this.isStated = true;
    const used = Math.max(0, this.limit - left);
    // The service had counted these before it saw the request; of later ones, and of those in flight, nobody knows.
    const before = this.counted.filter((time) => time < at).length;
    const surplus = before + 1 - used;
    if (surplus > 0) this.counted.splice(0, Math.min(surplus, before));
    this.counted.push(now);
    this.fill(used - this.inFlight, now);
    this.resetAt = Math.max(this.resetAt ?? 0, now + reset.ms + this.marginMs);
  }

  /** Counts requests of other processes. */
  private fill(count: number, now: number): void {
    while (this.counted.length < count) this.counted.push(now);
  }

  /** Wakes all, because a single one might give up and leave the others waiting. */
  private wakeAll(): void {
    for (const wake of this.waiters) wake();
  }

  /** Waits until a response says more, or something is free again. */
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

/** More than one process serves: three for each agent, and a credential with expressions may stand for many agents. */
const MAX_LIMITERS = 4000;

const limiters = new ProcessMap<RateLimiter>(MAX_LIMITERS);

/**
 * The rate limiter of a caller for a bucket, shared by all executions of this process.
 *
 * @param owner whose requests are counted together: the identity of an agent, or the base URL for all without a token
 * @param bucket which of the service's counters; a name that is not published starts with the limit of writes
 */
export function rateLimiterOf(owner: string, bucket: string): RateLimiter {
  const key = `${bucket} ${owner}`;
  const limit = PUBLISHED_LIMITS[bucket as Bucket] ?? PUBLISHED_LIMITS.write;
  const limiter = limiters.get(key) ?? new RateLimiter(limit);
  limiters.set(key, limiter);
  return limiter;
}
