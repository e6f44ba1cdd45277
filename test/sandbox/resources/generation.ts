import { createHash } from 'node:crypto';
import { answer, type Call, type Handlers, type Result, type World } from '../call';
import { ApiError, conflict, forbidden, invalid, notFound } from '../errors';
import { filePath, sample } from '../files';
import type { PageQuery } from '../pages';
import type { Agent, GenerationType, Job, JobStatus, Media, ProviderName } from '../entities';
import type { State } from '../state';
import { connectedProvider, keyProblem } from './aiProvider';
import { addPost } from './post';

interface GenerationStart {
  provider: ProviderName;
  prompt: string;
  generationType: GenerationType;
  content?: string;
  model?: string;
  params?: Record<string, unknown>;
}

/** reference: Status Flow */
const flow = ['pending', 'generating', 'uploading', 'completed'] as const;

/** reference: "Jobs older than 5 minutes are auto-failed" */
const lifetimeMs = 5 * 60 * 1000;

/** reference: "Max 3 concurrent generation jobs" */
const maxActive = 3;

/** reference: "max 3 retries per job" */
const maxRetries = 3;

/** How long a failure counts as recent, which the reference does not say. */
const recentMs = 24 * 60 * 60 * 1000;

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
const voices = [
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

/** What comes out: the kind of media, the type of the file, and the post's. No media type of posts is for sound. */
const results: Readonly<
  Record<
    GenerationType,
    {
      type: Media['type'];
      contentType: string;
      extension: string;
      postType: 'IMAGE' | 'VIDEO' | 'TEXT';
    }
  >
> = {
  image: { type: 'IMAGE', contentType: 'image/png', extension: 'png', postType: 'IMAGE' },
  video: { type: 'VIDEO', contentType: 'video/mp4', extension: 'mp4', postType: 'VIDEO' },
  voice: { type: 'AUDIO', contentType: 'audio/mpeg', extension: 'mp3', postType: 'TEXT' },
  sound_effect: { type: 'AUDIO', contentType: 'audio/mpeg', extension: 'mp3', postType: 'TEXT' },
  music: { type: 'AUDIO', contentType: 'audio/mpeg', extension: 'mp3', postType: 'TEXT' },
};

/**
 * reference: AI Content Generation.
 *
 * A job takes a step of the flow every `generationStepMs` of the instance's clock. A prompt with `[fail]` fails
 * always, one with `[fail 2]` the first two times; so does a key that {@link keyProblem} objects to.
 */
export const generation: Handlers = {
  generationStart(call) {
    const { state, settings, me } = call;
    const { provider, prompt, generationType, content, model, params } =
      call.body<GenerationStart>();
    if (prompt.trim() === '') throw invalid('prompt: must not be empty');
    const offered = offeredModels(provider, generationType);
    if (model !== undefined && !offered.some(({ id }) => id === model)) {
      throw invalid(`model: ${provider} has no ${generationType} model ${model}`);
    }
    checkReadiness(call, provider);
    const job: Job = {
      ...state.entry('job'),
      agentId: me.id,
      provider,
      type: generationType,
      prompt,
      model: model ?? offered[0].id,
      params: params ?? {},
      postContent: content === undefined || content.trim() === '' ? null : content,
      status: 'pending',
      statuses: ['pending'],
      errorMessage: null,
      retryCount: 0,
      resultUrl: null,
      postId: null,
      completedAt: null,
      startedAt: settings.now(),
      failedAt: null,
    };
    state.jobs.set(job.id, job);
    return started(call, job);
  },

  generationGetPending(call) {
    const { settings, envelope } = call;
    const recent = settings.now() - recentMs;
    const jobs = jobsOf(call)
      .filter((job) => isActive(job) || (job.failedAt !== null && job.failedAt >= recent))
      .sort((a, b) => b.seq - a.seq);
    return answer(envelope('jobs', jobs.map(jobView)));
  },

  generationGetMany(call) {
    const { pages, query, me } = call;
    const { entries, ...rest } = pages.byAge(`jobs/${me.id}`, jobsOf(call), query<PageQuery>());
    return answer({ jobs: entries.map(jobView), ...rest });
  },

  generationGetModels({ query, envelope }) {
    const { provider, type } = query<{ provider: ProviderName; type: GenerationType }>();
    const offered = offeredModels(provider, type).map((model, index) => ({
      ...model,
      isDefault: index === 0,
    }));
    return answer(envelope('models', offered));
  },

  generationGetVoices({ envelope }) {
    return answer(envelope('voices', voices));
  },

  generationRetry(call) {
    const { state, settings, params, me } = call;
    const job = state.jobs.get(params.jobId);
    if (!job) throw notFound('Generation job', params.jobId);
    if (job.agentId !== me.id) throw forbidden('You can only retry your own generation jobs');
    advance(call, job);
    if (job.status !== 'failed') {
      throw conflict('not_failed', `Only failed jobs can be retried; this one is ${job.status}`);
    }
    if (job.retryCount >= maxRetries) {
      throw conflict('retry_limit', 'The job was retried 3 times: create a new generation instead');
    }
    checkReadiness(call, job.provider);
    Object.assign(job, {
      errorMessage: null,
      retryCount: job.retryCount + 1,
      startedAt: settings.now(),
      failedAt: null,
    });
    enter(job, 'pending');
    return started(call, job);
  },
};

/** @throws ApiError 400 when the provider does not offer the type */
function offeredModels(provider: ProviderName, type: GenerationType) {
  const offered = models[provider][type];
  if (!offered) throw invalid(`type: ${provider} does not generate ${type}`);
  return offered;
}

/** @throws ApiError 400 when the provider is not connected and active, 409 when three jobs are under way */
function checkReadiness(call: Call, provider: ProviderName): void {
  const connected = connectedProvider(call.state, call.me.id, provider);
  if (!connected) {
    throw new ApiError(400, 'provider_not_connected', `Connect ${provider} before generating`);
  }
  if (!connected.isActive) {
    throw new ApiError(400, 'provider_inactive', `${provider} is switched off`);
  }
  if (jobsOf(call).filter(isActive).length >= maxActive) {
    throw conflict('too_many_jobs', `At most ${maxActive} generation jobs at a time`);
  }
}

// Its members stand at the top in both dialects. reference: "Returns HTTP 202 with `jobId` and `status`"
function started(call: Call, job: Job): Result {
  watch(call, job);
  return answer({ jobId: job.id, status: 'pending' });
}

/** The caller's jobs as they stand now. */
function jobsOf(call: Call): Job[] {
  const own = [...call.state.jobs.values()].filter(({ agentId }) => agentId === call.me.id);
  for (const job of own) advance(call, job);
  return own;
}

const isActive = ({ status }: Job): boolean => status !== 'completed' && status !== 'failed';

/** Advances a job without anybody asking for it: its post appears when its time has come. */
function watch(world: World, job: Job): void {
  const { generationStepMs: step, now } = world.settings;
  const attempt = job.retryCount;
  const ageMs = now() - job.startedAt;
  const nextMs = Math.min(step * (flow.indexOf(stepOf(job)) + 1), lifetimeMs + 1);
  world.later(Math.max(1, nextMs - ageMs), () => {
    if (job.retryCount !== attempt) return;
    advance(world, job);
    if (isActive(job)) watch(world, job);
  });
}

/** Takes every step of the flow for which the time has come. */
function advance(world: World, job: Job): void {
  const { generationStepMs: step, now } = world.settings;
  const ageMs = now() - job.startedAt;
  while (isActive(job)) {
    const index = flow.indexOf(stepOf(job)) + 1;
    const dueMs = step * index;
    if (dueMs > lifetimeMs) {
      if (ageMs > lifetimeMs) fail(job, 'The generation took longer than 5 minutes', now());
      return;
    }
    if (ageMs < dueMs) return;
    const problem = flow[index] === 'uploading' ? failureOf(world.state, job) : undefined;
    if (problem !== undefined) fail(job, problem, now());
    else if (flow[index] === 'completed') complete(world, job);
    else enter(job, flow[index]);
  }
}

/** The step of the flow that a job which has not failed is at. */
function stepOf({ status }: Job): (typeof flow)[number] {
  if (status === 'failed') throw new Error('A failed job is at no step');
  return status;
}

function enter(job: Job, status: JobStatus): void {
  job.status = status;
  job.statuses.push(status);
}

function fail(job: Job, errorMessage: string, now: number): void {
  enter(job, 'failed');
  Object.assign(job, { errorMessage, failedAt: now });
}

/** Why the provider fails, if it does. */
function failureOf(state: State, job: Job): string | undefined {
  const connected = connectedProvider(state, job.agentId, job.provider);
  if (!connected) return `${job.provider} was disconnected`;
  const problem = keyProblem(connected);
  if (problem !== undefined) return problem;
  const voice = job.params.voice_id;
  if (voice !== undefined && !voices.some(({ voice_id: id }) => id === voice)) {
    return `There is no voice ${JSON.stringify(voice)}`;
  }
  const ordered = /\[fail(?: (\d+))?\]/.exec(job.prompt);
  if (!ordered) return undefined;
  const times = ordered[1] === undefined ? Infinity : Number(ordered[1]);
  return job.retryCount < times ? `${job.provider} could not generate this` : undefined;
}

/** reference: "a post is automatically created when generation succeeds" */
function complete(world: World, job: Job): void {
  const { state, settings, events } = world;
  const me = state.agents.get(job.agentId);
  if (!me) throw new Error(`No agent ${job.agentId}`);
  const media = addResult(world, job, me);
  const { postType } = results[job.type];
  const post = addPost(
    { state, events, me },
    {
      content: job.postContent,
      mediaType: postType,
      mediaIds: [media.id],
      mediaUrls: [media.url],
    },
  );
  enter(job, 'completed');
  Object.assign(job, {
    resultUrl: media.url,
    postId: post.id,
    completedAt: new Date(settings.now()).toISOString(),
  });
}

/** The result, among the agent's media. */
function addResult({ state, settings, url }: World, job: Job, me: Agent): Media {
  const { type, contentType, extension } = results[job.type];
  const entry = state.entry('media');
  const filename = `${entry.id}.${extension}`;
  const pathname = `generated/${filename}`;
  const content = sample(extension);
  const file = { filename, contentType, size: content.length, content };
  const media: Media = {
    ...entry,
    agentId: me.id,
    type,
    purpose: 'post',
    folder: 'generated',
    url: url + filePath(pathname),
    pathname,
    contentType,
    size: file.size,
    sha256: createHash('sha256').update(content).digest('hex'),
    filename,
    readyAt: settings.now(),
  };
  state.media.set(media.id, media);
  state.files.keep(filePath(pathname), file);
  return media;
}

function jobView(job: Job): object {
  return {
    id: job.id,
    postId: job.postId,
    provider: job.provider,
    type: job.type,
    prompt: job.prompt,
    model: job.model,
    status: job.status,
    errorMessage: job.errorMessage,
    retryCount: job.retryCount,
    resultUrl: job.resultUrl,
    createdAt: job.createdAt,
    completedAt: job.completedAt,
    postContent: job.postContent,
  };
}
