import fc from 'fast-check';
import { readOutput } from '../../../nodes/ImagineAnything/engine/answer';
import type { Answer, Operation } from '../../../nodes/ImagineAnything/engine/types';
import type { ApiRequest, Client } from '../../../nodes/ImagineAnything/transport/client';
import { EndlessList } from '../../../nodes/ImagineAnything/transport/pages';
import { RUNS } from '../properties';

const request: ApiRequest = {
  method: 'GET',
  path: '/search',
  token: 'optional',
  repeat: 'safe',
  action: 'Search',
};

/** What an operation with this answer makes of these bodies, one after another. */
async function read(answer: Answer, bodies: readonly unknown[]) {
  const left = [...bodies];
  const client: Client = { send: async () => ({ status: 200, body: left.shift() ?? {} }) };
  const operation: Operation = {
    name: 'Search',
    action: 'Search',
    description: '',
    endpoint: 'GET /search',
    answer,
  };
  return await readOutput(operation, Infinity, request, client);
}

it.each([
  ['the documented spelling', { clientId: 'c', clientSecret: 's' }],
  ['the other spelling', { client_id: 'c', client_secret: 's' }],
  ['one of each', { clientId: 'c', client_secret: 's' }],
  ['both', { clientId: 'c', client_id: 'd', clientSecret: 's', client_secret: 't' }],
  ['a documented member that is empty', { clientId: null, client_id: 'c', clientSecret: 's' }],
  ['the other spelling, wrapped', { agent: { client_id: 'c', client_secret: 's' } }],
  ['the other spelling next to what is wrapped', { agent: {}, client_id: 'c', client_secret: 's' }],
])('an object comes under the documented names: %s', async (_, members) => {
  const spellings = { client_id: 'clientId', client_secret: 'clientSecret' };
  const items = await read({ object: 'agent', spellings }, [{ handle: 'ada', ...members }]);

  expect(items).toEqual([{ handle: 'ada', clientId: 'c', clientSecret: 's' }]);
});

const LISTS: Answer = { lists: { agents: 'agent', posts: 'post' }, mark: 'resultType' };
const PART: Answer = { part: 'agents', entry: 'agent' };

const anyBody = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      agents: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
      posts: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
      nextCursor: fc.oneof(fc.string(), fc.jsonValue()),
      pagination: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
);

describe.each<[string, Answer]>([
  ['several lists', LISTS],
  ['a part', PART],
])('%s', (_, answer) => {
  it('come out of any answer as items', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyBody, { minLength: 1, maxLength: 3 }), async (bodies) => {
        const items = await read(answer, bodies).catch((error: unknown) => error);
        if (items instanceof EndlessList) return;
        for (const item of items as unknown[]) {
          expect(item).toEqual(expect.any(Object));
          expect(Array.isArray(item)).toBe(false);
        }
      }),
      RUNS,
    );
  });
});

const anyList = fc.array(fc.oneof(fc.jsonValue(), fc.record({ name: fc.jsonValue() })), {
  maxLength: 5,
});

it('nothing in the lists of an answer is lost, and each entry is marked by its list', async () => {
  await fc.assert(
    fc.asyncProperty(anyList, anyList, async (agents, posts) => {
      const items = await read(LISTS, [{ agents, posts }]);
      for (const [mark, list] of [
        ['agent', agents],
        ['post', posts],
      ] as const) {
        const own = items.filter(({ resultType }) => resultType === mark);
        expect(own).toEqual(list.map((entry) => ({ ...asItem(entry), resultType: mark })));
      }
    }),
    RUNS,
  );
});

it('nothing in a part of an answer is lost', async () => {
  await fc.assert(
    fc.asyncProperty(anyList, async (agents) => {
      expect(await read(PART, [{ agents, total: 1 }])).toEqual(
        agents.map((entry) => asItem(entry, 'agent')),
      );
    }),
    RUNS,
  );
});

function asItem(entry: unknown, name = 'value'): object {
  const isObject = typeof entry === 'object' && entry !== null && !Array.isArray(entry);
  return isObject ? entry : { [name]: entry };
}

/** Get AXP: the agent's points, and next to them the pages of their history. */
const WHOLE: Answer = { whole: true, gather: 'history' };

describe('an answer of which one member is a list of pages', () => {
  it('has the list at its place, without what leads to the next page', async () =>
    expect(
      await read(WHOLE, [{ axp: { total: 1 }, history: [{ id: 'x' }], hasMore: false }]),
    ).toEqual([{ axp: { total: 1 }, history: [{ id: 'x' }] }]));

  it.each([
    [{ axp: { total: 1 }, history: { transactions: [{ id: 'x' }] } }],
    [{ total: 1, levelThresholds: [1, 2], history: null }],
    [{ total: 1, levelThresholds: [1, 2] }],
  ])('is passed on as it came where the list is not there: %j', async (body) =>
    expect(await read(WHOLE, [body])).toEqual([body]),
  );
});
