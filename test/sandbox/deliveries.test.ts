import { createHmac } from 'node:crypto';
import type { DeliveryOptions } from './options';
import { startSandbox, type Sandbox, type SandboxOptions } from './server';
import {
  anyText,
  type Body,
  type Delivered,
  having,
  matching,
  publish,
  receiver,
  type Receiver,
  send,
} from './testing';

let sandbox: Sandbox;
let hook: Receiver;

const open = async (options: SandboxOptions = {}, statuses: number[] = []) => {
  hook = await receiver(statuses);
  sandbox = await startSandbox(options);
  for (const handle of ['ada_bot', 'bob_bot', 'cy_bot']) {
    sandbox.registerAgent({ handle, name: handle });
  }
};
afterEach(async () => {
  expect(sandbox.contractViolations).toEqual([]);
  expect(sandbox.internalErrors).toEqual([]);
  await sandbox.close();
  await hook.close();
});

const configure = async (body: object = {}) =>
  (
    (await sandbox
      .as('ada_bot')
      .patch('/api/agents/me/webhook', { webhookUrl: hook.url, ...body })) as Body
  ).webhook;
const follow = async (by = 'bob_bot') => await sandbox.as(by).post('/api/agents/ada_bot/follow');
const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text);

describe('the webhook', () => {
  it('shows its secret only when it is made', async () => {
    await open();
    expect(await configure()).toEqual({ webhookUrl: hook.url, hasSecret: false });
    const { webhookSecret } = await configure({ regenerateSecret: true });
    expect(webhookSecret).toMatch(/^whsec_/);
    const moved = await configure({ webhookUrl: `${hook.url}/2` });
    expect(moved).toEqual({ webhookUrl: `${hook.url}/2`, hasSecret: true });
    const stored = (await sandbox.as('ada_bot').get('/api/agents/me/webhook')) as Body;
    expect(stored.webhook).toMatchObject({ webhookUrl: `${hook.url}/2`, hasSecret: true });
    expect(JSON.stringify(stored)).not.toContain(webhookSecret);
    expect(sandbox.state.agentByHandle('ada_bot')?.webhook?.secret).toBe(webhookSecret);
  });

  it('can be removed, twice', async () => {
    await open();
    await configure();
    await sandbox.as('ada_bot').delete('/api/agents/me/webhook');
    await sandbox.as('ada_bot').delete('/api/agents/me/webhook');
    const { webhook } = (await sandbox.as('ada_bot').get('/api/agents/me/webhook')) as Body;
    expect(webhook).toEqual({ webhookUrl: null, hasSecret: false });
    await follow();
    await sandbox.settled();
    expect(sandbox.deliveries).toEqual([]);
  });

  it.each(['http://example.com/hook', 'http://192.168.1.2/hook', 'ftp://localhost/x', 'hook'])(
    'refuses the address %s',
    async (webhookUrl) => {
      await open();
      const answer = await sandbox
        .as('ada_bot')
        .request('PATCH', '/api/agents/me/webhook', { webhookUrl });
      expect(answer).toMatchObject({ status: 400, body: { error: 'validation_error' } });
      expect(sandbox.state.agentByHandle('ada_bot')?.webhook).toBeNull();
    },
  );

  it('delivers a test when asked, and says how it went', async () => {
    await open({}, [200, 500]);
    expect((await configure({ test: true })).testResult).toMatchObject({
      success: true,
      statusCode: 200,
    });
    expect((await configure({ test: true })).testResult).toMatchObject({
      success: false,
      statusCode: 500,
    });
    expect(JSON.parse(hook.received[0].body)).toMatchObject({ event: 'test' });
  });

  it('needs an address the first time', async () => {
    await open();
    const answer = await sandbox
      .as('ada_bot')
      .request('PATCH', '/api/agents/me/webhook', { regenerateSecret: true });
    expect(answer.status).toBe(400);
  });
});

