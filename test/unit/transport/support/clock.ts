/** When every test starts, in epoch milliseconds. */
export const START = Date.parse('2026-01-01T00:00:00Z');

/**
 * Gives each test of a file a clock of its own, on which only the test lets time pass. The timeouts of signals are on
 * it as well: Jest leaves `AbortSignal.timeout` on the clock of the machine. The jitter of delays is at its longest.
 */
export function useClock(): void {
  beforeEach(() => {
    jest.useFakeTimers({ now: START });
    jest.spyOn(Math, 'random').mockReturnValue(1);
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const controller = new AbortController();
      const timeUp = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
      setTimeout(() => controller.abort(timeUp), ms);
      return controller.signal;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });
}

/** Milliseconds since the test started. */
export const elapsed = (): number => Date.now() - START;

/** Lets time pass, and all that is due meanwhile happen. */
export async function pass(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms);
}

/** What became of some work, and when, in milliseconds since the test started. */
export interface Outcome<Result> {
  value?: Result;
  error?: Error & { description?: string | null; context?: Record<string, unknown> };
  /** Undefined while it is going on. */
  at?: number;
}

/** Follows some work without waiting for it. */
export function follow<Result>(work: Promise<Result>): Outcome<Result> {
  const outcome: Outcome<Result> = {};
  work.then(
    (value) => Object.assign(outcome, { value, at: elapsed() }),
    (error: Error) => Object.assign(outcome, { error, at: elapsed() }),
  );
  return outcome;
}

/** Lets time pass until some work has ended, and not longer. */
export async function finish<Result>(work: Promise<Result>): Promise<Outcome<Result>> {
  const outcome = follow(work);
  await pass(0);
  while (outcome.at === undefined && jest.getTimerCount() > 0) {
    await jest.advanceTimersToNextTimerAsync();
  }
  return outcome;
}
