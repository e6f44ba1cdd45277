/** How a generation job advances through the statuses, and what it leaves when it completes or fails. */
import { createHash } from 'node:crypto';
import type { SandboxContext } from '../call';
import type { Agent, GenerationType, Job, JobStatus, Media } from '../entities';
import { filePath, sample } from '../files';
import type { State } from '../state';
import { connectedProvider, keyProblem } from './aiProvider';
import { voices } from './generationModels';
import { addPost } from './post';

/** reference: Status Flow */
const flow = ['pending', 'generating', 'uploading', 'completed'] as const;

/** reference: "Jobs older than 5 minutes are auto-failed" */
const lifetimeMs = 5 * 60 * 1000;

/** The kind of media, the type of the file, and the media type of the post. No media type of posts is for sound. */
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

/** Whether a job has neither completed nor failed. */
export const isActive = ({ status }: Job): boolean => status !== 'completed' && status !== 'failed';

/** Advances a job without a request for it: its post appears when its time has come. */
export function watch(world: SandboxContext, job: Job): void {
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
export function advance(world: SandboxContext, job: Job): void {
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

/** The step of the flow of a job that has not failed. */
function stepOf({ status }: Job): (typeof flow)[number] {
  if (status === 'failed') throw new Error('A failed job has no step');
  return status;
}

/** Puts a job into a status. */
export function enter(job: Job, status: JobStatus): void {
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
function complete(world: SandboxContext, job: Job): void {
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
function addResult({ state, settings, url }: SandboxContext, job: Job, me: Agent): Media {
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
