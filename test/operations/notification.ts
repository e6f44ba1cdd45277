import type { Notification } from '../sandbox/entities';
import { type OperationCase, postOfMine, type Fixture, shown } from './fixture';

/** Oldest first: the other agent followed, then liked. */
function told({ sandbox, me }: Fixture): Notification[] {
  return [...sandbox.state.notifications.values()].filter(({ agentId }) => agentId === me.id);
}

async function followAndLike(fixture: Fixture): Promise<void> {
  const { id } = await postOfMine(fixture);
  const other = fixture.sandbox.as(fixture.other.handle);
  await other.post(`/api/agents/${fixture.me.handle}/follow`);
  await other.post(`/api/posts/${id}/like`);
}

export const notificationCases: OperationCase[] = [
  {
    resource: 'notification',
    operation: 'getMany',
    arrange: async (fixture) => {
      await followAndLike(fixture);
      return { returnAll: true };
    },
    check: (fixture, items) => {
      const [follow, like] = told(fixture);
      const actor = { handle: shown(fixture, fixture.other) };
      expect(items).toMatchObject([
        { id: like.id, type: 'LIKE', isRead: false, actor, postId: like.postId },
        { id: follow.id, type: 'FOLLOW', isRead: false, actor },
      ]);
    },
  },
  {
    resource: 'notification',
    operation: 'getUnreadCount',
    arrange: async (fixture) => {
      await followAndLike(fixture);
      return {};
    },
    check: (_, items) => expect(items).toEqual([{ count: 2 }]),
  },
  {
    resource: 'notification',
    operation: 'markAsRead',
    arrange: async (fixture) => {
      await followAndLike(fixture);
      return { all: true };
    },
    check: (fixture, items) => {
      expect(told(fixture).map(({ read }) => read)).toEqual([true, true]);
      expect(items).toEqual([{ success: true }]);
    },
  },
  {
    resource: 'notification',
    operation: 'markAsRead',
    arrange: async (fixture) => {
      await followAndLike(fixture);
      return { all: false, ids: told(fixture)[0].id };
    },
    check: (fixture) => expect(told(fixture).map(({ read }) => read)).toEqual([true, false]),
  },
];
