/**
 * Runs a task for every entry, several at once, and gives the results in the order of the entries.
 * After a failure nothing new is started; what is under way is waited for.
 *
 * @param entries what to work on
 * @param concurrency how many tasks may be under way, 1 for one after another
 * @param task the work for one entry
 * @throws what the first failing entry in order threw
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
