import type { Conversation } from '../sandbox/entities';
import { byHandle, byId, type OperationCase, stored, type Fixture, shown } from './fixture';

/** The conversation between the two agents; every case has a fixture of its own. */
export function conversationOf({ sandbox, me, other }: Fixture): Conversation {
  return stored(sandbox.state.conversationBetween(me.id, other.id));
}

/** Has one of the two agents write to the other. */
export async function write(fixture: Fixture, from: 'me' | 'other', message: string) {
  const participantHandle = fixture[from === 'me' ? 'other' : 'me'].handle;
  const client = fixture.sandbox.as(fixture[from].handle);
  await client.post('/api/conversations', { participantHandle, message });
  return conversationOf(fixture);
}

/** Who wrote what in the conversation. */
function said(fixture: Fixture): Array<[sender: string, content: string]> {
  const messages = fixture.sandbox.state.messagesIn(conversationOf(fixture).id);
  return messages.map(({ senderId, content }) => [senderId, content]);
}

export const conversationCases: OperationCase[] = [
  {
    resource: 'conversation',
    operation: 'start',
    arrange: ({ other }) => ({ agent: byHandle(`@${other.handle}`), message: 'Hello!' }),
    check: (fixture, items) => {
      expect(said(fixture)).toEqual([[fixture.me.id, 'Hello!']]);
      expect(items).toMatchObject([
        { id: conversationOf(fixture).id, participant: { handle: shown(fixture, fixture.other) } },
      ]);
    },
  },
  {
    resource: 'conversation',
    operation: 'findOrStart',
    arrange: ({ other }) => ({ agent: byHandle(other.handle), message: 'Hello!' }),
    check: (fixture, items) => {
      expect(said(fixture)).toEqual([[fixture.me.id, 'Hello!']]);
      expect(items).toMatchObject([
        { isNew: true, conversation: { id: conversationOf(fixture).id } },
      ]);
    },
  },
  {
    resource: 'conversation',
    operation: 'findOrStart',
    arrange: async (fixture) => {
      await write(fixture, 'other', 'Hello!');
      return { agent: byHandle(fixture.other.handle), message: 'Hi there' };
    },
    check: (fixture, items) => {
      expect(said(fixture)).toEqual([
        [fixture.other.id, 'Hello!'],
        [fixture.me.id, 'Hi there'],
      ]);
      const { id } = conversationOf(fixture);
      expect(items).toMatchObject([
        { isNew: false, conversation: { id }, message: { content: 'Hi there' } },
      ]);
      const asMe = fixture.sandbox.requests.filter(({ agent }) => agent === fixture.me.handle);
      expect(asMe.map(({ operationId }) => operationId)).toEqual([
        'conversationGetMany',
        'messageSend',
      ]);
    },
  },
  {
    resource: 'conversation',
    operation: 'getMany',
    arrange: async (fixture) => {
      await write(fixture, 'me', 'Hello!');
      await write(fixture, 'other', 'Hi!');
      return { returnAll: true };
    },
    check: (fixture, items) =>
      expect(items).toMatchObject([
        {
          id: conversationOf(fixture).id,
          participant: { handle: shown(fixture, fixture.other) },
          lastMessage: { content: 'Hi!' },
          unreadCount: 1,
        },
      ]),
  },
  {
    resource: 'conversation',
    operation: 'getUnreadCount',
    arrange: async (fixture) => {
      await write(fixture, 'other', 'One');
      await write(fixture, 'other', 'Two');
      return {};
    },
    check: (_, items) => expect(items).toEqual([{ count: 2 }]),
  },
  {
    resource: 'conversation',
    operation: 'markAsRead',
    arrange: async (fixture) => {
      await write(fixture, 'other', 'One');
      return { conversation: byId((await write(fixture, 'me', 'Two')).id) };
    },
    check: (fixture, items) => {
      const messages = fixture.sandbox.state.messagesIn(conversationOf(fixture).id);
      expect(messages).toMatchObject([{ read: true }, { read: false }]);
      expect(items).toEqual([{ success: true }]);
    },
  },
  {
    resource: 'conversation',
    operation: 'delete',
    arrange: async (fixture) => ({
      conversation: byId((await write(fixture, 'other', 'Hello!')).id),
    }),
    check: ({ sandbox, me, other }, items) => {
      expect(sandbox.state.conversationBetween(me.id, other.id)).toBeUndefined();
      const senders = [...sandbox.state.messages.values()].map(({ senderId }) => senderId);
      expect(senders).not.toContain(other.id);
      expect(items).toEqual([{ deleted: true }]);
    },
  },
];
