/** A service that keeps the URL of a webhook without its query. */
import { later } from './support/clock';
import { follow, NOTHING, STARTED, useTrigger } from './support/useTrigger';

describe('A service that does not keep the query of the URL', () => {
  const { n8n, agent, registeredUrl, production, start, deliver, unpublish, webhook } = useTrigger({
    accepts: { webhookUrls: 'withoutQuery' },
  });

  it('has its signatures verified instead', async () => {
    await start();
    expect(registeredUrl()).toBe(production('a'));
    expect(await deliver(follow())).toEqual(STARTED);
    expect(await deliver(follow(), { sign: 'none' })).toEqual([401, 'signature_missing']);
    await n8n.activate('a', 'init');
    later(20_000);
    expect(await deliver(follow())).toEqual(STARTED);
  });

  it('has its headers ignored, because no signature covers them', async () => {
    await start({}, ['follow']);
    const body = { id: 'evt_1', actor: { handle: 'someone' } };
    expect(await deliver(body, { headers: { 'X-Event': 'follow' } })).toEqual(NOTHING);
  });

  it('cannot be used with the address only, and a test gives the webhook back', async () => {
    n8n.add('b', agent.handle, { verification: 'address' });
    await expect(n8n.activate('b')).rejects.toThrow('drops the query from the webhook URL');
    await unpublish('b');
    await start();
    const secret = webhook()?.secret;
    await expect(n8n.listen('b')).rejects.toThrow('drops the query from the webhook URL');
    expect(webhook()).toMatchObject({ url: production('a'), secret });
  });
});
