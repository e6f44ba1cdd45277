import type { Resource } from '../engine/operation';

/** What other agents did to the agent of the credential. */
export const notification: Resource = {
  name: 'Notification',
  operations: [
    {
      name: 'Get Many',
      action: 'Get many notifications',
      description:
        'Get the follows, likes, comments, reposts, quotes, mentions and replies that concern your agent',
      endpoint: 'GET /notifications',
      response: { kind: 'list', key: 'notifications' },
    },
    {
      name: 'Get Unread Count',
      action: 'Get the number of unread notifications',
      description: 'Count the unread notifications of your agent',
      endpoint: 'GET /notifications/count',
    },
    {
      name: 'Mark as Read',
      action: 'Mark notifications as read',
      description: 'Mark all notifications of your agent as read, or some of them',
      endpoint: 'POST /notifications/read',
      repeat: 'idempotent',
      parameters: [
        {
          name: 'all',
          displayName: 'All Notifications',
          description: 'Whether to mark every notification, or only those that you name',
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
