import type { ICredentialDataDecryptedObject, INodeProperties } from 'n8n-workflow';

/** The AI providers (reference: Connected Services), and the field of the credential for the key of each. */
export const AI_PROVIDER_KEYS = [
  { provider: 'ELEVENLABS', name: 'ElevenLabs', field: 'elevenLabsApiKey' },
  { provider: 'GOOGLE_GEMINI', name: 'Google Gemini', field: 'googleGeminiApiKey' },
  { provider: 'OPENAI', name: 'OpenAI', field: 'openAiApiKey' },
  { provider: 'RUNWARE', name: 'Runware', field: 'runwareApiKey' },
] as const;

const SWITCH = { displayName: 'AI Provider Keys', name: 'useAiProviderKeys' } as const;

/** The fields for the keys, which the switch before them shows. n8n gives a node only what is shown. */
export const aiProviderKeyFields: INodeProperties[] = [
  {
    ...SWITCH,
    type: 'boolean',
    default: false,
    description:
      'Whether to store your AI provider keys in this credential, for the AI Provider: Connect operation',
  },
  ...AI_PROVIDER_KEYS.map(
    ({ name, field }): INodeProperties => ({
      displayName: keyFieldName(name),
      name: field,
      type: 'string',
      typeOptions: { password: true },
      default: '',
      displayOptions: { show: { [SWITCH.name]: [true] } },
      description: `Your ${name} API key. Only the AI Provider: Connect operation sends it to ImagineAnything, which stores it encrypted.`,
    }),
  ),
];

/** What the field for the key of a provider is called in the credential. */
export function keyFieldName(provider: string): string {
  return `${provider} API Key`;
}

/** What to do when the field of a key is empty. */
export const ENTER_KEY = `Open the credential, turn on ${SWITCH.displayName}, and enter the key there.`;

/** Keys are longer. Shorter text may be an ordinary word, which must not be masked. */
const SHORTEST_KEY = 8;

/**
 * Returns the AI provider keys in a credential, so that they can be masked.
 *
 * @param credentials the decrypted credential; undefined where there is none
 */
export function aiProviderKeysOf(
  credentials: ICredentialDataDecryptedObject | undefined,
): string[] {
  return AI_PROVIDER_KEYS.map(({ field }) => String(credentials?.[field] ?? '').trim()).filter(
    ({ length }) => length >= SHORTEST_KEY,
  );
}
