import type { RateReading } from './hints';
import { pause } from './pause';

/** The service counts these apart (reference: Rate Limits). */
export type RateClass = 'read' | 'write' | 'authentication';

/** What the reference says is allowed in a minute; the headers of the first answer say what is so. */
const DOCUMENTED: Readonly<Record<RateClass, number>> = {
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
export class Budget {
  private limit: number;

  private remaining: number;

  /** Epoch milliseconds; undefined until an answer told, and after the window turned. */
  private resetAt?: number;

  private underWay = 0;

  /** Those who wait for an answer. */
  private readonly waiting = new Set<() => void>();

  constructor(rateClass: RateClass) {
    this.limit = DOCUMENTED[rateClass];
    this.remaining = this.limit;
  }

  /**
   * Waits until a request may go out, and counts it as under way.
   *
   * @param patienceMs the longest wait
   * @param signal n8n's cancel signal
   * @returns undefined once admitted; the milliseconds until the window turns when that is too long
   * @throws ManualExecutionCancelledError when the execution is cancelled meanwhile
   */
  async admit(patienceMs: number, signal?: AbortSignal): Promise<number | undefined> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const now = Date.now();
      this.turn(now);
      if (this.remaining > this.underWay) {
        this.underWay += 1;
        return undefined;
      }
      const { resetAt } = this;
      if (resetAt === undefined) {
        await this.nextAnswer(Infinity, signal);
        continue;
      }
      const isSpent = this.remaining === 0;
      if (resetAt > deadline && (isSpent || now >= deadline)) return resetAt - now;
      if (isSpent) await pause(resetAt - now, signal);
      else await this.nextAnswer(Math.min(resetAt, deadline) - now, signal);
    }
  }

  /**
   * Takes an answer into account; call it once for each admitted request.
   *
   * @param reading what its headers say; undefined when they say nothing, or no answer came
   */
  settle(reading: RateReading | undefined): void {
    this.underWay -= 1;
    if (reading) this.learn(reading, Date.now());
    this.wakeAll();
  }

  /**
   * Closes the budget, because the service refused a request with 429.
   *
   * @param waitMs how long the service said to wait
   */
  close(waitMs: number): void {
    this.remaining = 0;
    this.resetAt = Math.max(this.resetAt ?? 0, Date.now() + waitMs);
    this.wakeAll();
  }

  /** Each looks for itself: one that was woken alone and then gave up would leave the others waiting. */
  private wakeAll(): void {
    for (const wake of this.waiting) wake();
  }

  private turn(now: number): void {
    if (this.resetAt === undefined || now < this.resetAt) return;
    this.remaining = this.limit;
    this.resetAt = undefined;
  }

  private learn({ limit, remaining, resetAt }: RateReading, now: number): void {
    // An answer that was on its way while the window turned tells about the past.
    if (resetAt <= now) return;
    this.turn(now);
    const isNew = this.resetAt === undefined || resetAt > this.resetAt + SAME_WINDOW_MS;
    this.limit = limit;
    // Answers overtake each other: within a window the smallest number is the latest.
    this.remaining = isNew ? remaining : Math.min(this.remaining, remaining);
    if (isNew) this.resetAt = resetAt;
  }

  /**
   * All that is left is under way, and the service may have counted some of it already: waits until an
   * answer tells more, or the window turns.
   */
  private async nextAnswer(ms: number, signal?: AbortSignal): Promise<void> {
    let wake = () => {};
    const answer = new Promise<void>((resolve) => (wake = resolve));
    this.waiting.add(wake);
    try {
      await pause(ms, signal, answer);
    } finally {
      this.waiting.delete(wake);
    }
  }
}

const budgets = new Map<string, Budget>();

/**
 * Gives the budget of an agent for a class. It is the same for all executions of this process.
 *
 * @param owner base URL and identity of the agent
 * @param rateClass which of the service's counters
 */
export function budgetOf(owner: string, rateClass: RateClass): Budget {
  const key = `${rateClass} ${owner}`;
  const budget = budgets.get(key) ?? new Budget(rateClass);
  budgets.set(key, budget);
  return budget;
}
