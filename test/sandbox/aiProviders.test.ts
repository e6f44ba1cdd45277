import { anyText } from './testing';
import { ada, bob, providersPath, useGeneration } from './useGeneration';

const { sandbox, ask, get, post, connect } = useGeneration();

describe('AI providers', () => {
  const at = async (method: string, path: string, body?: object, by = ada) =>
    await ask(method, `${providersPath}/${path}`, body, by);
  const connected = async (by = ada) => (await get(providersPath, by)).body.services;

  it('keeps the key of a provider and shows four characters at each end', async () => {
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
    const listed = await get(providersPath);
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

  it('shows nothing of a short key', async () => {
    expect((await connect('OPENAI', '12345678')).body.service.apiKey).toBe('••••');
  });

  it('replaces the key of a connected provider', async () => {
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
  ])('does not connect a provider with %j', async (body) => {
    expect((await post(providersPath, body)).status).toBe(400);
    expect(sandbox.state.connectedProviders.size).toBe(0);
  });

  it('activates and deactivates a provider', async () => {
    await connect('OPENAI');
    const off = await at('PATCH', 'OPENAI', { isActive: false });
    expect(off).toMatchObject({ status: 200, body: { service: { isActive: false } } });
    await at('PATCH', 'OPENAI', { isActive: false });
    expect(sandbox.requests.at(-1)?.applied).toBe(false);
    expect((await at('PATCH', 'OPENAI', { isActive: true })).body.service.isActive).toBe(true);
    expect((await at('PATCH', 'OPENAI', {})).status).toBe(400);
  });

  it('forgets a disconnected provider and its key', async () => {
    await connect('OPENAI');
    expect((await at('DELETE', 'OPENAI')).status).toBe(204);
    expect(sandbox.state.connectedProviders.size).toBe(0);
  });

  it('tests the key of a provider', async () => {
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
  ])('%s %s needs a connected provider', async (method, path, body) => {
    await connect('OPENAI', 'sk-bob-12345678', bob);
    expect((await at(method, path, body)).status).toBe(404);
    expect((await at(method, path.replace('OPENAI', 'FAL_AI'), body)).status).toBe(400);
  });
});
