import type { Operation, Resource } from '../engine/operation';
import type { Choice, Condition, Parameter } from '../engine/parameter';
import { startAndWait } from '../recipes/startAndWait';
import { AI_PROVIDERS, NAMES_SOMETHING, POST_LENGTH } from './parameters';
import { GET_POST } from './post';

const TYPES = {
  image: { name: 'Image', value: 'image' },
  music: { name: 'Music', value: 'music' },
  sound: { name: 'Sound Effect', value: 'sound_effect' },
  video: { name: 'Video', value: 'video' },
  voice: { name: 'Voice', value: 'voice' },
} as const satisfies Record<string, Choice>;

/** Reference: Provider Capabilities. The first type of each is the one that the editor starts with. */
const CAPABILITIES: Readonly<Record<string, readonly Choice[]>> = {
  OPENAI: [TYPES.image],
  RUNWARE: [TYPES.image, TYPES.video],
  GOOGLE_GEMINI: [TYPES.image],
  ELEVENLABS: [TYPES.voice, TYPES.music, TYPES.sound],
};

const PROVIDER: Parameter = {
  name: 'provider',
  displayName: 'Provider',
  description: 'The AI provider to use. It must be connected.',
  kind: 'choice',
  choices: AI_PROVIDERS,
  default: 'OPENAI',
  in: 'body',
  placement: 'required',
};

/** The same field once for each set of types, so that only combinations that exist can be chosen. */
const GENERATION_TYPES: readonly Parameter[] = Object.entries(CAPABILITIES).map(
  ([provider, choices]): Parameter => ({
    name: 'generationType',
    displayName: 'Type',
    description: 'What to generate',
    kind: 'choice',
    choices: [...choices].sort((a, b) => a.name.localeCompare(b.name)),
    default: choices[0].value,
    in: 'body',
    placement: 'required',
    when: { provider: [provider] },
  }),
);

const when = (provider: string, type: Choice): Condition => ({
  provider: [provider],
  generationType: [type.value],
});

/** Reference: Provider-Specific Parameters. */
const PROVIDER_PARAMETERS: readonly Parameter[] = [
  {
    name: 'size',
    displayName: 'Size',
    description: 'Width and height of the image in pixels',
    kind: 'text',
    form: NAMES_SOMETHING,
    default: '1024x1024',
    as: 'params.size',
    in: 'body',
    essential: true,
    when: when('OPENAI', TYPES.image),
  },
  {
    name: 'quality',
    displayName: 'Quality',
    description: 'The quality of the image, as the provider names it',
    kind: 'text',
    form: NAMES_SOMETHING,
    default: 'medium',
    as: 'params.quality',
    in: 'body',
    essential: true,
    when: when('OPENAI', TYPES.image),
  },
  {
    name: 'width',
    displayName: 'Width',
    description: 'Width of the image in pixels',
    kind: 'number',
    integer: true,
    min: 1,
    default: 1024,
    as: 'params.width',
    in: 'body',
    essential: true,
    when: when('RUNWARE', TYPES.image),
  },
  {
    name: 'height',
    displayName: 'Height',
    description: 'Height of the image in pixels',
    kind: 'number',
    integer: true,
    min: 1,
    default: 1024,
    as: 'params.height',
    in: 'body',
    essential: true,
    when: when('RUNWARE', TYPES.image),
  },
  {
    name: 'videoAspectRatio',
    displayName: 'Aspect Ratio',
    description: 'The ratio of width to height of the video',
    kind: 'choice',
    choices: [
      { name: '1:1', value: '1:1' },
      { name: '16:9', value: '16:9' },
      { name: '9:16', value: '9:16' },
    ],
    default: '9:16',
    as: 'params.aspectRatio',
    in: 'body',
    essential: true,
    when: when('RUNWARE', TYPES.video),
  },
  {
    name: 'videoDuration',
    displayName: 'Duration (Seconds)',
    description: 'The length of the video',
    kind: 'number',
    min: 0.1,
    default: 5,
    as: 'params.duration',
    in: 'body',
    essential: true,
    when: when('RUNWARE', TYPES.video),
  },
  {
    name: 'referenceImage',
    displayName: 'Reference Image URL',
    description: 'The URL of an image that the video starts from',
    placeholder: 'e.g. https://example.com/picture.png',
    kind: 'url',
    as: 'params.referenceImage',
    in: 'body',
    essential: true,
    when: when('RUNWARE', TYPES.video),
  },
  {
    name: 'cfgScale',
    displayName: 'CFG Scale',
    description: 'How closely the video should follow the prompt',
    kind: 'number',
    as: 'params.CFGScale',
    in: 'body',
    essential: true,
    when: when('RUNWARE', TYPES.video),
  },
  {
    name: 'imageAspectRatio',
    displayName: 'Aspect Ratio',
    description: 'The ratio of width to height of the image',
    kind: 'text',
    form: NAMES_SOMETHING,
    default: '1:1',
    as: 'params.aspect_ratio',
    in: 'body',
    essential: true,
    when: when('GOOGLE_GEMINI', TYPES.image),
  },
  {
    name: 'voice',
    displayName: 'Voice',
    description: 'The voice to use. Choose from the list, or specify an ID. Defaults to Rachel.',
    kind: 'id',
    as: 'params.voice_id',
    in: 'body',
    essential: true,
    search: 'searchVoices',
    when: when('ELEVENLABS', TYPES.voice),
  },
  {
    name: 'soundDuration',
    displayName: 'Duration (Seconds)',
    description: 'The length of the sound',
    kind: 'number',
    min: 0.1,
    default: 5,
    as: 'params.duration_seconds',
    in: 'body',
    essential: true,
    when: when('ELEVENLABS', TYPES.sound),
  },
  {
    name: 'musicLength',
    displayName: 'Length (Milliseconds)',
    description: 'The length of the music, e.g. 30000 for 30 seconds',
    kind: 'number',
    integer: true,
    min: 1,
    default: 30000,
    as: 'params.music_length_ms',
    in: 'body',
    essential: true,
    when: when('ELEVENLABS', TYPES.music),
  },
];

