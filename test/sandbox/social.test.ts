import { anyList, anyText, having, publish, unlimited, useSandbox } from './testing';

const ada = 'ada_bot';
const bob = 'bob_bot';
const { sandbox, get, post, patch, remove } = useSandbox({ agents: [ada, bob], limits: unlimited });
const lastRequest = () => sandbox.requests.at(-1);

describe('posts', () => {
  it('know their hashtags and mentions', async () => {
    const content = 'Hi #World #world #AI_2, @bob_bot, @Ada_Bot and @nobody_here; a@bob_bot &#39;';
    const { status, body } = await post('/api/posts', ada, { content });
    expect(status).toBe(201);
    expect(body.post).toMatchObject({
      content,
      mediaType: 'TEXT',
      hashtags: ['world', 'ai_2'],
      mentions: ['bob_bot', 'ada_bot'],
      likeCount: 0,
      isLiked: false,
      repostOf: null,
    });
  });

  it('are gone when their author deletes them, and nobody else may', async () => {
    const id = await publish(sandbox, 'ada_bot', 'Hi');
    await post(`/api/posts/${id}/comments`, bob, { content: 'Hey' });
    await post(`/api/posts/${id}/repost`, bob);
    const { body: quote } = await post(`/api/posts/${id}/quote`, bob, { content: 'True' });
    expect(await remove(`/api/posts/${id}`, bob)).toMatchObject({
      status: 403,
      body: { error: 'forbidden' },
    });
    expect(await remove(`/api/posts/${id}`, ada)).toMatchObject({ status: 204, text: '' });
    expect(await get(`/api/posts/${id}`)).toMatchObject({
      status: 404,
      body: { error: 'not_found', message: `Post not found: ${id}` },
    });
    expect((await remove(`/api/posts/${id}`, ada)).status).toBe(404);
    expect((await post(`/api/posts/${id}/like`, bob)).status).toBe(404);
    expect(sandbox.state.comments.size).toBe(0);
    expect([...sandbox.state.posts.keys()]).toEqual([quote.post.id]);
    expect((await get(`/api/posts/${quote.post.id}`)).body.post.repostOf).toBeNull();
  });

  it('are liked once and unliked once', async () => {
    const id = await publish(sandbox, 'ada_bot', 'Hi');
    expect((await post(`/api/posts/${id}/like`, bob)).body).toEqual({ liked: true, likeCount: 1 });
    expect(lastRequest()?.applied).toBe(true);
    expect((await post(`/api/posts/${id}/like`, bob)).body).toEqual({ liked: true, likeCount: 1 });
    expect(lastRequest()?.applied).toBe(false);
    expect((await get(`/api/posts/${id}`, bob)).body.post).toMatchObject({
      isLiked: true,
      likeCount: 1,
    });
    expect((await get(`/api/posts/${id}`)).body.post.isLiked).toBe(false);
    const { likes } = (await get(`/api/posts/${id}/likes`)).body;
    expect(likes).toEqual([
      {
        id: anyText,
        likedAt: anyText,
        agent: having({ handle: 'bob_bot' }),
      },
    ]);
    expect((await get('/api/agents/bob_bot/likes')).body.posts).toMatchObject([{ id }]);
    expect((await remove(`/api/posts/${id}/like`, bob)).body).toMatchObject({ liked: false });
    expect((await remove(`/api/posts/${id}/like`, bob)).status).toBe(200);
    expect(lastRequest()?.applied).toBe(false);
    expect((await get(`/api/posts/${id}/likes`)).body.likes).toEqual([]);
  });

  it('are reposted once, quoted often, and list both', async () => {
    const id = await publish(sandbox, 'ada_bot', 'Hi');
    const repost = await post(`/api/posts/${id}/repost`, bob);
    expect(repost.status).toBe(201);
    expect(repost.body.post).toMatchObject({
      content: null,
      isQuote: false,
      agent: { handle: 'bob_bot' },
      repostOf: { id, content: 'Hi', agent: { handle: 'ada_bot' } },
    });
    expect((await post(`/api/posts/${id}/repost`, bob)).body.post.id).toBe(repost.body.post.id);
    const quote = await post(`/api/posts/${id}/quote`, bob, { content: 'So true' });
    expect(quote.body.post).toMatchObject({ content: 'So true', isQuote: true, repostOf: { id } });
    expect((await get(`/api/posts/${id}/reposts`)).body.reposts).toMatchObject([
      { id: quote.body.post.id, isQuote: true },
      { id: repost.body.post.id, isQuote: false },
    ]);
    expect((await get(`/api/posts/${id}`, bob)).body.post).toMatchObject({
      repostCount: 2,
      isReposted: true,
    });
    expect((await remove(`/api/posts/${id}/repost`, bob)).status).toBe(200);
    expect((await get(`/api/posts/${id}`, bob)).body.post).toMatchObject({
      repostCount: 1,
      isReposted: false,
    });
  });

  it('earn their author AXP when amplified, not more than once', async () => {
    const id = await publish(sandbox, 'ada_bot', 'Hi');
    await post(`/api/posts/${id}/amplify`, bob);
    await post(`/api/posts/${id}/amplify`, bob);
    await post(`/api/posts/${id}/amplify`, ada);
    const { body } = await get('/api/agents/ada_bot/xp');
    expect(body).toMatchObject({
      axp: {
        total: 10,
        level: 1,
        progress: 10,
        recentAXP: 10,
        levelThresholds: anyList,
      },
      history: [{ amount: 10, postId: id }],
      nextCursor: null,
    });
    await remove(`/api/posts/${id}/amplify`, bob);
    expect((await get('/api/agents/ada_bot/xp')).body.axp.total).toBe(0);
  });

  it('count views', async () => {
    const id = await publish(sandbox, 'ada_bot', 'Hi');
    expect((await post(`/api/posts/${id}/view`, bob)).status).toBe(200);
    await post(`/api/posts/${id}/view`, bob);
    expect((await get(`/api/posts/${id}`)).body.post.viewCount).toBe(2);
    expect(sandbox.state.views).toHaveLength(2);
  });
});

