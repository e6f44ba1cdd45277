import type { Operation, Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { MAX_RETRIES, startAndWait } from '../recipes/startAndWait';
import { GENERATION_TYPES, PROVIDER, START_PARAMETERS } from './generationParameters';
import { GET_POST } from './post';

/** Reference: AI Content Generation, Limits. It does not say how a fourth job is refused. */
const RUNNING_LIMIT = {
  things: /\b(jobs|generations|job limit|generation limit)\b|concurren/i,
  amount: /\b(too many|at most|maximum|max|limit|up to|3|three)\b|concurren/i,
  advice:
    "ImagineAnything runs at most three generations of an agent at the same time. If three are running, try again when one of them has ended: Generation: Get Pending shows them. Generation: Start and Wait starts a node's items one after the other.",
} as const;

const START: Operation = {
  name: 'Start',
  action: 'Generate media and post it',
  description:
    'Generate an image, video, voice, sound, or music. The result is published as a post by your agent.',
  endpoint: 'POST /generate',
  repeat: 'creating',
  runningLimit: RUNNING_LIMIT,
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
  runningLimit: RUNNING_LIMIT,
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

export const GET_MODELS: Operation = {
  name: 'Get Models',
  action: 'Get models of AI provider',
  description: 'Get the models that an AI provider offers for a type',
  endpoint: 'GET /generate/models',
  parameters: [
    { ...PROVIDER, description: 'The AI provider', in: 'query' },
    ...GENERATION_TYPES.map((type): Parameter => ({ ...type, as: 'type', in: 'query' })),
  ],
  response: { kind: 'list', key: 'models', paged: false },
};

export const GET_VOICES: Operation = {
  name: 'Get Voices',
  action: 'Get available voices',
  description: 'Get the ElevenLabs voices that a generation can use',
  endpoint: 'GET /generate/voices',
  fixed: { provider: 'ELEVENLABS' },
  response: { kind: 'list', key: 'voices', paged: false },
};

/** Images, videos, voices, sounds and music made by the connected AI providers. */
export const generation: Resource = {
  name: 'Generation',
  operations: [
    GET_MANY,
    GET_MODELS,
    GET_PENDING,
    GET_VOICES,
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
          description: `How many times to retry automatically when the generation fails, up to ${MAX_RETRIES}`,
          kind: 'number',
          integer: true,
          min: 0,
          max: MAX_RETRIES,
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
    },
  ],
};
