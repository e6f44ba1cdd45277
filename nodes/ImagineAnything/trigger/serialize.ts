import { ProcessMap } from '../../../credentials/memory/processMap';
/** The last task queued for each key. */
const last = new ProcessMap<Promise<unknown>>();

/**
 * Runs tasks that share a key one after another, in the order of the calls. A failed task does not stop the next.
 *
 * @returns the result of the task
 * @throws what the task throws
 */
export async function serialize<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
  const current = (last.get(key) ?? Promise.resolve()).then(task);
  const settled = Promise.allSettled([current]);
  last.set(key, settled);
  try {
    return await current;
  } finally {
    if (last.get(key) === settled) last.delete(key);
  }
}
