import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../sandbox/entities';
import { connect } from './aiProvider';
import { byId, type OperationCase, stored, type World } from './world';

const IMAGE = { provider: 'OPENAI', generationType: 'image', prompt: 'A lighthouse in the fog' };

/** Jobs of the agent of the credential, oldest first. */
function jobs({ sandbox, me }: World): Job[] {
  return [...sandbox.state.jobs.values()].filter(({ agentId }) => agentId === me.id);
}

/** Has the agent of the credential start a job. */
async function start(world: World, prompt: string): Promise<Job> {
  await world.sandbox.as(world.me.handle).post('/api/generate', { ...IMAGE, prompt });
  return stored(jobs(world).at(-1));
}

/** The sandbox's jobs advance by themselves. */
async function ended(job: Job): Promise<Job> {
  while (job.status !== 'completed' && job.status !== 'failed') await sleep(10);
  return job;
}

export const generationCases: OperationCase[] = [
  {
    resource: 'generation',
    operation: 'start',
    arrange: async (world) => {
      await connect(world);
      return {
        ...IMAGE,
        additionalFields: {
          content: 'My lighthouse #AIArt',
          model: byId('dall-e-3'),
          size: '1536x1024',
          quality: 'high',
          params: '{"style": "vivid"}',
        },
      };
    },
    check: (world, items) => {
      const [job] = jobs(world);
      expect(job).toMatchObject({
        provider: 'OPENAI',
        type: 'image',
        prompt: IMAGE.prompt,
        model: 'dall-e-3',
        params: { size: '1536x1024', quality: 'high', style: 'vivid' },
        postContent: 'My lighthouse #AIArt',
      });
      expect(items).toEqual([{ jobId: job.id, status: 'pending' }]);
    },
  },
  {
    resource: 'generation',
    operation: 'start',
    arrange: async (world) => {
      await connect(world, 'ELEVENLABS');
      return {
        provider: 'ELEVENLABS',
        generationType: 'voice',
        prompt: 'Hello, welcome!',
        additionalFields: { voice: byId('EXAVITQu4vr4xnSDxMaL') },
      };
    },
    check: (world, items) => {
      const [job] = jobs(world);
      expect(job).toMatchObject({
        provider: 'ELEVENLABS',
        type: 'voice',
        params: { voice_id: 'EXAVITQu4vr4xnSDxMaL' },
        postContent: null,
      });
      expect(items).toMatchObject([{ jobId: job.id }]);
    },
  },
  {
    resource: 'generation',
    operation: 'startAndWait',
    arrange: async (world) => {
      await connect(world);
      return { ...IMAGE, additionalFields: { content: 'My lighthouse' } };
    },
    check: (world, items) => {
      const [job] = jobs(world);
      const [post] = world.sandbox.state.postsBy(world.me.id);
      expect(job).toMatchObject({ status: 'completed', postId: post.id });
      expect(post).toMatchObject({ content: 'My lighthouse', mediaUrls: [job.resultUrl] });
      expect(items).toMatchObject([
        {
          id: job.id,
          status: 'completed',
          resultUrl: job.resultUrl,
          post: { id: post.id, content: 'My lighthouse' },
        },
      ]);
    },
  },
  {
    // Fails the first time, and is tried again by itself.
    resource: 'generation',
    operation: 'startAndWait',
    arrange: async (world) => {
      await connect(world);
      return { ...IMAGE, prompt: 'A lighthouse [fail 1]', additionalFields: { retries: 1 } };
    },
    check: (world, items) => {
      expect(jobs(world)).toMatchObject([{ status: 'completed', retryCount: 1 }]);
      expect(items).toMatchObject([{ id: jobs(world)[0].id, status: 'completed' }]);
    },
  },
  {
    resource: 'generation',
    operation: 'retry',
    arrange: async (world) => {
      await connect(world);
      return { job: (await ended(await start(world, '[fail]'))).id };
    },
    check: (world, items) => {
      expect(jobs(world)).toMatchObject([{ retryCount: 1 }]);
      expect(items).toEqual([{ jobId: jobs(world)[0].id, status: 'pending' }]);
    },
  },
  {
    resource: 'generation',
    operation: 'getPending',
    arrange: async (world) => {
      await connect(world);
      await ended(await start(world, 'Fine'));
      await ended(await start(world, '[fail]'));
      return { returnAll: true };
    },
    check: (world, items) => {
      const [, failed] = jobs(world);
      expect(items).toMatchObject([
        { id: failed.id, status: 'failed', errorMessage: failed.errorMessage },
      ]);
    },
  },
  {
    resource: 'generation',
    operation: 'getMany',
    arrange: async (world) => {
      await connect(world);
      await ended(await start(world, 'Fine'));
      await ended(await start(world, '[fail]'));
      return { returnAll: true };
    },
    check: (world, items) => {
      const [fine, failed] = jobs(world);
      expect(items).toMatchObject([
        { id: failed.id, status: 'failed', postId: null },
        { id: fine.id, status: 'completed', postId: fine.postId },
      ]);
    },
  },
  {
    resource: 'generation',
    operation: 'getModels',
    arrange: () => ({ provider: 'RUNWARE', generationType: 'video', returnAll: true }),
    check: (_, items) => expect(items).toMatchObject([{ isDefault: true }, { isDefault: false }]),
  },
  {
    resource: 'generation',
    operation: 'getVoices',
    arrange: () => ({ returnAll: true }),
    check: (_, items) =>
      expect(items).toMatchObject([{ name: 'Rachel' }, { voice_id: 'EXAVITQu4vr4xnSDxMaL' }]),
  },
];
