import { mapConcurrent } from '../../../nodes/ImagineAnything/engine/mapConcurrent';

/** Tasks that end when the test says so. */
function openTasks() {
  const started: string[] = [];
  const ends = new Map<string, { resolve(value: string): void; reject(error: Error): void }>();
  return {
    started,
    run: async (entry: string) => {
      started.push(entry);
      return await new Promise<string>((resolve, reject) => ends.set(entry, { resolve, reject }));
    },
    end: async (entry: string) => {
      ends.get(entry)?.resolve(entry.toUpperCase());
      await new Promise(setImmediate);
    },
    fail: async (entry: string) => {
      ends.get(entry)?.reject(new Error(entry));
      await new Promise(setImmediate);
    },
  };
}

it('gives the results in the order of the entries, whichever ends first', async () => {
  const tasks = openTasks();
  const results = mapConcurrent(['a', 'b', 'c'], 3, tasks.run);
  for (const entry of ['c', 'a', 'b']) await tasks.end(entry);

  expect(await results).toEqual(['A', 'B', 'C']);
});

it('runs no more tasks at the same time than it may', async () => {
  const tasks = openTasks();
  const results = mapConcurrent(['a', 'b', 'c'], 2, tasks.run);
  expect(tasks.started).toEqual(['a', 'b']);
  await tasks.end('b');
  expect(tasks.started).toEqual(['a', 'b', 'c']);
  for (const entry of ['a', 'c']) await tasks.end(entry);

  expect(await results).toEqual(['A', 'B', 'C']);
});

it('starts nothing after a failure, and waits for what is running', async () => {
  const tasks = openTasks();
  const results = mapConcurrent(['a', 'b', 'c', 'd'], 2, tasks.run);
  const failure = expect(results).rejects.toThrow('a');
  await tasks.fail('b');
  expect(tasks.started).toEqual(['a', 'b']);
  // The first in the order of the entries counts.
  await tasks.fail('a');
  await failure;

  expect(tasks.started).toEqual(['a', 'b']);
});
