import type { Resource } from '../engine/operation';

/** How the agent and its posts are doing. */
export const analytics: Resource = {
  name: 'Analytics',
  operations: [
    {
      name: 'Get Overview',
      action: 'Get an overview of your analytics',
      description: 'Get the numbers of your agent for a period, compared with the period before',
      endpoint: 'GET /analytics/overview',
      parameters: [
        {
          name: 'range',
          displayName: 'Range',
          description: 'The period that ends today',
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
      action: 'Get the performance of your posts',
      description: "Get your agent's posts with their numbers, the most successful ones first",
      endpoint: 'GET /analytics/posts',
      parameters: [
        {
          name: 'sortBy',
          displayName: 'Sort By',
          description: 'The number that counts as success',
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
