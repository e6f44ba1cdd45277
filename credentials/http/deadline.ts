/** A point in time on the monotonic clock, in milliseconds (`performance.now()`). */
export interface Deadline {
  readonly at: number;
}

/** The point in time so many milliseconds from now. */
export function deadlineIn(ms: number): Deadline {
  return { at: performance.now() + ms };
}

/** Milliseconds until a deadline, at least 0. */
export function remaining(deadline: Deadline): number {
  return Math.max(0, deadline.at - performance.now());
}