describe('what is delivered', () => {
  /** Kinds of the deliveries, sorted: deliveries travel side by side. */
  const kinds = async () => {
    await sandbox.settled();
    return hook.received.map(({ body }) => (JSON.parse(body) as Delivered).event).sort();
  };

  it('is each thing that others do', async () => {
    await open();
    await configure();
    const id = await publish(sandbox, 'ada_bot', 'Hello');
    const bob = sandbox.as('bob_bot');
    await follow();
    await bob.post(`/api/posts/${id}/like`);
    await bob.post(`/api/posts/${id}/repost`);
    await bob.post(`/api/posts/${id}/quote`, { content: 'True' });
    const own = (await sandbox
      .as('ada_bot')
      .post(`/api/posts/${id}/comments`, { content: 'First' })) as Body;
    await bob.post(`/api/posts/${id}/comments`, { content: 'Nice' });
    await bob.post(`/api/posts/${id}/comments`, {
      content: 'Indeed, @ada_bot',
      parentId: own.comment.id,
    });
    await bob.post('/api/posts', { content: 'Hi @ada_bot and @ada_bot, ada_bot@example.com' });
    expect(await kinds()).toEqual([
      'comment',
      'follow',
      'like',
      'mention',
      'quote',
      'reply',
      'repost',
    ]);
    const delivered = hook.received.map(({ body }) => JSON.parse(body) as Delivered);
    expect(delivered.find(({ event }) => event === 'follow')).toEqual({
      id: matching(/^evt_/),
      event: 'follow',
      createdAt: anyText,
      data: { actor: having({ handle: 'bob_bot' }) },
    });
    expect([...sandbox.state.notifications.values()].map(({ type }) => type)).toContain('REPLY');
  });

  it('is nothing that one does oneself, and nothing twice', async () => {
    await open();
    await configure();
    const id = await publish(sandbox, 'ada_bot', 'I am @ada_bot');
    await sandbox.as('ada_bot').post(`/api/posts/${id}/like`);
    await sandbox.as('ada_bot').post(`/api/posts/${id}/comments`, { content: 'Well' });
    await follow();
    await follow();
    expect(await kinds()).toEqual(['follow']);
  });

  it('tells the author of a comment of a reply, and the author of the post of the comment', async () => {
    await open();
    await configure();
    const id = await publish(sandbox, 'bob_bot', 'Hello');
    const { comment } = (await sandbox
      .as('ada_bot')
      .post(`/api/posts/${id}/comments`, { content: 'Hi' })) as Body;
    const answer = { content: 'Hey', parentId: comment.id };
    await sandbox.as('cy_bot').post(`/api/posts/${id}/comments`, answer);
    expect(await kinds()).toEqual(['reply']);
    const types = [...sandbox.state.notifications.values()].map(({ type }) => type);
    expect(types).toEqual(['COMMENT', 'REPLY', 'COMMENT']);
  });
});

describe('the form of a delivery', () => {
  const openWith = async (delivery: Partial<DeliveryOptions>) => {
    await open({ delivery });
    const { webhookSecret } = await configure({ regenerateSecret: true });
    await follow();
    await sandbox.settled();
    const [{ headers, body }] = hook.received;
    return { secret: webhookSecret, headers, body };
  };

  it('is signed over the raw body', async () => {
    const { secret, headers, body } = await openWith({});
    expect(headers['x-imagineanything-signature']).toBe(
      `sha256=${hmac(secret, body).digest('hex')}`,
    );
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-imagineanything-event': 'follow',
      'x-imagineanything-delivery': (JSON.parse(body) as Delivered).id,
    });
  });

  it.each([
    ['hex', (secret: string, body: string) => hmac(secret, body).digest('hex')],
    ['base64', (secret: string, body: string) => hmac(secret, body).digest('base64')],
    [
      'sha256=base64',
      (secret: string, body: string) => `sha256=${hmac(secret, body).digest('base64')}`,
    ],
  ] as const)('can be signed as %s under another name', async (signatureFormat, expected) => {
    const { secret, headers, body } = await openWith({
      signatureFormat,
      signatureHeader: 'X-Signature',
    });
    expect(headers['x-signature']).toBe(expected(secret, body));
  });

  it('can sign a timestamp too', async () => {
    const { secret, headers, body } = await openWith({ signatureFormat: 't,v1' });
    const [, t, v1] =
      /^t=(\d+),v1=(\w+)$/.exec(String(headers['x-imagineanything-signature'])) ?? [];
    expect(v1).toBe(hmac(secret, `${t}.${body}`).digest('hex'));
  });

  it('is unsigned without a secret', async () => {
    await open();
    await configure();
    await follow();
    await sandbox.settled();
    expect(hook.received[0].headers).not.toHaveProperty('x-imagineanything-signature');
  });

  it.each([
    ['type-payload', { type: 'FOLLOW', payload: { actor: { handle: 'bob_bot' } } }],
    ['flat', { event: 'follow', actor: { handle: 'bob_bot' } }],
    ['notification', { notification: { type: 'FOLLOW', agent: { handle: 'bob_bot' } } }],
  ] as const)('can be %s', async (bodyForm, expected) => {
    const { body } = await openWith({ bodyForm });
    expect(JSON.parse(body)).toMatchObject(expected);
  });

  it('can be a function of the event', async () => {
    const { body } = await openWith({ bodyForm: ({ event }) => ({ what: event }) });
    expect(JSON.parse(body)).toEqual({ what: 'follow' });
  });

  it.each(['array', 'events'] as const)('can hold several events (%s)', async (form) => {
    await open({ delivery: { batch: { size: 2, waitMs: 60_000, form } } });
    await configure();
    await follow('bob_bot');
    await follow('cy_bot');
    await publish(sandbox, 'bob_bot', 'Hi @ada_bot');
    await sandbox.settled();
    const bodies = hook.received.map(({ body }) => JSON.parse(body) as unknown);
    const events = bodies.map(
      (body) => (form === 'array' ? body : (body as { events: unknown }).events) as Delivered[],
    );
    expect(events.map((each) => each.map(({ event }) => event)).sort()).toEqual([
      ['follow', 'follow'],
      ['mention'],
    ]);
  });
});

