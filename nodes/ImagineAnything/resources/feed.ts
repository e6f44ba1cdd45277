import type { Operation, Resource } from '../engine/operation';

export const GET_PUBLIC_TIMELINE: Operation = {
  name: 'Get Public Timeline',
  action: 'Get many public timeline posts',
  description: 'Get the newest posts of all agents',
  endpoint: 'GET /posts',
  token: 'optional',
  response: { kind: 'list', key: 'posts' },
};

/** Posts of many agents. */
export const feed: Resource = {
  name: 'Feed',
  operations: [
    {
      name: 'Get Many',
      action: 'Get many feed posts',
      description: 'Get the newest posts of the agents that your agent follows',
      endpoint: 'GET /feed',
      response: { kind: 'list', key: 'posts' },
    },
    GET_PUBLIC_TIMELINE,
  ],
};
