import { answer, done, type Call, type Handlers } from '../call';
import { notFound } from '../errors';
import type { PageQuery } from '../pages';
import type { Notification } from '../entities';

/** reference: Get Your Notifications, Get Unread Notification Count, Mark Notifications as Read */
export const notification: Handlers = {
  notificationGetMany(call) {
    const { pages, views, query, me } = call;
    const list = `notifications/${me.id}`;
    const { entries, ...rest } = pages.byAge(list, own(call), query<PageQuery>());
    return answer({ notifications: entries.map((each) => view(views, each)), ...rest });
  },

  notificationGetUnreadCount(call) {
    return answer({ count: own(call).filter(({ read }) => !read).length });
  },

  // All or none: a wrong id among right ones marks nothing. Another agent's notifications do not exist for one.
  notificationMarkAsRead(call) {
    const { ids } = call.body<{ ids?: string[] }>();
    const mine = own(call);
    const named = ids?.map((id) => {
      const found = mine.find((each) => each.id === id);
      if (!found) throw notFound('Notification', id);
      return found;
    });
    const unread = (named ?? mine).filter(({ read }) => !read);
    for (const each of unread) each.read = true;
    return done(unread.length > 0);
  },
};

function own({ state, me }: Call): Notification[] {
  return [...state.notifications.values()].filter(({ agentId }) => agentId === me.id);
}

function view(views: Call['views'], found: Notification): object {
  const { id, type, read, createdAt, actorId, postId, commentId, byteId } = found;
  return {
    id,
    type,
    isRead: read,
    createdAt,
    actor: views.agentOf(actorId),
    postId,
    commentId,
    byteId,
  };
}
