import fc from 'fast-check';
import type { RateLimitState } from '../../../../credentials/http/rateLimitHeaders';
import { deadlineIn } from '../../../../credentials/http/deadline';
import { RateLimiter } from '../../../../credentials/http/rateLimiter';
import { RUNS } from '../../properties';

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
  const others = Math.min(run.others, run.limit);
  for (let index = 0; index < others; index++) service.take(started);
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
        await sleep((((latency * 7) % 101) / 101) * run.latencyMs);
        const ms = Math.max(0, answer.resetAt - performance.now());
        const state: RateLimitState = {
          limit: run.limit,
          remaining: answer.remaining,
          reset: { ms, isPlausible: true },
        };
        limiter.release(permit, state);
        if (answer.allowed) break;
        const wait = Math.max(1000, Math.ceil(ms / 1000) * 1000);
        limiter.block(permit, wait);
        await sleep(wait);
      }
    }
  };
  const work = Promise.all(Array.from({ length: run.concurrency }, worker));
  let isDone = false;
  void work.then(() => (isDone = true));
  while (!isDone) await jest.advanceTimersByTimeAsync(1000);
  const ideal = Math.floor((run.requests + others - 1) / run.limit) * WINDOW_MS;
  return { refused: service.refused, ms: performance.now() - started, ideal };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const KINDS = ['sliding', 'fixed'] as const;
const ROUNDINGS = ['exact', 'up', 'down'] as const;

test.each(
  KINDS.flatMap((kind) =>
    ROUNDINGS.flatMap((rounding) =>
      [1, 10].flatMap((concurrency) =>
        [0, 40].map((others) => ({ kind, rounding, concurrency, others })),
      ),
    ),
  ),
)(
  'wastes no time and is hardly refused: $kind window, resets rounded $rounding, $concurrency at once, $others of others',
  async (how) => {
    const { refused, ms, ideal } = await simulate({
      limit: 100,
      requests: 450,
      latencyMs: 80,
      ...how,
    });
    expect(refused).toBeLessThanOrEqual(450 / 100 + 1);
    expect(ms).toBeLessThanOrEqual(1.1 * ideal);
  },
);

test('in a window of any kind, with any limit, latency and others', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        kind: fc.constantFrom(...KINDS),
        rounding: fc.constantFrom(...ROUNDINGS),
        limit: fc.integer({ min: 1, max: 40 }),
        windows: fc.double({ min: 0.1, max: 3, noNaN: true }),
        concurrency: fc.integer({ min: 1, max: 10 }),
        latencyMs: fc.integer({ min: 1, max: 3000 }),
        others: fc.integer({ min: 0, max: 30 }),
      }),
      async ({ windows, ...service }) => {
        const run = { ...service, requests: Math.ceil(windows * service.limit) };
        const { refused, ms, ideal } = await simulate(run);
        // What is in flight while others use the limit up cannot be known, nor how resets are rounded.
        expect(refused).toBeLessThanOrEqual(
          2 + Math.min(run.concurrency, run.limit) + run.requests / 100,
        );
        // A second for rounding and some round trips for finding out, in each window.
        const busy = (run.requests / Math.min(run.concurrency, run.limit)) * 2 * run.latencyMs;
        expect(ms).toBeLessThanOrEqual(
          1.1 * ideal + busy + (windows + 2) * (2000 + 4 * run.latencyMs) + 60_000,
        );
      },
    ),
    { numRuns: RUNS.numRuns / 10 },
  );
});
