import type { Fault } from './faults';
import type { Sandbox } from './server';
import { anyText, having, join, matching, publish, send, useSandboxes } from './testing';

const open = useSandboxes();
let sandbox: Sandbox;
let token: string;

beforeEach(async () => {
  sandbox = await open();
  token = join(sandbox, 'ada_bot');
});

const create = async () =>
  await send(sandbox, 'POST', '/api/posts', { token, body: { content: 'Hi' } });
const read = async () => await send(sandbox, 'GET', '/api/posts', { token });

describe('which requests a fault hits', () => {
  const fault: Fault = { kind: 'status', status: 503, body: { error: 'unavailable' } };

  it('is counted: skip some, hit some', async () => {
    const rule = sandbox.faults.add({
      match: { operationId: 'postCreate' },
      skip: 1,
      times: 2,
      fault,
    });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await create()).status);
    expect(statuses).toEqual([201, 503, 503, 201]);
    expect(rule.hits).toBe(2);
    expect(sandbox.state.posts.size).toBe(2);
    expect(sandbox.requests.map((request) => request.fault)).toEqual([
      null,
      'status',
      'status',
      null,
    ]);
  });

  it.each([
    [{ method: 'post' }, [503, 200]],
    [{ path: '/api/posts' }, [503, 503]],
    [{ path: /^\/api\/agents/ }, [201, 200]],
    [{ agent: 'ada_bot' }, [503, 503]],
    [{ agent: 'bob_bot' }, [201, 200]],
    [{ operationId: 'feedGetManyPublic' }, [201, 503]],
    [undefined, [503, 503]],
  ])('is chosen by %j', async (match, expected) => {
    sandbox.faults.add({ match, times: Infinity, fault });
    expect([(await create()).status, (await read()).status]).toEqual(expected);
  });

  it('can be taken back', async () => {
    const rule = sandbox.faults.add({ times: Infinity, fault });
    rule.remove();
    sandbox.faults.add({ times: Infinity, fault });
    sandbox.faults.clear();
    expect((await create()).status).toBe(201);
  });
});

