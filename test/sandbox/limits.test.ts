import { startSandbox, type Sandbox, type SandboxOptions } from './server';
import { anyText, fileOf, form, join, send, useSandboxes } from './testing';
import { contractOperations } from './validate';

// Half a second past a whole one, to see the rounding.
const start = 1_800_000_000_500;
let now = start;
let sandbox: Sandbox;
const openSandbox = useSandboxes();

const open = async (options: SandboxOptions = {}) => {
  now = start;
  sandbox = await openSandbox({ now: () => now, ...options });
};

const get = async (token?: string, path = '/api/posts') =>
  await send(sandbox, 'GET', path, { token });
const post = async (token: string) =>
  await send(sandbox, 'POST', '/api/posts', { token, body: { content: 'Hi' } });
const upload = async (token: string) =>
  await send(sandbox, 'POST', '/api/upload', {
    token,
    body: form(fileOf('image/png'), 'image/png'),
  });
const exchange = async () =>
  await send(sandbox, 'POST', '/api/auth/token', {
    body: { grant_type: 'refresh_token', refresh_token: 'iar_x' },
  });
const register = async (handle: string) =>
  await send(sandbox, 'POST', '/api/auth/register', { body: { handle, name: 'Ada' } });

/** What the headers of an answer say about the limit. */
const told = ({ headers }: { headers: Record<string, string> }) => [
  headers['x-ratelimit-endpoint-type'],
  headers['x-ratelimit-limit'],
  headers['x-ratelimit-remaining'],
];

it('counts four buckets apart, and tells on every answer', async () => {
  await open();
  const token = join(sandbox, 'ada_bot');
  const first = await get(token);
  expect(first.headers).toMatchObject({ 'x-ratelimit-reset': '1800000061' });
  expect(first.headers).not.toHaveProperty('retry-after');
  expect(told(first)).toEqual(['read', '100', '99']);
  expect(told(await post(token))).toEqual(['write', '30', '29']);
  expect(told(await upload(token))).toEqual(['upload', '10', '9']);
  expect(told(await exchange())).toEqual(['auth', '10', '9']);
  const refused = await send(sandbox, 'POST', '/api/posts', { token, body: { content: 7 } });
  expect([refused.status, ...told(refused)]).toEqual([400, 'write', '30', '28']);
  expect(told(await get(token))).toEqual(['read', '100', '98']);
});

it.each([
  ['GET', '/api/auth/anything', 'auth'],
  ['POST', '/api/auth/token', 'auth'],
  ['GET', '/api/posts?limit=2', 'read'],
  ['POST', '/api/posts', 'write'],
  ['PUT', '/api/posts', 'write'],
  ['PATCH', '/api/agents/me', 'write'],
  ['DELETE', '/api/posts/post_1', 'write'],
  ['POST', '/api/agents/me/avatar', 'write'],
  ['POST', '/api/upload', 'upload'],
  ['POST', '/api/upload/video', 'upload'],
  ['GET', '/api/upload?limit=2', 'upload'],
  ['DELETE', '/api/upload', 'upload'],
  ['GET', '/api/uploads', 'read'],
])('counts %s %s in the bucket %s', async (method, path, bucket) => {
  await open();
  expect(told(await send(sandbox, method, path))[0]).toBe(bucket);
});

