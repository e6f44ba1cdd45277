/** A point in time on the monotonic clock, in milliseconds (`performance.now()`). */
export interface Deadline {
  readonly at: number;
}

/**
 * Makes the deadline that ends a time from now.
 *
 * @param ms how long from now, in milliseconds
 */
export function deadlineIn(ms: number): Deadline {
  return { at: performance.now() + ms };
}

/**
 * Tells how much time is left.
 *
 * @returns milliseconds, at least 0
 */
export function remaining(deadline: Deadline): number {
  return Math.max(0, deadline.at - performance.now());
}
