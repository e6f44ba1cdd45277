/**
 * Waits for a promise until a signal aborts. The work itself goes on.
 *
 * @param work what to wait for
 * @param signal ends the wait; without one, it is as long as it takes
 * @throws the reason of the signal when it aborts first
 */
export async function untilAborted<Result>(
  work: Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  if (signal === undefined) return await work;
  // It may fail later, when its rejection is no longer handled.
  work.catch(() => {});
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Makes a signal that aborts after a time, or with any of other signals.
 *
 * @param ms how long until it aborts, in milliseconds
 * @param others further signals that abort it; undefined ones are ignored
 */
export function timeoutSignal(ms: number, ...others: Array<AbortSignal | undefined>): AbortSignal {
  // A timer takes whole milliseconds, and 32 bits of them.
  const limit = AbortSignal.timeout(Math.min(Math.max(0, Math.ceil(ms)), 2 ** 31 - 1));
  const given = others.filter((each) => each !== undefined);
  return given.length === 0 ? limit : AbortSignal.any([limit, ...given]);
}
