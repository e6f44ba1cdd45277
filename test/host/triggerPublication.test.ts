/** What a real n8n does and says when a workflow is published whose trigger was changed, doubled or is followed by a sleep. */
import { randomUUID } from 'node:crypto';

import {
  type Account,
  TRIGGER,
  addAccount,
  addActiveTrigger,
  addTrigger,
  event,
  eventId,
  eventsOf,
  follow,
  newestExecution,
  pointsTo,
  webhookOf,
} from './trigger';
import { output } from './executions';
import { useN8n } from './useN8n';
import { type NodeSpec, chain } from './workflows';

jest.setTimeout(180_000);

const { host, sandbox } = useN8n();

const trigger = (name: string, { credential }: Account, parameters = {}): NodeSpec => ({
  name,
  type: 'n8n-nodes-imagineanything.imagineAnythingTrigger',
  parameters: { events: ['*'], ...parameters },
  credentials: { imagineAnythingApi: { id: credential.id, name: credential.name } },
  webhookId: randomUUID(),
});

/** What was done to the webhook of an agent, in order. */
const changesOf = ({ handle }: Account) =>
  sandbox.requests
    .filter(({ agent, operationId }) => agent === handle && operationId?.startsWith('webhook'))
    .filter(({ applied }) => applied)
    .map(({ operationId }) => operationId);

test('a changed trigger that is published again has its webhook all the time, with the same secret', async () => {
  const account = await addAccount(host, sandbox);
  const listener = await addActiveTrigger(host, account);
  const before = webhookOf(sandbox, account);
  const nodes = listener.workflow.nodes.map((node) =>
    node.name === TRIGGER ? { ...node, parameters: { events: ['follow'] } } : node,
  );

  await host.client.updateWorkflow(listener.workflow.id, { nodes });
  await host.client.activate(listener.workflow.id);

  expect(webhookOf(sandbox, account)).toEqual(before);
  const delivery = await follow(sandbox, account);
  expect(delivery).toMatchObject({ target: listener.production, status: 200 });
  const execution = await newestExecution(host, listener);
  expect(eventsOf(execution)).toMatchObject([{ event: 'follow', id: eventId(delivery) }]);

  // What was not changed stays as it is.
  const [first, ...rest] = nodes;
  const moved = [first, ...rest.map((node) => ({ ...node, name: 'Renamed' }))];
  const connections = {
    [TRIGGER]: { main: [[{ node: 'Renamed', type: 'main' as const, index: 0 }]] },
  };
  await host.client.updateWorkflow(listener.workflow.id, { nodes: moved, connections });
  await host.client.activate(listener.workflow.id);
  // What is unpublished for good is removed later, and so would have been what was published again.
  const other = await addAccount(host, sandbox);
  const unpublished = await addActiveTrigger(host, other);
  await host.client.deactivate(unpublished.workflow.id);
  await pointsTo(sandbox, other, null);
  expect(webhookOf(sandbox, account)).toEqual(before);
  expect(changesOf(account)).toEqual(['webhookConfigure']);

  await host.client.deactivate(listener.workflow.id);
  await pointsTo(sandbox, account, null);
  expect(changesOf(account)).toEqual(['webhookConfigure', 'webhookRemove']);
});

test('a webhook that nobody has is removed although the workflow was deleted at once', async () => {
  const account = await addAccount(host, sandbox);
  const { workflow } = await addActiveTrigger(host, account);

  await host.client.deactivate(workflow.id);
  await host.client.deleteWorkflow(workflow.id);

  await pointsTo(sandbox, account, null);
  expect(changesOf(account)).toEqual(['webhookConfigure', 'webhookRemove']);
});

test('a trigger that is published while another one is about to lose the webhook gets it', async () => {
  const account = await addAccount(host, sandbox);
  const first = await addActiveTrigger(host, account);

  await host.client.deactivate(first.workflow.id);
  const second = await addActiveTrigger(host, account);

  expect(await follow(sandbox, account)).toMatchObject({ target: second.production, status: 200 });
});

test('n8n that was killed before it removed a webhook leaves nothing that keeps the agent from another', async () => {
  const account = await addAccount(host, sandbox);
  const first = await addActiveTrigger(host, account);
  await host.client.deactivate(first.workflow.id);
  await host.n8n.kill();
  await host.n8n.restart();
  const second = await addActiveTrigger(host, account);

  expect(await follow(sandbox, account)).toMatchObject({ target: second.production, status: 200 });
});

test('two triggers in one workflow share the webhook', async () => {
  const account = await addAccount(host, sandbox);
  const events = (kind: string) => ({ events: [kind] });
  const workflow = chain(
    'Two',
    trigger('Follows', account, events('follow')),
    trigger('Likes', account, events('like')),
  );
  const { id } = await host.client.createWorkflow({ ...workflow, connections: {} });
  await host.client.activate(id);

  for (const kind of ['follow', 'like', 'comment']) {
    expect((await sandbox.deliver(account.handle, event(kind))).status).toBe(200);
  }

  const ended = await host.client.executionsEnded(id, 2);
  const executions = await Promise.all(
    ended.map(async (each) => await host.client.execution(each.id)),
  );
  const passedOn = executions.flatMap((each) =>
    ['Follows', 'Likes'].flatMap((name) => output(each, name).map(({ json }) => json.event)),
  );
  expect(passedOn.sort()).toEqual(['follow', 'like']);
});

test('n8n’s log warns of a sleep where the answer waits for the last node', async () => {
  const account = await addAccount(host, sandbox);
  const wait: NodeSpec = { name: 'An hour later', type: 'n8n-nodes-base.wait', webhookId: 'w' };
  const { id } = await host.client.createWorkflow(
    chain('Sleeps', trigger(TRIGGER, account, { options: { responseMode: 'lastNode' } }), wait),
  );

  await host.client.activate(id);

  expect(await host.n8n.log()).toContain('executions may wait at "An hour later"');
  // Why it does.
  expect(await follow(sandbox, account)).toMatchObject({ status: 200 });
});

test('a test shows a delivery that a published workflow would reject, and why', async () => {
  const account = await addAccount(host, sandbox);
  const tested = await addTrigger(host, account);
  await host.client.listen(tested.workflow.id, TRIGGER);

  expect((await sandbox.deliver(account.handle, event(), { sign: 'wrong' })).status).toBe(200);

  const [shown] = eventsOf(await newestExecution(host, tested));
  expect(shown).toMatchObject({ verification: { method: 'none', rejection: 'signature_invalid' } });
  await pointsTo(sandbox, account, null);
});

test('a test gets the delivery that it asked for', async () => {
  const account = await addAccount(host, sandbox);
  const options = { requestTestDelivery: true };
  const tested = await addTrigger(host, account, { events: ['follow'], options });
  await host.client.listen(tested.workflow.id, TRIGGER);

  const [shown] = eventsOf(await newestExecution(host, tested));
  expect(shown).toMatchObject({ event: 'test', verification: { method: 'signature' } });
  await pointsTo(sandbox, account, null);
});
