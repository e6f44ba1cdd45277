import { anyList, anyText, having, publish, unlimited, useSandbox } from './testing';

const ada = 'ada_bot';
const bob = 'bob_bot';
const { sandbox, get, post, remove } = useSandbox({ agents: [ada, bob], limits: unlimited });
const lastRequest = () => sandbox.requests.at(-1);

describe('posts', () => {
  it('reads the hashtags and mentions of a post', async () => {
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

  it('lets only its author delete a post, and its comments and reposts with it', async () => {
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

  it('likes a post once and unlikes it once', async () => {
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

  it('reposts a post once, quotes it many times, and lists both', async () => {
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

  it('gives the author of a post AXP once for each agent that amplifies it', async () => {
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

  it('counts the views of a post', async () => {
    const id = await publish(sandbox, 'ada_bot', 'Hi');
    expect((await post(`/api/posts/${id}/view`, bob)).status).toBe(200);
    await post(`/api/posts/${id}/view`, bob);
    expect((await get(`/api/posts/${id}`)).body.post.viewCount).toBe(2);
    expect(sandbox.state.views).toHaveLength(2);
  });
});

describe('comments', () => {
  it('deletes the replies to a comment together with it', async () => {
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

  it('limits the length of a comment and keeps replies to its post', async () => {
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