describe('comments', () => {
  it('answer posts and comments, and go with what they answer', async () => {
    const id = await publish(sandbox, 'ada_bot', 'Hi');
    const path = `/api/posts/${id}/comments`;
    const comment = async (by: string, content: string, parentId?: string) =>
      (await post(path, by, { content, parentId })).body.comment.id;
    const first = await comment(bob, 'First');
    const reply = await comment(ada, 'Reply', first);
    await comment(bob, 'Deeper', reply);
    const other = await comment(ada, 'Other');
    const { comments } = (await get(path)).body;
    expect(comments.map(({ content }) => content)).toEqual(['Other', 'Deeper', 'Reply', 'First']);
    expect(comments[2]).toMatchObject({ parentId: first, agent: { handle: 'ada_bot' } });
    expect((await get(`/api/posts/${id}`)).body.post.commentCount).toBe(4);
    expect((await remove(`${path}/${first}`, ada)).status).toBe(403);
    expect((await remove(`${path}/${first}`, bob)).status).toBe(204);
    expect([...sandbox.state.comments.keys()]).toEqual([other]);
    expect((await remove(`${path}/${first}`, bob)).body.message).toBe(
      `Comment not found: ${first}`,
    );
  });

  it('have limits and a place', async () => {
    const id = await publish(sandbox, 'ada_bot', 'Hi');
    const elsewhere = await publish(sandbox, 'ada_bot', 'Elsewhere');
    const path = `/api/posts/${id}/comments`;
    expect((await post(path, bob, { content: 'a'.repeat(1000) })).status).toBe(201);
    expect((await post(path, bob, { content: 'a'.repeat(1001) })).status).toBe(400);
    const { body } = await post(path, bob, { content: 'Hey' });
    const parentId = body.comment.id;
    const wrong = await post(`/api/posts/${elsewhere}/comments`, bob, { content: 'x', parentId });
    expect(wrong.status).toBe(404);
    expect((await remove(`/api/posts/${elsewhere}/comments/${parentId}`, bob)).status).toBe(404);
  });
});

describe('following', () => {
  it('is a state that one sets and checks', async () => {
    const path = '/api/agents/bob_bot/follow';
    expect((await get(path, ada)).body).toEqual({ following: false });
    expect((await post(path, ada)).body).toEqual({ following: true });
    expect((await post(path, ada)).status).toBe(200);
    expect(lastRequest()?.applied).toBe(false);
    expect((await get(path, ada)).body).toEqual({ following: true });
    expect((await get('/api/agents/bob_bot/followers')).body.followers).toMatchObject([
      { handle: 'ada_bot' },
    ]);
    expect((await get('/api/agents/ada_bot/following')).body.following).toMatchObject([
      { handle: 'bob_bot' },
    ]);
    expect((await get('/api/agents/bob_bot')).body.agent).toMatchObject({
      followerCount: 1,
      stats: { followers: 1 },
    });
    expect((await remove(path, ada)).body).toMatchObject({ following: false });
    expect((await remove(path, ada)).status).toBe(200);
    expect(sandbox.state.follows.size).toBe(0);
  });

  it('needs someone else', async () => {
    expect((await post('/api/agents/ada_bot/follow', ada)).status).toBe(400);
  });

  it.each(['nobody_here', 'Nobody', '@ada_bot', 'x', 'no%20one'])(
    'needs someone who exists: %s',
    async (handle) => {
      const message = `Agent not found: ${decodeURIComponent(handle)}`;
      const path = `/api/agents/${handle}`;
      const answers = [
        await post(`${path}/follow`, ada),
        await remove(`${path}/follow`, ada),
        await get(`${path}/follow`, ada),
        await get(path),
        await get(`${path}/followers`),
        await get(`${path}/following`),
        await get(`${path}/likes`),
        await get(`${path}/xp`),
        await get(`${path}/similar`),
      ];
      for (const answer of answers)
        expect(answer).toMatchObject({ status: 404, body: { message } });
    },
  );

  it('fills the feed, newest first', async () => {
    await publish(sandbox, 'ada_bot', 'mine');
    const one = await publish(sandbox, 'bob_bot', 'one');
    const two = await publish(sandbox, 'bob_bot', 'two');
    expect((await get('/api/feed', ada)).body.posts).toEqual([]);
    await post('/api/agents/bob_bot/follow', ada);
    const ids = (await get('/api/feed', ada)).body.posts.map(({ id }) => id);
    expect(ids).toEqual([two, one]);
    expect((await get('/api/posts')).body.posts).toHaveLength(3);
  });
});

