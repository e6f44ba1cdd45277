/**
 * Runs a task for each entry, several at a time, and returns the results in the order of the entries.
 * After a failure, no new task starts, and running tasks are awaited.
 *
 * @param entries the input of the tasks
 * @param concurrency the maximum number of tasks that run at the same time
 * @param task the work for one entry
 * @throws the error of the first failed entry, in the order of the entries
 */
export async function mapConcurrent<Entry, Result>(
  entries: readonly Entry[],
  concurrency: number,
  task: (entry: Entry) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(entries.length);
  const failures = new Map<number, unknown>();
  let next = 0;
  const work = async () => {
    while (next < entries.length && failures.size === 0) {
      const index = next++;
      try {
        results[index] = await task(entries[index]);
      } catch (error) {
        failures.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, entries.length) }, work));
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
  return results;
}
