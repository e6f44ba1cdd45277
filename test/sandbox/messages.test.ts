import type { Sandbox } from './server';
import {
  anyText,
  having,
  join,
  receiver,
  send,
  unlimited,
  useSandbox,
  useSandboxes,
  type Delivered,
  type Receiver,
} from './testing';

const ada = 'ada_bot';
const bob = 'bob_bot';
const eve = 'eve_bot';
const { sandbox, ask, get, post, remove } = useSandbox({
  agents: [ada, bob, eve],
  limits: unlimited,
});

const start = async (by: string, participantHandle: string, message = 'Hello!') =>
  (await post('/api/conversations', by, { participantHandle, message })).body.conversation.id;
const unread = async (by: string) => (await get('/api/conversations/unread', by)).body.count;

describe('a conversation', () => {
  it('begins with a message and shows each side the other', async () => {
    const { status, body } = await post('/api/conversations', ada, {
      participantHandle: 'bob_bot',
      message: 'Hello!',
    });
    expect(status).toBe(201);
    const { id } = body.conversation;
    expect(body.conversation).toEqual({
      id: anyText,
      participant: having({ handle: 'bob_bot' }),
      lastMessage: having({ content: 'Hello!', sender: having({ handle: 'ada_bot' }) }),
      unreadCount: 0,
      createdAt: anyText,
      updatedAt: anyText,
    });
    expect((await get('/api/conversations', bob)).body).toMatchObject({
      conversations: [{ id, participant: { handle: 'ada_bot' }, unreadCount: 1 }],
      nextCursor: null,
    });
    expect((await get('/api/conversations', eve)).body.conversations).toEqual([]);
  });

  it('is one between two agents, whoever begins again', async () => {
    const id = await start(ada, 'bob_bot');
    expect(await start(ada, 'bob_bot', 'Still there?')).toBe(id);
    expect(await start(bob, 'ada_bot', 'Yes')).toBe(id);
    expect(await start(eve, 'bob_bot')).not.toBe(id);
    expect(sandbox.state.conversations.size).toBe(2);
    expect(sandbox.state.messagesIn(id).map(({ content }) => content)).toEqual([
      'Hello!',
      'Still there?',
      'Yes',
    ]);
  });

  it.each([
    ['nobody', { participantHandle: 'nobody_here', message: 'Hi' }, 404],
    ['oneself', { participantHandle: 'ada_bot', message: 'Hi' }, 400],
    ['what is no handle', { participantHandle: 'Nobody', message: 'Hi' }, 404],
    ['a handle with two @', { participantHandle: '@@bob_bot', message: 'Hi' }, 404],
    ['an empty handle', { participantHandle: '', message: 'Hi' }, 400],
    ['a blank message', { participantHandle: 'bob_bot', message: ' ' }, 400],
    ['no message', { participantHandle: 'bob_bot' }, 400],
  ])('does not begin with %s', async (_, body, status) => {
    expect((await post('/api/conversations', ada, body)).status).toBe(status);
    expect(sandbox.state.conversations.size).toBe(0);
    expect(sandbox.state.messages.size).toBe(0);
  });

  it('comes first in the list when something was said, and pages keep to the first', async () => {
    const first = await start(ada, 'bob_bot');
    const second = await start(ada, 'eve_bot');
    const list = async (query = '') =>
      (await get(`/api/conversations${query}`, ada)).body.conversations.map(({ id }) => id);
    expect(await list()).toEqual([second, first]);
    const page = (await get('/api/conversations?limit=1', ada)).body;
    expect(page.conversations.map(({ id }) => id)).toEqual([second]);
    await post(`/api/conversations/${first}/messages`, bob, { content: 'New' });
    expect(await list(`?limit=1&cursor=${page.nextCursor}`)).toEqual([first]);
    expect(await list()).toEqual([first, second]);
  });

  it('counts what each side has not read', async () => {
    const id = await start(ada, 'bob_bot', 'One');
    await post(`/api/conversations/${id}/messages`, ada, { content: 'Two' });
    await start(eve, 'bob_bot');
    expect([await unread(ada), await unread(bob), await unread(eve)]).toEqual([0, 3, 0]);
    expect((await get(`/api/conversations/${id}/messages`, bob)).body.messages).toHaveLength(2);
    expect(await unread(bob)).toBe(3);
    await post(`/api/conversations/${id}/messages`, bob, { content: 'Answer' });
    expect(await unread(ada)).toBe(1);
    expect((await post(`/api/conversations/${id}/read`, bob)).body).toEqual({ success: true });
    expect(sandbox.requests.at(-1)?.applied).toBe(true);
    expect([await unread(ada), await unread(bob)]).toEqual([1, 1]);
    await post(`/api/conversations/${id}/read`, bob);
    expect(sandbox.requests.at(-1)?.applied).toBe(false);
  });

  it('is gone for both with all its messages', async () => {
    const id = await start(ada, 'bob_bot');
    const kept = await start(eve, 'bob_bot');
    expect((await remove(`/api/conversations/${id}`, eve)).status).toBe(403);
    expect((await remove(`/api/conversations/${id}`, bob)).status).toBe(204);
    expect([...sandbox.state.conversations.keys()]).toEqual([kept]);
    expect([...sandbox.state.messages.values()]).toMatchObject([{ conversationId: kept }]);
    expect(await remove(`/api/conversations/${id}`, ada)).toMatchObject({
      status: 404,
      body: { message: `Conversation not found: ${id}` },
    });
    expect(await unread(bob)).toBe(1);
  });

  it.each([
    ['GET', '/messages'],
    ['POST', '/messages'],
    ['POST', '/read'],
  ])('is closed to others: %s %s', async (method, path) => {
    const id = await start(ada, 'bob_bot');
    const body = path === '/messages' && method === 'POST' ? { content: 'x' } : undefined;
    const at = async (conversation: string) =>
      await ask(method, `/api/conversations/${conversation}${path}`, eve, body);
    expect(await at(id)).toMatchObject({ status: 403, body: { error: 'forbidden' } });
    expect((await at('conv_0')).status).toBe(404);
  });
});

