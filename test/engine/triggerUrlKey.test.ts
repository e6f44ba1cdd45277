/** The key in the registered URL: what it lets through, when there is another one, and who sees it. */
import { until } from '../host/until';
import { later } from './support/clock';
import { follow, STARTED, useTrigger } from './support/useTrigger';

const KEYED = /\?webhook_key=[\w-]{32}$/;
const KEY = /webhook_key=[\w-]{8,}/;

describe('The key in the registered URL', () => {
  const { n8n, sandbox, agent, registeredUrl, production, point, start, deliver, unpublish } =
    useTrigger();

  it('stays when n8n restarts, and changes with the secret', async () => {
    await start();
    const url = registeredUrl();
    expect(url).toMatch(KEYED);
    await n8n.activate('a', 'init');
    await n8n.activate('a', 'update');
    expect(registeredUrl()).toBe(url);
    await unpublish('a');
    await n8n.activate('a');
    expect(registeredUrl()).toMatch(KEYED);
    expect(registeredUrl()).not.toBe(url);
  });

  it('is required of every delivery, whatever its signature', async () => {
    await start();
    for (const url of [production('a'), `${production('a')}?webhook_key=${'x'.repeat(32)}`]) {
      expect(await deliver(follow(), { url })).toEqual([401, 'url_incomplete']);
    }
    expect(n8n.started).toEqual([]);
    expect(await deliver(follow())).toEqual(STARTED);
    expect(n8n.started[0].items[0].json.verification).toEqual({
      method: 'signature',
      form: 'body',
    });
  });

  it('lets through what is not signed, until there is a valid signature', async () => {
    await start();
    const unsigned = { sign: 'none' } as const;
    expect(await deliver(follow(), unsigned)).toEqual(STARTED);
    expect(n8n.started[0].items[0].json.verification).toEqual({ method: 'address' });
    expect(await deliver(follow())).toEqual(STARTED);
    expect(await deliver(follow(), unsigned)).toEqual([401, 'signature_missing']);
    const stored = () =>
      JSON.parse(n8n.credentials.read(agent.handle).webhook as string) as { signatureForm: string };
    const isSaved = () => stored().signatureForm !== '';
    await until(isSaved, { what: 'the first signature to be remembered' });
    // Another process, or this one after a restart, reads it from the credential.
    later(20_000);
    expect(await deliver(follow(), unsigned)).toEqual([401, 'signature_missing']);
    // A new secret starts anew.
    await unpublish('a');
    await n8n.activate('a');
    later(20_000);
    expect(await deliver(follow(), unsigned)).toEqual(STARTED);
  });

  it('is added to a webhook of the version before, which keeps its secret', async () => {
    await start();
    const before = JSON.parse(n8n.credentials.read(agent.handle).webhook as string) as object;
    const { secret } = before as { secret: string };
    const old = { ...before, webhookUrl: production('a') };
    for (const name of ['signatureForm', 'urlKey', 'nextUrlKey']) delete old[name as never];
    n8n.credentials.save(agent.handle, {
      ...n8n.credentials.read(agent.handle),
      webhook: JSON.stringify(old),
    });
    point(production('a'));
    later(20_000);
    expect(await deliver(follow())).toEqual(STARTED);
    expect(await deliver(follow(), { sign: 'none' })).toEqual([401, 'signature_missing']);
    await n8n.activate('a', 'init');
    expect(registeredUrl()).toMatch(KEYED);
    expect(sandbox.state.agentByHandle(agent.handle)?.webhook?.secret).toBe(secret);
    later(20_000);
    expect(await deliver(follow())).toEqual(STARTED);
    expect(await deliver(follow(), { url: production('a') })).toEqual([401, 'url_incomplete']);
  });

  it('is in no item, no warning, no error and no static data', async () => {
    n8n.credentials.save('second', n8n.credentials.read(agent.handle));
    n8n.add('b', 'second');
    await start();
    await deliver(follow());
    await deliver(follow(), { url: production('a') });
    expect(registeredUrl()).toMatch(KEY);
    await expect(n8n.activate('b')).rejects.not.toThrow(KEY);
    sandbox.faults.add({
      match: { operationId: 'webhookConfigure' },
      fault: {
        kind: 'status',
        status: 400,
        body: { error: 'x', message: String(registeredUrl()) },
      },
    });
    n8n.add('a', agent.handle, { rotateSecret: true });
    await expect(n8n.activate('a')).rejects.not.toThrow(KEY);
    const seen = JSON.stringify([n8n.started, n8n.warnings]);
    expect(seen).toContain('follow');
    expect(seen).not.toMatch(KEY);
  });
});
