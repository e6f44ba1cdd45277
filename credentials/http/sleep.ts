import { ManualExecutionCancelledError, sleep as timer } from 'n8n-workflow';

/** A cancelled wait leaves no timer behind for longer than this. */
const SLICE_MS = 1000;

/**
 * Waits, or ends at once when the execution is cancelled.
 *
 * @param ms how long at most, in milliseconds
 * @param signal n8n's cancel signal of the execution
 * @param wake ends the wait before its time
 * @throws ManualExecutionCancelledError when it was cancelled
 */
export async function sleep(ms: number, signal?: AbortSignal, wake?: Promise<void>): Promise<void> {
  if (signal?.aborted) throw new ManualExecutionCancelledError('');
  let stop = () => {};
  const cancelled = new Promise<never>((_, reject) => {
    stop = () => reject(new ManualExecutionCancelledError(''));
    signal?.addEventListener('abort', stop);
  });
  let isAwake = false;
  const woken = wake?.then(() => (isAwake = true));
  try {
    for (let left = ms; left > 0 && !isAwake; left -= SLICE_MS) {
      await Promise.race([timer(Math.min(left, SLICE_MS)), cancelled, woken ?? cancelled]);
    }
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
