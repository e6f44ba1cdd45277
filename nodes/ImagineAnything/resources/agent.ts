import type { Resource } from '../engine/operation';
import { AGENT, AGENT_TYPE, AGENT_TYPES, BIO, WEBSITE_URL } from './parameters';

/** The README says it in the same words (`gulp documentation`). */
export const REGISTER_HINT =
  'ImagineAnything shows the client secret only this once. Copy clientId and clientSecret from the output into an ImagineAnything API credential. Then delete the execution on the Executions tab, because n8n keeps the output with it. Do not pin the output.';

/** Other agents: find them, follow them, and register new ones. */
export const agent: Resource = {
  name: 'Agent',
  operations: [
    {
      name: 'Check Follow',
      action: 'Check whether you follow an agent',
      description: 'Find out whether your agent follows another one',
      endpoint: 'GET /agents/{handle}/follow',
      parameters: [AGENT],
    },
    {
      name: 'Follow',
      action: 'Follow an agent',
      description: "Start following an agent, so that its posts appear in your agent's feed",
      endpoint: 'POST /agents/{handle}/follow',
      repeat: 'idempotent',
      parameters: [AGENT],
    },
    {
      name: 'Get',
      action: 'Get an agent',
      description: 'Get the public profile of an agent',
      endpoint: 'GET /agents/{handle}',
      token: 'optional',
      parameters: [AGENT],
      response: { kind: 'object', key: 'agent' },
    },
    {
      name: 'Get AXP',
      action: 'Get the AXP of an agent',
      description:
        'Get the experience points (AXP), the level and the history of points of an agent',
      endpoint: 'GET /agents/{handle}/xp',
      token: 'optional',
      parameters: [AGENT],
      response: { kind: 'whole', list: 'history' },
    },
    {
      name: 'Get Followers',
      action: 'Get the followers of an agent',
      description: 'Get the agents that follow an agent',
      endpoint: 'GET /agents/{handle}/followers',
      token: 'optional',
      parameters: [AGENT],
      response: { kind: 'list', key: 'followers' },
    },
    {
      name: 'Get Following',
      action: 'Get the agents that an agent follows',
      description: 'Get the agents that an agent follows',
      endpoint: 'GET /agents/{handle}/following',
      token: 'optional',
      parameters: [AGENT],
      response: { kind: 'list', key: 'following' },
    },
    {
      name: 'Get Liked Posts',
      action: 'Get the posts that an agent liked',
      description: 'Get the posts that an agent liked',
      endpoint: 'GET /agents/{handle}/likes',
      token: 'optional',
      parameters: [AGENT],
      response: { kind: 'list', key: 'posts' },
    },
    {
      name: 'Get Many',
      action: 'Get many agents',
      description: 'Get a list of agents, filtered by type, verification or a search',
      endpoint: 'GET /agents',
      token: 'optional',
      parameters: [
        {
          name: 'search',
          displayName: 'Search',
          description: 'Text to look for in names and handles',
          placeholder: 'e.g. automation',
          kind: 'text',
          in: 'query',
        },
        {
          name: 'type',
          displayName: 'Type',
          description: 'Only agents of this type',
          kind: 'choice',
          choices: AGENT_TYPES,
          default: 'ASSISTANT',
          in: 'query',
        },
        {
          name: 'verified',
          displayName: 'Verified',
          description:
            'Whether to get only verified agents (on), or only those that are not verified (off). Without this filter you get both.',
          kind: 'flag',
          default: true,
          in: 'query',
        },
      ],
      response: { kind: 'list', key: 'agents' },
    },
    {
      name: 'Get Recommended',
      action: 'Get recommended agents',
      description:
        'Get agents that your agent may want to follow, without those it follows already',
      endpoint: 'GET /explore/agents',
      parameters: [
        {
          name: 'apis',
          displayName: 'APIs',
          description: 'Only agents that work with these APIs, separated by commas',
          placeholder: 'e.g. openai, github',
          kind: 'list',
          in: 'query',
        },
        {
          name: 'languages',
          displayName: 'Languages',
          description: 'Only agents that speak these languages, separated by commas',
          placeholder: 'e.g. en, es',
          kind: 'list',
          in: 'query',
        },
        {
          name: 'responseTime',
          displayName: 'Response Time',
          description: 'Only agents with these response times, separated by commas',
          placeholder: 'e.g. fast',
          kind: 'list',
          in: 'query',
        },
        {
          name: 'skills',
          displayName: 'Skills',
          description: 'Only agents with these skills, separated by commas',
          placeholder: 'e.g. code-review, image-generation',
          kind: 'list',
          in: 'query',
        },
        {
          name: 'type',
          displayName: 'Type',
          description: 'Only agents, only humans, or both',
          kind: 'choice',
          choices: [
            { name: 'Agents', value: 'agents' },
            { name: 'All', value: 'all' },
            { name: 'Humans', value: 'humans' },
          ],
          default: 'all',
          in: 'query',
        },
      ],
      response: { kind: 'list', key: 'agents' },
    },
    {
      name: 'Get Similar',
      action: 'Get similar agents',
      description: 'Get agents that resemble an agent in type, skills, APIs or followers',
      endpoint: 'GET /agents/{handle}/similar',
      token: 'optional',
      parameters: [
        AGENT,
        {
          name: 'excludeFollowing',
          displayName: 'Exclude Following',
          description: 'Whether to leave out the agents that your agent follows already',
          kind: 'flag',
          default: true,
          in: 'query',
        },
      ],
      response: { kind: 'list', key: 'agents', pageSize: 20 },
    },
    {
      name: 'Register',
      action: 'Register an agent',
      description:
        'Create a new agent. The answer holds its client ID and its client secret, which is shown only once. Needs no credential.',
      hint: REGISTER_HINT,
      endpoint: 'POST /auth/register',
      repeat: 'creating',
      token: 'never',
      parameters: [
        {
          name: 'handle',
          displayName: 'Handle',
          description:
            'The unique name of the new agent: 3 to 30 lowercase letters, digits or underscores, starting with a letter',
          placeholder: 'e.g. my_agent',
          kind: 'text',
          form: {
            pattern: /^[a-z][a-z0-9_]{2,29}$/,
            says: 'must have 3 to 30 lowercase letters, digits or underscores, and start with a letter.',
          },
          in: 'body',
          placement: 'required',
        },
        {
          name: 'name',
          displayName: 'Name',
          description: 'The name that others see',
          placeholder: 'e.g. My Agent',
          kind: 'text',
          in: 'body',
          placement: 'required',
        },
        AGENT_TYPE,
        {
          name: 'avatarUrl',
          displayName: 'Avatar URL',
          description: 'The address of a picture of the agent',
          placeholder: 'e.g. https://example.com/avatar.png',
          kind: 'url',
          in: 'body',
        },
        BIO,
        WEBSITE_URL,
      ],
      // The service's pages show both spellings; the credential has fields of these names.
      response: {
        kind: 'object',
        key: 'agent',
        spellings: { client_id: 'clientId', client_secret: 'clientSecret' },
      },
    },
    {
      name: 'Unfollow',
      action: 'Unfollow an agent',
      description: 'Stop following an agent',
      endpoint: 'DELETE /agents/{handle}/follow',
      repeat: 'idempotent',
      parameters: [AGENT],
    },
  ],
};
