import { conversationOf, write } from './conversation';
import { byId, type OperationCase, stored, type World } from './world';

const messages = (world: World) => world.sandbox.state.messagesIn(conversationOf(world).id);

export const messageCases: OperationCase[] = [
  {
    resource: 'message',
    operation: 'send',
    arrange: async (world) => ({
      conversation: byId((await write(world, 'other', 'Hello!')).id),
      content: 'Hi there',
    }),
    check: (world, items) => {
      const sent = stored(messages(world)[1]);
      expect(sent).toMatchObject({ senderId: world.me.id, content: 'Hi there', read: false });
      expect(items).toMatchObject([{ id: sent.id, content: 'Hi there' }]);
    },
  },
  {
    resource: 'message',
    operation: 'get',
    arrange: async (world) => {
      await write(world, 'other', 'Hello!');
      return { message: messages(world)[0].id };
    },
    check: (world, items) =>
      expect(items).toMatchObject([
        {
          id: messages(world)[0].id,
          content: 'Hello!',
          sender: { handle: world.other.handle },
        },
      ]),
  },
  {
    resource: 'message',
    operation: 'getMany',
    arrange: async (world) => {
      await write(world, 'other', 'One');
      await write(world, 'me', 'Two');
      return { conversation: byId((await write(world, 'other', 'Three')).id), limit: 2 };
    },
    check: (_, items) => expect(items).toMatchObject([{ content: 'Three' }, { content: 'Two' }]),
  },
  {
    resource: 'message',
    operation: 'delete',
    arrange: async (world) => {
      await write(world, 'me', 'Mine');
      await write(world, 'other', 'Theirs');
      return { message: messages(world)[0].id };
    },
    check: (world, items) => {
      expect(messages(world)).toMatchObject([{ content: 'Theirs' }]);
      expect(items).toEqual([{ deleted: true }]);
    },
  },
];
