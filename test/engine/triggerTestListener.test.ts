/** How the trigger borrows the webhook of its agent while the editor listens for a test event. */
import { until } from '../host/until';
import { follow, useTrigger } from './support/useTrigger';

const { n8n, sandbox, clock, agent, webhook, production, testing, point } = useTrigger();

describe('Listening for a test event', () => {
  it('A test uses the webhook and restores it, with the same secret', async () => {
    n8n.add('a', agent.handle);
    n8n.add('b', agent.handle);
    await n8n.activate('a');
    const secret = webhook()?.secret;
    for (const id of ['a', 'b']) {
      await n8n.listen(id);
      expect(webhook()).toMatchObject({ url: testing(id), secret });
      expect((await sandbox.deliver(agent.handle, follow())).status).toBe(200);
      expect(n8n.started.at(-1)).toMatchObject({ workflow: `${id} test`, mode: 'manual' });
      // n8n still accepts deliveries until it has ended the test. They are for the published workflow.
      expect((await sandbox.deliver(agent.handle, follow())).status).toBe(200);
      expect(n8n.started.at(-1)).toMatchObject({ workflow: 'a', mode: 'webhook' });
      await n8n.listen(id);
      // It also shows what a published workflow would reject.
      expect((await sandbox.deliver(agent.handle, follow(), { sign: 'wrong' })).status).toBe(200);
      expect(n8n.started.at(-1)?.items[0].json).toMatchObject({
        verification: { method: 'none', rejection: 'signature_invalid' },
      });
      await n8n.stopListening(id);
      expect(webhook()).toMatchObject({ url: production('a'), secret });
    }
  });

  it('The webhook is restored when n8n starts, or the workflow is published, after n8n crashed during a test', async () => {
    n8n.add('a', agent.handle);
    n8n.add('b', agent.handle);
    await n8n.activate('a');
    const secret = webhook()?.secret;
    for (const id of ['a', 'b']) {
      await n8n.listen(id);
      await n8n.activate('a', 'init');
      expect(webhook()).toMatchObject({ url: production('a'), secret });
    }
    await n8n.listen('b');
    await n8n.activate('b');
    expect(webhook()).toMatchObject({ url: production('a'), secret });
  });

  it('What a test does not take starts the published workflows, or is delivered again', async () => {
    n8n.add('a', agent.handle);
    n8n.add('b', agent.handle);
    n8n.add('likes', agent.handle, {}, ['like']);
    await n8n.activate('a');
    await n8n.activate('b');
    await n8n.listen('likes');
    expect((await sandbox.deliver(agent.handle, follow())).status).toBe(200);
    expect(n8n.started.map(({ workflow }) => workflow).sort()).toEqual(['a', 'b']);
    // One that cannot be verified is only for the test to show.
    const forged = await sandbox.deliver(agent.handle, follow(), { sign: 'wrong' });
    expect([forged.status, forged.responseBody]).toEqual([
      503,
      expect.stringContaining('test_running'),
    ]);
    await n8n.stopListening('likes');
    expect(n8n.started).toHaveLength(2);
  });

  it('What a test does not take is not passed on to a workflow with another credential', async () => {
    n8n.add('a', agent.handle);
    await n8n.activate('a');
    const { clientId, clientSecret } = n8n.credentials.read(agent.handle);
    n8n.credentials.save('second', { clientId, clientSecret, baseUrl: sandbox.url });
    n8n.add('likes', 'second', { replaceExistingWebhook: true }, ['like']);
    await n8n.listen('likes');
    expect((await sandbox.deliver(agent.handle, follow())).status).toBe(503);
    await n8n.stopListening('likes');
    expect(n8n.started).toEqual([]);
    expect((await sandbox.deliver(agent.handle, follow())).status).toBe(200);
    expect(n8n.started).toMatchObject([{ workflow: 'a' }]);
  });

  it('What a test does not take is not passed on to another receiver', async () => {
    n8n.add('likes', agent.handle, { replaceExistingWebhook: true }, ['like']);
    await sandbox.as(agent.handle).patch('/api/agents/me/webhook', {
      webhookUrl: `${sandbox.url}/elsewhere`,
    });
    await n8n.listen('likes');
    sandbox.requests.clear();
    expect((await sandbox.deliver(agent.handle, follow())).status).toBe(503);
    expect(sandbox.requests).toHaveLength(0);
  });

  it('A test that was stopped takes no delivery while its webhook is restored', async () => {
    n8n.add('a', agent.handle);
    await n8n.activate('a');
    await n8n.listen('a');
    sandbox.faults.add({
      match: { path: '/api/agents/me/webhook' },
      times: 1,
      fault: { kind: 'latency', ms: 300 },
    });
    const stopping = n8n.stopListening('a');
    expect((await sandbox.deliver(agent.handle, follow())).status).toBe(200);
    await stopping;
    expect(n8n.started).toMatchObject([{ workflow: 'a', mode: 'webhook' }]);
  });

  it('A test deletes the webhook when there was none before', async () => {
    n8n.add('a', agent.handle);
    await n8n.listen('a');
    expect((await sandbox.deliver(agent.handle, follow())).status).toBe(200);
    await n8n.stopListening('a');
    expect(webhook()).toBeNull();
  });

  it('A test deletes the webhook when the workflow was unpublished meanwhile', async () => {
    n8n.add('a', agent.handle);
    await n8n.activate('a');
    await n8n.listen('a');
    await n8n.deactivate('a');
    expect(webhook()?.url).toBe(testing('a'));
    await n8n.stopListening('a');
    expect(webhook()).toBeNull();
  });

  it('A test borrows the webhook of another receiver only if the user wants it, and its deliveries can be verified', async () => {
    n8n.add('a', agent.handle);
    n8n.add('signed', agent.handle, { replaceExistingWebhook: true, verification: 'signature' });
    n8n.add('open', agent.handle, { replaceExistingWebhook: true });
    await n8n.activate('a');
    point('https://elsewhere.example/hook');
    await expect(n8n.listen('a')).rejects.toThrow(
      'are delivered to https://elsewhere.example/hook, which was not registered with this credential',
    );
    await expect(n8n.listen('signed')).rejects.toThrow(
      'are delivered to https://elsewhere.example/hook, and this credential does not have their signing secret',
    );
    await n8n.listen('open');
    expect((await sandbox.deliver(agent.handle, follow(), { sign: 'none' })).status).toBe(200);
    await n8n.stopListening('open');
    expect(webhook()?.url).toBe('https://elsewhere.example/hook');
  });

  it.each([
    ['when it ends', async () => await n8n.stopListening('a')],
    ['when n8n starts, where it had died', async () => await n8n.activate('a', 'init')],
  ])('A test restores %s although the service fails for a while', async (_, end) => {
    n8n.add('a', agent.handle);
    await n8n.activate('a');
    const secret = webhook()?.secret;
    await n8n.listen('a');
    // A request is repeated three times by itself.
    sandbox.faults.add({
      match: { path: '/api/agents/me/webhook' },
      times: 5,
      fault: { kind: 'status', status: 503 },
    });
    await end();
    expect(webhook()).toMatchObject({ url: production('a'), secret });
  });

  it('A test that has ended requests no test delivery: that would set the URL again', async () => {
    n8n.add('a', agent.handle, { requestTestDelivery: true });
    await n8n.activate('a');
    clock.hold();
    await n8n.listen('a');
    await n8n.stopListening('a');
    clock.release();
    sandbox.requests.clear();
    const ended = clock.now();
    await until(() => clock.now() > ended + 1_000, { what: 'the request to be due' });
    // It would have its turn before this.
    await n8n.activate('a');
    expect(sandbox.requests.of('webhookConfigure')).toEqual([]);
    expect(webhook()).toMatchObject({ url: production('a') });
  });

  it('A test that cannot restore the webhook logs it, and n8n continues', async () => {
    n8n.add('a', agent.handle);
    await n8n.activate('a');
    await n8n.listen('a');
    const data = n8n.credentials.read(agent.handle);
    n8n.credentials.save(agent.handle, { ...data, baseUrl: 'ftp://nowhere' });
    await n8n.stopListening('a');
    expect(n8n.warnings.join()).toContain('could not restore the webhook after the test');
  });
});

