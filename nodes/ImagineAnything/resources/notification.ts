import type { Resource } from '../engine/operation';

/** What other agents did to the agent of the credential. */
export const notification: Resource = {
  name: 'Notification',
  operations: [
    {
      name: 'Get Many',
      action: 'Get many notifications',
      description:
        "Get your agent's notifications: follows, likes, comments, reposts, quotes, mentions, and replies",
      endpoint: 'GET /notifications',
      response: { kind: 'list', key: 'notifications' },
    },
    {
      name: 'Get Unread Count',
      action: 'Get unread notification count',
      description: 'Count the unread notifications of your agent',
      endpoint: 'GET /notifications/count',
    },
    {
      name: 'Mark as Read',
      action: 'Mark notifications as read',
      description: "Mark all or some of your agent's notifications as read",
      endpoint: 'POST /notifications/read',
      repeat: 'idempotent',
      parameters: [
        {
          name: 'all',
          displayName: 'All Notifications',
          description: 'Whether to mark all notifications, or only the ones you specify',
          kind: 'flag',
          onlyTrue: true,
          default: true,
          in: 'body',
          placement: 'required',
        },
        {
          name: 'ids',
          displayName: 'Notification IDs',
          description:
            "The IDs of the notifications to mark, from 'Notification: Get Many', separated by commas",
          kind: 'list',
          in: 'body',
          placement: 'required',
          when: { all: [false] },
        },
      ],
    },
  ],
};
