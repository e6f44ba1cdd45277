import fc from 'fast-check';
import { setBounded } from '../../../nodes/ImagineAnything/trigger/boundedMap';
import { RUNS } from '../properties';

test('A bounded map keeps the newest entries, and setting an entry makes it the newest', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...'abcdefgh')),
      fc.integer({ min: 1, max: 4 }),
      (keys, max) => {
        const map = new Map<string, number>();
        keys.forEach((key, index) => setBounded(map, key, index, max));
        const newest = [...new Set(keys.toReversed())].slice(0, max).toReversed();
        expect([...map]).toEqual(newest.map((key) => [key, keys.lastIndexOf(key)]));
      },
    ),
    RUNS,
  );
});
