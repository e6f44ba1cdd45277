import type { SandboxOptions } from './server';
import { anyText, type Body, join, send, useSandboxes } from './testing';
import { bob, imageJob, minuteMs, providersPath, stepMs, useGeneration } from './useGeneration';

const { sandbox, now, pass, ask, connect, start, retry, pending, history } = useGeneration();

describe('failed generation jobs', () => {
  const started = async (fields: object = {}) => (await start(fields)).body.jobId;
  beforeEach(async () => {
    await connect('OPENAI');
  });

  it('fails a job whose prompt asks for it, and says why', async () => {
    const id = await started({ prompt: 'A [fail] please' });
    pass(3 * stepMs);
    expect(await pending()).toMatchObject([
      { id, status: 'failed', errorMessage: 'OPENAI could not generate this', postId: null },
    ]);
    expect(sandbox.state.jobs.get(id)?.statuses).toEqual(['pending', 'generating', 'failed']);
    expect([...sandbox.state.posts.values()]).toEqual([]);
    pass(25 * 60 * minuteMs);
    expect(await pending()).toEqual([]);
    expect(await history()).toMatchObject([{ id, status: 'failed' }]);
  });

  it.each([
    ['the key is bad', async () => await connect('OPENAI', 'invalid-key'), 'Invalid API key'],
    [
      'the provider is gone',
      async () => await ask('DELETE', `${providersPath}/OPENAI`),
      'OPENAI was disconnected',
    ],
  ])('fails a job when %s', async (_, before, errorMessage) => {
    await start();
    await before();
    pass(2 * stepMs);
    expect(await pending()).toMatchObject([{ status: 'failed', errorMessage }]);
  });

  it('fails a job with an unknown voice', async () => {
    await connect('ELEVENLABS');
    const voice = { provider: 'ELEVENLABS', generationType: 'voice' };
    await start({ ...voice, params: { voice_id: 'EXAVITQu4vr4xnSDxMaL' } });
    await start({ ...voice, params: { voice_id: 'nobody' } });
    pass(3 * stepMs);
    expect(await history()).toMatchObject([{ status: 'failed' }, { status: 'completed' }]);
  });

  it('retries a failed job up to three times', async () => {
    const id = await started({ prompt: '[fail]' });
    expect(await retry(id)).toMatchObject({ status: 409, body: { error: 'not_failed' } });
    for (let retries = 1; retries <= 3; retries++) {
      pass(3 * stepMs);
      const { status, body } = await retry(id);
      expect([status, body]).toEqual([202, { jobId: id, status: 'pending', retryCount: retries }]);
      expect(await pending()).toMatchObject([
        { id, status: 'pending', errorMessage: null, retryCount: retries },
      ]);
    }
    pass(3 * stepMs);
    expect(await retry(id)).toMatchObject({ status: 409, body: { error: 'retry_limit' } });
    expect(sandbox.state.jobs.get(id)).toMatchObject({ status: 'failed', retryCount: 3 });
  });

  it('retries a job only for its agent, with an active provider and fewer than three jobs under way', async () => {
    const id = await started({ prompt: '[fail 1]' });
    pass(3 * stepMs);
    expect((await retry(id, bob)).status).toBe(403);
    expect((await retry('job_0')).status).toBe(404);
    await ask('PATCH', `${providersPath}/OPENAI`, { isActive: false });
    expect((await retry(id)).body.error).toBe('provider_inactive');
    await ask('PATCH', `${providersPath}/OPENAI`, { isActive: true });
    for (let job = 0; job < 3; job++) await start();
    expect((await retry(id)).body.error).toBe('too_many_jobs');
    pass(3 * stepMs);
    expect((await retry(id)).status).toBe(202);
    pass(3 * stepMs);
    expect(sandbox.state.jobs.get(id)?.retryCount).toBe(1);
    expect((await history()).map(({ status }) => status)).toEqual(Array(4).fill('completed'));
    expect((await retry(id)).body.error).toBe('not_failed');
  });
});

describe('generation jobs of an instance with other options', () => {
  const openSandbox = useSandboxes();
  const open = async (options: SandboxOptions) => {
    const other = await openSandbox(options);
    join(other, 'ada_bot');
    const client = other.as('ada_bot');
    await client.post(providersPath, { provider: 'OPENAI', apiKey: 'sk-proj-1234567890' });
    await client.post('/api/generate', imageJob);
    return { other, client, job: [...other.state.jobs.values()][0] };
  };

  it('fails a job that takes longer than five minutes from its last start', async () => {
    const { client, job } = await open({ generationStepMs: 2 * minuteMs, now });
    const jobs = async () => ((await client.get('/api/generate/pending')) as Body).jobs;
    pass(5 * minuteMs);
    expect(await jobs()).toMatchObject([{ status: 'uploading' }]);
    pass(1);
    const errorMessage = 'The generation took longer than 5 minutes';
    expect(await jobs()).toMatchObject([{ status: 'failed', errorMessage }]);
    await client.post(`/api/generate/${job.id}/retry`);
    pass(4 * minuteMs);
    expect(await jobs()).toMatchObject([{ status: 'uploading', retryCount: 1 }]);
  });

  it('keeps a job that never advances pending for five minutes', async () => {
    const { client, job } = await open({ generationStepMs: Infinity, now });
    pass(5 * minuteMs);
    await client.get('/api/generate/pending');
    expect(job.statuses).toEqual(['pending']);
    pass(1);
    await client.get('/api/generate/pending');
    expect(job.statuses).toEqual(['pending', 'failed']);
  });

  it.each([
    [{}, 409, '30'],
    [{ status: 400 }, 400, '30'],
    [{ status: 403 }, 403, '30'],
    [{ status: 429 }, 429, '30'],
    [{ status: 429, headers: 'jobs' }, 429, '3'],
    [{ status: 429, headers: 'none' }, 429, undefined],
  ] as const)('refuses a fourth job with %j', async (jobLimit, status, limit) => {
    const { other } = await open({ generationStepMs: Infinity, jobLimit });
    const { accessToken: token } = other.issueToken('ada_bot');
    const start = async () => await send(other, 'POST', '/api/generate', { token, body: imageJob });
    await start();
    await start();
    const refused = await start();
    expect(refused).toMatchObject({ status, body: { error: 'too_many_jobs' } });
    expect(refused.headers['x-ratelimit-limit']).toBe(limit);
    expect(refused.headers).not.toHaveProperty('retry-after');
  });

  it('publishes the post of a job without any request for it', async () => {
    const { other, job } = await open({ generationStepMs: 5 });
    while (other.state.posts.size === 0) await new Promise((next) => setTimeout(next, 5));
    expect(job.statuses).toEqual(['pending', 'generating', 'uploading', 'completed']);
    expect(other.state.posts.has(job.postId ?? '')).toBe(true);
  });

  it('answers every call of generation with bare objects where the instance has no envelopes', async () => {
    const { client, job } = await open({ envelope: 'bare', generationStepMs: Infinity });
    expect(await client.get('/api/generate/pending')).toMatchObject([{ id: job.id }]);
    expect(await client.get('/api/generate/models?provider=OPENAI&type=image')).toHaveLength(2);
    expect(await client.get('/api/generate/voices')).toHaveLength(2);
    const again = { provider: 'OPENAI', prompt: 'Again', generationType: 'image' };
    expect(await client.post('/api/generate', again)).toEqual({
      jobId: anyText,
      status: 'pending',
    });
    expect(await client.patch(`${providersPath}/OPENAI`, { isActive: false })).toMatchObject({
      provider: 'OPENAI',
    });
  });
});
