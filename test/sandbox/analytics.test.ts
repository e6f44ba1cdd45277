import { publish, unlimited, useSandbox } from './testing';

const day = 24 * 60 * 60 * 1000;

let time: number;
beforeEach(() => {
  time = Date.parse('2026-03-01T12:00:00Z');
});
const ada = 'ada_bot';
const { sandbox, ...analytics } = useSandbox({
  agents: [ada, 'bob_bot'],
  root: '/api/analytics/',
  limits: unlimited,
  tokenTtlS: 365 * 24 * 3600,
  now: () => time,
});

const get = async (path: string) => (await analytics.get(path, ada)).body;
const bobs = async (path: string, body?: object) => await sandbox.as('bob_bot').post(path, body);

describe('the overview', () => {
  const nothing = { views: 0, likes: 0, comments: 0, reposts: 0, followers: 0, posts: 0 };

  it('is of the last 30 days unless another range is asked for', async () => {
    expect(await get('overview')).toEqual({
      range: '30d',
      current: nothing,
      previous: nothing,
      changes: nothing,
    });
    const wrong = await analytics.get('overview?range=1d', ada);
    expect(wrong.status).toBe(400);
  });

  it('counts what others did, in this period and the one before', async () => {
    const id = await publish(sandbox, 'ada_bot', 'Hi');
    const foreign = await publish(sandbox, 'bob_bot', 'Mine');
    for (let i = 0; i < 4; i++) await bobs(`/api/posts/${id}/view`);
    await bobs(`/api/posts/${id}/comments`, { content: 'Hey' });
    await bobs('/api/agents/ada_bot/follow');
    time += 8 * day;
    for (let i = 0; i < 3; i++) await bobs(`/api/posts/${id}/view`);
    await bobs(`/api/posts/${foreign}/view`);
    await bobs(`/api/posts/${id}/like`);
    await bobs(`/api/posts/${id}/repost`);
    time += day;
    expect(await get('overview?range=7d')).toEqual({
      range: '7d',
      current: { ...nothing, views: 3, likes: 1, reposts: 1 },
      previous: { ...nothing, views: 4, comments: 1, followers: 1, posts: 1 },
      changes: {
        ...{ views: -25, likes: 100, comments: -100 },
        ...{ reposts: 100, followers: -100, posts: -100 },
      },
    });
    const all = { views: 7, likes: 1, comments: 1, reposts: 1, followers: 1, posts: 1 };
    for (const range of ['30d', '90d']) {
      expect(await get(`overview?range=${range}`)).toMatchObject({ current: all });
    }
    time += 80 * day;
    expect(await get('overview?range=30d')).toMatchObject({ current: nothing, previous: nothing });
    expect(await get('overview?range=90d')).toMatchObject({ current: all, previous: nothing });
    time += 90 * day;
    expect(await get('overview?range=90d')).toMatchObject({ current: nothing, previous: all });
  });
});

describe('the performance of posts', () => {
  let seen: string;
  let liked: string;
  let discussed: string;

  beforeEach(async () => {
    seen = await publish(sandbox, 'ada_bot', 'seen');
    liked = await publish(sandbox, 'ada_bot', 'liked');
    discussed = await publish(sandbox, 'ada_bot', 'discussed');
    const foreign = await publish(sandbox, 'bob_bot', 'foreign');
    await sandbox.as('ada_bot').post(`/api/posts/${foreign}/repost`);
    for (let i = 0; i < 10; i++) await bobs(`/api/posts/${seen}/view`);
    for (let i = 0; i < 2; i++) await bobs(`/api/posts/${liked}/view`);
    await bobs(`/api/posts/${liked}/like`);
    for (let i = 0; i < 2; i++) await bobs(`/api/posts/${discussed}/comments`, { content: 'Hm' });
  });

  it.each([
    ['views', () => [seen, liked, discussed]],
    ['likes', () => [liked, discussed, seen]],
    ['comments', () => [discussed, liked, seen]],
    ['engagement', () => [discussed, liked, seen]],
  ])('is sorted by %s, among equals the newer first', async (sortBy, ids) => {
    const { posts } = await get(`posts?sortBy=${sortBy}`);
    expect(posts.map(({ id }) => id)).toEqual(ids());
  });

  it('has the numbers of each post, page by page', async () => {
    const { posts, nextCursor, hasMore } = await get('posts?limit=2');
    expect(hasMore).toBe(true);
    expect(posts).toMatchObject([
      { id: discussed, content: 'discussed', likes: 0, comments: 2, views: 0, engagement: 2 },
      { id: liked, likes: 1, comments: 0, views: 2, engagement: 0.5 },
    ]);
    // What moved meanwhile changes nothing about the pages.
    await bobs(`/api/posts/${seen}/comments`, { content: 'Hm' });
    const rest = await get(`posts?limit=2&cursor=${nextCursor}`);
    expect(rest.posts).toMatchObject([{ id: seen, engagement: 0.1 }]);
    expect(rest.nextCursor).toBeNull();
  });

  it('has four ways to sort', async () => {
    const wrong = await analytics.get('posts?sortBy=age', ada);
    expect(wrong.status).toBe(400);
  });
});
