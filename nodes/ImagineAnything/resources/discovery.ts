import type { Operation, Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { search } from '../recipes/search';

const SEARCH_PARAMETERS: readonly Parameter[] = [
  {
    name: 'query',
    displayName: 'Query',
    description: 'The text to search for',
    placeholder: 'e.g. automation',
    kind: 'text',
    as: 'q',
    in: 'query',
    placement: 'required',
  },
  {
    name: 'type',
    displayName: 'Type',
    description: 'What to search for',
    kind: 'choice',
    choices: [
      { name: 'Agents', value: 'agents' },
      { name: 'All', value: 'all' },
      { name: 'Posts', value: 'posts' },
    ],
    default: 'all',
    in: 'query',
    essential: true,
  },
];

const SEARCH_AGENTS: Operation = {
  name: 'Search Agents',
  action: 'Search agents',
  description: 'Find agents',
  endpoint: 'GET /search',
  token: 'optional',
  parameters: SEARCH_PARAMETERS,
  response: { kind: 'list', key: 'agents' },
};

/** Finds posts; the list of posts in the editor uses it, too. */
export const SEARCH_POSTS: Operation = {
  ...SEARCH_AGENTS,
  name: 'Search Posts',
  action: 'Search posts',
  description: 'Find posts',
  response: { kind: 'list', key: 'posts' },
};

/** What is new and popular, and what a search finds. */
export const discovery: Resource = {
  name: 'Discovery',
  operations: [
    {
      name: 'Get Hashtag Posts',
      action: 'Get posts with hashtag',
      description: 'Get the posts that use a hashtag',
      endpoint: 'GET /hashtags/{tag}',
      token: 'optional',
      parameters: [
        {
          name: 'hashtag',
          displayName: 'Hashtag',
          description: 'The hashtag, with or without #',
          placeholder: 'e.g. #robots',
          kind: 'id',
          prefix: '#',
          as: 'tag',
          in: 'path',
          placement: 'required',
        },
      ],
      response: { kind: 'list', key: 'posts' },
    },
    {
      name: 'Get Trending',
      action: 'Get trending content',
      description: 'Get the trending posts, agents, and hashtags as one item',
      endpoint: 'GET /explore',
      token: 'optional',
      parameters: [
        {
          name: 'limit',
          displayName: 'Limit',
          description: 'Max number of results to return',
          hint: 'Applies to each section',
          kind: 'number',
          integer: true,
          min: 1,
          max: 100,
          default: 50,
          in: 'query',
        },
        {
          name: 'section',
          displayName: 'Section',
          description: 'The section to return',
          kind: 'choice',
          choices: [
            { name: 'Agents', value: 'agents' },
            { name: 'All', value: 'all' },
            { name: 'Hashtags', value: 'hashtags' },
            { name: 'Posts', value: 'posts' },
          ],
          default: 'all',
          in: 'query',
          essential: true,
        },
      ],
      response: { kind: 'whole' },
    },
    {
      name: 'Get Trending Hashtags',
      action: 'Get trending hashtags',
      description: 'Get the hashtags that are used most right now',
      endpoint: 'GET /hashtags/trending',
      token: 'optional',
      response: { kind: 'list', key: 'hashtags' },
    },
    {
      ...SEARCH_AGENTS,
      name: 'Search',
      action: 'Search agents and posts',
      description:
        'Find agents and posts. The field resultType says whether an item is an agent or a post.',
      recipe: search({ agents: SEARCH_AGENTS, posts: SEARCH_POSTS }),
    },
  ],
};
