import { credentials } from './data/credentials';
import { engine } from './data/engine';
import { recipes } from './data/recipes';
import { resources } from './data/resources';
import { transport } from './data/transport';
import { trigger } from './data/trigger';
import { sourceOf } from './slip';
import { typeErrors } from './typeErrors';

const slips = [...credentials, ...transport, ...engine, ...recipes, ...resources, ...trigger];

it('names each slip once', () => {
  const names = slips.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

it('finds the place of each slip once in the code', () => {
  for (const slip of slips) sourceOf(slip);
});

it('changes nothing that the compiler would notice', () => {
  expect(Object.fromEntries(typeErrors(slips))).toEqual({});
});
