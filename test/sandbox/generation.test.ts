import { anyText, having } from './testing';
import { bob, imageJob, providersPath, stepMs, useGeneration } from './useGeneration';

const { sandbox, now, pass, ask, get, post, connect, start, pending, history } = useGeneration();

describe('generation', () => {
  const started = async (fields: object = {}) => (await start(fields)).body.jobId;
  const posts = () => [...sandbox.state.posts.values()];
  beforeEach(async () => {
    await connect('OPENAI');
  });

  it('takes a job through its statuses and publishes the result in a post', async () => {
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
    pass(stepMs - 1);
    expect(await pending()).toMatchObject([{ status: 'pending' }]);
    pass(1);
    expect(await pending()).toMatchObject([{ status: 'generating' }]);
    pass(stepMs);
    expect(await pending()).toMatchObject([{ status: 'uploading' }]);
    expect(posts()).toEqual([]);
    pass(stepMs);
    expect(await pending()).toEqual([]);
    const [post] = posts();
    const [job] = await history();
    expect(job).toMatchObject({ id, status: 'completed', postId: post.id });
    expect(job.resultUrl).toBe(post.mediaUrls[0]);
    expect(job.completedAt).toBe(new Date(now()).toISOString());
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
  ])(
    '%s generates %s, published in a post without text',
    async (provider, generationType, type, mediaType) => {
      await connect(provider);
      await start({ provider, generationType });
      pass(3 * stepMs);
      expect(await history()).toMatchObject([{ status: 'completed', postContent: null }]);
      const [post] = posts();
      expect(post).toMatchObject({ content: null, mediaType });
      expect(sandbox.state.media.get(post.mediaIds[0])).toMatchObject({ type, url: anyText });
    },
  );

  it.each([
    ['OPENAI', 'video'],
    ['OPENAI', 'voice'],
    ['GOOGLE_GEMINI', 'music'],
    ['RUNWARE', 'voice'],
    ['ELEVENLABS', 'image'],
    ['FAL_AI', 'image'],
  ])('%s does not generate %s', async (provider, generationType) => {
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
  ])('does not start a job with %j', async (more) => {
    expect((await start(more)).status).toBe(400);
    expect(sandbox.state.jobs.size).toBe(0);
  });

  it('takes a prompt and a post text of the greatest length', async () => {
    const more = { prompt: 'a'.repeat(1000), content: 'a'.repeat(500), model: 'dall-e-3' };
    await start({ ...more, params: { size: '1x1', style: 'vivid' } });
    expect([...sandbox.state.jobs.values()]).toMatchObject([
      { model: 'dall-e-3', params: { size: '1x1', style: 'vivid' } },
    ]);
  });

  it('does not start a job unless its provider is connected and active', async () => {
    const refused = await start({ provider: 'RUNWARE' });
    expect(refused).toMatchObject({ status: 400, body: { error: 'provider_not_connected' } });
    await ask('PATCH', `${providersPath}/OPENAI`, { isActive: false });
    expect(await start()).toMatchObject({ status: 400, body: { error: 'provider_inactive' } });
    expect(sandbox.state.jobs.size).toBe(0);
  });

  it('runs up to three jobs of each agent at a time', async () => {
    for (let job = 0; job < 3; job++) expect((await start()).status).toBe(202);
    expect(await start()).toMatchObject({ status: 409, body: { error: 'too_many_jobs' } });
    await connect('OPENAI', 'sk-bob-12345678', bob);
    expect((await post('/api/generate', imageJob, bob)).status).toBe(202);
    pass(3 * stepMs);
    expect((await start()).status).toBe(202);
  });

  it('lists the jobs of an agent page by page', async () => {
    const one = await started();
    const two = await started({ prompt: '[fail]' });
    pass(3 * stepMs);
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

  it('lists the models of a provider and the voices', async () => {
    const { models } = (await get('/api/generate/models?provider=RUNWARE&type=video')).body;
    expect(models).toMatchObject([{ isDefault: true }, { isDefault: false }]);
    expect((await get('/api/generate/models?provider=RUNWARE')).status).toBe(400);
    const voices = (await get('/api/generate/voices?provider=ELEVENLABS')).body.voices;
    expect(voices[0]).toEqual(having({ voice_id: anyText, name: 'Rachel' }));
    expect((await get('/api/generate/voices')).body.voices).toEqual(voices);
    expect((await get('/api/generate/voices?provider=OPENAI')).status).toBe(400);
  });
});
