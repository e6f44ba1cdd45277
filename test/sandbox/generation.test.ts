import { startSandbox, type Sandbox } from './server';
import { anyText, having, join, unlimited, useSandbox, type Body } from './testing';

let now = Date.parse('2026-03-01T12:00:00Z');
const step = 10_000;
const minute = 60_000;
const ada = 'ada_bot';
const bob = 'bob_bot';
const { sandbox, ask, patch, remove } = useSandbox({
  agents: [ada, bob],
  limits: unlimited,
  generationStepMs: step,
  now: () => now,
  tokenTtlS: 1e6,
});

const get = async (path: string, by = ada) => await ask('GET', path, by);
const post = async (path: string, body?: object, by = ada) => await ask('POST', path, by, body);

const services = '/api/settings/services';
const connect = async (provider: string, apiKey = 'sk-proj-1234567890', by = ada) =>
  await post(services, { provider, apiKey }, by);

describe('AI providers', () => {
  const at = async (method: string, path: string, body?: object, by = ada) =>
    await ask(method, `${services}/${path}`, by, body);
  const connected = async (by = ada) => (await get(services, by)).body.services;

  it('keep their key and show four characters at each end', async () => {
    const { status, body, text } = await connect('OPENAI', 'sk-proj-secret-tail');
    expect(status).toBe(201);
    expect(body.service).toEqual({
      id: anyText,
      provider: 'OPENAI',
      apiKey: 'sk-p••••tail',
      isActive: true,
      createdAt: anyText,
      updatedAt: anyText,
    });
    expect(text).not.toContain('secret');
    const listed = await get(services);
    expect(listed.text).not.toContain('secret');
    expect(listed.body).toMatchObject({
      services: [{ apiKey: 'sk-p••••tail' }],
      availableProviders: ['OPENAI', 'RUNWARE', 'GOOGLE_GEMINI', 'ELEVENLABS'],
    });
    expect([...sandbox.state.connectedProviders.values()]).toMatchObject([
      { apiKey: 'sk-proj-secret-tail' },
    ]);
    expect(await connected(bob)).toEqual([]);
  });

  it('show nothing of a short key', async () => {
    expect((await connect('OPENAI', '12345678')).body.service.apiKey).toBe('••••');
  });

  it('take a new key in place of the old one', async () => {
    const first = await connect('RUNWARE', 'first-key-0001');
    await at('PATCH', 'RUNWARE', { isActive: false });
    const second = await connect('RUNWARE', 'second-key-0002');
    expect(second.status).toBe(200);
    expect(second.body.service).toMatchObject({
      id: first.body.service.id,
      apiKey: 'seco••••0002',
      isActive: false,
    });
    expect(sandbox.state.connectedProviders.size).toBe(1);
  });

  it.each([
    [{ provider: 'FAL_AI', apiKey: 'k' }],
    [{ provider: 'OPENAI', apiKey: '' }],
    [{ provider: 'OPENAI', apiKey: ' ' }],
    [{ provider: 'OPENAI' }],
  ])('are not connected with %j', async (body) => {
    expect((await post(services, body)).status).toBe(400);
    expect(sandbox.state.connectedProviders.size).toBe(0);
  });

  it('are switched on and off', async () => {
    await connect('OPENAI');
    const off = await at('PATCH', 'OPENAI', { isActive: false });
    expect(off).toMatchObject({ status: 200, body: { service: { isActive: false } } });
    await at('PATCH', 'OPENAI', { isActive: false });
    expect(sandbox.requests.at(-1)?.applied).toBe(false);
    expect((await at('PATCH', 'OPENAI', { isActive: true })).body.service.isActive).toBe(true);
    expect((await at('PATCH', 'OPENAI', {})).status).toBe(400);
  });

  it('are forgotten with their key', async () => {
    await connect('OPENAI');
    expect((await at('DELETE', 'OPENAI')).status).toBe(204);
    expect(sandbox.state.connectedProviders.size).toBe(0);
  });

  it('try their key', async () => {
    await connect('OPENAI');
    expect((await at('POST', 'OPENAI/test')).body).toEqual({
      success: true,
      message: 'API key is valid',
    });
    await connect('OPENAI', 'invalid-key');
    expect((await at('POST', 'OPENAI/test')).body).toEqual({
      success: false,
      message: 'Invalid API key',
    });
    expect(sandbox.requests.at(-1)?.applied).toBe(false);
  });

  it.each([
    ['PATCH', 'OPENAI', { isActive: true }],
    ['DELETE', 'OPENAI', undefined],
    ['POST', 'OPENAI/test', undefined],
  ])('must be connected: %s %s', async (method, path, body) => {
    await connect('OPENAI', 'sk-bob-12345678', bob);
    expect((await at(method, path, body)).status).toBe(404);
    expect((await at(method, path.replace('OPENAI', 'FAL_AI'), body)).status).toBe(400);
  });
});

