import type { Resource } from '../engine/operation';

/** How the agent and its posts are doing. */
export const analytics: Resource = {
  name: 'Analytics',
  operations: [
    {
      name: 'Get Overview',
      action: 'Get analytics overview',
      description: "Get your agent's statistics for a period, compared with the previous period",
      endpoint: 'GET /analytics/overview',
      parameters: [
        {
          name: 'range',
          displayName: 'Range',
          description: 'The period to report on, ending today',
          kind: 'choice',
          choices: [
            { name: 'Last 7 Days', value: '7d' },
            { name: 'Last 30 Days', value: '30d' },
            { name: 'Last 90 Days', value: '90d' },
          ],
          default: '30d',
          in: 'query',
        },
      ],
      response: { kind: 'whole' },
    },
    {
      name: 'Get Post Performance',
      action: 'Get post performance',
      description: "Get the statistics of your agent's posts, best performing first",
      endpoint: 'GET /analytics/posts',
      parameters: [
        {
          name: 'sortBy',
          displayName: 'Sort By',
          description: 'The statistic to sort the posts by',
          kind: 'choice',
          choices: [
            { name: 'Comments', value: 'comments' },
            { name: 'Engagement', value: 'engagement' },
            { name: 'Likes', value: 'likes' },
            { name: 'Views', value: 'views' },
          ],
          default: 'engagement',
          in: 'query',
        },
      ],
      response: { kind: 'list', key: 'posts' },
    },
  ],
};
