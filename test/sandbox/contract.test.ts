import { UNLIMITED } from './limitOptions';
import { startSandbox, type Sandbox } from './server';
import { anyText, join, publish, send, useSandboxes } from './testing';

let sandbox: Sandbox;
let token: string;

beforeEach(async () => {
  sandbox = await startSandbox({ limits: UNLIMITED });
  token = join(sandbox, 'ada_bot');
});
afterEach(async () => await sandbox.close());

const open = useSandboxes();
const post = async (body: unknown) => await send(sandbox, 'POST', '/api/posts', { token, body });

describe('requests', () => {
  it.each([
    [{ content: 'Hi', colour: 'red' }, 'colour: unknown field'],
    [{ content: 5 }, 'content: must be string'],
    [{ content: '' }, 'content: must not be empty'],
    [{ content: '  ' }, 'content: must not be empty'],
    [{ content: 'a'.repeat(501) }, 'content: must be at most 500 characters'],
    [{ content: 'Hi', mediaType: 'SONG' }, 'mediaType: must be one of TEXT, IMAGE, VIDEO, BYTE'],
    [{ content: 'Hi', mediaIds: 'media_1' }, 'mediaIds: must be array'],
    [{}, 'body: one of content, mediaIds, mediaUrls is required'],
    [['Hi'], 'body: must be object'],
  ])('refuses the body %j', async (body, message) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 400, body: { error: 'validation_error', message } });
    expect(sandbox.state.posts.size).toBe(0);
    expect(sandbox.requests.applied()).toEqual([]);
  });

  it('counts an emoji as one character', async () => {
    expect((await post({ content: '🤖'.repeat(500) })).status).toBe(201);
    expect((await post({ content: '🤖'.repeat(501) })).status).toBe(400);
  });

  it('counts it as two where UTF-16 units are counted', async () => {
    const other = await open({ limits: UNLIMITED, characters: 'utf16' });
    const as = { token: join(other, 'ada_bot') };
    const statusOf = async (content: string) =>
      (await send(other, 'POST', '/api/posts', { ...as, body: { content } })).status;
    expect(await statusOf('🤖'.repeat(250))).toBe(201);
    expect(await statusOf('🤖'.repeat(250) + 'x')).toBe(400);
  });

  it.each([
    ['limit=0', 'limit: must be >= 1'],
    ['limit=101', 'limit: must be <= 100'],
    ['limit=many', 'limit: must be integer'],
    ['limit=1&limit=2', 'limit: must be integer'],
    ['colour=red', 'colour: unknown field'],
    ['cursor=nonsense', 'cursor: is not a cursor of this list'],
  ])('refuses the query %s', async (query, message) => {
    const answer = await send(sandbox, 'GET', `/api/posts?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { error: 'validation_error', message } });
  });

  it('takes a write without a body in every form a client sends it', async () => {
    const id = await publish(sandbox, 'ada_bot', 'Hi');
    const like = async (body?: string) =>
      await send(sandbox, 'POST', `/api/posts/${id}/like`, {
        token,
        body,
        headers: { 'Content-Type': 'application/json' },
      });
    expect(await like()).toMatchObject({ status: 200, body: { liked: true } });
    expect((await like('')).status).toBe(200);
    expect((await like('{}')).status).toBe(200);
    expect(await like('{"mood":"good"}')).toMatchObject({
      status: 400,
      body: { message: 'body: this call takes none' },
    });
  });

  it.each([
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain;charset=UTF-8',
    'multipart/form-data; boundary=x',
    'nonsense',
  ])('takes an empty body of %s for none', async (type) => {
    const id = await publish(sandbox, 'ada_bot', 'Hi');
    const empty = { token, body: '', headers: { 'Content-Type': type } };
    expect((await send(sandbox, 'POST', `/api/posts/${id}/like`, empty)).status).toBe(200);
    expect((await send(sandbox, 'DELETE', `/api/posts/${id}/like`, empty)).status).toBe(200);
    expect(await send(sandbox, 'POST', '/api/posts', empty)).toMatchObject({
      status: 400,
      body: { message: 'body: a JSON body is required' },
    });
    expect(sandbox.requests.at(-1)).toMatchObject({ contentType: type, bodySize: 0 });
  });

  it('refuses what is no JSON', async () => {
    expect(await post('{"content":')).toMatchObject({
      status: 400,
      body: { error: 'invalid_json' },
    });
    const form = await send(sandbox, 'POST', '/api/posts', {
      token,
      body: 'content=Hi',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    expect(form).toMatchObject({ status: 400, body: { error: 'unsupported_content_type' } });
    const missing = await send(sandbox, 'POST', '/api/posts', { token });
    expect(missing.body.message).toBe('body: a JSON body is required');
  });

  it('answers strangers in JSON', async () => {
    expect(await send(sandbox, 'GET', '/api/nothing')).toMatchObject({
      status: 404,
      body: { error: 'not_found', message: 'Endpoint not found: GET /api/nothing' },
    });
    const put = await send(sandbox, 'PUT', '/api/posts', { body: {} });
    expect(put).toMatchObject({ status: 405, headers: { allow: 'GET, POST' } });
    expect(await send(sandbox, 'GET', '/api/agents/%zz')).toMatchObject({
      status: 400,
      body: { error: 'bad_request' },
    });
  });

  it('are recorded with what they did', async () => {
    await post({ content: 'Hi' });
    await send(sandbox, 'GET', '/api/posts?limit=5');
    expect([...sandbox.requests]).toMatchObject([
      {
        operationId: 'postCreate',
        method: 'POST',
        path: '/api/posts',
        agent: 'ada_bot',
        status: 201,
        applied: true,
        contentType: 'application/json',
        body: { content: 'Hi' },
        bodySize: 16,
      },
      { operationId: 'feedGetManyPublic', query: { limit: '5' }, agent: null, applied: false },
    ]);
    sandbox.requests.clear();
    expect(sandbox.requests).toHaveLength(0);
  });
});

describe('answers', () => {
  it('that break the contract are a defect of the sandbox, and recorded', async () => {
    const id = await publish(sandbox, 'ada_bot', 'Hi');
    const stored = sandbox.state.posts.get(id);
    if (stored) stored.createdAt = 'yesterday';
    const answer = await send(sandbox, 'GET', '/api/posts');
    expect(answer).toMatchObject({ status: 500, body: { error: 'contract_violation' } });
    expect(sandbox.contractViolations).toMatchObject([
      { operationId: 'feedGetManyPublic', status: 200, problems: [anyText] },
    ]);
  });

  it.each(['keyed', 'bare'] as const)('come %s', async (envelope) => {
    const other = await open({ envelope });
    const access = join(other, 'ada_bot');
    const created = await send(other, 'POST', '/api/posts', {
      token: access,
      body: { content: 'Hi' },
    });
    const object = envelope === 'keyed' ? created.body.post : created.body;
    expect(object).toMatchObject({ content: 'Hi', agent: { handle: 'ada_bot' } });
    const me = (await send(other, 'GET', '/api/agents/me', { token: access })).body;
    expect(envelope === 'keyed' ? me.agent.handle : me.handle).toBe('ada_bot');
  });
});
