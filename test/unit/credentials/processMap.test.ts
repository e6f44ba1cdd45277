import fc from 'fast-check';
import { BoundedMap, ProcessMap, resetProcess } from '../../../credentials/memory/processMap';
import { RUNS } from '../properties';

test('a bounded map keeps the newest entries, and setting an entry makes it the newest', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...'abcdefgh')),
      fc.integer({ min: 1, max: 4 }),
      (keys, max) => {
        const map = new BoundedMap<number>(max);
        keys.forEach((key, index) => map.set(key, index));
        const newest = [...new Set(keys.toReversed())].slice(0, max).toReversed();
        expect([...map]).toEqual(newest.map((key) => [key, keys.lastIndexOf(key)]));
      },
    ),
    RUNS,
  );
});

test('a reset forgets what every map holds', () => {
  const maps = [new ProcessMap<number>(), new ProcessMap<number>(1)] as const;
  for (const map of maps) map.set('a', 1).set('b', 2);
  expect(maps.map(({ size }) => size)).toEqual([2, 1]);
  resetProcess();
  expect(maps.map(({ size }) => size)).toEqual([0, 0]);
});