describe('finding agents', () => {
  beforeEach(() => {
    sandbox.registerAgent({
      handle: 'cy_bot',
      name: 'Cyra',
      agentType: 'CREATIVE',
      verified: true,
    });
  });
  const handles = async (path: string, by?: string) => {
    const { body } = await get(path, by);
    return body.agents.map(({ handle }) => handle);
  };

  it('by type, verification and text', async () => {
    expect(await handles('/api/agents')).toEqual(['cy_bot', 'bob_bot', 'ada_bot']);
    expect(await handles('/api/agents?type=CREATIVE')).toEqual(['cy_bot']);
    expect(await handles('/api/agents?verified=false')).toEqual(['bob_bot', 'ada_bot']);
    expect(await handles('/api/agents?search=CYR')).toEqual(['cy_bot']);
  });

  it('by recommendation: strangers, the most alike first', async () => {
    await patch('/api/agents/me/capabilities', ada, { skills: ['art'] });
    await sandbox.as('cy_bot').patch('/api/agents/me/capabilities', { skills: ['art', 'code'] });
    await sandbox.as('cy_bot').patch('/api/agents/me', { agentType: 'OTHER' });
    expect(await handles('/api/explore/agents', ada)).toEqual(['cy_bot', 'bob_bot']);
    expect(await handles('/api/explore/agents?skills=code,other', ada)).toEqual(['cy_bot']);
    expect(await handles('/api/explore/agents?type=humans', ada)).toEqual([]);
    await sandbox.as('cy_bot').patch('/api/agents/me/capabilities', { responseTime: 'fast' });
    expect(await handles('/api/explore/agents?responseTime=fast', ada)).toEqual(['cy_bot']);
    expect(await handles('/api/explore/agents?responseTime=slow,fast', ada)).toEqual(['cy_bot']);
    expect(await handles('/api/explore/agents?responseTime=slow', ada)).toEqual([]);
    expect((await get('/api/explore/agents?responseTime=fast,', ada)).status).toBe(400);
    await post('/api/agents/cy_bot/follow', ada);
    expect(await handles('/api/explore/agents', ada)).toEqual(['bob_bot']);
    const first = (await get('/api/explore/agents?limit=1', bob)).body;
    const rest = (await get(`/api/explore/agents?limit=1&cursor=${first.nextCursor}`, bob)).body;
    expect([first.hasMore, rest.hasMore, rest.agents.length]).toEqual([true, false, 1]);
  });

  it('by likeness', async () => {
    expect(await handles('/api/agents/ada_bot/similar')).toEqual(['bob_bot', 'cy_bot']);
    expect(await handles('/api/agents/ada_bot/similar?limit=1')).toEqual(['bob_bot']);
    await post('/api/agents/bob_bot/follow', ada);
    expect(await handles('/api/agents/cy_bot/similar?excludeFollowing=true', ada)).toEqual([]);
    expect((await get('/api/agents/ada_bot/similar?limit=21')).status).toBe(400);
  });
});

describe('the profile', () => {
  it('changes field by field', async () => {
    const { status, body } = await patch('/api/agents/me', ada, {
      bio: 'New',
      websiteUrl: 'https://example.com',
      agentType: 'CREATIVE',
    });
    expect(status).toBe(200);
    expect(body.agent).toMatchObject({ name: 'ADA_BOT', bio: 'New', agentType: 'CREATIVE' });
    expect((await get('/api/agents/ada_bot')).body.agent.websiteUrl).toBe('https://example.com');
    for (const wrong of [{ bio: 'a'.repeat(501) }, { websiteUrl: 'x' }, { handle: 'eve_bot' }]) {
      expect((await patch('/api/agents/me', ada, wrong)).status).toBe(400);
    }
  });

  it('has capabilities', async () => {
    const set = { skills: ['art'], apis: ['openai'], responseTime: 'fast', languages: ['en'] };
    expect((await patch('/api/agents/me/capabilities', ada, set)).body.capabilities).toEqual(set);
    await patch('/api/agents/me/capabilities', ada, { skills: [] });
    expect((await get('/api/agents/me/capabilities', ada)).body.capabilities).toEqual({
      ...set,
      skills: [],
    });
    expect((await remove('/api/agents/me/capabilities', ada)).status).toBe(200);
    expect((await get('/api/agents/me/capabilities', ada)).body.capabilities).toEqual({
      skills: [],
      apis: [],
      responseTime: null,
      languages: [],
    });
  });
});
