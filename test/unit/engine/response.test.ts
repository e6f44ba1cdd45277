import fc from 'fast-check';
import { readOutput } from '../../../nodes/ImagineAnything/engine/response';
import type { ResponseShape, Operation } from '../../../nodes/ImagineAnything/engine/operation';
import type { ApiRequest, Client } from '../../../nodes/ImagineAnything/transport/client';
import { UnreadableListError } from '../../../nodes/ImagineAnything/transport/pagination';
import { RUNS } from '../properties';

const request: ApiRequest = {
  method: 'GET',
  path: '/search',
  token: 'optional',
  repeat: 'safe',
  action: 'Search',
};

/** What an operation with this answer makes of these bodies, one after another. */
async function read(answer: ResponseShape, bodies: readonly unknown[], limit = Infinity) {
  const left = [...bodies];
  const client: Client = {
    send: async () => ({ status: 200, body: left.shift() ?? {} }),
    detached: () => client,
  };
  const operation: Operation = {
    name: 'Search',
    action: 'Search',
    description: '',
    endpoint: 'GET /search',
    answer,
  };
  return await readOutput(operation, limit, request, client);
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

const LISTS: ResponseShape = { lists: { agents: 'agent', posts: 'post' }, mark: 'resultType' };
const PART: ResponseShape = { part: 'agents', entry: 'agent' };

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

describe.each<[string, ResponseShape]>([
  ['several lists', LISTS],
  ['a part', PART],
])('%s', (_, answer) => {
  it('come out of any answer as items', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyBody, { minLength: 1, maxLength: 3 }), async (bodies) => {
        const items = await read(answer, bodies).catch((error: unknown) => error);
        if (items instanceof UnreadableListError) return;
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

it('an ID is unique within a list, and one that is no ID names nothing', async () => {
  const odd = [{ toString: 1 }, null, '', 2 ** 60];
  const first = { agents: [{ id: 1 }, ...odd.map((id) => ({ id }))], posts: [] };
  const second = { agents: [{ id: '1' }, { id: 1 }], posts: [1, ...odd].map((id) => ({ id })) };
  const items = await read(LISTS, [{ ...first, nextCursor: 'c1' }, second]);
  expect(items.map(({ id, resultType }) => [id, resultType])).toEqual(
    expect.arrayContaining([
      [1, 'agent'],
      ['1', 'agent'],
      [1, 'post'],
      ...odd.flatMap((id) => [
        [id, 'agent'],
        [id, 'post'],
      ]),
    ]),
  );
  expect(items).toHaveLength(3 + 2 * odd.length);
});

it('several lists of 150,000 entries are cut to the limit', async () => {
  const agents = Array.from({ length: 150_000 }, (_, id) => ({ id }));
  const items = await read(LISTS, [{ agents, posts: agents, nextCursor: 'c1' }], 3);
  expect(items).toEqual([
    { id: 0, resultType: 'agent' },
    { id: 0, resultType: 'post' },
    { id: 1, resultType: 'agent' },
  ]);
});

it('a list that cannot be read to its end is named by its operation', async () => {
  const page = { agents: [{ id: 'a' }], nextCursor: 'c1' };
  await expect(read(LISTS, [page, page])).rejects.toThrow(
    new UnreadableListError(
      'Search: the service returned the cursor "c1" twice, so the list never ends',
    ),
  );
});

it('an answer without a list is passed on with the cursor that it has', async () => {
  const body = { message: 'Nothing here', nextCursor: 'c1' };
  expect(await read({ list: 'posts' }, [body, { posts: [{ id: 'a' }] }])).toEqual([body]);
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
const WHOLE: ResponseShape = { whole: true, gather: 'history' };

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
