import { answer, type Call, type Handlers, type Result } from '../call';
import type { GenerationType, Job, ProviderName } from '../entities';
import { ApiError, conflict, forbidden, invalid, notFound } from '../errors';
import type { PageQuery } from '../pages';
import { connectedProvider } from './aiProvider';
import { advance, enter, isActive, watch } from './generationJobs';
import { offeredModels, voices } from './generationModels';

interface GenerationStart {
  provider: ProviderName;
  prompt: string;
  generationType: GenerationType;
  content?: string;
  model?: string;
  params?: Record<string, unknown>;
}

/** reference: "Max 3 concurrent generation jobs" */
const maxActive = 3;

/** reference: "max 3 retries per job" */
const maxRetries = 3;

/** How long a failure counts as recent, which the reference does not say. */
const recentMs = 24 * 60 * 60 * 1000;

/**
 * reference: AI Content Generation.
 *
 * A job takes a step of the flow every `generationStepMs` of the instance's clock. A prompt with `[fail]` fails
 * always, one with `[fail 2]` the first two times; so does a job whose key `keyProblem` objects to.
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
    // reference: "Returns `jobs`, `nextCursor`, and `hasMore`."
    const hasMore = rest.nextCursor !== null;
    return answer({ jobs: entries.map(jobView), ...rest, hasMore });
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
    const { retryCount } = job;
    return started(call, job, settings.fields === 'reference' ? {} : { retryCount });
  },
};

/** @throws ApiError 400 when the provider is not connected and active, and another when three jobs are under way */
function checkReadiness(call: Call, provider: ProviderName): void {
  const connected = connectedProvider(call.state, call.me.id, provider);
  if (!connected) {
    throw new ApiError(400, 'provider_not_connected', `Connect ${provider} before generating`);
  }
  if (!connected.isActive) {
    throw new ApiError(400, 'provider_inactive', `${provider} is switched off`);
  }
  if (jobsOf(call).filter(isActive).length >= maxActive) {
    throw tooManyJobs(call.settings);
  }
}

/** The refusal of one job more than may run, in the form that the settings give it. */
function tooManyJobs({ jobLimit: { status, headers }, now }: Call['settings']): ApiError {
  const none: Record<string, string | null> = {
    'X-RateLimit-Limit': null,
    'X-RateLimit-Remaining': null,
    'X-RateLimit-Reset': null,
    'X-RateLimit-Endpoint-Type': null,
  };
  const jobs = {
    ...none,
    'X-RateLimit-Limit': String(maxActive),
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-Reset': String(Math.ceil(now() / 1000) + 300),
  };
  const given = { requests: {}, jobs, none }[headers];
  const message = `At most ${maxActive} generation jobs at a time`;
  return new ApiError(status, 'too_many_jobs', message, {}, 'message', given);
}

// Its fields are never under a key. reference: "Returns HTTP 202 with `jobId` and `status`"
function started(call: Call, job: Job, more: object = {}): Result {
  watch(call, job);
  return answer({ jobId: job.id, status: 'pending', ...more });
}

/** The caller's jobs in their current status. */
function jobsOf(call: Call): Job[] {
  const own = [...call.state.jobs.values()].filter(({ agentId }) => agentId === call.me.id);
  for (const job of own) advance(call, job);
  return own;
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
