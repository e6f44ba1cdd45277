import type { INodeParameters } from 'n8n-workflow';
import { OFFER } from '../operations/marketplace';
import { byHandle, byId, createFixture, type Fixture } from '../operations/fixture';
import { createAgent } from '../sandbox/agents';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { newId } from '../sandbox/state';
import { N8n, type RunResult } from './support/n8n';

/** Eleven pages of the largest size that the service gives, the last of them not full. */
const ENTRIES = 1_050;
const PAGES = 11;

/** How many entries come in before each page but the first. */
const GROWTH = 7;

interface GrowingList {
  name: string;
  operationId: string;
  parameters(fixture: Fixture): INodeParameters;
  /** Adds an entry, past HTTP, and gives what identifies it in the list. */
  add(fixture: Fixture, number: number): string;
}

function addPost({ sandbox, other }: Fixture, content: string): string {
  const { state } = sandbox;
  return state.addPost({
    ...state.entry('post'),
    agentId: other.id,
    content,
    mediaType: 'TEXT',
    mediaUrls: [],
    mediaIds: [],
    hashtags: [],
    mentions: [],
    repostOfId: null,
    isQuote: false,
    viewCount: 0,
  }).id;
}

function addService({ sandbox, other }: Fixture, id: string, price: number): string {
  sandbox.state.services.set(id, {
    ...sandbox.state.entry('service'),
    ...OFFER,
    id,
    price,
    agentId: other.id,
    shortDesc: null,
    deliveryDays: null,
    revisions: null,
    tags: [],
    thumbnailUrl: null,
    images: [],
    featured: false,
    isActive: true,
  });
  return id;
}

const LISTS: GrowingList[] = [
  {
    name: 'the newest first',
    operationId: 'feedGetManyPublic',
    parameters: () => ({ resource: 'feed', operation: 'getPublicTimeline' }),
    add: (fixture, number) => addPost(fixture, `Post ${number}`),
  },
  {
    // New ones come in at any place, also before what has been read.
    name: 'in an order of its own',
    operationId: 'serviceGetMany',
    parameters: () => ({
      resource: 'service',
      operation: 'getMany',
      filters: { sortBy: 'price', sortOrder: 'asc' },
    }),
    add: (fixture, number) => addService(fixture, newId('service'), (number * 37) % 500),
  },
  {
    name: 'of agents',
    operationId: 'agentGetFollowers',
    parameters: ({ me }) => ({
      resource: 'agent',
      operation: 'getFollowers',
      agent: byHandle(me.handle),
    }),
    add: ({ sandbox: { state }, me }, number) => {
      const { id } = createAgent(state, {
        handle: `fan_${me.id.slice(6, 16)}_${number}`,
        name: 'Fan',
      });
      state.follows.add(state.edge('follow', id, me.id));
      return id;
    },
  },
  {
    name: 'of reviews',
    operationId: 'reviewGetMany',
    parameters: ({ me }) => ({
      resource: 'review',
      operation: 'getMany',
      service: byId(`service_of_${me.id}`),
    }),
    add: (fixture) => {
      const { state } = fixture.sandbox;
      const serviceId = `service_of_${fixture.me.id}`;
      if (!state.services.has(serviceId)) addService(fixture, serviceId, 500);
      const review = {
        ...state.entry('review'),
        orderId: 'order_1',
        serviceId,
        agentId: fixture.other.id,
        rating: 5,
        content: null,
        qualityRating: null,
        communicationRating: null,
        deliveryRating: null,
      };
      state.reviews.set(review.id, review);
      return review.id;
    },
  },
];

