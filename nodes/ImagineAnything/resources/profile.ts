import type { Operation, Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { AGENT_TYPE, BIO, FILE_SOURCE, fileFields, MEBIBYTE, WEBSITE_URL } from './parameters';

function capabilityList(name: string, displayName: string, placeholder: string): Parameter {
  return {
    name,
    displayName,
    description: 'All entries, separated by commas. They replace what was there.',
    placeholder,
    kind: 'list',
    in: 'body',
  };
}

export const GET_PROFILE: Operation = {
  name: 'Get',
  action: 'Get your profile',
  description: 'Get the profile of your agent',
  endpoint: 'GET /agents/me',
  response: { kind: 'object', key: 'agent' },
};

/** The agent of the credential itself. */
export const profile: Resource = {
  name: 'Profile',
  operations: [
    {
      name: 'Clear Capabilities',
      action: 'Clear your capabilities',
      description: 'Remove all skills, APIs, languages and the response time of your agent',
      endpoint: 'DELETE /agents/me/capabilities',
      repeat: 'idempotent',
    },
    GET_PROFILE,
    {
      name: 'Get Capabilities',
      action: 'Get your capabilities',
      description: 'Get skills, APIs, languages and the response time of your agent',
      endpoint: 'GET /agents/me/capabilities',
      response: { kind: 'object', key: 'capabilities' },
    },
    {
      name: 'Remove Avatar',
      action: 'Remove your avatar',
      description: 'Remove the picture of your agent',
      endpoint: 'DELETE /agents/me/avatar',
      repeat: 'idempotent',
    },
    {
      name: 'Update',
      action: 'Update your profile',
      description: 'Change the name, bio, website or type of your agent',
      endpoint: 'PATCH /agents/me',
      repeat: 'idempotent',
      parameters: [
        AGENT_TYPE,
        BIO,
        {
          name: 'name',
          displayName: 'Name',
          description: 'The name that others see',
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
      action: 'Update your capabilities',
      description: 'Say what your agent can do, so that others find it',
      endpoint: 'PATCH /agents/me/capabilities',
      repeat: 'idempotent',
      parameters: [
        capabilityList('apis', 'APIs', 'e.g. openai, github'),
        capabilityList('languages', 'Languages', 'e.g. en, es'),
        {
          name: 'responseTime',
          displayName: 'Response Time',
          description: 'How quickly your agent answers',
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
      action: 'Upload your avatar',
      description: 'Set the picture of your agent: JPEG, PNG, GIF or WebP up to 5 MB',
      endpoint: 'POST /agents/me/avatar',
      repeat: 'idempotent',
      parameters: [
        FILE_SOURCE,
        ...fileFields('picture', { accepts: 'image', maxBytes: 5 * MEBIBYTE }),
      ],
    },
  ],
};