describe('a delivery that is refused', () => {
  it('is repeated with the same body', async () => {
    await open({ redeliver: { attempts: 3, delayMs: 1 } }, [500, 503]);
    await configure();
    await follow();
    await sandbox.settled();
    expect(hook.received).toHaveLength(3);
    expect(new Set(hook.received.map(({ body }) => body)).size).toBe(1);
    expect(sandbox.deliveries).toMatchObject([
      { agent: 'ada_bot', attempts: 3, status: 200, state: 'delivered', events: ['follow'] },
    ]);
  });

  it('is given up after the last attempt', async () => {
    await open({ redeliver: { attempts: 1, delayMs: 1 } }, [401, 401, 200]);
    await configure();
    await follow();
    await sandbox.settled();
    expect(sandbox.deliveries).toMatchObject([{ attempts: 2, status: 401, state: 'failed' }]);
  });

  it('finds nobody, without harm to the request that caused it', async () => {
    await open();
    await configure();
    await hook.close();
    await follow();
    await sandbox.settled();
    expect(sandbox.deliveries).toMatchObject([
      { attempts: 1, status: null, state: 'failed', error: matching(/REFUSED/) },
    ]);
    expect(sandbox.state.follows.size).toBe(1);
    hook = await receiver();
  });

  it('does not keep the sandbox from closing', async () => {
    await open({ redeliver: { attempts: 5, delayMs: 3_600_000 } }, [500]);
    await configure();
    await follow();
    await sandbox.close();
    expect(sandbox.deliveries).toMatchObject([{ state: 'failed' }]);
    sandbox = await startSandbox();
  });
});

describe('a delivery of a test’s own', () => {
  it('can be anything, signed well, badly or not at all', async () => {
    await open();
    const { webhookSecret } = await configure({ regenerateSecret: true });
    const name = 'x-imagineanything-signature';
    const signature = () => hook.received.at(-1)?.headers[name];
    const good = `sha256=${hmac(webhookSecret, 'raw text').digest('hex')}`;

    expect(await sandbox.deliver('ada_bot', 'raw text')).toMatchObject({
      status: 200,
      responseBody: 'ok',
      state: 'delivered',
    });
    expect(signature()).toBe(good);
    await sandbox.deliver('ada_bot', 'raw text', { sign: 'wrong' });
    expect(signature()).toMatch(/^sha256=/);
    expect(signature()).not.toBe(good);
    await sandbox.deliver('ada_bot', 'raw text', { sign: 'none' });
    expect(signature()).toBeUndefined();
    await sandbox.deliver('ada_bot', { event: 'like' }, { signature: 'sha256=00' });
    expect([signature(), hook.received.at(-1)?.body]).toEqual(['sha256=00', '{"event":"like"}']);
    await sandbox.deliver('ada_bot', '', {
      method: 'GET',
      contentType: null,
      signatureHeader: 'X-Hub-Signature',
      signatureFormat: 't,v1',
      timestamp: 7,
      headers: { 'X-Extra': 'yes' },
    });
    const last = hook.received.at(-1);
    expect(last).toMatchObject({
      method: 'GET',
      headers: { 'x-extra': 'yes', 'x-hub-signature': matching(/^t=7,v1=/) },
    });
    expect(last?.headers).not.toHaveProperty('content-type');
  });

  it('needs a webhook or an address', async () => {
    await open();
    await expect(sandbox.deliver('ada_bot', {})).rejects.toThrow('@ada_bot has no webhook');
    expect((await sandbox.deliver('ada_bot', {}, { url: hook.url })).status).toBe(200);
  });
});

it('asks for a token like any other call', async () => {
  await open();
  expect((await send(sandbox, 'GET', '/api/agents/me/webhook')).status).toBe(401);
});
