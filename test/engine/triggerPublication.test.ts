/** What publishing a workflow says about what is around the trigger, in n8n-core's own contexts. */
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { until } from '../host/until';
import { later } from './support/clock';
import { follow, useTrigger } from './support/useTrigger';

const { n8n, sandbox, agent, webhook, production, deliver, afterRemovals, clock } = useTrigger();

/** Has the time pass that n8n has to publish a trigger again. */
const passTime = () => clock.release();

beforeEach(() => {
  clock.hold();
});

const configured = () =>
  sandbox.requests.of('webhookConfigure').filter((request) => request.agent === agent.handle);

describe('two triggers for one agent in one workflow', () => {
  const add = (options: IDataObject = {}) => {
    // Of its own for each test, as the trigger remembers what is active in this process.
    const workflow = `with both for ${agent.handle}`;
    n8n.add('a', agent.handle, options, ['follow'], { workflow, name: 'Follows' });
    n8n.add('b', agent.handle, options, ['like'], { workflow, name: 'Likes' });
  };

  it.each([
    ['one after the other', {}],
    ['where each may replace what was there', { replaceExistingWebhook: true }],
  ])('share the webhook, %s', async (_, options) => {
    add(options);
    await n8n.activate('a');
    await n8n.activate('b');
    expect(webhook()?.url).toBe(production('a'));
    expect(configured()).toHaveLength(1);
    await deliver(follow());
    await deliver(follow({ event: 'like' }));
    expect(n8n.started.map(({ workflow }) => workflow)).toEqual(['a', 'b']);
  });

  it('that n8n sets up at once do not take the webhook from each other', async () => {
    add();
    await Promise.all([n8n.activate('a'), n8n.activate('b')]);
    expect(configured()).toHaveLength(1);
    await deliver(follow());
    await deliver(follow({ event: 'like' }));
    expect(n8n.started.map(({ workflow }) => workflow)).toEqual(['a', 'b']);
  });

  it('become one when the first is taken down', async () => {
    add();
    await n8n.activate('a');
    await n8n.deactivate('a');
    await n8n.activate('b');
    expect(webhook()?.url).toBe(production('b'));
  });

  it('are not blamed for a webhook that could not be removed with the first', async () => {
    add();
    await n8n.activate('a');
    sandbox.faults.add({
      match: { operationId: 'webhookRemove' },
      fault: { kind: 'status', status: 403 },
    });
    await n8n.deactivate('a');
    passTime();
    await until(() => n8n.warnings.length > 0, { what: 'the removal to fail' });
    expect(n8n.warnings.join()).toMatch(/the webhook could not be removed: .*HTTP 403/);
    await expect(n8n.activate('b')).rejects.toThrow(`already delivered to ${production('a')}`);
  });

  it('of which one is only tested know nothing of each other', async () => {
    add();
    await n8n.activate('a');
    await n8n.listen('b');
    await n8n.stopListening('b');
    expect(webhook()?.url).toBe(production('a'));
  });
});

