/** How the trigger registers its webhook when a workflow is published, and removes it. */
import { later } from './support/clock';
import { follow, useTrigger } from './support/useTrigger';

const { n8n, sandbox, agent, webhook, registeredUrl, production, testing, point, unpublish } =
  useTrigger();

describe('Publishing', () => {
  it('A workflow registers its webhook with a new secret, keeps it when n8n restarts, and deletes it when unpublished', async () => {
    n8n.add('a', agent.handle);
    await n8n.activate('a');
    const { url, secret } = webhook() ?? {};
    expect(url).toBe(production('a'));
    expect(secret).toMatch(/^whsec_/);
    await n8n.activate('a', 'init');
    expect(webhook()).toMatchObject({ url, secret });
    await unpublish('a');
    expect(webhook()).toBeNull();
  });

  it('An old secret is not used after the response with a new one was lost', async () => {
    const configure = { operationId: 'webhookConfigure' };
    n8n.add('a', agent.handle, { rotateSecret: true, verification: 'signature' });
    await n8n.activate('a');
    sandbox.faults.add({
      match: configure,
      times: Infinity,
      fault: { kind: 'reset', apply: true },
    });
    await expect(n8n.activate('a')).rejects.toThrow('connection was lost');
    sandbox.faults.clear();
    expect((await sandbox.deliver(agent.handle, follow())).status).toBe(503);
    await n8n.activate('a', 'init');
    // What was read before is good for a moment.
    later(1000);
    expect((await sandbox.deliver(agent.handle, follow())).status).toBe(200);

    // A refusal changed nothing, and so the old one stays good.
    sandbox.faults.add({ match: configure, fault: { kind: 'status', status: 400 } });
    await expect(n8n.activate('a')).rejects.toThrow('HTTP 400');
    // What was read before is forgotten by then.
    later(12_000);
    expect((await sandbox.deliver(agent.handle, follow())).status).toBe(200);

    await unpublish('a');
    const { webhook: stored } = n8n.credentials.read(agent.handle);
    expect(JSON.parse(stored as string)).toMatchObject({ secret: '', webhookUrl: '' });
  });

  it('A workflow stays active when the service fails while n8n starts', async () => {
    n8n.add('a', agent.handle);
    await n8n.activate('a');
    const broken = {
      match: { path: '/api/agents/me/webhook' },
      fault: { kind: 'status', status: 403 } as const,
    };
    sandbox.faults.add(broken);
    await n8n.activate('a', 'init');
    sandbox.faults.add(broken);
    await expect(n8n.activate('a')).rejects.toThrow('HTTP 403');
  });

  it('The start of n8n does not wait for a rate limit that resets later than it may take', async () => {
    n8n.add('a', agent.handle);
    await n8n.activate('a');
    const before = sandbox.requests.length;
    sandbox.faults.add({
      match: { operationId: 'webhookGet' },
      fault: { kind: 'status', status: 429, headers: { 'Retry-After': '10' } },
    });
    await n8n.activate('a', 'init');
    const reads = sandbox.requests
      .slice(before)
      .filter((each) => each.agent === agent.handle && each.operationId === 'webhookGet');
    expect(reads.map(({ status }) => status)).toEqual([429]);
  });

  /** Saves a credential of the same agent that knows nothing of its webhook. */
  const secondCredential = () => {
    const name = `second of ${agent.handle}`;
    n8n.credentials.save(name, { ...n8n.credentials.read(agent.handle), webhook: '' });
    return name;
  };

  it('Publishing fails at once, with the workflow and advice, when another credential has the webhook', async () => {
    n8n.add('a', agent.handle);
    n8n.add('b', secondCredential());
    await n8n.activate('a');
    await expect(n8n.activate('b')).rejects.toMatchObject({
      name: 'WebhookPathTakenError',
      message: expect.stringMatching(
        `^The events of this agent are already delivered to the workflow "Workflow a" \\(${production('a')}\\), and an agent has only one webhook. To receive them here instead, turn on "Replace Existing Webhook"`,
      ) as string,
    });
    await n8n.deactivate('b');
    expect(webhook()?.url).toBe(production('a'));
  });

  it('Replace Existing Webhook replaces the webhook, and the previous receiver then deletes nothing', async () => {
    n8n.add('a', agent.handle);
    n8n.add('b', secondCredential(), { replaceExistingWebhook: true });
    await n8n.activate('a');
    await n8n.activate('b');
    await n8n.deactivate('a');
    expect(webhook()?.url).toBe(production('b'));
    await expect(n8n.activate('a', 'init')).rejects.toThrow('already delivered to');
  });

  it('The webhook follows a changed URL of n8n, also at the second attempt', async () => {
    const old = 'http://127.0.0.1:9/webhook/hook-a/webhook';
    n8n.add('a', agent.handle);
    await n8n.activate('a');
    const secret = webhook()?.secret;
    point(old);
    n8n.registeredAs('a', old);
    sandbox.faults.add({
      match: { operationId: 'webhookConfigure' },
      fault: { kind: 'status', status: 400 },
    });
    await expect(n8n.activate('a', 'init')).rejects.toThrow('HTTP 400');
    await n8n.deactivate('a');
    await n8n.activate('a', 'init');
    expect(webhook()).toMatchObject({ url: production('a'), secret });
  });

  it.each([
    ['with its credential', {}],
    ['with a credential made anew', { webhook: '' }],
  ])('A copy of an n8n instance in use, %s, takes no webhook from it', async (_, change) => {
    n8n.add('a', agent.handle);
    await n8n.activate('a');
    const { url, secret } = webhook() ?? {};
    n8n.credentials.save('copy', { ...n8n.credentials.read(agent.handle), ...change });
    n8n.add('copy', 'copy', { rotateSecret: true });
    n8n.registeredAs('copy', production('a'));
    await n8n.activate('copy', 'init');
    expect(n8n.warnings.join()).toContain(
      `events are still delivered to ${production('a')}, where`,
    );
    await expect(n8n.activate('copy')).rejects.toThrow(
      `already delivered to the workflow "Workflow a" (${production('a')})`,
    );
    expect(webhook()).toMatchObject({ url, secret });
    expect(n8n.started).toEqual([]);
  });

  it('The webhook stays unchanged when n8n starts without its public URL', async () => {
    const old = 'https://n8n.example/webhook/hook-a/webhook';
    n8n.add('a', agent.handle);
    await n8n.activate('a');
    point(old);
    n8n.registeredAs('a', old);
    // The check of the address is the one after the three that come with asking the service.
    const read = n8n.credentials.getDecrypted.bind(n8n.credentials);
    let reads = 0;
    jest.spyOn(n8n.credentials, 'getDecrypted').mockImplementation(async (...args) => ({
      ...(await read(...args)),
      ...(++reads > 3 ? { baseUrl: 'https://imagineanything.example' } : {}),
    }));
    await n8n.activate('a', 'init');
    expect(webhook()?.url).toBe(old);
    expect(n8n.warnings.join()).toContain('is in a private network. Set the environment variable');
  });

  it('Another form of the same URL is the same webhook', async () => {
    n8n.add('a', agent.handle);
    await n8n.activate('a');
    const secret = webhook()?.secret;
    point(String(registeredUrl()).replace('http:', 'HTTP:'));
    await n8n.activate('a');
    expect(webhook()).toMatchObject({ url: expect.stringMatching(/^HTTP:/) as string, secret });
    await unpublish('a');
    expect(webhook()).toBeNull();
  });

  it('Publishing fails when the service cannot reach n8n', async () => {
    n8n.add('a', agent.handle);
    const data = n8n.credentials.read(agent.handle);
    n8n.credentials.save(agent.handle, { ...data, baseUrl: 'https://imagineanything.example' });
    await expect(n8n.listen('a')).rejects.toThrow(
      `ImagineAnything cannot reach n8n: the webhook URL ${testing('a')} is in a private network. Set the environment variable N8N_WEBHOOK_URL (WEBHOOK_URL in older versions) to the public https:// URL`,
    );
  });
});
