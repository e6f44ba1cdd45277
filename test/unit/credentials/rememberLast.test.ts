import { rememberLast } from '../../../credentials/memory/rememberLast';

test('computes again only when an argument has changed', () => {
  const compute = jest.fn((...parts: string[]) => parts.join('-'));
  const join = rememberLast(compute);
  expect([join('a', 'b'), join('a', 'b'), join('a'), join('a', 'b')]).toEqual([
    'a-b',
    'a-b',
    'a',
    'a-b',
  ]);
  expect(compute).toHaveBeenCalledTimes(3);
});

test('does not remember an error', () => {
  let isBroken = true;
  const read = rememberLast((value: number) => {
    if (isBroken) throw new Error('broken');
    return value;
  });
  expect(() => read(1)).toThrow('broken');
  isBroken = false;
  expect(read(1)).toBe(1);
});
