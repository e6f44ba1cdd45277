import fc from 'fast-check';
import { readOutput } from '../../../nodes/ImagineAnything/engine/response';
import type { Operation } from '../../../nodes/ImagineAnything/engine/operation';
import type { ResponseShape } from '../../../nodes/ImagineAnything/engine/responseShape';
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
async function read(response: ResponseShape, bodies: readonly unknown[], limit = Infinity) {
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
    response,
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
  const items = await read({ kind: 'object', key: 'agent', spellings }, [
    { handle: 'ada', ...members },
  ]);

  expect(items).toEqual([{ handle: 'ada', clientId: 'c', clientSecret: 's' }]);
});

it.each([
  ['id', { id: 'a' }, { id: 'a' }],
  ['media_id', { media_id: 'a' }, { media_id: 'a', id: 'a' }],
  ['mediaId', { mediaId: 'a' }, { mediaId: 'a', id: 'a' }],
  [
    'all of them',
    { id: 'a', media_id: 'b', mediaId: 'c' },
    { id: 'a', media_id: 'b', mediaId: 'c' },
  ],
  ['an empty id', { id: null, media_id: 'b' }, { id: 'b', media_id: 'b' }],
  ['none', {}, {}],
])('an object has its ID under id, next to what came: %s', async (_, members, item) => {
  const response: ResponseShape = { kind: 'object', key: 'media', idFrom: ['media_id', 'mediaId'] };
  expect(await read(response, [{ url: 'u', ...members }])).toEqual([{ url: 'u', ...item }]);
  expect(await read(response, [{ media: { url: 'u', ...members } }])).toEqual([
    { url: 'u', ...item },
  ]);
});

const LIST: ResponseShape = { kind: 'list', key: 'agents' };
const PART: ResponseShape = { kind: 'part', key: 'agents', entryName: 'agent' };

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

it('a secret parameter is masked in all URLs of an object', async () => {
  const shape = { kind: 'object', key: 'webhook', secretParameter: 'key' } as const;
  const body = {
    url: 'https://x.example/?key=abcdef&a=b',
    others: ['http://y.example?key=ghijkl'],
  };
  expect(await read(shape, [{ webhook: { ...body, key: 'a' } }])).toEqual([
    {
      url: 'https://x.example/?key=••••••&a=b',
      others: ['http://y.example?key=••••••'],
      key: 'a',
    },
  ]);
});

describe.each<[string, ResponseShape]>([
  ['a list', LIST],
  ['a part', PART],
])('%s', (_, response) => {
  it('come out of any answer as items', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyBody, { minLength: 1, maxLength: 3 }), async (bodies) => {
        const items = await read(response, bodies).catch((error: unknown) => error);
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

it('nothing in the list of a response is lost', async () => {
  await fc.assert(
    fc.asyncProperty(anyList, anyList, async (agents, posts) => {
      const items = await read(LIST, [{ agents, posts }]);
      expect(items).toEqual(agents.map((entry) => asItem(entry)));
    }),
    RUNS,
  );
});

it('an entry is known again by its ID, and one whose ID is none is never left out', async () => {
  const odd = [{ toString: 1 }, null, '', 2 ** 60];
  const first = { agents: [{ id: 1 }, ...odd.map((id) => ({ id }))] };
  const second = { agents: [{ id: '1' }, { id: 1 }, ...odd.map((id) => ({ id }))] };
  const items = await read(LIST, [{ ...first, nextCursor: 'c1' }, second]);
  expect(items.map(({ id }) => id)).toEqual([1, ...odd, '1', ...odd]);
});

it('a list of 150,000 entries is cut to the limit', async () => {
  const agents = Array.from({ length: 150_000 }, (_, id) => ({ id }));
  const items = await read(LIST, [{ agents, nextCursor: 'c1' }], 3);
  expect(items).toEqual([{ id: 0 }, { id: 1 }, { id: 2 }]);
});

it('a list that cannot be read to its end is named by its operation', async () => {
  const page = { agents: [{ id: 'a' }], nextCursor: 'c1' };
  await expect(read(LIST, [page, page])).rejects.toThrow(
    new UnreadableListError(
      'Search: the service returned the cursor "c1" twice, so the list never ends',
    ),
  );
});

it('a list that is too long is named by its operation, with the field that shortens it', async () => {
  const agents = Array.from({ length: 100_001 }, (_, id) => ({ id }));
  await expect(read(LIST, [{ agents }])).rejects.toThrow(
    new UnreadableListError(
      'Search: the list has more than 100,000 entries. Set Limit to read only the first entries.',
    ),
  );
});

it('an answer without a list is passed on with the cursor that it has', async () => {
  const body = { message: 'Nothing here', nextCursor: 'c1' };
  expect(await read({ kind: 'list', key: 'posts' }, [body, { posts: [{ id: 'a' }] }])).toEqual([
    body,
  ]);
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

describe('a deletion', () => {
  it.each([
    ['nothing', undefined, { deleted: true }],
    ['that it went well', { success: true }, { deleted: true, success: true }],
    ['that it was no deletion', { deleted: false }, { deleted: false }],
    [
      'that the thing was deactivated',
      { deactivated: true },
      { deleted: false, deactivated: true },
    ],
  ])('says whether it is one where the service says %s', async (_, body, item) => {
    const client: Client = {
      send: async () => ({ status: 200, body }),
      detached: () => client,
    };
    const operation: Operation = {
      name: 'Delete',
      action: 'Delete',
      description: '',
      endpoint: 'DELETE /thing',
      repeat: 'idempotent',
      response: { kind: 'deletion', unless: 'deactivated' },
    };
    expect(await readOutput(operation, Infinity, request, client)).toEqual([item]);
  });
});

/** Get AXP: the agent's points, and next to them the pages of their history. */
const WHOLE: ResponseShape = { kind: 'whole', list: 'history' };

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