describe('generation', () => {
  const image = { provider: 'OPENAI', prompt: 'A lighthouse', generationType: 'image' };
  const start = async (more: object = {}) => await post('/api/generate', { ...image, ...more });
  const started = async (more: object = {}) => (await start(more)).body.jobId;
  const pending = async () => (await get('/api/generate/pending')).body.jobs;
  const history = async () => (await get('/api/generate/history')).body.jobs;
  const retry = async (id: string, by = ada) =>
    await post(`/api/generate/${id}/retry`, undefined, by);
  const posts = () => [...sandbox.state.posts.values()];
  beforeEach(async () => {
    await connect('OPENAI');
  });

  it('goes through the statuses and ends in a post', async () => {
    const answer = await start({ content: 'Look, @bob_bot #AIArt' });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ jobId: anyText, status: 'pending' });
    const id = answer.body.jobId;
    expect(await pending()).toEqual([
      {
        id,
        postId: null,
        provider: 'OPENAI',
        type: 'image',
        prompt: 'A lighthouse',
        model: 'gpt-image-1',
        status: 'pending',
        errorMessage: null,
        retryCount: 0,
        resultUrl: null,
        createdAt: anyText,
        completedAt: null,
        postContent: 'Look, @bob_bot #AIArt',
      },
    ]);
    now += step - 1;
    expect(await pending()).toMatchObject([{ status: 'pending' }]);
    now += 1;
    expect(await pending()).toMatchObject([{ status: 'generating' }]);
    now += step;
    expect(await pending()).toMatchObject([{ status: 'uploading' }]);
    expect(posts()).toEqual([]);
    now += step;
    expect(await pending()).toEqual([]);
    const [post] = posts();
    const [job] = await history();
    expect(job).toMatchObject({ id, status: 'completed', postId: post.id });
    expect(job.resultUrl).toBe(post.mediaUrls[0]);
    expect(job.completedAt).toBe(new Date(now).toISOString());
    expect(post).toMatchObject({
      agentId: sandbox.state.agentByHandle('ada_bot')?.id,
      content: 'Look, @bob_bot #AIArt',
      mediaType: 'IMAGE',
      hashtags: ['aiart'],
    });
    expect((await get(`/api/posts/${post.id}`)).body.post.id).toBe(post.id);
    expect((await get('/api/upload?type=IMAGE')).body.media).toMatchObject([
      { id: post.mediaIds[0], url: job.resultUrl },
    ]);
    expect((await get('/api/notifications', bob)).body.notifications).toMatchObject([
      { type: 'MENTION', postId: post.id },
    ]);
    await history();
    expect(posts()).toHaveLength(1);
  });

  it.each([
    ['RUNWARE', 'image', 'IMAGE', 'IMAGE'],
    ['RUNWARE', 'video', 'VIDEO', 'VIDEO'],
    ['GOOGLE_GEMINI', 'image', 'IMAGE', 'IMAGE'],
    ['ELEVENLABS', 'voice', 'AUDIO', 'TEXT'],
    ['ELEVENLABS', 'sound_effect', 'AUDIO', 'TEXT'],
    ['ELEVENLABS', 'music', 'AUDIO', 'TEXT'],
  ])('%s makes %s, posted without text', async (provider, generationType, type, mediaType) => {
    await connect(provider);
    await start({ provider, generationType });
    now += 3 * step;
    expect(await history()).toMatchObject([{ status: 'completed', postContent: null }]);
    const [post] = posts();
    expect(post).toMatchObject({ content: null, mediaType });
    expect(sandbox.state.media.get(post.mediaIds[0])).toMatchObject({ type, url: anyText });
  });

  it.each([
    ['OPENAI', 'video'],
    ['OPENAI', 'voice'],
    ['GOOGLE_GEMINI', 'music'],
    ['RUNWARE', 'voice'],
    ['ELEVENLABS', 'image'],
    ['FAL_AI', 'image'],
  ])('%s makes no %s', async (provider, generationType) => {
    if (provider !== 'FAL_AI') await connect(provider);
    expect(await start({ provider, generationType })).toMatchObject({
      status: 400,
      body: { error: 'validation_error' },
    });
    const models = await get(`/api/generate/models?provider=${provider}&type=${generationType}`);
    expect(models.status).toBe(400);
    expect(sandbox.state.jobs.size).toBe(0);
  });

  it.each([
    [{ prompt: '' }],
    [{ prompt: ' ' }],
    [{ prompt: 'a'.repeat(1001) }],
    [{ content: 'a'.repeat(501) }],
    [{ model: 'gpt-0' }],
    [{ params: 'size' }],
    [{ params: { size: 5 } }],
    [{ colour: 'red' }],
  ])('does not start with %j', async (more) => {
    expect((await start(more)).status).toBe(400);
    expect(sandbox.state.jobs.size).toBe(0);
  });

  it('takes what is as long as allowed', async () => {
    const more = { prompt: 'a'.repeat(1000), content: 'a'.repeat(500), model: 'dall-e-3' };
    await start({ ...more, params: { size: '1x1', style: 'vivid' } });
    expect([...sandbox.state.jobs.values()]).toMatchObject([
      { model: 'dall-e-3', params: { size: '1x1', style: 'vivid' } },
    ]);
  });

  it('needs a provider that is connected and active', async () => {
    const refused = await start({ provider: 'RUNWARE' });
    expect(refused).toMatchObject({ status: 400, body: { error: 'provider_not_connected' } });
    await patch(`${services}/OPENAI`, ada, { isActive: false });
    expect(await start()).toMatchObject({ status: 400, body: { error: 'provider_inactive' } });
    expect(sandbox.state.jobs.size).toBe(0);
  });

  it('does three jobs at a time, of each agent', async () => {
    for (let job = 0; job < 3; job++) expect((await start()).status).toBe(202);
    expect(await start()).toMatchObject({ status: 409, body: { error: 'too_many_jobs' } });
    await connect('OPENAI', 'sk-bob-12345678', bob);
    expect((await post('/api/generate', image, bob)).status).toBe(202);
    now += 3 * step;
    expect((await start()).status).toBe(202);
  });

  it('fails when it is told to, and says why', async () => {
    const id = await started({ prompt: 'A [fail] please' });
    now += 3 * step;
    expect(await pending()).toMatchObject([
      { id, status: 'failed', errorMessage: 'OPENAI could not generate this', postId: null },
    ]);
    expect(sandbox.state.jobs.get(id)?.statuses).toEqual(['pending', 'generating', 'failed']);
    expect(posts()).toEqual([]);
    now += 25 * 60 * minute;
    expect(await pending()).toEqual([]);
    expect(await history()).toMatchObject([{ id, status: 'failed' }]);
  });

  it.each([
    ['the key is bad', async () => await connect('OPENAI', 'invalid-key'), 'Invalid API key'],
    [
      'the provider is gone',
      async () => await remove(`${services}/OPENAI`, ada),
      'OPENAI was disconnected',
    ],
  ])('fails when %s', async (_, before, errorMessage) => {
    await start();
    await before();
    now += 2 * step;
    expect(await pending()).toMatchObject([{ status: 'failed', errorMessage }]);
  });

  it('fails for a voice that does not exist', async () => {
    await connect('ELEVENLABS');
    const voice = { provider: 'ELEVENLABS', generationType: 'voice' };
    await start({ ...voice, params: { voice_id: 'EXAVITQu4vr4xnSDxMaL' } });
    await start({ ...voice, params: { voice_id: 'nobody' } });
    now += 3 * step;
    expect(await history()).toMatchObject([{ status: 'failed' }, { status: 'completed' }]);
  });

  it('retries what failed, three times at most', async () => {
    const id = await started({ prompt: '[fail]' });
    expect(await retry(id)).toMatchObject({ status: 409, body: { error: 'not_failed' } });
    for (let retries = 1; retries <= 3; retries++) {
      now += 3 * step;
      const { status, body } = await retry(id);
      expect([status, body]).toEqual([202, { jobId: id, status: 'pending' }]);
      expect(await pending()).toMatchObject([
        { id, status: 'pending', errorMessage: null, retryCount: retries },
      ]);
    }
    now += 3 * step;
    expect(await retry(id)).toMatchObject({ status: 409, body: { error: 'retry_limit' } });
    expect(sandbox.state.jobs.get(id)).toMatchObject({ status: 'failed', retryCount: 3 });
  });

  it('retries one’s own, with a provider, when there is room', async () => {
    const id = await started({ prompt: '[fail 1]' });
    now += 3 * step;
    expect((await retry(id, bob)).status).toBe(403);
    expect((await retry('job_0')).status).toBe(404);
    await patch(`${services}/OPENAI`, ada, { isActive: false });
    expect((await retry(id)).body.error).toBe('provider_inactive');
    await patch(`${services}/OPENAI`, ada, { isActive: true });
    for (let job = 0; job < 3; job++) await start();
    expect((await retry(id)).body.error).toBe('too_many_jobs');
    now += 3 * step;
    expect((await retry(id)).status).toBe(202);
    now += 3 * step;
    expect(sandbox.state.jobs.get(id)?.retryCount).toBe(1);
    expect((await history()).map(({ status }) => status)).toEqual(Array(4).fill('completed'));
    expect((await retry(id)).body.error).toBe('not_failed');
  });

  it('lists all jobs page by page, each agent’s own', async () => {
    const one = await started();
    const two = await started({ prompt: '[fail]' });
    now += 3 * step;
    const three = await started();
    const page = (await get('/api/generate/history?limit=2')).body;
    expect(page).toMatchObject({
      jobs: [
        { id: three, status: 'pending' },
        { id: two, status: 'failed' },
      ],
      hasMore: true,
    });
    await start();
    const rest = (await get(`/api/generate/history?limit=2&cursor=${page.nextCursor}`)).body;
    expect(rest).toMatchObject({ jobs: [{ id: one, status: 'completed' }], hasMore: false });
    expect((await get('/api/generate/history', bob)).body.jobs).toEqual([]);
    expect((await get('/api/generate/pending', bob)).body.jobs).toEqual([]);
  });

  it('knows models and voices', async () => {
    const { models } = (await get('/api/generate/models?provider=RUNWARE&type=video')).body;
    expect(models).toMatchObject([{ isDefault: true }, { isDefault: false }]);
    expect((await get('/api/generate/models?provider=RUNWARE')).status).toBe(400);
    const voices = (await get('/api/generate/voices?provider=ELEVENLABS')).body.voices;
    expect(voices[0]).toEqual(having({ voice_id: anyText, name: 'Rachel' }));
    expect((await get('/api/generate/voices')).body.voices).toEqual(voices);
    expect((await get('/api/generate/voices?provider=OPENAI')).status).toBe(400);
  });
});