describe('A sample event', () => {
  const listenFor = async (sampleEvent: string) => {
    n8n.add('b', agent.handle, { sampleEvent, enrich: true, downloadMedia: true }, ['follow']);
    await n8n.listen('b');
  };

  it('is shown without a webhook and without a request to the service', async () => {
    n8n.add('a', agent.handle);
    await n8n.activate('a');
    sandbox.requests.clear();
    await listenFor('mention');
    await until(() => n8n.started.length > 0, { what: 'the sample to arrive' });
    await n8n.stopListening('b');
    expect(n8n.started).toMatchObject([{ workflow: 'b test', mode: 'manual' }]);
    const [{ json }] = n8n.started[0].items;
    expect(json).toMatchObject({ event: 'mention', verification: { method: 'sample' } });
    expect(json).not.toHaveProperty('raw');
    expect(json).not.toHaveProperty('enrichmentError');
    expect(json).not.toHaveProperty('mediaError');
    expect(sandbox.requests).toHaveLength(0);
    expect(webhook()?.url).toBe(production('a'));
  });

  it('is only accepted from the trigger itself', async () => {
    clock.hold();
    await listenFor('like');
    const url = `${testing('b')}?webhook_key=${'a'.repeat(32)}`;
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    expect((await fetch(url, init)).status).toBe(503);
    expect(n8n.started).toEqual([]);
    clock.release();
    await until(() => n8n.started.length > 0, { what: 'the sample to arrive' });
    await n8n.stopListening('b');
  });

  it('is not shown if none is chosen', async () => {
    await listenFor('none');
    expect(webhook()?.url).toBe(testing('b'));
    await n8n.stopListening('b');
  });

  it('gives back a webhook that the test before it has borrowed', async () => {
    n8n.add('a', agent.handle);
    n8n.add('b', agent.handle);
    await n8n.activate('a');
    await n8n.listen('b');
    // The page was loaded anew: n8n replaces the test, and does not end it.
    await listenFor('like');
    await until(() => n8n.started.length > 0, { what: 'the sample to arrive' });
    await n8n.stopListening('b');
    expect(webhook()?.url).toBe(production('a'));
  });

  it('is not waited for where n8n does not reach itself', async () => {
    n8n.add('gone', agent.handle, { sampleEvent: 'like' });
    // What is at the URL is something else.
    jest.spyOn(n8n, 'take').mockRejectedValue(new Error('Not found'));
    await expect(n8n.listen('gone')).rejects.toThrow(
      `The sample event cannot be shown, because n8n cannot reach its own webhook URL ${testing('gone')}`,
    );
  });
});
