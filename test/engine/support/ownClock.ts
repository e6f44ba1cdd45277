/** A clock of its own for n8n and the sandbox, so that no test waits for time to pass. */
import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** Tells what n8n and its nodes set a timer for from what tests, sandbox and libraries do. */
const execution = new AsyncLocalStorage<true>();

/** Runs what belongs to an execution: its waits are those that {@link useOwnClock} passes. */
export async function insideExecution<Result>(work: () => Promise<Result>): Promise<Result> {
  return await execution.run(true, work);
}

/** The clock of the running test. */
export interface OwnClock {
  /** What `performance.now` gives. */
  now(): number;
  /** Lets no wait end, until the test ends. */
  hold(): void;
  /** Ends {@link hold}. */
  release(): void;
}

interface Wait {
  at: number;
  work(): void;
}

/** So many turns of the event loop without a request, and nothing but a wait is left to do. */
const QUIET_TURNS = 20;

/** A timer is a moment late, never early. */
const LATE_MS = 1;

/**
 * Puts the clock forward for the tests of the file or of the `describe` around it: `Date.now`, `performance.now`, and
 * what executions wait for with `setTimeout`. It jumps to the end of the next wait when all executions wait, and no
 * request of theirs is on its way. Who does not wait, or not long enough, comes too early for the sandbox, which has
 * the same clock. The deadlines of requests (`AbortSignal.timeout`) stay real.
 */
export function useOwnClock(): OwnClock {
  const real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    dateNow: Date.now,
    performanceNow: performance.now,
  };
  let ahead = 0;
  let isHeld = false;
  let isPassing = false;
  const waits = new Map<unknown, Wait>();
  const requests = new Set<ClientRequest>();
  const now = () => real.performanceNow.call(performance) + ahead;
  let ended = () => {};

  const onRequest = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    requests.add(request);
    request.once('close', () => {
      requests.delete(request);
      ended();
    });
  };

  async function quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns++) {
      await new Promise(setImmediate);
      if (requests.size === 0) continue;
      await new Promise<void>((resolve) => (ended = resolve));
      turns = 0;
    }
  }

  async function pass(): Promise<void> {
    isPassing = true;
    for (;;) {
      await quiet();
      if (isHeld || waits.size === 0) break;
      const next = Math.min(...[...waits.values()].map(({ at }) => at));
      ahead += Math.max(0, next - now()) + LATE_MS;
      const reached = now();
      for (const [timer, { at, work }] of waits) {
        if (at > reached) continue;
        waits.delete(timer);
        work();
      }
    }
    isPassing = false;
  }

  const setTimeout = (work: (...rest: unknown[]) => void, ms = 0, ...rest: unknown[]) => {
    if (!execution.getStore()) return real.setTimeout(work, ms, ...rest);
    // What is returned must be a timer; this one only stands for the wait.
    const timer = real.setTimeout(() => {}, 0);
    waits.set(timer, { at: now() + ms, work: () => work(...rest) });
    if (!isPassing) void execution.exit(pass);
    return timer;
  };

  beforeAll(() => {
    diagnostics.subscribe('http.client.request.created', onRequest);
    globalThis.setTimeout = setTimeout as typeof globalThis.setTimeout;
    globalThis.clearTimeout = (timer) => {
      waits.delete(timer);
      real.clearTimeout(timer as NodeJS.Timeout);
    };
    Date.now = () => Math.floor(real.dateNow() + ahead);
    performance.now = now;
  });

  afterEach(() => {
    isHeld = false;
    waits.clear();
    requests.clear();
    ended();
  });

  afterAll(() => {
    diagnostics.unsubscribe('http.client.request.created', onRequest);
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
    Date.now = real.dateNow;
    performance.now = real.performanceNow;
  });

  return {
    now,
    hold() {
      isHeld = true;
    },
    release() {
      isHeld = false;
      if (!isPassing) void execution.exit(pass);
    },
  };
}