describe('lists of many pages', () => {
  let n8n: N8n;
  let sandbox: Sandbox;
  let fixture: Fixture;

  beforeAll(async () => {
    n8n = await N8n.load();
  });

  beforeEach(async () => {
    // A list such as the timeline belongs to the whole platform, so each test has one of its own.
    sandbox = await startSandbox({ limits: { reads: Infinity } });
    fixture = createFixture(sandbox);
    n8n.saveCredential('agent', { ...fixture.me, baseUrl: sandbox.url });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    expect(sandbox.contractViolations).toEqual([]);
    await sandbox.close();
  });

  async function run(parameters: INodeParameters): Promise<RunResult> {
    return await n8n.run({ credential: 'agent', parameters });
  }

  /** Does something each time the list is asked for another page, before that page is made. */
  function beforeFurtherPages(operationId: string, happen: (page: number) => void): void {
    const record = sandbox.requests.record.bind(sandbox.requests);
    jest.spyOn(sandbox.requests, 'record').mockImplementation((request) => {
      const recorded = record(request);
      const page = sandbox.requests.of(operationId).length;
      if (request.operationId === operationId && page > 1) happen(page);
      return recorded;
    });
  }

  it.each(LISTS)(
    '$name: all that was there comes once, whatever comes in meanwhile',
    async (list) => {
      const { operationId, parameters, add } = list;
      const before = Array.from({ length: ENTRIES }, (_, number) => add(fixture, number));
      let added = ENTRIES;
      beforeFurtherPages(operationId, () => {
        for (let i = 0; i < GROWTH; i++) add(fixture, added++);
      });

      const { json, error } = await run({ ...parameters(fixture), returnAll: true });

      expect(error).toBeUndefined();
      expect(sandbox.requests.of(operationId)).toHaveLength(PAGES);
      expect(added).toBe(ENTRIES + (PAGES - 1) * GROWTH);
      const ids = json.map(({ id }) => id as string);
      expect(new Set(ids).size).toBe(ids.length);
      expect(new Set(ids)).toEqual(new Set([...ids, ...before]));
    },
  );

  it('misses nothing when what was read last is deleted', async () => {
    const before = Array.from({ length: ENTRIES }, (_, number) => addPost(fixture, `${number}`));
    const newestFirst = [...before].reverse();
    const gone: string[] = [];
    beforeFurtherPages('feedGetManyPublic', (page) => {
      const last = sandbox.state.posts.get(newestFirst[(page - 1) * 100 - 1]);
      if (!last) throw new Error('It was deleted before');
      gone.push(last.id);
      sandbox.state.removePost(last);
    });

    const { json } = await run({
      resource: 'feed',
      operation: 'getPublicTimeline',
      returnAll: true,
    });

    expect(gone).toHaveLength(PAGES - 1);
    expect(json.map(({ id }) => id)).toEqual(newestFirst);
  });

  it('reads no more than the limit', async () => {
    for (let number = 0; number < 300; number++) addPost(fixture, `${number}`);
    const { json } = await run({ resource: 'feed', operation: 'getPublicTimeline', limit: 250 });

    expect(json).toHaveLength(250);
    const asked = sandbox.requests.of('feedGetManyPublic').map(({ query }) => query.limit);
    expect(asked).toEqual(['100', '100', '50']);
  });

  describe('of a service that pages badly', () => {
    const timeline = { resource: 'feed', operation: 'getPublicTimeline', returnAll: true };

    /** Answers the next request with this page. */
    function page(ids: string[], nextCursor: string | null, times = 1): void {
      sandbox.faults.add({
        match: { operationId: 'feedGetManyPublic' },
        times,
        fault: {
          kind: 'status',
          status: 200,
          body: { posts: ids.map((id) => ({ id })), nextCursor, hasMore: nextCursor !== null },
        },
      });
    }

    it('an entry that moved to the next page comes once', async () => {
      page(['a', 'b'], '2');
      page(['b', 'c'], '4');
      page(['c'], null);
      const { json } = await run(timeline);

      expect(json.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    });

    it('a cursor that is repeated at once ends with an error', async () => {
      page(['a'], 'same', Infinity);
      const { error } = await run(timeline);

      expect(error?.message).toContain(
        'the service returned the cursor "same" twice, so the list never ends',
      );
      expect(sandbox.requests.of('feedGetManyPublic')).toHaveLength(2);
    });

    it('cursors that go round in a circle end with an error', async () => {
      page(['a'], 'one');
      page(['b'], 'two');
      page(['c'], 'three');
      page(['d'], 'one');
      const { error, items } = await run(timeline);

      expect(error?.message).toContain('the service returned the cursor "one" twice');
      expect(items).toEqual([]);
      expect(sandbox.requests.of('feedGetManyPublic')).toHaveLength(4);
    });

    it('ever new cursors without a new entry end with an error', async () => {
      page(['a'], 'first');
      for (let i = 0; i < 20; i++) page(i % 2 === 0 ? [] : ['a'], `cursor_${i}`);
      const { error } = await run(timeline);

      expect(error?.message).toContain(
        'the service returned 10 pages in a row without a new entry',
      );
      expect(sandbox.requests.of('feedGetManyPublic')).toHaveLength(11);
    });

    /** Answers the next requests with these bodies. */
    function answer(...bodies: unknown[]): void {
      for (const body of bodies) {
        sandbox.faults.add({
          match: { operationId: 'feedGetManyPublic' },
          fault: { kind: 'status', status: 200, body },
        });
      }
    }

    it.each([
      ['null', () => 'null'],
      ['an object', () => '{"toString":1}'],
      ['too large a number', (index: number) => `90071992547409${93 + index}`],
    ])('entries are not taken for the same where their ID is %s', async (_, id) => {
      // As text, because the numbers would lose their last digits here.
      const entries = Array.from({ length: 6 }, (_each, index) => `{"id":${id(index)}}`);
      for (const [posts, next] of [
        [entries.slice(0, 2), '"2"'],
        [entries.slice(2, 5), '"5"'],
        [entries.slice(5), 'null'],
      ] as const) {
        sandbox.faults.add({
          match: { operationId: 'feedGetManyPublic' },
          fault: {
            kind: 'status',
            status: 200,
            headers: { 'content-type': 'application/json' },
            body: `{"posts":[${posts.join(',')}],"nextCursor":${next}}`,
          },
        });
      }
      const { json, error } = await run(timeline);

      expect(error).toBeUndefined();
      expect(json).toHaveLength(6);
    });

    it('numbers and texts are known again as well', async () => {
      answer(
        { posts: [{ id: 1 }, { id: 'b' }], nextCursor: '2' },
        { posts: [{ id: 'b' }, { id: 1 }, { id: '1' }], nextCursor: null },
      );
      expect((await run(timeline)).json).toEqual([{ id: 1 }, { id: 'b' }, { id: '1' }]);
    });

    it('there is no more where pagination says so', async () => {
      answer({ posts: [{ id: 'a' }], pagination: { hasMore: false, nextCursor: 'two' } });
      const { json, error } = await run(timeline);

      expect(error).toBeUndefined();
      expect(json).toEqual([{ id: 'a' }]);
      expect(sandbox.requests.of('feedGetManyPublic')).toHaveLength(1);
    });

    it('a page without a list does not end it without a word', async () => {
      answer({ posts: [{ id: 'a' }], nextCursor: 'two' }, { message: 'Down for maintenance' });
      const { items, error } = await run(timeline);

      expect(error?.message).toBe(
        'Get many public timeline posts: the service returned a page without a list',
      );
      expect(items).toEqual([]);
    });

    it('ever new cursors with the same entries without IDs end with an error', async () => {
      answer(
        ...Array.from({ length: 20 }, (_, index) => ({
          posts: [{ content: 'same' }],
          nextCursor: `cursor_${index}`,
        })),
      );
      const { error } = await run(timeline);

      expect(error?.message).toContain(
        'the service returned 10 pages in a row without a new entry',
      );
      expect(sandbox.requests.of('feedGetManyPublic')).toHaveLength(11);
    });

    it('150,000 entries at once are cut to the limit, and too many without one', async () => {
      const posts = Array.from({ length: 150_000 }, (_, id) => ({ id }));
      answer({ posts, nextCursor: 'more' }, { posts }, { posts });
      const limited = await run({ ...timeline, returnAll: false, limit: 50 });

      expect(limited.error).toBeUndefined();
      expect(limited.json).toEqual(posts.slice(0, 50));

      const { error } = await run(timeline);
      expect(error?.message).toContain(
        'the list has more than 100,000 entries. Set Limit to read only the first entries.',
      );

      const all = await run({ ...timeline, returnAll: false, limit: 150_000 });
      expect(all.error).toBeUndefined();
      expect(all.json).toHaveLength(150_000);
    });

    it('an empty page in between is no end', async () => {
      page(['a'], 'one');
      page([], 'two');
      page(['b'], null);
      const { json } = await run(timeline);

      expect(json.map(({ id }) => id)).toEqual(['a', 'b']);
    });

    it('a repeated cursor is of no interest once the limit is reached', async () => {
      page(['a'], 'same', Infinity);
      const { json, error } = await run({ ...timeline, returnAll: false, limit: 1 });

      expect(error).toBeUndefined();
      expect(json).toMatchObject([{ id: 'a' }]);
    });
  });
});
