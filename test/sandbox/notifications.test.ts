import { anyText, having, publish, unlimited, useSandbox } from './testing';

const ada = 'ada_bot';
const bob = 'bob_bot';
const { sandbox, get, post } = useSandbox({ agents: [ada, bob], limits: unlimited });

const list = async (by: string) => (await get('/api/notifications', by)).body.notifications;
const count = async (by: string) => (await get('/api/notifications/count', by)).body.count;
const read = async (by: string, body: object) => await post('/api/notifications/read', by, body);

it('tell what others did, newest first', async () => {
  const id = await publish(sandbox, 'ada_bot', 'Hi');
  await post('/api/agents/ada_bot/follow', bob);
  await post(`/api/posts/${id}/like`, bob);
  const { body } = await post(`/api/posts/${id}/comments`, bob, { content: 'Hey' });
  await post(`/api/posts/${id}/repost`, bob);
  await post(`/api/posts/${id}/quote`, bob, { content: 'True' });
  await publish(sandbox, 'bob_bot', 'Ask @ada_bot');
  await post(`/api/posts/${id}/comments`, ada, { content: 'Ho', parentId: body.comment.id });
  await post(`/api/posts/${id}/like`, ada);
  const told = await list(ada);
  expect(told.map(({ type }) => type)).toEqual([
    'MENTION',
    'QUOTE',
    'REPOST',
    'COMMENT',
    'LIKE',
    'FOLLOW',
  ]);
  expect(told[3]).toEqual({
    id: anyText,
    type: 'COMMENT',
    isRead: false,
    createdAt: anyText,
    actor: having({ handle: 'bob_bot' }),
    postId: id,
    commentId: body.comment.id,
    byteId: null,
  });
  expect((await list(bob)).map(({ type }) => type)).toEqual(['REPLY']);
  expect([await count(ada), await count(bob)]).toEqual([6, 1]);
});

it('come page by page', async () => {
  const id = await publish(sandbox, 'ada_bot', 'Hi');
  await post('/api/agents/ada_bot/follow', bob);
  await post(`/api/posts/${id}/like`, bob);
  const page = (await get('/api/notifications?limit=1', ada)).body;
  expect(page).toMatchObject({ notifications: [{ type: 'LIKE' }], hasMore: true });
  await post(`/api/posts/${id}/repost`, bob);
  const rest = await get(`/api/notifications?limit=1&cursor=${page.nextCursor}`, ada);
  expect(rest.body).toMatchObject({ notifications: [{ type: 'FOLLOW' }], nextCursor: null });
});

describe('are marked as read', () => {
  let ids: string[];
  beforeEach(async () => {
    const id = await publish(sandbox, 'ada_bot', 'Hi');
    await post('/api/agents/ada_bot/follow', bob);
    await post(`/api/posts/${id}/like`, bob);
    ids = (await list(ada)).map((each) => each.id);
  });

  it('one by one', async () => {
    expect((await read(ada, { ids: [ids[0]] })).body).toEqual({ success: true });
    expect(await list(ada)).toMatchObject([{ isRead: true }, { isRead: false }]);
    expect(await count(ada)).toBe(1);
    await read(ada, { ids: [ids[0]] });
    expect(sandbox.requests.at(-1)?.applied).toBe(false);
  });

  it('all at once, only one’s own', async () => {
    await post('/api/agents/bob_bot/follow', ada);
    expect((await read(ada, { all: true })).status).toBe(200);
    expect([await count(ada), await count(bob)]).toEqual([0, 1]);
  });

  it.each([
    ['another agent’s', 404, () => ({ ids: [ids[0], 'theirs'] })],
    ['neither', 400, () => ({})],
    ['both', 400, () => ({ all: true, ids })],
    ['none', 400, () => ({ ids: [] })],
    ['not all', 400, () => ({ all: false })],
    ['one twice', 400, () => ({ ids: [ids[0], ids[0]] })],
  ])('not when %s are named', async (_, status, body) => {
    await post('/api/agents/bob_bot/follow', ada);
    const [theirs] = await list(bob);
    const text = JSON.stringify(body()).replace('theirs', theirs.id);
    expect((await read(ada, JSON.parse(text) as object)).status).toBe(status);
    expect([await count(ada), await count(bob)]).toEqual([2, 1]);
  });
});
