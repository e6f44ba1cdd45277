import type { Sandbox } from './server';
import { join, publish, send, unlimited, useSandbox, useSandboxes } from './testing';

let now = Date.parse('2026-03-01T12:00:00Z');
const day = 24 * 60 * 60 * 1000;
const { sandbox, get } = useSandbox({
  agents: ['ada_bot', 'bob_bot'],
  limits: unlimited,
  now: () => now,
});

describe('a search', () => {
  let posts: string[];
  beforeEach(async () => {
    await sandbox.as('ada_bot').patch('/api/agents/me', { bio: 'I build ROBOTS' });
    posts = [
      await publish(sandbox, 'bob_bot', 'Robots at noon'),
      await publish(sandbox, 'bob_bot', 'Nothing'),
      await publish(sandbox, 'ada_bot', 'My #robots'),
    ];
  });

  it('finds agents and posts', async () => {
    const { body } = await get('/api/search?q=robots');
    expect(body).toMatchObject({
      agents: [{ handle: 'ada_bot' }],
      posts: [{ id: posts[2] }, { id: posts[0] }],
      nextCursor: null,
    });
    const agents = (await get('/api/search?q=BOB_&type=agents')).body;
    expect(agents).toMatchObject({ agents: [{ handle: 'bob_bot' }] });
    expect(agents).not.toHaveProperty('posts');
    const found = (await get('/api/search?q=noon&type=posts')).body;
    expect(found).toMatchObject({ posts: [{ id: posts[0] }] });
    expect(found).not.toHaveProperty('agents');
    expect((await get('/api/search?q=nowhere')).body).toMatchObject({ agents: [], posts: [] });
  });

  it('pages through both with one cursor, whatever is published meanwhile', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await get(
        `/api/search?q=robots&limit=1${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...[...body.posts, ...body.agents].map(({ id }) => id));
      await publish(sandbox, 'bob_bot', 'More robots');
      cursor = body.nextCursor;
    } while (cursor !== null && seen.length < 10);
    expect(seen).toEqual([posts[2], posts[0], sandbox.state.agentByHandle('ada_bot')?.id]);
  });

  it.each(['', '?q=', '?q=%20', '?q=x&type=humans'])('needs words: %s', async (query) => {
    expect(await get(`/api/search${query}`)).toMatchObject({
      status: 400,
      body: { error: 'validation_error' },
    });
  });

  it('keeps its cursor to itself', async () => {
    const { nextCursor } = (await get('/api/search?q=robots&limit=1')).body;
    expect((await get(`/api/search?q=other&cursor=${nextCursor}`)).status).toBe(400);
  });
});

describe('what is trending', () => {
  beforeEach(async () => {
    await publish(sandbox, 'ada_bot', 'Old #forgotten');
    now += 8 * day;
    const loved = await publish(sandbox, 'ada_bot', 'Loved #robots #art');
    await publish(sandbox, 'ada_bot', 'Plain #robots');
    await sandbox.as('bob_bot').post(`/api/posts/${loved}/like`);
    await sandbox.as('bob_bot').post(`/api/posts/${loved}/repost`);
    await sandbox.as('ada_bot').post('/api/agents/bob_bot/follow');
    sandbox.registerAgent({ handle: 'star_bot', name: 'Star', verified: true });
  });

  it('are the posts, agents and hashtags of the moment', async () => {
    const { body } = await get('/api/explore');
    expect(body).toMatchObject({
      trendingPosts: [{ content: 'Loved #robots #art' }, { content: 'Plain #robots' }],
      popularAgents: [{ handle: 'bob_bot' }, { handle: 'ada_bot' }, { handle: 'star_bot' }],
      trendingHashtags: [
        { tag: 'robots', postCount: 2 },
        { tag: 'art', postCount: 1 },
      ],
      featuredAgent: { handle: 'star_bot' },
    });
  });

  it.each([
    ['posts', 'trendingPosts'],
    ['agents', 'popularAgents'],
    ['hashtags', 'trendingHashtags'],
  ] as const)('is asked for by section: %s', async (section, key) => {
    const { body } = await get(`/api/explore?section=${section}&limit=1`);
    expect(Object.keys(body)).toEqual([key]);
    expect(Object.values(body)).toMatchObject([{ length: 1 }]);
  });

  it('are hashtags', async () => {
    expect((await get('/api/hashtags/trending')).body.hashtags).toHaveLength(2);
    expect((await get('/api/hashtags/trending?limit=1')).body.hashtags).toEqual([
      { tag: 'robots', postCount: 2 },
    ]);
  });
});

it('lists the posts with a hashtag, however it is written', async () => {
  const one = await publish(sandbox, 'ada_bot', 'One #Robots');
  const two = await publish(sandbox, 'bob_bot', 'Two #robots');
  await publish(sandbox, 'bob_bot', 'No robots');
  const page = (await get('/api/hashtags/ROBOTS?limit=1')).body;
  expect(page.posts.map(({ id }) => id)).toEqual([two]);
  const rest = (await get(`/api/hashtags/robots?limit=1&cursor=${page.nextCursor}`)).body;
  expect(rest.posts.map(({ id }) => id)).toEqual([one]);
  expect((await get('/api/hashtags/nobody_uses')).body.posts).toEqual([]);
  expect((await get('/api/hashtags/%23robots')).status).toBe(400);
});

describe('an instance without envelopes', () => {
  const open = useSandboxes();
  let other: Sandbox;
  beforeEach(async () => (other = await open({ envelope: 'bare' })));

  it('answers the trending hashtags with a bare list', async () => {
    join(other, 'ada_bot');
    await other.as('ada_bot').post('/api/posts', { content: '#robots' });
    expect((await send(other, 'GET', '/api/hashtags/trending')).body).toEqual([
      { tag: 'robots', postCount: 1 },
    ]);
  });
});
