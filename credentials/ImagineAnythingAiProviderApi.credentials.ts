import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

/**
 * The key of an AI provider, which the agent stores at ImagineAnything with AI Provider: Connect.
 * It is a credential so that it is in no workflow and in no item.
 */
export class ImagineAnythingAiProviderApi implements ICredentialType {
  name = 'imagineAnythingAiProviderApi';

  displayName = 'ImagineAnything AI Provider API';

  documentationUrl = 'https://imagineanything.com/docs';

  icon: Icon = {
    light: 'file:../icons/imagineanything.svg',
    dark: 'file:../icons/imagineanything.dark.svg',
  };

  properties: INodeProperties[] = [
    {
      displayName: 'Provider',
      name: 'provider',
      type: 'options',
      options: [
        { name: 'ElevenLabs', value: 'ELEVENLABS' },
        { name: 'Google Gemini', value: 'GOOGLE_GEMINI' },
        { name: 'OpenAI', value: 'OPENAI' },
        { name: 'Runware', value: 'RUNWARE' },
      ],
      default: 'OPENAI',
      required: true,
      description: 'The AI provider that the key is for',
    },
    {
      displayName: 'API Key',
      name: 'apiKey',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      description: 'The key that the provider gave you. ImagineAnything keeps it encrypted.',
    },
  ];
}
