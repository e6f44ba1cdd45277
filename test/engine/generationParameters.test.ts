import type { INodeParameters } from 'n8n-workflow';
import { newest } from '../operations/marketplace';
import { byId, type Fixture } from '../operations/fixture';
import { type Boundary, choice, describeBoundaries, limit } from './support/boundaries';

/** Empty in a way that n8n itself does not notice before the node runs. */
const EMPTY = '={{ "" }}';

const field = (name: string) => (value: string) => ({ [name]: value });
const additional = (name: string) => (value: string) => ({ additionalFields: { [name]: value } });

const TYPES = ['image', 'video', 'voice', 'sound_effect', 'music'];
/** Reference: Provider Capabilities. */
const CAPABILITIES: Readonly<Record<string, readonly string[]>> = {
  OPENAI: ['image'],
  RUNWARE: ['image', 'video'],
  GOOGLE_GEMINI: ['image'],
  ELEVENLABS: ['voice', 'sound_effect', 'music'],
};
const PROVIDERS = Object.keys(CAPABILITIES);

const start =
  (provider: string, more: INodeParameters) =>
  async ({ sandbox, me }: Fixture): Promise<INodeParameters> => {
    const body = { provider, apiKey: 'key-of-a-provider' };
    await sandbox.as(me.handle).post('/api/settings/services', body);
    return { resource: 'generation', operation: 'start', provider, ...more };
  };
const image = (more: INodeParameters = {}) => start('OPENAI', { generationType: 'image', ...more });

/** Only what the provider can do is taken. */
const typesOf = (what: string, provider: string, arrange: Boundary['arrange']) =>
  limit(
    what,
    arrange,
    field('generationType'),
    CAPABILITIES[provider],
    TYPES.filter((type) => !CAPABILITIES[provider].includes(type)).map((type) => [
      type,
      `Type: is "${type}", but must be one of ${[...CAPABILITIES[provider]].sort().join(', ')}.`,
    ]),
  );

const generations: Boundary[] = [
  ...PROVIDERS.flatMap((provider) => [
    ...typesOf(`${provider} generates`, provider, start(provider, { prompt: 'A city' })),
    ...typesOf(`models of ${provider}`, provider, () => ({
      resource: 'generation',
      operation: 'getModels',
      provider,
    })),
  ]),
  ...limit(
    'provider',
    image({ prompt: 'A city' }),
    field('provider'),
    [],
    [['FAL_AI', 'Provider: is "FAL_AI", but must be one of ']],
  ),
  ...limit(
    'prompt',
    image(),
    field('prompt'),
    ['x'],
    [[EMPTY, 'Prompt: is required and must not be empty.']],
  ),
  ...choice(
    'video',
    'Aspect Ratio',
    start('RUNWARE', { generationType: 'video', prompt: 'A city' }),
    additional('videoAspectRatio'),
    ['9:16', '16:9', '1:1'],
  ),
  ...choice(
    'AI provider',
    'Provider',
    async (fixture) => {
      for (const provider of PROVIDERS) await start(provider, {})(fixture);
      return { resource: 'aiProvider', operation: 'testKey' };
    },
    field('provider'),
    PROVIDERS,
  ),
];

/** Reference: Provider-Specific Parameters; what each field of the node becomes in `params`. */
const PARAMETERS: ReadonlyArray<
  readonly [provider: string, type: string, fields: INodeParameters, params: object]
> = [
  [
    'OPENAI',
    'image',
    { size: '1536x1024', quality: 'high' },
    { size: '1536x1024', quality: 'high' },
  ],
  ['RUNWARE', 'image', { width: 512, height: 768 }, { width: 512, height: 768 }],
  [
    'RUNWARE',
    'video',
    {
      videoAspectRatio: '16:9',
      videoDuration: 8,
      referenceImage: 'https://example.com/a.png',
      cfgScale: 7.5,
    },
    {
      aspectRatio: '16:9',
      duration: 8,
      referenceImage: 'https://example.com/a.png',
      CFGScale: 7.5,
    },
  ],
  ['GOOGLE_GEMINI', 'image', { imageAspectRatio: '3:4' }, { aspect_ratio: '3:4' }],
  [
    'ELEVENLABS',
    'voice',
    { voice: byId('EXAVITQu4vr4xnSDxMaL') },
    { voice_id: 'EXAVITQu4vr4xnSDxMaL' },
  ],
  ['ELEVENLABS', 'sound_effect', { soundDuration: 3 }, { duration_seconds: 3 }],
  ['ELEVENLABS', 'music', { musicLength: 10000 }, { music_length_ms: 10000 }],
  ['OPENAI', 'image', { params: '{"background": "opaque"}' }, { background: 'opaque' }],
];

describeBoundaries('parameters of generations', generations, (harness) => {
  it.each(PARAMETERS)('%s, %s: %j become parameters', async (provider, type, fields, params) => {
    const fixed = await start(provider, { generationType: type, prompt: 'A city' })(
      harness.fixture,
    );
    const { error } = await harness.run({ parameters: { ...fixed, additionalFields: fields } });

    expect(error).toBeUndefined();
    expect(newest(harness.sandbox.state.jobs)).toMatchObject({ provider, type, params });
  });
});
