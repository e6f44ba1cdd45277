import { transport } from './data/transport';
import { sourceOf } from './slip';
import { typeErrors } from './typeErrors';

const slips = [...transport];

it('names each slip once', () => {
  const names = slips.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

it('finds the place of each slip once in the code', () => {
  for (const slip of slips) sourceOf(slip);
});

it('changes nothing that the compiler would notice', () => {
  expect(typeErrors(slips)).toEqual(new Map());
});
