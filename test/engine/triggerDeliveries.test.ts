/** What a delivery decides, and how much of one is taken: by its body, if that is signed, and by nothing else. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject } from 'n8n-workflow';
import type { DeliverOverrides } from '../sandbox/deliveries';
import type { Sandbox } from '../sandbox/server';
import { later } from './support/clock';
import {
  follow,
  type N8n,
  startTriggerHarness,
  type TriggerHarness,
} from './support/triggerHarness';

const KINDS = ['like', 'comment', 'repost', 'quote', 'mention', 'message'];
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let harness: TriggerHarness;
let sandbox: Sandbox;
let n8n: N8n;
let handle: string;

beforeAll(async () => {
  harness = await startTriggerHarness();
  ({ sandbox } = harness);
});

afterAll(async () => {
  await harness.close();
});

beforeEach(() => {
  ({ n8n, handle } = harness.begin());
});

afterEach(() => {
  jest.restoreAllMocks();
});

async function start(options: IDataObject = {}, events?: string[]): Promise<void> {
  n8n.add('a', handle, options, events);
  await n8n.activate('a');
}

async function deliver(body: unknown, overrides: DeliverOverrides = {}): Promise<unknown[]> {
  const { status, responseBody } = await sandbox.deliver(handle, body, overrides);
  const { error, events } = JSON.parse(responseBody ?? '{}') as IDataObject;
  // What started nothing says that there were no events for the workflow.
  return [status, error ?? (events === 0 ? 'nothing' : 'started')];
}

const STARTED = [200, 'started'];
const NOTHING = [200, 'nothing'];
const kinds = () => n8n.started.map(({ items }) => items.map(({ json }) => json.event));
const nameless = () => follow({ event: undefined });
const batch = (length: number) => Array.from({ length }, () => follow());

describe('Headers', () => {
  it('A header that is the same on every delivery makes none of them a duplicate', async () => {
    await start();
    const headers = {
      'X-Expected-Delivery': 'always the same',
      'X-ImagineAnything-Delivery': '1',
      'X-Delivery-Id': '1',
    };
    for (let count = 0; count < 3; count++)
      expect(await deliver(follow(), { headers })).toEqual(STARTED);
    expect(kinds()).toEqual([['follow'], ['follow'], ['follow']]);
    expect(new Set(n8n.started.map(({ items }) => items[0].json.id)).size).toBe(3);
  });

  it('A replayed body with other headers starts no execution', async () => {
    await start();
    for (const body of [follow(), nameless(), { data: { content: 'Hi' } }]) {
      const before = n8n.started.length;
      expect(await deliver(body, { headers: { 'X-Event': 'follow', 'X-Delivery': '0' } })).toEqual(
        STARTED,
      );
      for (const kind of KINDS) {
        const headers = { 'X-Event': kind, 'X-Event-Type': kind, 'X-Delivery': kind };
        expect(await deliver(body, { headers })).toEqual(NOTHING);
      }
      expect(n8n.started).toHaveLength(before + 1);
    }
    expect(kinds()).toEqual([['follow'], ['unknown'], ['unknown']]);
  });

  it('A replayed body with other headers yields no item in an execution', async () => {
    await start();
    const body = nameless();
    expect(await deliver(body, { headers: { 'X-Event': 'follow' } })).toEqual(STARTED);
    expect(await deliver(body, { headers: { 'X-Event': 'like' } })).toEqual(NOTHING);
    // Then only what executions recorded tells, as in the next process.
    later(2 * HOUR);
    for (const kind of KINDS) await deliver(body, { headers: { 'X-Event': kind } });
    expect(kinds()).toEqual([['unknown'], []]);
  });

  it('A header is output when a signed body names no event, and does not start the workflow by itself', async () => {
    await start({}, ['follow']);
    const headers = { 'X-ImagineAnything-Event': 'NEW_FOLLOWER' };
    expect(await deliver(nameless(), { headers })).toEqual(NOTHING);
    expect(n8n.warnings.join()).toContain(
      'ignored an event that only an unsigned header calls "follow". To receive such events, choose "All Events"',
    );
    await start();
    expect(await deliver(nameless(), { headers })).toEqual(STARTED);
    expect(n8n.started[0].items[0].json).toMatchObject({
      event: 'unknown',
      claimedEvent: 'follow',
    });
  });

  it('A header names an unverified event, but does not change its key', async () => {
    await start({ verifySignature: false }, ['follow']);
    const body = { actor: { handle: 'someone' }, postId: 'p1' };
    const unsigned = (kind: string, id: string): DeliverOverrides => ({
      sign: 'none',
      headers: { 'X-Event': kind, 'X-Delivery': id },
    });
    expect(await deliver(body, unsigned('like', '1'))).toEqual(NOTHING);
    expect(await deliver(body, unsigned('follow', '1'))).toEqual(STARTED);
    expect(await deliver(body, unsigned('followed', '2'))).toEqual(NOTHING);
    expect(await deliver({ ...body, postId: 'p2' }, unsigned('follow', '1'))).toEqual(STARTED);
    expect(kinds()).toEqual([['follow'], ['follow']]);
    expect(n8n.started[0].items[0].json).toMatchObject({ id: '1' });
  });
});

describe('Batches', () => {
  it('A repeated batch of the maximum size starts one execution', async () => {
    await start();
    const body = batch(500);
    expect(await deliver(body)).toEqual(STARTED);
    expect(await deliver(body)).toEqual(NOTHING);
    expect(await deliver({ events: body })).toEqual(NOTHING);
    expect(kinds().map((each) => each.length)).toEqual([500]);
    // Then only what executions recorded tells, as in the next process.
    later(2 * HOUR);
    expect(await deliver(body)).toEqual(STARTED);
    expect(kinds().map((each) => each.length)).toEqual([500, 0]);
  });

  it('A batch is recognized as a whole after its events were evicted', async () => {
    await start();
    const first = batch(500);
    await deliver(first);
    for (let count = 0; count < 11; count++) await deliver(batch(500));
    expect(await deliver(first)).toEqual(NOTHING);
    expect(n8n.started).toHaveLength(12);
  });

  it.each<[string, unknown]>([
    [
      '10,000 events',
      Array.from({ length: 10_000 }, (_, id) => ({ id, event: 'follow', actor: 'ann' })),
    ],
    ['501 events under a key', { notifications: batch(501) }],
    ['349,000 empty events', `[${'{},'.repeat(349_000)}{}]`],
    ['one event of 50,000 values', follow({ list: Array.from({ length: 50_000 }, () => 0) })],
  ])('A batch of %s is always rejected and starts no execution', async (_, body) => {
    await start();
    for (let count = 0; count < 2; count++)
      expect(await deliver(body)).toEqual([413, 'too_many_values']);
    expect(n8n.started).toEqual([]);
    expect(n8n.warnings.join()).toContain(
      'rejected a delivery: A delivery must not contain more than 500 events',
    );
  });

  it('An unsigned batch is rejected before it is parsed', async () => {
    await start();
    const parse = jest.spyOn(JSON, 'parse');
    const bodies = [
      `[${'{},'.repeat(349_000)}{}]`,
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      JSON.stringify({ actor: { handle: '/'.repeat(120_000) } }),
    ];
    for (const body of bodies) {
      expect(await deliver(body, { sign: 'none' })).toEqual([401, 'signature_missing']);
      expect(await deliver(body, { sign: 'wrong' })).toEqual([401, 'signature_invalid']);
      expect(parse.mock.calls.map(([text]) => text)).not.toContain(body);
    }
    expect(n8n.warnings).toEqual([]);
  });
});

it('A delivery that nests too deep is rejected', async () => {
  await start();
  const nested = (depth: number) => `{"data":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  expect(await deliver(nested(99))).toEqual(STARTED);
  expect(await deliver(nested(100))).toEqual([400, 'too_deeply_nested']);
  expect(await deliver(nested(100_000))).toEqual([400, 'too_deeply_nested']);
  expect(n8n.started).toHaveLength(1);
  expect(n8n.warnings.join()).toContain('rejected a delivery: A delivery must not nest');
});

describe('Filters', () => {
  it.each(['friend?x', 'friend/x', '@@friend', 'https://imagineanything.com/agent/friend'])(
    'A filter by agent does not confuse %s with friend',
    async (name) => {
      await start({ onlyFrom: 'https://imagineanything.com/agent/friend?tab=posts' });
      const by = (actor: unknown) => follow({ data: { actor: { id: 'x', handle: actor } } });
      expect(await deliver(by(name))).toEqual(NOTHING);
      expect(await deliver(by('@Friend'))).toEqual(STARTED);
      expect(n8n.started).toHaveLength(1);
    },
  );

  it.each([{ onlyFrom: 'ann, friend?x' }, { exceptFrom: '@' }, { onlyFrom: '={{ null }}' }])(
    'A filter that cannot be read lets no event through: %j',
    async (options) => {
      n8n.add('a', handle, options);
      const refusal = {
        name: 'WebhookPathTakenError',
        message: expect.stringMatching(
          /^(Only|Except) From: (".*" is neither|must be).*Correct it, then publish the workflow again\.$/,
        ) as string,
      };
      await expect(n8n.activate('a')).rejects.toMatchObject(refusal);
      await expect(n8n.listen('a')).rejects.toMatchObject(refusal);
      // It may have become so only since.
      await start();
      n8n.add('a', handle, options);
      expect(await deliver(follow())).toEqual([503, 'not_ready']);
      expect(n8n.started).toEqual([]);
      expect(n8n.warnings.join()).toMatch(/could not process a delivery: (Only|Except) From: /);
    },
  );

  it('No event passes when own actions are ignored but the agent is unknown', async () => {
    const profile = { path: '/api/agents/me' };
    sandbox.faults.add({
      match: profile,
      times: Infinity,
      fault: { kind: 'status', status: 200, body: { id: 'x\0', handle: '' } },
    });
    await expect(start()).rejects.toThrow('The service did not identify the agent');
    await start({ ignoreOwnActions: false });
    expect(await deliver(follow())).toEqual(STARTED);
    sandbox.faults.clear();
    n8n.add('a', handle, { verifySignature: false });
    expect(await deliver(follow())).toEqual([503, 'not_ready']);
    expect(n8n.warnings.join()).toContain("cannot tell which actions are its own agent's");
    expect(n8n.started).toHaveLength(1);
  });
});

it('A delivery without a raw body is not verified as an empty one', async () => {
  await start();
  const headers = { 'content-type': 'application/json', 'x-signature': 'a'.repeat(64) };
  const { statusCode } = await n8n.take('/webhook/hook-a/webhook', headers, undefined);
  expect(statusCode).toBe(503);
  expect(n8n.warnings.join()).toContain('n8n did not provide the raw body to verify');
  await start({ verifySignature: false });
  expect((await n8n.take('/webhook/hook-a/webhook', headers, undefined)).statusCode).toBe(503);
  expect(n8n.started).toEqual([]);
});

it('Setting the clock back a day does not change deduplication', async () => {
  await start();
  const once = follow();
  expect(await deliver(once)).toEqual(STARTED);
  const yesterday = Date.now() - DAY;
  jest.spyOn(Date, 'now').mockImplementation(() => yesterday);
  expect(await deliver(once)).toEqual(NOTHING);
  // A new secret is read as soon as ever, and what is over is over.
  await harness.unpublish('a');
  await n8n.activate('a');
  later(2 * HOUR);
  expect(await deliver(once)).toEqual(STARTED);
  expect(n8n.started.map(({ items }) => items.length)).toEqual([1, 0]);
});

describe('Responses of the service', () => {
  const say = (operationId: string, body: IDataObject) =>
    sandbox.faults.add({
      match: { operationId },
      times: Infinity,
      fault: { kind: 'status', status: 200, body },
    });
  const EXPRESSION = '={{ $json.password }}';
  const note = () => n8n.credentials.read(handle).webhook as string;

  it('Stored text is never an expression', async () => {
    sandbox.faults.add({
      match: { path: '/api/agents/me' },
      times: Infinity,
      fault: { kind: 'status', status: 200, body: { id: EXPRESSION, handle: EXPRESSION } },
    });
    say('webhookConfigure', { webhookSecret: EXPRESSION });
    await start();
    expect(note()).toMatch(/^\{/);
    expect(JSON.parse(note())).toMatchObject({ secret: EXPRESSION, id: EXPRESSION });
    // It is a secret like any other.
    expect(
      await deliver(follow(), {
        secret: EXPRESSION,
        url: `${harness.base}/webhook/hook-a/webhook`,
      }),
    ).toEqual(STARTED);
  });

  it.each([EXPRESSION, 'javascript:alert(1)', `https://x.example/${'x'.repeat(2048)}`])(
    'A value that is not a URL is not understood: %#',
    async (webhookUrl) => {
      say('webhookGet', { webhookUrl });
      const before = note();
      sandbox.requests.clear();
      n8n.add('a', handle, { replaceExistingWebhook: true });
      await expect(n8n.activate('a')).rejects.toThrow('the response was not understood');
      await expect(n8n.listen('a')).rejects.toThrow('the response was not understood');
      expect(note()).toBe(before);
      expect(sandbox.requests.of('webhookConfigure')).toEqual([]);
    },
  );

  it.each(['', 'x'.repeat(5000), 'two\nlines', 5])(
    'A value is not a secret: %#',
    async (webhookSecret) => {
      say('webhookConfigure', { webhookSecret });
      n8n.add('a', handle);
      await expect(n8n.activate('a')).rejects.toThrow('The service returned no signing secret');
    },
  );
});

describe('The current owner of an old webhook URL', () => {
  let other: Server;
  let closed: Promise<void>;

  const answerWith = async (body: (write: (chunk: string) => void) => void): Promise<string> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    closed = promise;
    other = createServer((_request, response) => {
      response.writeHead(415);
      response.on('close', resolve);
      body((chunk) => response.write(chunk));
    });
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(other.address() as AddressInfo).port}/webhook/hook-a/webhook`;
  };

  afterEach(() => {
    other.closeAllConnections();
    other.close();
  });

  const moveFrom = async (old: string): Promise<void> => {
    await start();
    const agent = [...sandbox.state.agents.values()].find((each) => each.handle === handle);
    if (!agent?.webhook) throw new Error('There is no webhook');
    agent.webhook.url = old;
    n8n.registeredAs('a', old);
    await n8n.activate('a');
    expect(agent.webhook.url).toBe(`${harness.base}/webhook/hook-a/webhook`);
    await closed;
  };

  it('The owner may respond without end', async () => {
    const old = await answerWith((write) => {
      const more = setInterval(() => write('x'.repeat(65_536)), 1);
      void closed.then(() => clearInterval(more));
    });
    await moveFrom(old);
  });

  it('The owner may respond as slowly as possible', async () => {
    const old = await answerWith((write) => {
      const more = setInterval(() => write('x'), 500);
      void closed.then(() => clearInterval(more));
    });
    await moveFrom(old);
  }, 30_000);
});

it('An ID that is too long is not requested', async () => {
  await start({ enrich: true });
  const long = 'x'.repeat(201);
  sandbox.requests.clear();
  const data = { actor: { handle: long, id: 'x' }, post: { id: long }, comment: { id: 'c' } };
  await deliver(follow({ event: 'comment', data }));
  expect(n8n.started[0].items[0].json.enrichmentError).toBe(
    [
      'Get agent of event: the delivery has no valid handle',
      'Get post of event: the delivery has no valid ID',
      'Get comment of event: the delivery has no ID of the comment, or of its post or byte',
    ].join('; '),
  );
  expect(sandbox.requests.of('postGet')).toEqual([]);
});

it('Fetching details ends: the last events of a delivery are output without', async () => {
  await start({ enrich: true, ignoreOwnActions: false });
  sandbox.requests.clear();
  const time = performance.now();
  // Each answer takes half an hour, by the clock.
  jest
    .spyOn(performance, 'now')
    .mockImplementation(() => time + 1_800_001 * sandbox.requests.of('agentGet').length);
  await deliver(Array.from({ length: 3 }, () => follow({ data: { actor: { handle } } })));
  const [{ items }] = n8n.started;
  const overdue = expect.stringContaining('the events before this one took too long') as string;
  expect(items.map(({ json }) => json.enrichmentError)).toEqual([undefined, overdue, overdue]);
  expect(items[0].json.agent).toMatchObject({ followerCount: 0 });
  expect(items[2].json.agent).toEqual({ handle });
});
