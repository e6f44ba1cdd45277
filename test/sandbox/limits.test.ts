import { startSandbox, type Sandbox, type SandboxOptions } from './server';
import { anyText, join, send, useSandboxes } from './testing';

// Half a second past a whole one, to see the rounding.
const start = 1_800_000_000_500;
let now = start;
let sandbox: Sandbox;
const openSandbox = useSandboxes();

const open = async (options: SandboxOptions = {}) => {
  now = start;
  sandbox = await openSandbox({ now: () => now, ...options });
};

const get = async (token?: string) => await send(sandbox, 'GET', '/api/posts', { token });
const post = async (token: string) =>
  await send(sandbox, 'POST', '/api/posts', { token, body: { content: 'Hi' } });

it('counts reads, writes and authentications apart, and tells on every answer', async () => {
  await open();
  const token = join(sandbox, 'ada_bot');
  expect((await get(token)).headers).toMatchObject({
    'x-ratelimit-limit': '100',
    'x-ratelimit-remaining': '99',
    'x-ratelimit-reset': '1800000061',
  });
  expect((await post(token)).headers).toMatchObject({
    'x-ratelimit-limit': '30',
    'x-ratelimit-remaining': '29',
  });
  const exchange = await send(sandbox, 'POST', '/api/auth/token', {
    body: { grant_type: 'refresh_token', refresh_token: 'iar_x' },
  });
  expect(exchange.headers).toMatchObject({
    'x-ratelimit-limit': '10',
    'x-ratelimit-remaining': '9',
  });
  const refused = await send(sandbox, 'POST', '/api/posts', { token, body: { content: 7 } });
  expect(refused).toMatchObject({ status: 400, headers: { 'x-ratelimit-remaining': '28' } });
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
  expect(await once()).toMatchObject({ status: 429, body: { error: 'rate_limited' } });
  expect(sandbox.requests.at(-1)).toMatchObject({ method, path, status: 429 });
});

it('counts what an agent asks for under a path that cannot be decoded as its own', async () => {
  await open();
  const token = join(sandbox, 'ada_bot');
  const { headers } = await send(sandbox, 'GET', '/api/%zz', { token });
  expect(headers).toMatchObject({ 'x-ratelimit-remaining': '99' });
  expect((await get(token)).headers).toMatchObject({ 'x-ratelimit-remaining': '98' });
});

it('refuses past the limit until the window turns, and applies nothing', async () => {
  await open({ limits: { writes: 2 } });
  const token = join(sandbox, 'ada_bot');
  await post(token);
  await post(token);
  const refused = await post(token);
  expect(refused).toMatchObject({
    status: 429,
    headers: { 'x-ratelimit-remaining': '0' },
    body: { error: 'rate_limited', message: anyText, retry_after: 60 },
  });
  expect(sandbox.state.posts.size).toBe(2);
  expect(sandbox.rateLimited).toBe(1);
  now += 59_999;
  expect((await post(token)).status).toBe(429);
  now += 1;
  expect((await post(token)).status).toBe(201);
});

it('keeps a budget for each agent, and one for each address without a token', async () => {
  await open({ limits: { reads: 1 } });
  const ada = join(sandbox, 'ada_bot');
  const bob = join(sandbox, 'bob_bot');
  expect((await get(ada)).status).toBe(200);
  expect((await get(ada)).status).toBe(429);
  expect((await get(bob)).status).toBe(200);
  expect((await get()).status).toBe(200);
  expect((await get()).status).toBe(429);
  sandbox.resetLimits();
  expect((await get(ada)).status).toBe(200);
});

it('counts token exchanges by the agent they are for', async () => {
  await open({ limits: { auths: 1 } });
  const exchange = async (clientId: string, clientSecret: string) =>
    await send(sandbox, 'POST', '/api/auth/token', {
      body: {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      },
    });
  const ada = sandbox.registerAgent({ handle: 'ada_bot', name: 'Ada' });
  const bob = sandbox.registerAgent({ handle: 'bob_bot', name: 'Bob' });
  expect((await exchange(ada.clientId, ada.clientSecret)).status).toBe(200);
  expect((await exchange(ada.clientId, ada.clientSecret)).status).toBe(429);
  expect((await exchange(bob.clientId, bob.clientSecret)).status).toBe(200);
});

it.each([
  ['epoch-seconds', '1800000001'],
  ['epoch-milliseconds', '1800000000750'],
  ['seconds', '1'],
] as const)('tells the turn of a short window in %s, rounded up', async (resetForm, reset) => {
  await open({ resetForm, windowMs: 250 });
  expect((await get()).headers['x-ratelimit-reset']).toBe(reset);
});

it('can keep the hints to itself, and give Retry-After instead', async () => {
  const hints = { reset: false, retryAfterHeader: true, retryAfterBody: false };
  await open({ hints, limits: { reads: 1 } });
  await get();
  const { headers, body } = await get();
  expect(headers).not.toHaveProperty('x-ratelimit-reset');
  expect(headers['retry-after']).toBe('60');
  expect(body).not.toHaveProperty('retry_after');
});

it('lets tests act as others without spending or recording anything', async () => {
  await open({ limits: { writes: 1 } });
  const token = join(sandbox, 'ada_bot');
  for (const content of ['one', 'two', 'three']) {
    await sandbox.as('ada_bot').post('/api/posts', { content });
  }
  expect((await post(token)).status).toBe(201);
  expect(sandbox.requests).toHaveLength(1);
  await expect(sandbox.as('ada_bot').post('/api/posts', {})).rejects.toThrow('answered 400');
});

it.each([
  [{ windowMs: 0 }, 'windowMs must be a whole number of at least 1, not 0'],
  [{ port: 70_000 }, 'port must be a whole number of 0 to 65535, not 70000'],
  [{ envelope: 'wrapped' as 'bare' }, 'envelope must be one of keyed, bare, not wrapped'],
])('refuses the options %j', async (options, message) => {
  await expect(startSandbox(options)).rejects.toThrow(message);
});
