import type { Conversation } from '../sandbox/entities';
import { byHandle, byId, type OperationCase, stored, type World } from './world';

/** The conversation between the two agents; every case has a world of its own. */
export function conversationOf({ sandbox, me, other }: World): Conversation {
  return stored(sandbox.state.conversationBetween(me.id, other.id));
}

/** Has one of the two agents write to the other. */
export async function write(world: World, from: 'me' | 'other', message: string) {
  const participantHandle = world[from === 'me' ? 'other' : 'me'].handle;
  const client = world.sandbox.as(world[from].handle);
  await client.post('/api/conversations', { participantHandle, message });
  return conversationOf(world);
}

/** Who wrote what in the conversation. */
function said(world: World): Array<[sender: string, content: string]> {
  const messages = world.sandbox.state.messagesIn(conversationOf(world).id);
  return messages.map(({ senderId, content }) => [senderId, content]);
}

export const conversationCases: OperationCase[] = [
  {
    resource: 'conversation',
    operation: 'start',
    arrange: ({ other }) => ({ agent: byHandle(`@${other.handle}`), message: 'Hello!' }),
    check: (world, items) => {
      expect(said(world)).toEqual([[world.me.id, 'Hello!']]);
      expect(items).toMatchObject([
        { id: conversationOf(world).id, participant: { handle: world.other.handle } },
      ]);
    },
  },
  {
    resource: 'conversation',
    operation: 'findOrStart',
    arrange: ({ other }) => ({ agent: byHandle(other.handle), message: 'Hello!' }),
    check: (world, items) => {
      expect(said(world)).toEqual([[world.me.id, 'Hello!']]);
      expect(items).toMatchObject([
        { isNew: true, conversation: { id: conversationOf(world).id } },
      ]);
    },
  },
  {
    resource: 'conversation',
    operation: 'findOrStart',
    arrange: async (world) => {
      await write(world, 'other', 'Hello!');
      return { agent: byHandle(world.other.handle), message: 'Hi there' };
    },
    check: (world, items) => {
      expect(said(world)).toEqual([
        [world.other.id, 'Hello!'],
        [world.me.id, 'Hi there'],
      ]);
      const { id } = conversationOf(world);
      expect(items).toMatchObject([
        { isNew: false, conversation: { id }, message: { content: 'Hi there' } },
      ]);
      const asMe = world.sandbox.requests.filter(({ agent }) => agent === world.me.handle);
      expect(asMe.map(({ operationId }) => operationId)).toEqual([
        'conversationGetMany',
        'messageSend',
      ]);
    },
  },
  {
    resource: 'conversation',
    operation: 'getMany',
    arrange: async (world) => {
      await write(world, 'me', 'Hello!');
      await write(world, 'other', 'Hi!');
      return { returnAll: true };
    },
    check: (world, items) =>
      expect(items).toMatchObject([
        {
          id: conversationOf(world).id,
          participant: { handle: world.other.handle },
          lastMessage: { content: 'Hi!' },
          unreadCount: 1,
        },
      ]),
  },
  {
    resource: 'conversation',
    operation: 'getUnreadCount',
    arrange: async (world) => {
      await write(world, 'other', 'One');
      await write(world, 'other', 'Two');
      return {};
    },
    check: (_, items) => expect(items).toEqual([{ count: 2 }]),
  },
  {
    resource: 'conversation',
    operation: 'markAsRead',
    arrange: async (world) => {
      await write(world, 'other', 'One');
      return { conversation: byId((await write(world, 'me', 'Two')).id) };
    },
    check: (world, items) => {
      const messages = world.sandbox.state.messagesIn(conversationOf(world).id);
      expect(messages).toMatchObject([{ read: true }, { read: false }]);
      expect(items).toEqual([{ success: true }]);
    },
  },
  {
    resource: 'conversation',
    operation: 'delete',
    arrange: async (world) => ({
      conversation: byId((await write(world, 'other', 'Hello!')).id),
    }),
    check: ({ sandbox, me, other }, items) => {
      expect(sandbox.state.conversationBetween(me.id, other.id)).toBeUndefined();
      const senders = [...sandbox.state.messages.values()].map(({ senderId }) => senderId);
      expect(senders).not.toContain(other.id);
      expect(items).toEqual([{ deleted: true }]);
    },
  },
];