describe('messages', () => {
  it('come newest first, page by page', async () => {
    const id = await start(ada, 'bob_bot', 'One');
    const path = `/api/conversations/${id}/messages`;
    const sent = await post(path, bob, { content: 'Two' });
    expect(sent).toMatchObject({
      status: 201,
      body: {
        message: {
          conversationId: id,
          content: 'Two',
          sender: { handle: 'bob_bot' },
          isRead: false,
        },
      },
    });
    const page = (await get(`${path}?limit=1`, ada)).body;
    expect(page.messages.map(({ content }) => content)).toEqual(['Two']);
    await post(path, ada, { content: 'Three' });
    const rest = (await get(`${path}?limit=1&cursor=${page.nextCursor}`, ada)).body;
    expect(rest).toMatchObject({ messages: [{ content: 'One' }], nextCursor: null });
    expect((await post(path, ada, { content: '\n' })).status).toBe(400);
  });

  it('are shown to both and deleted by who sent them', async () => {
    const id = await start(ada, 'bob_bot', 'One');
    const [{ id: messageId }] = sandbox.state.messagesIn(id);
    const path = `/api/messages/${messageId}`;
    expect((await get(path, ada)).body.message).toMatchObject({ content: 'One', isRead: false });
    expect((await get(path, bob)).body.message.id).toBe(messageId);
    expect((await get(path, eve)).status).toBe(403);
    expect((await remove(path, eve)).status).toBe(403);
    expect((await remove(path, bob)).status).toBe(403);
    expect((await remove(path, ada)).status).toBe(204);
    expect((await get(path, ada)).status).toBe(404);
    expect((await get('/api/conversations', bob)).body.conversations).toMatchObject([
      { id, lastMessage: null, unreadCount: 0 },
    ]);
  });

  describe('are delivered', () => {
    let hook: Receiver;
    beforeEach(async () => (hook = await receiver()));
    afterEach(async () => await hook.close());

    it('to the other side, and leave no notification', async () => {
      for (const handle of ['ada_bot', 'bob_bot']) {
        await sandbox.as(handle).patch('/api/agents/me/webhook', { webhookUrl: hook.url });
      }
      const id = await start(ada, 'bob_bot', 'Hello!');
      await sandbox.settled();
      const delivered = hook.received.map(({ body }) => JSON.parse(body) as Delivered);
      expect(delivered).toMatchObject([
        {
          event: 'message',
          data: {
            actor: { handle: 'ada_bot' },
            message: { conversationId: id, content: 'Hello!', sender: { handle: 'ada_bot' } },
          },
        },
      ]);
      expect(sandbox.deliveries).toMatchObject([{ agent: 'bob_bot' }]);
      expect(sandbox.state.notifications.size).toBe(0);
    });
  });
});

describe('an instance without envelopes', () => {
  const open = useSandboxes();
  let other: Sandbox;
  beforeEach(async () => (other = await open({ envelope: 'bare' })));

  it('answers conversations and messages with bare objects', async () => {
    const token = join(other, 'ada_bot');
    join(other, 'bob_bot');
    const body = { participantHandle: 'bob_bot', message: 'Hello!' };
    const begun = await send(other, 'POST', '/api/conversations', { token, body });
    expect(begun.body).toMatchObject({ participant: { handle: 'bob_bot' } });
    const path = `/api/conversations/${begun.body.id}/messages`;
    const sent = await other.as('bob_bot').post(path, { content: 'Hi' });
    expect(sent).toMatchObject({ content: 'Hi', conversationId: begun.body.id });
  });
});
