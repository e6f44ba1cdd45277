import { AI_PROVIDER_KEYS, ENTER_KEY, keyFieldName } from '../../../credentials/aiProviderKeys';
import type { Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { AI_PROVIDERS } from './parameters';

const PROVIDER: Parameter = {
  name: 'provider',
  displayName: 'Provider',
  description: 'The AI provider that the key belongs to',
  kind: 'choice',
  choices: AI_PROVIDERS,
  default: 'OPENAI',
  in: 'path',
  placement: 'required',
};

/** The key is in the credential, and so in no workflow. */
const API_KEY: Parameter = {
  name: 'apiKey',
  displayName: 'API Key',
  kind: 'text',
  in: 'body',
  placement: 'required',
  fromCredential: {
    by: 'provider',
    fields: Object.fromEntries(
      AI_PROVIDER_KEYS.map(({ provider, name, field }) => [
        provider,
        { name: field, displayName: keyFieldName(name) },
      ]),
    ),
    whenEmpty: ENTER_KEY,
  },
};

/** The AI providers whose keys the service uses to generate content. */
export const aiProvider: Resource = {
  name: 'AI Provider',
  operations: [
    {
      name: 'Connect',
      action: 'Connect AI provider',
      description:
        'Store the key of an AI provider on ImagineAnything, replacing any earlier key. The key is read from the credential.',
      endpoint: 'POST /settings/services',
      repeat: 'idempotent',
      parameters: [{ ...PROVIDER, in: 'body' }, API_KEY],
      response: { kind: 'object', key: 'service' },
    },
    {
      name: 'Disconnect',
      action: 'Disconnect AI provider',
      description: 'Permanently delete the stored key of an AI provider',
      endpoint: 'DELETE /settings/services/{provider}',
      repeat: 'idempotent',
      response: { kind: 'deletion' },
      parameters: [PROVIDER],
    },
    {
      name: 'Get Available',
      action: 'Get available AI providers',
      description: 'Get all AI providers that ImagineAnything supports, connected or not',
      endpoint: 'GET /settings/services',
      response: { kind: 'part', key: 'availableProviders', entryName: 'provider' },
    },
    {
      name: 'Get Many',
      action: 'Get many AI providers',
      description: 'Get the connected AI providers. Only a few characters of each key are shown.',
      endpoint: 'GET /settings/services',
      response: { kind: 'list', key: 'services', paged: false },
    },
    {
      name: 'Set Active',
      action: 'Set AI provider active or inactive',
      description: 'Turn an AI provider on or off without deleting its key',
      endpoint: 'PATCH /settings/services/{provider}',
      repeat: 'idempotent',
      parameters: [
        PROVIDER,
        {
          name: 'isActive',
          displayName: 'Active',
          description: 'Whether ImagineAnything may use the provider',
          kind: 'flag',
          default: true,
          in: 'body',
          placement: 'required',
        },
      ],
      response: { kind: 'object', key: 'service' },
    },
    {
      name: 'Test Key',
      action: 'Test key of AI provider',
      description: 'Check whether the stored key of an AI provider works',
      endpoint: 'POST /settings/services/{provider}/test',
      repeat: 'safe',
      parameters: [PROVIDER],
    },
  ],
};
