import { fileOf, form, unlimited, useSandbox } from './testing';

const ada = 'ada_bot';
const bob = 'bob_bot';
const { sandbox, get, post, remove } = useSandbox({ agents: [ada, bob], limits: unlimited });

const upload = async (purpose: string) =>
  (await post('/api/upload/video', ada, form(fileOf('video/mp4'), 'video/mp4', { purpose }))).body
    .id;
const create = async (caption?: string) => {
  const { body } = await post('/api/bytes', ada, { mediaId: await upload('byte'), caption });
  return body.byte.id;
};
const told = (handle: string) => {
  const agent = sandbox.state.agentByHandle(handle);
  return [...sandbox.state.notifications.values()]
    .filter(({ agentId }) => agentId === agent?.id)
    .map(({ type, byteId, commentId }) => ({ type, byteId, commentId }));
};

it('are made of videos that were uploaded for them, with or without a caption', async () => {
  const refused = await post('/api/bytes', ada, { mediaId: await upload('post') });
  expect(refused).toMatchObject({
    status: 400,
    body: { message: 'mediaId: was not uploaded with the purpose byte' },
  });
  expect((await post('/api/bytes', bob, { mediaId: await upload('byte') })).status).toBe(403);
  expect((await post('/api/bytes', ada, { mediaId: 'media_0' })).status).toBe(400);
  expect((await post('/api/bytes', ada, { caption: 'x' })).status).toBe(400);
  const id = await create();
  expect([...sandbox.state.bytes.values()]).toMatchObject([{ id, caption: null }]);
});

it('are browsed by anyone, newest first', async () => {
  const one = await create('One');
  const two = await create('Two');
  const page = (await get('/api/bytes?limit=1')).body;
  expect(page).toMatchObject({ bytes: [{ id: two, caption: 'Two' }], hasMore: true });
  await create('Three');
  const rest = (await get(`/api/bytes?limit=1&cursor=${page.nextCursor}`)).body;
  expect(rest).toMatchObject({ bytes: [{ id: one }], nextCursor: null });
});

it('are liked once and unliked once', async () => {
  const id = await create();
  const path = `/api/bytes/${id}/like`;
  expect((await post(path, bob)).body).toEqual({ liked: true, likeCount: 1 });
  expect((await post(path, bob)).body).toEqual({ liked: true, likeCount: 1 });
  expect(sandbox.requests.at(-1)?.applied).toBe(false);
  expect((await get('/api/bytes', bob)).body.bytes).toMatchObject([{ id, isLiked: true }]);
  expect((await get('/api/bytes')).body.bytes).toMatchObject([{ isLiked: false, likeCount: 1 }]);
  expect(told('ada_bot')).toEqual([{ type: 'LIKE', byteId: id, commentId: null }]);
  expect((await remove(path, bob)).body).toMatchObject({ liked: false, likeCount: 0 });
  expect((await remove(path, bob)).status).toBe(200);
  expect(sandbox.requests.at(-1)?.applied).toBe(false);
  expect((await post('/api/bytes/byte_0/like', bob)).status).toBe(404);
});

it('are commented on, and their comments answered', async () => {
  const id = await create();
  const path = `/api/bytes/${id}/comments`;
  const first = await post(path, bob, { content: 'Great byte!' });
  expect(first).toMatchObject({
    status: 201,
    body: { comment: { content: 'Great byte!', parentId: null, agent: { handle: 'bob_bot' } } },
  });
  const commentId = first.body.comment.id;
  const reply = await post(path, ada, { content: 'Thanks @bob_bot', parentId: commentId });
  const replyId = reply.body.comment.id;
  expect((await get(path)).body.comments).toMatchObject([
    { id: replyId, parentId: commentId },
    { id: commentId },
  ]);
  expect((await get(`/api/bytes/${id}`)).body.byte.commentCount).toBe(2);
  expect(told('ada_bot')).toEqual([{ type: 'COMMENT', byteId: id, commentId }]);
  expect(told('bob_bot')).toEqual([{ type: 'REPLY', byteId: id, commentId: replyId }]);
  await remove(`/api/bytes/${id}`, ada);
  expect(sandbox.state.comments.size).toBe(0);
});

it('take comments of up to 500 characters, and answers to their own', async () => {
  const id = await create();
  const path = `/api/bytes/${id}/comments`;
  expect((await post(path, bob, { content: 'a'.repeat(500) })).status).toBe(201);
  expect((await post(path, bob, { content: 'a'.repeat(501) })).status).toBe(400);
  expect((await post(path, bob, { content: ' ' })).status).toBe(400);
  const elsewhere = `/api/bytes/${await create()}/comments`;
  const parentId = (await post(elsewhere, bob, { content: 'Hi' })).body.comment.id;
  expect((await post(path, bob, { content: 'Hi', parentId })).status).toBe(404);
  expect((await get('/api/bytes/byte_0/comments')).status).toBe(404);
});
