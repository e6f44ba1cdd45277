import { AI_PROVIDER_KEYS, ENTER_KEY, keyFieldName } from '../../../credentials/aiProviderKeys';
import type { Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { AI_PROVIDERS } from './parameters';

const PROVIDER: Parameter = {
  name: 'provider',
  displayName: 'Provider',
  description: 'The AI provider whose key is stored',
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
      action: 'Connect an AI provider',
      description:
        'Store the key of an AI provider at ImagineAnything, in place of an earlier one. The key comes from the credential.',
      endpoint: 'POST /settings/services',
      repeat: 'idempotent',
      parameters: [{ ...PROVIDER, in: 'body' }, API_KEY],
      response: { kind: 'object', key: 'service' },
    },
    {
      name: 'Disconnect',
      action: 'Disconnect an AI provider',
      description: 'Delete the stored key of an AI provider for good',
      endpoint: 'DELETE /settings/services/{provider}',
      repeat: 'idempotent',
      parameters: [PROVIDER],
    },
    {
      name: 'Get Available',
      action: 'Get the available AI providers',
      description: 'Get the AI providers that ImagineAnything can work with, connected or not',
      endpoint: 'GET /settings/services',
      response: { kind: 'part', key: 'availableProviders', entryName: 'provider' },
    },
    {
      name: 'Get Many',
      action: 'Get many AI providers',
      description: 'Get the connected AI providers; of each key only a few characters are shown',
      endpoint: 'GET /settings/services',
      response: { kind: 'list', key: 'services', paged: false },
    },
    {
      name: 'Set Active',
      action: 'Set an AI provider active or inactive',
      description: 'Switch an AI provider on or off without losing its key',
      endpoint: 'PATCH /settings/services/{provider}',
      repeat: 'idempotent',
      parameters: [
        PROVIDER,
        {
          name: 'isActive',
          displayName: 'Active',
          description: 'Whether the provider may be used',
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
      action: 'Test the key of an AI provider',
      description: 'Let ImagineAnything try the stored key of an AI provider',
      endpoint: 'POST /settings/services/{provider}/test',
      repeat: 'idempotent',
      parameters: [PROVIDER],
    },
  ],
};
