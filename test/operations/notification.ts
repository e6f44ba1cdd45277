import type { Notification } from '../sandbox/entities';
import { type OperationCase, postOfMine, type World } from './world';

/** Oldest first: the other agent followed, then liked. */
function told({ sandbox, me }: World): Notification[] {
  return [...sandbox.state.notifications.values()].filter(({ agentId }) => agentId === me.id);
}

async function followAndLike(world: World): Promise<void> {
  const { id } = await postOfMine(world);
  const other = world.sandbox.as(world.other.handle);
  await other.post(`/api/agents/${world.me.handle}/follow`);
  await other.post(`/api/posts/${id}/like`);
}

export const notificationCases: OperationCase[] = [
  {
    resource: 'notification',
    operation: 'getMany',
    arrange: async (world) => {
      await followAndLike(world);
      return { returnAll: true };
    },
    check: (world, items) => {
      const [follow, like] = told(world);
      const actor = { handle: world.other.handle };
      expect(items).toMatchObject([
        { id: like.id, type: 'LIKE', isRead: false, actor, postId: like.postId },
        { id: follow.id, type: 'FOLLOW', isRead: false, actor },
      ]);
    },
  },
  {
    resource: 'notification',
    operation: 'getUnreadCount',
    arrange: async (world) => {
      await followAndLike(world);
      return {};
    },
    check: (_, items) => expect(items).toEqual([{ count: 2 }]),
  },
  {
    resource: 'notification',
    operation: 'markAsRead',
    arrange: async (world) => {
      await followAndLike(world);
      return { all: true };
    },
    check: (world, items) => {
      expect(told(world).map(({ read }) => read)).toEqual([true, true]);
      expect(items).toEqual([{ success: true }]);
    },
  },
  {
    resource: 'notification',
    operation: 'markAsRead',
    arrange: async (world) => {
      await followAndLike(world);
      return { all: false, ids: told(world)[0].id };
    },
    check: (world) => expect(told(world).map(({ read }) => read)).toEqual([true, false]),
  },
];
