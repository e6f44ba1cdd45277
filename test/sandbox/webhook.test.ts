import { type Body, send } from './testing';
import { useWebhook } from './useWebhook';

const setup = useWebhook();
const { open, configure, follow } = setup;

describe('the webhook', () => {
  it('shows the secret of a webhook only when it generates it', async () => {
    await open();
    expect(await configure()).toEqual({ webhookUrl: setup.hook.url, hasSecret: false });
    const { webhookSecret } = await configure({ regenerateSecret: true });
    expect(webhookSecret).toMatch(/^whsec_/);
    const moved = await configure({ webhookUrl: `${setup.hook.url}/2` });
    expect(moved).toEqual({ webhookUrl: `${setup.hook.url}/2`, hasSecret: true });
    const stored = (await setup.sandbox.as('ada_bot').get('/api/agents/me/webhook')) as Body;
    expect(stored.webhook).toMatchObject({ webhookUrl: `${setup.hook.url}/2`, hasSecret: true });
    expect(JSON.stringify(stored)).not.toContain(webhookSecret);
    expect(setup.sandbox.state.agentByHandle('ada_bot')?.webhook?.secret).toBe(webhookSecret);
  });

  it('removes a webhook, and accepts that there is none', async () => {
    await open();
    await configure();
    await setup.sandbox.as('ada_bot').delete('/api/agents/me/webhook');
    await setup.sandbox.as('ada_bot').delete('/api/agents/me/webhook');
    const { webhook } = (await setup.sandbox.as('ada_bot').get('/api/agents/me/webhook')) as Body;
    expect(webhook).toEqual({ webhookUrl: null, hasSecret: false });
    await follow();
    await setup.sandbox.settled();
    expect(setup.sandbox.deliveries).toEqual([]);
  });

  it.each(['http://example.com/hook', 'http://192.168.1.2/hook', 'ftp://localhost/x', 'hook'])(
    'rejects the webhook address %s',
    async (webhookUrl) => {
      await open();
      const answer = await setup.sandbox
        .as('ada_bot')
        .request('PATCH', '/api/agents/me/webhook', { webhookUrl });
      expect(answer).toMatchObject({ status: 400, body: { error: 'validation_error' } });
      expect(setup.sandbox.state.agentByHandle('ada_bot')?.webhook).toBeNull();
    },
  );

  it('delivers a test event on request, and answers with its result', async () => {
    await open({}, [200, 500]);
    expect((await configure({ test: true })).testResult).toMatchObject({
      success: true,
      statusCode: 200,
    });
    expect((await configure({ test: true })).testResult).toMatchObject({
      success: false,
      statusCode: 500,
    });
    expect(JSON.parse(setup.hook.received[0].body)).toMatchObject({ event: 'test' });
  });

  it('rejects a first configuration without an address', async () => {
    await open();
    const answer = await setup.sandbox
      .as('ada_bot')
      .request('PATCH', '/api/agents/me/webhook', { regenerateSecret: true });
    expect(answer.status).toBe(400);
  });
});

it('requires a token to read the webhook', async () => {
  await open();
  expect((await send(setup.sandbox, 'GET', '/api/agents/me/webhook')).status).toBe(401);
});