/** The write of each fault, whether it took effect, and what the client saw. */
describe('a write meets', () => {
  const broken = having({
    message: matching(/fetch failed|terminated/),
  });

  it.each<[string, Fault, { applied: boolean; status?: number; body?: unknown; text?: unknown }]>([
    [
      'any status',
      { kind: 'status', status: 500, body: { error: 'internal' }, headers: { 'X-Why': 'test' } },
      { applied: false, status: 500, body: { error: 'internal' } },
    ],
    [
      'any status after the write',
      { kind: 'status', status: 500, body: 'oops', apply: true },
      { applied: true, status: 500, text: 'oops' },
    ],
    [
      '401',
      { kind: 'unauthorized' },
      { applied: false, status: 401, body: { error: 'unauthorized' } },
    ],
    [
      'a proxy in trouble',
      { kind: 'bad-gateway' },
      { applied: false, status: 502, text: matching(/<html>/) },
    ],
    [
      'an expired token',
      { kind: 'expire-token' },
      { applied: false, status: 401, body: { error: 'token_expired' } },
    ],
    ['an empty 200', { kind: 'empty' }, { applied: true, status: 200, text: '' }],
    [
      'JSON that breaks off',
      { kind: 'truncated', form: 'cut-json' },
      { applied: true, status: 201, body: undefined, text: matching(/^\{"post"/) },
    ],
    [
      'another content type',
      { kind: 'content-type', body: '<html></html>' },
      { applied: true, status: 201, text: '<html></html>' },
    ],
    [
      'a redirect',
      { kind: 'redirect', location: 'http://127.0.0.1:9/elsewhere', status: 307 },
      { applied: false, status: 307 },
    ],
    ['a slow answer', { kind: 'latency', ms: 1 }, { applied: true, status: 201 }],
  ])('%s', async (_name, fault, { applied, ...seen }) => {
    sandbox.faults.add({ fault });
    expect(await create()).toMatchObject(seen);
    expect(sandbox.requests.applied()).toHaveLength(applied ? 1 : 0);
    expect(sandbox.state.posts.size).toBe(applied ? 1 : 0);
    expect(sandbox.requests[0]).toMatchObject({ status: seen.status, fault: fault.kind });
  });

  it.each<[string, Fault, boolean]>([
    ['a reset before it was handled', { kind: 'reset' }, false],
    ['a reset after it took effect', { kind: 'reset', apply: true }, true],
    ['an answer that ends in the middle', { kind: 'truncated' }, true],
  ])('%s', async (_name, fault, applied) => {
    sandbox.faults.add({ fault });
    await expect(create()).rejects.toEqual(broken);
    expect(sandbox.state.posts.size).toBe(applied ? 1 : 0);
    expect(sandbox.requests[0].applied).toBe(applied);
  });

  it.each([false, true])('silence until someone hangs up (applied: %s)', async (apply) => {
    const match = { operationId: 'postCreate' };
    const rule = sandbox.faults.add({ match, fault: { kind: 'timeout', apply } });
    const waiting = create().catch((error: unknown) => error);
    // Others are answered while the first still waits.
    do expect((await read()).status).toBe(200);
    while (rule.hits === 0 || sandbox.state.posts.size < (apply ? 1 : 0));
    await sandbox.close();
    expect(await waiting).toEqual(broken);
    expect(sandbox.state.posts.size).toBe(apply ? 1 : 0);
  });
});

it('cuts the answer of a delete, which has no body of its own', async () => {
  const id = await publish(sandbox, 'ada_bot', 'Hi');
  sandbox.faults.add({ fault: { kind: 'truncated', form: 'cut-json' } });
  const { status, text } = await send(sandbox, 'DELETE', `/api/posts/${id}`, { token });
  expect([status, text]).toEqual([200, '{"succes']);
  expect(sandbox.state.posts.size).toBe(0);
});

it('an expired token is really expired, and a new one is good', async () => {
  sandbox.faults.add({ skip: 1, fault: { kind: 'expire-token' } });
  expect((await read()).status).toBe(200);
  expect((await read()).status).toBe(401);
  expect((await read()).status).toBe(401);
  token = sandbox.issueToken('ada_bot').accessToken;
  expect((await read()).status).toBe(200);
});

describe('an ordered 429', () => {
  const now = 1_800_000_000_000;

  beforeEach(async () => {
    sandbox = await open({ now: () => now });
    token = join(sandbox, 'ada_bot');
  });

  it.each([
    ['epoch-seconds', 'x-ratelimit-reset', '1800000005'],
    ['epoch-milliseconds', 'x-ratelimit-reset', '1800000005000'],
    ['seconds', 'x-ratelimit-reset', '5'],
    ['retry-after', 'retry-after', '5'],
  ] as const)('hints in %s only', async (hint, header, value) => {
    sandbox.faults.add({ fault: { kind: 'rate-limited', hint, waitMs: 5000 } });
    const { status, headers, body } = await create();
    expect([status, headers[header]]).toEqual([429, value]);
    const others = ['x-ratelimit-reset', 'retry-after'].filter((each) => each !== header);
    for (const other of others) expect(headers).not.toHaveProperty(other);
    expect(Object.keys(body)).toEqual(['error', 'message']);
  });

  it.each([
    ['body-retryAfter', { retryAfter: 5 }],
    ['body-retry_after', { retry_after: 5 }],
    ['body-reset', { reset: 1_800_000_005 }],
    ['none', {}],
  ] as const)(
    'with the hint %s says nothing else, and is no refusal of ours',
    async (hint, says) => {
      sandbox.faults.add({ fault: { kind: 'rate-limited', hint, waitMs: 5000 } });
      const { headers, body } = await create();
      expect(body).toEqual({ error: 'rate_limit_exceeded', message: anyText, ...says });
      expect(headers).not.toHaveProperty('x-ratelimit-reset');
      expect(headers).not.toHaveProperty('retry-after');
      expect(sandbox.rateLimited).toBe(0);
    },
  );

  it('gives all hints that the settings say', async () => {
    sandbox.faults.add({ fault: { kind: 'rate-limited', hint: 'settings', waitMs: 5000 } });
    expect(await create()).toMatchObject({
      status: 429,
      headers: {
        'x-ratelimit-limit': '30',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '1800000005',
        'x-ratelimit-endpoint-type': 'write',
        'retry-after': '5',
      },
      body: { error: 'rate_limit_exceeded', limit: 30, reset: 1_800_000_005, retryAfter: 5 },
    });
  });
});