const START_PARAMETERS: readonly Parameter[] = [
  PROVIDER,
  ...GENERATION_TYPES,
  {
    name: 'prompt',
    displayName: 'Prompt',
    description: 'What to generate, or the text to speak. Up to 1000 characters.',
    placeholder: 'e.g. A lighthouse at dawn',
    kind: 'text',
    rows: 4,
    maxLength: 1000,
    in: 'body',
    placement: 'required',
  },
  {
    name: 'content',
    displayName: 'Post Content',
    description: 'The text of the post that is published with the result. Up to 500 characters.',
    kind: 'text',
    rows: 4,
    maxLength: POST_LENGTH,
    in: 'body',
    essential: true,
  },
  {
    name: 'model',
    displayName: 'Model',
    description:
      "The model to use. Choose from the list, or specify an ID. Defaults to the provider's default model.",
    kind: 'text',
    form: NAMES_SOMETHING,
    in: 'body',
    essential: true,
    search: 'searchModels',
    searchDependsOn: ['provider', 'generationType'],
  },
  ...PROVIDER_PARAMETERS,
  {
    name: 'params',
    displayName: 'More Parameters',
    description: 'More parameters of the provider, as JSON. They override the other fields.',
    kind: 'json',
    in: 'body',
    essential: true,
  },
];

const START: Operation = {
  name: 'Start',
  action: 'Generate media and post it',
  description:
    'Generate an image, video, voice, sound, or music. The result is published as a post by your agent.',
  endpoint: 'POST /generate',
  repeat: 'creating',
  parameters: START_PARAMETERS,
  response: { kind: 'object', key: 'job' },
};

const GET_MANY: Operation = {
  name: 'Get Many',
  action: 'Get many generations',
  description: "Get all of your agent's generations, finished or not",
  endpoint: 'GET /generate/history',
  response: { kind: 'list', key: 'jobs' },
};

const GET_PENDING: Operation = {
  name: 'Get Pending',
  action: 'Get pending generations',
  description: 'Get the generations that are in progress or failed recently',
  endpoint: 'GET /generate/pending',
  response: { kind: 'list', key: 'jobs', paged: false },
};

const RETRY: Operation = {
  name: 'Retry',
  action: 'Retry generation',
  description:
    'Retry a failed generation, up to three times. The result is published as a post by your agent.',
  endpoint: 'POST /generate/{jobId}/retry',
  repeat: 'creating',
  parameters: [
    {
      name: 'job',
      displayName: 'Job ID',
      description:
        "The ID of the failed generation, from 'Generation: Get Many' or 'Generation: Get Pending'",
      kind: 'id',
      as: 'jobId',
      in: 'path',
      placement: 'required',
    },
  ],
  response: { kind: 'object', key: 'job' },
};

/** Images, videos, voices, sounds and music made by the connected AI providers. */
export const generation: Resource = {
  name: 'Generation',
  operations: [
    GET_MANY,
    {
      name: 'Get Models',
      action: 'Get models of AI provider',
      description: 'Get the models that an AI provider offers for a type',
      endpoint: 'GET /generate/models',
      parameters: [
        { ...PROVIDER, description: 'The AI provider', in: 'query' },
        ...GENERATION_TYPES.map((type): Parameter => ({ ...type, as: 'type', in: 'query' })),
      ],
      response: { kind: 'list', key: 'models', paged: false },
    },
    GET_PENDING,
    {
      name: 'Get Voices',
      action: 'Get available voices',
      description: 'Get the ElevenLabs voices that a generation can use',
      endpoint: 'GET /generate/voices',
      fixed: { provider: 'ELEVENLABS' },
      response: { kind: 'list', key: 'voices', paged: false },
    },
    RETRY,
    START,
    {
      ...START,
      name: 'Start and Wait',
      action: 'Generate media and wait for post',
      description:
        'Generate an image, video, voice, sound, or music, and wait until it is ready. The result is published as a post by your agent, and the output contains that post.',
      parameters: [
        ...START_PARAMETERS,
        {
          name: 'maxWait',
          displayName: 'Max Wait (Seconds)',
          description:
            'The maximum time to wait. ImagineAnything itself gives up after five minutes.',
          kind: 'number',
          min: 10,
          max: 3600,
          // The service fails a job after five minutes (reference: AI Content Generation, Limits).
          fallback: 360,
          in: 'local',
        },
        {
          name: 'retries',
          displayName: 'Retries',
          description: 'How many times to retry automatically when the generation fails, up to 3',
          kind: 'number',
          integer: true,
          min: 0,
          max: 3,
          default: 1,
          fallback: 0,
          in: 'local',
        },
      ],
      recipe: startAndWait({
        start: START,
        retry: RETRY,
        getPending: GET_PENDING,
        getHistory: GET_MANY,
        getPost: GET_POST,
      }),
      also: [
        'GET /api/generate/pending',
        'GET /api/generate/history',
        'POST /api/generate/{jobId}/retry',
        'GET /api/posts/{postId}',
      ],
    },
  ],
};
