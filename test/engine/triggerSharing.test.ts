/** Several workflows of one n8n that share the webhook of an agent. */
import { follow, NOTHING, STARTED, useTrigger } from './support/useTrigger';

const { n8n, sandbox, agent, webhook, production, deliver, unpublish } = useTrigger();

const KINDS = { a: 'follow', b: 'like', c: 'comment' } as const;
const IDS = ['a', 'b', 'c'] as const;

/** Publishes three workflows, each for a kind of event of its own. */
async function publishAll(options = {}): Promise<void> {
  for (const id of IDS) {
    n8n.add(id, agent.handle, options, [KINDS[id]]);
    await n8n.activate(id);
  }
}

/** The kinds of events that started each workflow since the last call. */
function startedSince(): Record<string, unknown[]> {
  const started = n8n.started.splice(0);
  return Object.fromEntries(
    IDS.map((id) => [
      id,
      started
        .filter(({ workflow }) => workflow === id)
        .flatMap(({ items }) => items.map(({ json }) => json.event)),
    ]),
  );
}

const deliverAll = async () => {
  for (const event of Object.values(KINDS)) {
    expect((await deliver(follow({ event })))[0]).toBe(200);
  }
};

const EACH_ITS_OWN = { a: ['follow'], b: ['like'], c: ['comment'] };

describe('three workflows', () => {
  it('each get what they are for, whatever its signature is worth', async () => {
    await publishAll();
    expect(webhook()?.url).toBe(production('a'));
    await deliverAll();
    expect(startedSince()).toEqual(EACH_ITS_OWN);
    expect(await deliver(follow({ event: 'like' }), { sign: 'wrong' })).toEqual([
      401,
      'signature_invalid',
    ]);
    expect(startedSince()).toEqual({ a: [], b: [], c: [] });
  });

  it('get a repeated delivery once', async () => {
    await publishAll();
    const once = follow({ event: 'like' });
    await deliver(once);
    expect(await deliver(once)).toEqual(NOTHING);
    expect(startedSince()).toEqual({ a: [], b: ['like'], c: [] });
  });

  it('leave the webhook to the last when the others are unpublished at the same moment', async () => {
    await publishAll();
    await Promise.all([n8n.deactivate('a'), n8n.deactivate('b')]);
    expect(webhook()?.url).toBe(production('c'));
    await deliverAll();
    expect(startedSince()).toEqual({ a: [], b: [], c: ['comment'] });
  });

  it('go on when one of them is unpublished, whichever has the webhook', async () => {
    await publishAll();
    const secret = webhook()?.secret;
    await n8n.deactivate('b');
    await deliverAll();
    expect(startedSince()).toEqual({ ...EACH_ITS_OWN, b: [] });
    await n8n.deactivate('a');
    expect(webhook()).toMatchObject({ url: production('c'), secret });
    await deliverAll();
    expect(startedSince()).toEqual({ a: [], b: [], c: ['comment'] });
    await n8n.activate('a');
    await n8n.activate('b', 'update');
    await deliverAll();
    expect(startedSince()).toEqual(EACH_ITS_OWN);
    expect(webhook()).toMatchObject({ url: production('c'), secret });
    for (const id of ['a', 'b']) await n8n.deactivate(id);
    await unpublish('c');
    expect(webhook()).toBeNull();
  });

  it('go on when n8n restarts, in whatever order it starts them', async () => {
    await publishAll();
    for (const id of ['c', 'a', 'b']) await n8n.activate(id, 'init');
    await deliverAll();
    expect(startedSince()).toEqual(EACH_ITS_OWN);
  });

  it('get their events again after a test of one of them', async () => {
    await publishAll();
    await n8n.listen('b');
    await deliver(follow({ event: 'like' }));
    expect(n8n.started.splice(0)).toMatchObject([{ workflow: 'b test' }]);
    await n8n.stopListening('b');
    await deliverAll();
    expect(startedSince()).toEqual(EACH_ITS_OWN);
  });

  it('are not in the way of each other when one of them cannot receive', async () => {
    await publishAll();
    // Its expression fails, so it asks for the delivery again.
    n8n.add('b', agent.handle, { maximumAge: 'soon' }, ['like']);
    const event = follow();
    const [status, error] = await deliver(event);
    expect([status, error]).toEqual([503, 'not_shared']);
    expect(startedSince()).toEqual({ a: ['follow'], b: [], c: [] });
    n8n.add('b', agent.handle, {}, ['follow']);
    expect((await deliver(event))[0]).toBe(200);
    expect(n8n.started.map(({ workflow }) => workflow)).toEqual(['b']);
    expect(startedSince()).toEqual({ a: [], b: ['follow'], c: [] });
  });

  it('do not wait for the end of each other', async () => {
    await publishAll({ responseMode: 'lastNode' });
    n8n.failures = 1;
    expect(await deliver(follow({ event: 'like' }))).toEqual(NOTHING);
    expect(startedSince()).toEqual({ a: [], b: ['like'], c: [] });
    expect((await deliver(follow()))[0]).toBe(500);
  });
});

describe('a webhook whose workflow is gone', () => {
  it('is taken over by the next that starts', async () => {
    await publishAll();
    sandbox.requests.clear();
    const gone = 'http://127.0.0.1:9/webhook/hook-gone/webhook';
    const state = JSON.parse(n8n.credentials.read(agent.handle).webhook as string) as object;
    const { origin } = new URL(production('a'));
    expect(new URL(gone).origin).not.toBe(origin);
    const dead = production('a').replace('hook-a', 'hook-gone');
    const key = new URL(sandbox.state.agentByHandle(agent.handle)?.webhook?.url ?? '').search;
    n8n.credentials.save(agent.handle, {
      ...n8n.credentials.read(agent.handle),
      webhook: JSON.stringify({ ...state, webhookUrl: `${dead}${key}` }),
    });
    Object.assign(sandbox.state.agentByHandle(agent.handle)?.webhook ?? {}, {
      url: `${dead}${key}`,
    });
    await n8n.activate('b', 'init');
    expect(webhook()?.url).toBe(production('b'));
    expect(await deliver(follow({ event: 'like' }))).toEqual(STARTED);
  });
});
