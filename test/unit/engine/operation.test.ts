import {
  callsOf,
  collectionOf,
  endpointOf,
  type Operation,
  parametersOf,
  readsList,
} from '../../../nodes/ImagineAnything/engine/operation';

const texts = { name: 'Do', action: 'Do', description: 'Do' };

const get: Operation = { ...texts, endpoint: 'GET /things/{id}' };

const create: Operation = {
  ...texts,
  endpoint: 'POST /things',
  repeat: 'creating',
  recipe: {
    uses: {
      get,
      retry: { ...texts, endpoint: 'POST /things', repeat: 'creating' },
      again: { ...get },
    },
    prepare: async () => async () => [],
  },
};

it('an endpoint is a method and a path', () => {
  expect(endpointOf(get)).toEqual({ method: 'GET', path: '/things/{id}' });
});

it('an operation with a recipe names its own call first, and each other one once', () => {
  expect(callsOf(create)).toEqual(['POST /things', 'GET /things/{id}']);
  expect(callsOf(get)).toEqual(['GET /things/{id}']);
});

it.each<[string, Operation]>([
  ['filters', get],
  ['updateFields', { ...texts, endpoint: 'PATCH /things', repeat: 'idempotent' }],
  ['additionalFields', create],
  ['additionalFields', { ...texts, endpoint: 'DELETE /things', repeat: 'idempotent' }],
])('optional parameters are in the collection %s', (name, operation) => {
  expect(collectionOf(operation).name).toBe(name);
});

it.each<[boolean, Operation['response']]>([
  [false, undefined],
  [false, { kind: 'whole' }],
  [false, { kind: 'part', key: 'things' }],
  [true, { kind: 'whole', list: 'things' }],
  [true, { kind: 'list', key: 'things', paged: false }],
])('it is %s that there is a limit for the response %j', (hasLimit, response) => {
  const operation = { ...get, response };
  expect(readsList(operation)).toBe(hasLimit);
  const names = parametersOf(operation).map(({ name }) => name);
  expect(names).toEqual(hasLimit ? ['returnAll', 'limit'] : []);
});