it('after one that cannot register, the next trigger of the same agent takes its turn', async () => {
  n8n.add('a', agent.handle);
  n8n.add('b', agent.handle);
  sandbox.faults.add({
    match: { operationId: 'webhookConfigure' },
    fault: { kind: 'status', status: 400 },
  });
  const outcomes = await Promise.allSettled([n8n.activate('a'), n8n.activate('b')]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(webhook()?.url).toBe(production(outcomes[0].status === 'fulfilled' ? 'a' : 'b'));
});

/** What was done to the webhook of the agent since then. */
const changesSince = (asked: number) =>
  sandbox.requests
    .slice(asked)
    .filter((request) => request.agent === agent.handle && request.applied)
    .map(({ operationId }) => operationId);

describe('a changed trigger that is published again', () => {
  beforeEach(async () => {
    n8n.add('a', agent.handle);
    await n8n.activate('a');
  });

  it('has its webhook all the time, with the same secret', async () => {
    const before = { ...webhook() };
    const asked = sandbox.requests.length;
    await n8n.deactivate('a');
    expect(webhook()?.url).toBe(production('a'));
    await n8n.activate('a', 'update');
    passTime();
    await afterRemovals();

    expect(webhook()).toEqual(before);
    expect(changesSince(asked)).toEqual([]);
    expect(n8n.warnings).toEqual([]);
  });

  it('has a new secret where that is wanted', async () => {
    const before = webhook()?.secret;
    n8n.add('a', agent.handle, { rotateSecret: true });
    await n8n.deactivate('a');
    await n8n.activate('a', 'update');

    expect(webhook()?.url).toBe(production('a'));
    expect(webhook()?.secret).not.toBe(before);
  });

  it('has a new secret when it was unpublished before, as the old one may have become wrong', async () => {
    const regenerated = { webhookUrl: production('a'), regenerateSecret: true };
    await sandbox.as(agent.handle).patch('/api/agents/me/webhook', regenerated);
    expect((await sandbox.deliver(agent.handle, { event: 'follow' })).status).toBe(401);
    await n8n.deactivate('a');
    await n8n.activate('a');
    later(10_000);

    expect((await sandbox.deliver(agent.handle, { event: 'follow' })).status).toBe(200);
  });

  it('has it removed when it cannot be registered again', async () => {
    await n8n.deactivate('a');
    sandbox.faults.add({
      match: { operationId: 'profileGet' },
      fault: { kind: 'status', status: 403 },
    });
    await expect(n8n.activate('a', 'update')).rejects.toThrow('HTTP 403');
    passTime();

    await until(() => webhook() === null, { what: 'the webhook to be removed' });
  });

  it('is whose it was where n8n ended in between and starts again', async () => {
    const { url, secret } = webhook() ?? {};
    await n8n.deactivate('a');
    await n8n.activate('a', 'init');
    await n8n.listen('a');
    await n8n.stopListening('a');

    expect(webhook()).toMatchObject({ url, secret });
  });

  it('leaves it to another trigger of the agent where it is not published again', async () => {
    n8n.add('b', agent.handle);
    await n8n.deactivate('a');
    await n8n.activate('b');
    passTime();
    await afterRemovals();

    expect(webhook()?.url).toBe(production('b'));
  });

  /** Adds a trigger of the same agent that has a credential of its own. */
  const addWithSecondCredential = () => {
    const { baseUrl, clientId, clientSecret } = n8n.credentials.read(agent.handle);
    const second = `second credential of ${agent.handle}`;
    n8n.credentials.save(second, { baseUrl, clientId, clientSecret });
    n8n.add('b', second);
  };

  it('leaves it to a trigger with another credential of the agent where it is not published again', async () => {
    addWithSecondCredential();
    const secret = webhook()?.secret;
    await n8n.deactivate('a');
    await n8n.activate('b');
    passTime();
    await afterRemovals();

    expect(webhook()?.url).toBe(production('b'));
    expect(webhook()?.secret).not.toBe(secret);
  });

  it('keeps it from a trigger with another credential of the agent', async () => {
    addWithSecondCredential();
    await n8n.deactivate('a');
    await n8n.activate('a', 'update');

    await expect(n8n.activate('b')).rejects.toThrow(
      `already delivered to the workflow "Workflow a" (${production('a')})`,
    );
  });
});

describe('an answer that waits for the last node', () => {
  const node = (name: string, type: string, parameters: INodeParameters, more = {}): INode => ({
    ...{ id: name, name, type, typeVersion: 1, position: [0, 0], parameters },
    ...more,
  });
  const wait = (parameters: INodeParameters, more = {}) =>
    node('Later', 'n8n-nodes-base.wait', parameters, more);
  const publish = async (next: INode[], responseMode = 'lastNode', mode = 'activate') => {
    n8n.add('a', agent.handle, { responseMode }, ['*'], { next });
    await n8n.activate('a', mode);
    return n8n.warnings.join();
  };
  const WARNING =
    'ImagineAnything Trigger "Trigger": "Respond" is "When Last Node Finishes", but executions may wait at "Later". When an execution starts waiting, n8n responds to the delivery with 200. If the execution fails after that, the event is not delivered again.';

  it.each([
    ['a wait of 65 seconds', wait({ amount: 65, unit: 'seconds' })],
    ['a wait of two minutes', wait({ amount: 2, unit: 'minutes' })],
    ['a wait of an hour', wait({ amount: '1', unit: 'hours' })],
    ['a wait of a tenth of a day', wait({ amount: 0.1, unit: 'days' })],
    ['a wait as long as an expression says', wait({ amount: '={{ $json.s }}', unit: 'seconds' })],
    ['a wait in a unit of an expression', wait({ amount: 1, unit: '={{ $json.unit }}' })],
    ['a wait until a time', wait({ resume: 'specificTime', dateTime: '2030-01-01' })],
    ['a wait for a call', wait({ resume: 'webhook' })],
    ['a question to somebody', node('Later', 'n8n-nodes-base.slack', { operation: 'sendAndWait' })],
    ['a form', node('Later', 'n8n-nodes-base.form', {})],
  ])('is warned of at publication with %s', async (_, each) => {
    const between = node('Between', 'n8n-nodes-base.noOp', {});
    expect(await publish([between, each])).toBe(WARNING);
  });

  it.each([
    ['a short wait', [wait({ amount: 64, unit: 'seconds' })]],
    ['a long wait that is disabled', [wait({ amount: 1, unit: 'days' }, { disabled: true })]],
    ['a message', [node('Later', 'n8n-nodes-base.slack', { operation: 'post' })]],
    ['nothing after the trigger', []],
  ])('is not warned of with %s', async (_, next) => {
    expect(await publish(next)).toBe('');
  });

  it('is not warned of where the answer does not wait, or n8n only starts', async () => {
    const next = [wait({ amount: 1, unit: 'days' })];
    expect(await publish(next, 'onReceived')).toBe('');
    expect(await publish(next, 'lastNode', 'init')).toBe('');
  });
});
