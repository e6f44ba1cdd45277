import { serialize } from '../../../nodes/ImagineAnything/trigger/serialize';

const settled = async () => await new Promise(setImmediate);

/** A task that ends when the test says so. */
function openTask(name: string, log: string[]) {
  let end = () => {};
  const task = async () => {
    log.push(`${name} begins`);
    await new Promise<void>((resolve) => (end = resolve));
    log.push(`${name} ends`);
    return name;
  };
  return { task, end: () => end() };
}

it('tasks of one key wait for each other, those of another do not', async () => {
  const log: string[] = [];
  const [a, b, c] = ['a', 'b', 'c'].map((name) => openTask(name, log));
  const first = serialize('x', a.task);
  const second = serialize('x', b.task);
  const other = serialize('y', c.task);
  await settled();
  expect(log).toEqual(['a begins', 'c begins']);
  a.end();
  expect(await first).toBe('a');
  await settled();
  b.end();
  c.end();

  expect(await Promise.all([second, other])).toEqual(['b', 'c']);
  expect(log.slice(2, 4)).toEqual(['a ends', 'b begins']);
});

it('a task that fails does not stop the next', async () => {
  const failing = serialize('x', async () => await Promise.reject(new Error('no')));
  const next = serialize('x', async () => await Promise.resolve('done'));

  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
});