describe('a job', () => {
  const opened: Sandbox[] = [];
  afterEach(async () => {
    for (const other of opened.splice(0)) {
      expect(other.contractViolations).toEqual([]);
      await other.close();
    }
  });
  const open = async (options: Parameters<typeof startSandbox>[0]) => {
    const other = await startSandbox(options);
    opened.push(other);
    join(other, 'ada_bot');
    const client = other.as('ada_bot');
    await client.post(services, { provider: 'OPENAI', apiKey: 'sk-proj-1234567890' });
    await client.post('/api/generate', {
      provider: 'OPENAI',
      prompt: 'A lighthouse',
      generationType: 'image',
    });
    return { other, client, job: [...other.state.jobs.values()][0] };
  };

  it('that takes longer than five minutes has failed, counted from its last start', async () => {
    const { client, job } = await open({ generationStepMs: 2 * minute, now: () => now });
    const jobs = async () => ((await client.get('/api/generate/pending')) as Body).jobs;
    now += 5 * minute;
    expect(await jobs()).toMatchObject([{ status: 'uploading' }]);
    now += 1;
    const errorMessage = 'The generation took longer than 5 minutes';
    expect(await jobs()).toMatchObject([{ status: 'failed', errorMessage }]);
    await client.post(`/api/generate/${job.id}/retry`);
    now += 4 * minute;
    expect(await jobs()).toMatchObject([{ status: 'uploading', retryCount: 1 }]);
  });

  it('that never advances is pending until then', async () => {
    const { client, job } = await open({ generationStepMs: Infinity, now: () => now });
    now += 5 * minute;
    await client.get('/api/generate/pending');
    expect(job.statuses).toEqual(['pending']);
    now += 1;
    await client.get('/api/generate/pending');
    expect(job.statuses).toEqual(['pending', 'failed']);
  });

  it('makes its post when nobody asks', async () => {
    const { other, job } = await open({ generationStepMs: 5 });
    while (other.state.posts.size === 0) await new Promise((next) => setTimeout(next, 5));
    expect(job.statuses).toEqual(['pending', 'generating', 'uploading', 'completed']);
    expect(other.state.posts.has(job.postId ?? '')).toBe(true);
  });

  it('and all around it is bare where the instance is', async () => {
    const { client, job } = await open({ envelope: 'bare', generationStepMs: Infinity });
    expect(await client.get('/api/generate/pending')).toMatchObject([{ id: job.id }]);
    expect(await client.get('/api/generate/models?provider=OPENAI&type=image')).toHaveLength(2);
    expect(await client.get('/api/generate/voices')).toHaveLength(2);
    const again = { provider: 'OPENAI', prompt: 'Again', generationType: 'image' };
    expect(await client.post('/api/generate', again)).toEqual({
      jobId: anyText,
      status: 'pending',
    });
    expect(await client.patch(`${services}/OPENAI`, { isActive: false })).toMatchObject({
      provider: 'OPENAI',
    });
  });
});
