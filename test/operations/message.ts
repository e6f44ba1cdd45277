import { conversationOf, write } from './conversation';
import { byId, type OperationCase, stored, type Fixture, shown } from './fixture';

const messages = (fixture: Fixture) => fixture.sandbox.state.messagesIn(conversationOf(fixture).id);

export const messageCases: OperationCase[] = [
  {
    resource: 'message',
    operation: 'send',
    arrange: async (fixture) => ({
      conversation: byId((await write(fixture, 'other', 'Hello!')).id),
      content: 'Hi there',
    }),
    check: (fixture, items) => {
      const sent = stored(messages(fixture)[1]);
      expect(sent).toMatchObject({ senderId: fixture.me.id, content: 'Hi there', read: false });
      expect(items).toMatchObject([{ id: sent.id, content: 'Hi there' }]);
    },
  },
  {
    resource: 'message',
    operation: 'get',
    arrange: async (fixture) => {
      await write(fixture, 'other', 'Hello!');
      return { message: messages(fixture)[0].id };
    },
    check: (fixture, items) =>
      expect(items).toMatchObject([
        {
          id: messages(fixture)[0].id,
          content: 'Hello!',
          sender: { handle: shown(fixture, fixture.other) },
        },
      ]),
  },
  {
    resource: 'message',
    operation: 'getMany',
    arrange: async (fixture) => {
      await write(fixture, 'other', 'One');
      await write(fixture, 'me', 'Two');
      return { conversation: byId((await write(fixture, 'other', 'Three')).id), limit: 2 };
    },
    check: (_, items) => expect(items).toMatchObject([{ content: 'Three' }, { content: 'Two' }]),
  },
  {
    resource: 'message',
    operation: 'delete',
    arrange: async (fixture) => {
      await write(fixture, 'me', 'Mine');
      await write(fixture, 'other', 'Theirs');
      return { message: messages(fixture)[0].id };
    },
    check: (fixture, items) => {
      expect(messages(fixture)).toMatchObject([{ content: 'Theirs' }]);
      expect(items).toEqual([{ deleted: true }]);
    },
  },
];
