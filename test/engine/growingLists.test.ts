/** Lists of many pages, of which entries come and go while they are read. */
import type { INodeParameters } from 'n8n-workflow';
import { OFFER } from '../operations/marketplace';
import { byHandle, byId, type Fixture } from '../operations/fixture';
import { createAgent } from '../sandbox/agents';
import { newId } from '../sandbox/state';
import { useN8n } from './support/useN8n';

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
  // A list such as the timeline belongs to the whole platform, so each test has one of its own.
  const { sandbox, fixture, run } = useN8n({ sandboxPer: 'test', limits: { read: Infinity } });

  afterEach(() => {
    jest.restoreAllMocks();
    expect(sandbox.contractViolations).toEqual([]);
  });

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
});