it.each([
  ['a token request that is no JSON', 'POST', '/api/auth/token', { body: '{' }, 400, 10],
  [
    'a token request of another type',
    'POST',
    '/api/auth/token',
    { body: 'a=b', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
    400,
    10,
  ],
  ['an authentication that there is not', 'POST', '/api/auth/nothing', {}, 404, 10],
  ['a read of a path that cannot be decoded', 'GET', '/api/%zz', {}, 400, 100],
  ['a write to a path that cannot be decoded', 'DELETE', '/api/%zz', {}, 400, 30],
])('counts %s', async (_, method, path, options, status, limit) => {
  await open();
  const once = async () => await send(sandbox, method, path, options);
  expect(await once()).toMatchObject({
    status,
    headers: {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(limit - 1),
      'x-ratelimit-reset': '1800000061',
    },
  });
  for (let more = 1; more < limit; more++) await once();
  expect(await once()).toMatchObject({ status: 429, body: { error: 'rate_limit_exceeded' } });
  expect(sandbox.requests.at(-1)).toMatchObject({ method, path, status: 429 });
});

it('counts what an agent asks for under a path that cannot be decoded as its own', async () => {
  await open();
  const token = join(sandbox, 'ada_bot');
  expect(told(await get(token, '/api/%zz'))).toEqual(['read', '100', '99']);
  expect(told(await get(token))).toEqual(['read', '100', '98']);
});

it('refuses past the limit as the vendor publishes it, and applies nothing', async () => {
  await open({ limits: { write: 2 } });
  const token = join(sandbox, 'ada_bot');
  await post(token);
  now += 20_000;
  await post(token);
  const refused = await post(token);
  expect(refused).toMatchObject({
    status: 429,
    headers: {
      'retry-after': '40',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '1800000061',
      'x-ratelimit-endpoint-type': 'write',
    },
  });
  expect(refused.body).toEqual({
    error: 'rate_limit_exceeded',
    message: anyText,
    limit: 2,
    reset: 1_800_000_061,
    retryAfter: 40,
  });
  const operation = (await contractOperations()).find(({ id }) => id === 'postCreate');
  expect(operation?.answerProblems(429, refused.body)).toEqual([]);
  expect(sandbox.state.posts.size).toBe(2);
  expect(sandbox.rateLimited).toBe(1);
});

describe('of requests at 0, 20 and 20 seconds, with 3 allowed a minute,', () => {
  const reset = async () => Number((await get()).headers['x-ratelimit-reset']) * 1000 - start + 500;
  const sendThree = async (options: SandboxOptions) => {
    await open({ limits: { read: 3 }, ...options });
    await get();
    now += 20_000;
    await get();
    await get();
  };
  /** How many of five requests are let through at a moment. */
  const freeAt = async (ms: number) => {
    now = start + ms;
    let free = 0;
    for (let count = 0; count < 5; count++) if ((await get()).status === 200) free += 1;
    return free;
  };

  it('a sliding window, the default, frees each a minute after it was counted', async () => {
    await sendThree({});
    expect(await freeAt(59_999)).toBe(0);
    // Refused requests do not count, nor do they put the reset off.
    expect(await reset()).toBe(61_000);
    expect(await freeAt(60_000)).toBe(1);
    expect(await reset()).toBe(81_000);
    expect(await freeAt(79_999)).toBe(0);
    expect(await freeAt(80_000)).toBe(2);
    expect(await reset()).toBe(121_000);
    expect(await freeAt(120_000)).toBe(1);
  });

  it('a fixed window frees all a minute after the first', async () => {
    await sendThree({ window: 'fixed' });
    expect(await freeAt(59_999)).toBe(0);
    expect(await reset()).toBe(61_000);
    expect(await freeAt(60_000)).toBe(3);
    expect(await reset()).toBe(121_000);
    expect(await freeAt(119_999)).toBe(0);
    expect(await freeAt(150_000)).toBe(3);
    // A window starts with its first request.
    expect(await freeAt(209_999)).toBe(0);
    expect(await freeAt(210_000)).toBe(3);
  });
});

it('counts by access token, and what comes without a good one by address', async () => {
  await open({ limits: { read: 1 } });
  const ada = join(sandbox, 'ada_bot');
  const bob = join(sandbox, 'bob_bot');
  const statusOf = async (token?: string) => (await get(token)).status;
  expect([await statusOf(ada), await statusOf(ada)]).toEqual([200, 429]);
  expect(await statusOf(bob)).toBe(200);
  expect([await statusOf(), await statusOf()]).toEqual([200, 429]);
  expect(await statusOf('iat_unknown')).toBe(429);
  // A new token starts a new count, and leaves that of the old one as it is.
  const { accessToken } = sandbox.issueToken('ada_bot');
  expect([await statusOf(accessToken), await statusOf(accessToken)]).toEqual([200, 429]);
  expect(await statusOf(ada)).toBe(429);
  sandbox.resetLimits();
  expect(await statusOf(ada)).toBe(200);
});

it('counts token exchanges and registrations of an address together', async () => {
  await open({ limits: { auth: 3 } });
  const { clientId, clientSecret } = sandbox.registerAgent({ handle: 'ada_bot', name: 'Ada' });
  const signIn = await send(sandbox, 'POST', '/api/auth/token', {
    body: {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    },
  });
  expect(signIn.status).toBe(200);
  expect((await register('bob_bot')).status).toBe(201);
  expect((await exchange()).status).toBe(400);
  expect((await register('cat_bot')).status).toBe(429);
  expect(sandbox.tokenExchanges).toHaveLength(2);
});

it('can count some calls in another bucket, known or not', async () => {
  await open({
    bucketOf: (_method, path) => {
      if (path === '/api/agents/me/avatar') return 'upload';
      return path === '/api/hashtags/trending' ? { name: 'search', limit: 2 } : undefined;
    },
  });
  const token = join(sandbox, 'ada_bot');
  const avatar = await send(sandbox, 'POST', '/api/agents/me/avatar', { token });
  expect(told(avatar)).toEqual(['upload', '10', '9']);
  expect(told(await upload(token))).toEqual(['upload', '10', '8']);
  const search = async () => await get(token, '/api/hashtags/trending');
  expect(told(await search())).toEqual(['search', '2', '1']);
  await search();
  const refused = await search();
  expect([refused.status, ...told(refused)]).toEqual([429, 'search', '2', '0']);
  expect(told(await get(token))).toEqual(['read', '100', '99']);
});

it.each([
  ['epoch-seconds', '1800000001'],
  ['epoch-milliseconds', '1800000000750'],
  ['seconds', '1'],
] as const)('tells the reset of a short window in %s, rounded up', async (resetForm, reset) => {
  await open({ resetForm, windowMs: 250, limits: { read: 1 } });
  expect((await get()).headers['x-ratelimit-reset']).toBe(reset);
  expect((await get()).body).toMatchObject({ reset: Number(reset), retryAfter: 1 });
});

it('can keep the hints to itself, or spell them as the SDK does', async () => {
  const none = { reset: false, endpointType: false, retryAfterHeader: false, retryAfterBody: null };
  await open({ hints: none, limits: { read: 1 } });
  await get();
  const { headers, body } = await get();
  for (const each of ['x-ratelimit-reset', 'x-ratelimit-endpoint-type', 'retry-after'])
    expect(headers).not.toHaveProperty(each);
  expect(body).toEqual({ error: 'rate_limit_exceeded', message: anyText, limit: 1 });

  await open({ hints: { retryAfterBody: 'retry_after' }, limits: { read: 1 } });
  await get();
  const spelled = (await get()).body;
  expect(spelled).toMatchObject({ retry_after: 60 });
  expect(spelled).not.toHaveProperty('retryAfter');
});

it('lets tests act as others without spending or recording anything', async () => {
  await open({ limits: { write: 1 } });
  const token = join(sandbox, 'ada_bot');
  for (const content of ['one', 'two', 'three']) {
    await sandbox.as('ada_bot').post('/api/posts', { content });
  }
  expect((await post(token)).status).toBe(201);
  expect(sandbox.requests).toHaveLength(1);
  await expect(sandbox.as('ada_bot').post('/api/posts', {})).rejects.toThrow('answered 400');
});

it.each<[options: object, message: string]>([
  [{ windowMs: 0 }, 'windowMs must be a whole number of at least 1, not 0'],
  [{ window: 'rolling' }, 'window must be one of sliding, fixed, not rolling'],
  [{ port: 70_000 }, 'port must be a whole number of 0 to 65535, not 70000'],
  [{ envelope: 'wrapped' }, 'envelope must be one of keyed, bare, not wrapped'],
  [{ characters: 'bytes' }, 'characters must be one of people, utf16, not bytes'],
  [{ jobLimit: { status: 500 } }, 'jobLimit.status must be one of 400, 403, 409, 429, not 500'],
  [{ limits: { upload: 0 } }, 'limits.upload must be a whole number of at least 1, not 0'],
  [
    { limits: { writes: 5 } },
    'The bucket of a limit must be one of auth, read, write, upload, not writes',
  ],
])('refuses the options %j', async (options, message) => {
  await expect(startSandbox(options)).rejects.toThrow(message);
});
