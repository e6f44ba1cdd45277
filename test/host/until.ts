import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  /** Named in the error when the deadline passes, as in "Waited 30 s for …". */
  what: string;
  timeoutMs?: number;
  everyMs?: number;
  /** Added to the error; asked only when the deadline has passed. */
  details?: () => string | Promise<string>;
}

/**
 * Asks `condition` again and again until it returns something truthy, and returns that.
 * A condition that throws ends the wait: what will never become true need not be waited for.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { what, timeoutMs = 30_000, everyMs = 100, details }: UntilOptions,
): Promise<NonNullable<Exclude<T, false | 0 | ''>>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) return value as NonNullable<Exclude<T, false | 0 | ''>>;
    if (Date.now() >= deadline) {
      const more = details ? `\n${await details()}` : '';
      throw new Error(`Waited ${Math.round(timeoutMs / 1000)} s for ${what}.${more}`);
    }
    await sleep(everyMs);
  }
}
