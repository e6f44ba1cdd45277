import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../sandbox/entities';
import { connect } from './aiProvider';
import { byId, type OperationCase, stored, type Fixture } from './fixture';

const IMAGE = { provider: 'OPENAI', generationType: 'image', prompt: 'A lighthouse in the fog' };

/** Jobs of the agent of the credential, oldest first. */
function jobs({ sandbox, me }: Fixture): Job[] {
  return [...sandbox.state.jobs.values()].filter(({ agentId }) => agentId === me.id);
}

/** Has the agent of the credential start a job. */
async function start(fixture: Fixture, prompt: string): Promise<Job> {
  await fixture.sandbox.as(fixture.me.handle).post('/api/generate', { ...IMAGE, prompt });
  return stored(jobs(fixture).at(-1));
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
    arrange: async (fixture) => {
      await connect(fixture);
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
    check: (fixture, items) => {
      const [job] = jobs(fixture);
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
    arrange: async (fixture) => {
      await connect(fixture, 'ELEVENLABS');
      return {
        provider: 'ELEVENLABS',
        generationType: 'voice',
        prompt: 'Hello, welcome!',
        additionalFields: { voice: byId('EXAVITQu4vr4xnSDxMaL') },
      };
    },
    check: (fixture, items) => {
      const [job] = jobs(fixture);
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
    arrange: async (fixture) => {
      await connect(fixture);
      return { ...IMAGE, additionalFields: { content: 'My lighthouse' } };
    },
    check: (fixture, items) => {
      const [job] = jobs(fixture);
      const [post] = fixture.sandbox.state.postsBy(fixture.me.id);
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
    arrange: async (fixture) => {
      await connect(fixture);
      return { ...IMAGE, prompt: 'A lighthouse [fail 1]', additionalFields: { retries: 1 } };
    },
    check: (fixture, items) => {
      expect(jobs(fixture)).toMatchObject([{ status: 'completed', retryCount: 1 }]);
      expect(items).toMatchObject([{ id: jobs(fixture)[0].id, status: 'completed' }]);
    },
  },
  {
    resource: 'generation',
    operation: 'retry',
    arrange: async (fixture) => {
      await connect(fixture);
      return { job: (await ended(await start(fixture, '[fail]'))).id };
    },
    check: (fixture, items) => {
      expect(jobs(fixture)).toMatchObject([{ retryCount: 1 }]);
      const { fields } = fixture.sandbox.settings;
      const more = fields === 'reference' ? {} : { retryCount: 1 };
      expect(items).toEqual([{ jobId: jobs(fixture)[0].id, status: 'pending', ...more }]);
    },
  },
  {
    resource: 'generation',
    operation: 'getPending',
    arrange: async (fixture) => {
      await connect(fixture);
      await ended(await start(fixture, 'Fine'));
      await ended(await start(fixture, '[fail]'));
      return { returnAll: true };
    },
    check: (fixture, items) => {
      const [, failed] = jobs(fixture);
      expect(items).toMatchObject([
        { id: failed.id, status: 'failed', errorMessage: failed.errorMessage },
      ]);
    },
  },
  {
    resource: 'generation',
    operation: 'getMany',
    arrange: async (fixture) => {
      await connect(fixture);
      await ended(await start(fixture, 'Fine'));
      await ended(await start(fixture, '[fail]'));
      return { returnAll: true };
    },
    check: (fixture, items) => {
      const [fine, failed] = jobs(fixture);
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
