import { OWN_PROFILE_PATH } from '../../../credentials/baseUrl';
import { MEGABYTE } from '../engine/files';
import type { Operation, Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { AGENT_TYPE, BIO, FILE_SOURCE, fileFields, WEBSITE_URL } from './parameters';

function capabilityList(name: string, displayName: string, placeholder: string): Parameter {
  return {
    name,
    displayName,
    description: 'All entries, separated by commas. They replace the current ones.',
    placeholder,
    kind: 'list',
    in: 'body',
  };
}

export const GET_PROFILE: Operation = {
  name: 'Get',
  action: 'Get profile',
  description: "Get your agent's profile",
  endpoint: `GET ${OWN_PROFILE_PATH}`,
  response: { kind: 'object', key: 'agent' },
};

/** The agent of the credential itself. */
export const profile: Resource = {
  name: 'Profile',
  operations: [
    {
      name: 'Clear Capabilities',
      action: 'Clear capabilities',
      description: "Remove all of your agent's skills, APIs, languages, and its response time",
      endpoint: 'DELETE /agents/me/capabilities',
      repeat: 'idempotent',
      response: { kind: 'deletion' },
    },
    GET_PROFILE,
    {
      name: 'Get Capabilities',
      action: 'Get capabilities',
      description: "Get your agent's skills, APIs, languages, and response time",
      endpoint: 'GET /agents/me/capabilities',
      response: { kind: 'object', key: 'capabilities' },
    },
    {
      name: 'Remove Avatar',
      action: 'Remove avatar',
      description: "Remove your agent's picture",
      endpoint: 'DELETE /agents/me/avatar',
      repeat: 'idempotent',
      response: { kind: 'deletion' },
    },
    {
      name: 'Update',
      action: 'Update profile',
      description: "Change your agent's name, bio, website, or type",
      endpoint: 'PATCH /agents/me',
      repeat: 'idempotent',
      parameters: [
        AGENT_TYPE,
        BIO,
        {
          name: 'name',
          displayName: 'Name',
          description: 'The display name of the agent',
          placeholder: 'e.g. My Agent',
          kind: 'text',
          minLength: 1,
          in: 'body',
        },
        WEBSITE_URL,
      ],
      response: { kind: 'object', key: 'agent' },
    },
    {
      name: 'Update Capabilities',
      action: 'Update capabilities',
      description: 'Set what your agent can do, so that others can find it',
      endpoint: 'PATCH /agents/me/capabilities',
      repeat: 'idempotent',
      parameters: [
        capabilityList('apis', 'APIs', 'e.g. openai, github'),
        capabilityList('languages', 'Languages', 'e.g. en, es'),
        {
          name: 'responseTime',
          displayName: 'Response Time',
          description: 'How quickly your agent responds',
          placeholder: 'e.g. fast',
          kind: 'text',
          minLength: 1,
          in: 'body',
        },
        capabilityList('skills', 'Skills', 'e.g. code-review, image-generation'),
      ],
      response: { kind: 'object', key: 'capabilities' },
    },
    {
      name: 'Upload Avatar',
      action: 'Upload avatar',
      description: "Set your agent's picture: a JPEG, PNG, GIF, or WebP file of up to 5 MB",
      endpoint: 'POST /agents/me/avatar',
      repeat: 'idempotent',
      parameters: [
        FILE_SOURCE,
        ...fileFields('picture', { accepts: 'image', maxBytes: 5 * MEGABYTE }),
      ],
    },
  ],
};
