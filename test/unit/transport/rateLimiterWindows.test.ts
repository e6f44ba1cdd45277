import fc from 'fast-check';
import type { RateLimitState } from '../../../credentials/http/rateLimitHeaders';
import { deadlineIn } from '../../../nodes/ImagineAnything/transport/deadline';
import { RateLimiter } from '../../../nodes/ImagineAnything/transport/rateLimiter';

const WINDOW_MS = 60_000;

type Rounding = 'exact' | 'up' | 'down';
const ROUND = { exact: (s: number) => s, up: Math.ceil, down: Math.floor };

/** A service that counts in one way or the other, and answers as published. */
class Service {
  private times: number[] = [];
  private start = -Infinity;
  refused = 0;

  constructor(
    private readonly limit: number,
    private readonly kind: 'sliding' | 'fixed',
    private readonly rounding: Rounding,
  ) {}

  /** @returns whether it is allowed, and what the headers say, the reset in milliseconds on the clock */
  take(now: number): { allowed: boolean; remaining: number; resetAt: number } {
    if (this.kind === 'sliding') {
      this.times = this.times.filter((time) => time + WINDOW_MS > now);
    } else if (now >= this.start + WINDOW_MS) {
      this.start = now;
      this.times = [];
    }
    const allowed = this.times.length < this.limit;
    if (allowed) this.times.push(now);
    else this.refused += 1;
    const resetAt = (this.kind === 'sliding' ? this.times[0] : this.start) + WINDOW_MS;
    const seconds = ROUND[this.rounding](resetAt / 1000);
    return { allowed, remaining: this.limit - this.times.length, resetAt: seconds * 1000 };
  }
}

interface Run {
  limit: number;
  kind: 'sliding' | 'fixed';
  rounding: Rounding;
  requests: number;
  concurrency: number;
  latencyMs: number;
  others: number;
}

/** Sends requests through one limiter, as an execution does, on a clock of its own. */
async function simulate(run: Run) {
  const service = new Service(run.limit, run.kind, run.rounding);
  const limiter = new RateLimiter(run.limit);
  const started = performance.now();
  for (let index = 0; index < run.others; index++) service.take(started);
  let next = 0;
  let latency = 1;
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const worker = async () => {
    while (next < run.requests) {
      next += 1;
      for (;;) {
        const permit = await limiter.acquire(deadlineIn(3_600_000));
        if (!('at' in permit)) throw new Error('refused by the limiter');
        latency = (latency * 48271) % 2147483647;
        await sleep((latency / 2147483647) * run.latencyMs);
        const answer = service.take(performance.now());
        await sleep(((latency * 7) % 101) / 101 * run.latencyMs);
        const ms = Math.max(0, answer.resetAt - performance.now());
        const state: RateLimitState = {
          limit: run.limit,
          remaining: answer.remaining,
          reset: { ms, isPlausible: true },
        };
        limiter.release(permit, state);
        if (answer.allowed) break;
        const wait = Math.max(1000, Math.ceil(ms / 1000) * 1000);
        limiter.block(permit, { ms: wait, isPlausible: true });
        await sleep(wait);
      }
    }
  };
  const work = Promise.all(Array.from({ length: run.concurrency }, worker));
  let isDone = false;
  void work.then(() => (isDone = true));
  while (!isDone) await jest.advanceTimersByTimeAsync(250);
  const ideal = Math.floor((run.requests + run.others - 1) / run.limit) * WINDOW_MS;
  return { refused: service.refused, ms: performance.now() - started, ideal };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test.each(
  (['sliding', 'fixed'] as const).flatMap((kind) =>
    (['exact', 'up', 'down'] as const).flatMap((rounding) =>
      [1, 10].flatMap((concurrency) => [0, 40].map((others) => ({ kind, rounding, concurrency, others }))),
    ),
  ),
)('$kind window, resets rounded $rounding, concurrency $concurrency, $others of others', async (how) => {
  const result = await simulate({ limit: 100, requests: 450, latencyMs: 80, ...how });
  console.log(JSON.stringify({ ...how, ...result }));
  expect(result.refused).toBeLessThanOrEqual(4);
});
fc.constant(1);
