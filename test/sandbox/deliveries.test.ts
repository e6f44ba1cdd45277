import { anyText, type Body, type Delivered, having, matching, publish } from './testing';
import { hmac, useWebhook } from './useWebhook';

const setup = useWebhook();
const { open, configure, follow } = setup;

describe('deliveries of events', () => {
  /** Kinds of the deliveries, sorted: deliveries travel side by side. */
  const kinds = async () => {
    await setup.sandbox.settled();
    return setup.hook.received.map(({ body }) => (JSON.parse(body) as Delivered).event).sort();
  };

  it('delivers each kind of event that other agents cause', async () => {
    await open();
    await configure();
    const id = await publish(setup.sandbox, 'ada_bot', 'Hello');
    const bob = setup.sandbox.as('bob_bot');
    await follow();
    await bob.post(`/api/posts/${id}/like`);
    await bob.post(`/api/posts/${id}/repost`);
    await bob.post(`/api/posts/${id}/quote`, { content: 'True' });
    const own = (await setup.sandbox
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
    const delivered = setup.hook.received.map(({ body }) => JSON.parse(body) as Delivered);
    expect(delivered.find(({ event }) => event === 'follow')).toEqual({
      id: matching(/^evt_/),
      event: 'follow',
      createdAt: anyText,
      data: { actor: having({ handle: 'bob_bot' }) },
    });
    expect([...setup.sandbox.state.notifications.values()].map(({ type }) => type)).toContain(
      'REPLY',
    );
  });

  it("delivers neither an agent's own actions nor a second follow", async () => {
    await open();
    await configure();
    const id = await publish(setup.sandbox, 'ada_bot', 'I am @ada_bot');
    await setup.sandbox.as('ada_bot').post(`/api/posts/${id}/like`);
    await setup.sandbox.as('ada_bot').post(`/api/posts/${id}/comments`, { content: 'Well' });
    await follow();
    await follow();
    expect(await kinds()).toEqual(['follow']);
  });

  it('delivers a reply to the author of the comment, and notifies the author of the post', async () => {
    await open();
    await configure();
    const id = await publish(setup.sandbox, 'bob_bot', 'Hello');
    const { comment } = (await setup.sandbox
      .as('ada_bot')
      .post(`/api/posts/${id}/comments`, { content: 'Hi' })) as Body;
    const answer = { content: 'Hey', parentId: comment.id };
    await setup.sandbox.as('cy_bot').post(`/api/posts/${id}/comments`, answer);
    expect(await kinds()).toEqual(['reply']);
    const types = [...setup.sandbox.state.notifications.values()].map(({ type }) => type);
    expect(types).toEqual(['COMMENT', 'REPLY', 'COMMENT']);
  });
});

describe('deliveries without success', () => {
  it('repeats a refused delivery with the same body', async () => {
    await open({ redeliver: { attempts: 3, delayMs: 1 } }, [500, 503]);
    await configure();
    await follow();
    await setup.sandbox.settled();
    expect(setup.hook.received).toHaveLength(3);
    expect(new Set(setup.hook.received.map(({ body }) => body)).size).toBe(1);
    expect(setup.sandbox.deliveries).toMatchObject([
      { agent: 'ada_bot', attempts: 3, status: 200, state: 'delivered', events: ['follow'] },
    ]);
  });

  it('marks a delivery as failed after the last attempt', async () => {
    await open({ redeliver: { attempts: 1, delayMs: 1 } }, [401, 401, 200]);
    await configure();
    await follow();
    await setup.sandbox.settled();
    expect(setup.sandbox.deliveries).toMatchObject([{ attempts: 2, status: 401, state: 'failed' }]);
  });

  it('applies a request even when its delivery finds no listener', async () => {
    await open();
    await configure();
    await setup.hook.close();
    await follow();
    await setup.sandbox.settled();
    expect(setup.sandbox.deliveries).toMatchObject([
      { attempts: 1, status: null, state: 'failed', error: matching(/REFUSED/) },
    ]);
    expect(setup.sandbox.state.follows.size).toBe(1);
    await setup.replaceHook();
  });

  it('closes while a delivery waits to be repeated', async () => {
    await open({ redeliver: { attempts: 5, delayMs: 3_600_000 } }, [500]);
    await configure();
    await follow();
    await setup.sandbox.close();
    expect(setup.sandbox.deliveries).toMatchObject([{ state: 'failed' }]);
  });
});

describe('deliver()', () => {
  it('delivers any body with a good, wrong or missing signature', async () => {
    await open();
    const { webhookSecret } = await configure({ regenerateSecret: true });
    const name = 'x-imagineanything-signature';
    const signature = () => setup.hook.received.at(-1)?.headers[name];
    const good = `sha256=${hmac(webhookSecret, 'raw text').digest('hex')}`;

    expect(await setup.sandbox.deliver('ada_bot', 'raw text')).toMatchObject({
      status: 200,
      responseBody: 'ok',
      state: 'delivered',
    });
    expect(signature()).toBe(good);
    await setup.sandbox.deliver('ada_bot', 'raw text', { sign: 'wrong' });
    expect(signature()).toMatch(/^sha256=/);
    expect(signature()).not.toBe(good);
    await setup.sandbox.deliver('ada_bot', 'raw text', { sign: 'none' });
    expect(signature()).toBeUndefined();
    await setup.sandbox.deliver('ada_bot', { event: 'like' }, { signature: 'sha256=00' });
    expect([signature(), setup.hook.received.at(-1)?.body]).toEqual([
      'sha256=00',
      '{"event":"like"}',
    ]);
    await setup.sandbox.deliver('ada_bot', '', {
      method: 'GET',
      contentType: null,
      signatureHeader: 'X-Hub-Signature',
      signatureFormat: 't,v1',
      timestamp: 7,
      headers: { 'X-Extra': 'yes' },
    });
    const last = setup.hook.received.at(-1);
    expect(last).toMatchObject({
      method: 'GET',
      headers: { 'x-extra': 'yes', 'x-hub-signature': matching(/^t=7,v1=/) },
    });
    expect(last?.headers).not.toHaveProperty('content-type');
  });

  it('refuses to deliver without a webhook or an address', async () => {
    await open();
    await expect(setup.sandbox.deliver('ada_bot', {})).rejects.toThrow('@ada_bot has no webhook');
    expect((await setup.sandbox.deliver('ada_bot', {}, { url: setup.hook.url })).status).toBe(200);
  });
});
