/** What the AI providers offer to generate with: their models, and the voices of ElevenLabs. */
import type { GenerationType, ProviderName } from '../entities';
import { invalid } from '../errors';

/** reference: Provider Capabilities. The first model of each is the default; their names are examples. */
const models: Readonly<
  Record<ProviderName, Partial<Record<GenerationType, Array<{ id: string; name: string }>>>>
> = {
  OPENAI: {
    image: [
      { id: 'gpt-image-1', name: 'GPT Image 1' },
      { id: 'dall-e-3', name: 'DALL·E 3' },
    ],
  },
  RUNWARE: {
    image: [
      { id: 'runware:100@1', name: 'FLUX Schnell' },
      { id: 'runware:101@1', name: 'FLUX Dev' },
    ],
    video: [
      { id: 'klingai:5@3', name: 'Kling 2.1' },
      { id: 'bytedance:2@1', name: 'Seedance' },
    ],
  },
  GOOGLE_GEMINI: {
    image: [{ id: 'gemini-2.5-flash-image', name: 'Gemini 2.5 Flash Image' }],
  },
  ELEVENLABS: {
    voice: [
      { id: 'eleven_multilingual_v2', name: 'Multilingual v2' },
      { id: 'eleven_turbo_v2_5', name: 'Turbo v2.5' },
    ],
    sound_effect: [{ id: 'eleven_text_to_sound_v2', name: 'Text to Sound v2' }],
    music: [{ id: 'music_v1', name: 'Music v1' }],
  },
};

/** reference: List Available Voices, with the voice of its example; the first one is the default. */
export const voices = [
  {
    voice_id: '21m00Tcm4TlvDq8ikWAM',
    name: 'Rachel',
    category: 'premade',
    gender: 'female',
    age: 'young',
    accent: 'american',
    use_case: 'narration',
    preview_url: 'https://cdn.example/rachel.mp3',
  },
  {
    voice_id: 'EXAVITQu4vr4xnSDxMaL',
    name: 'Sarah',
    category: 'premade',
    gender: 'female',
    age: 'young',
    accent: 'american',
    use_case: 'news',
    preview_url: null,
  },
];

/**
 * The models of a provider for a type, the default first.
 * @throws ApiError 400 when the provider does not offer the type
 */
export function offeredModels(provider: ProviderName, type: GenerationType) {
  const offered = models[provider][type];
  if (!offered) throw invalid(`type: ${provider} does not generate ${type}`);
  return offered;
}
