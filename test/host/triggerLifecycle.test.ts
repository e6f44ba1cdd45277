/** One agent has one webhook: who gets it, who keeps it, and who gets it back. */
import {
  TRIGGER,
  addAccount,
  addActiveTrigger,
  addTrigger,
  eventId,
  eventsOf,
  follow,
  newestExecution,
  pointsTo,
  webhookOf,
} from './trigger';
import { useListeners } from './useListeners';
import { useN8n } from './useN8n';

jest.setTimeout(180_000);

const REPLACING = { options: { replaceExistingWebhook: true } };

const { host, sandbox } = useN8n();
const { addCredential, borrow, expectReceived, expectReturned } = useListeners({ host, sandbox });

describe('an active workflow', () => {
  test('is started once by a good signature and never by a bad one, until it is deactivated', async () => {
    const account = await addAccount(host, sandbox);
    const production = await addActiveTrigger(host, account);

    expect(webhookOf(sandbox, account)).toMatchObject({
      url: production.production,
      secret: expect.stringMatching(/^whsec_/),
    });
    await expectReceived(account, production);

    await host.client.deactivate(production.workflow.id);
    await pointsTo(sandbox, account, null);
  });

  test('keeps webhook and secret when it is published again', async () => {
    const account = await addAccount(host, sandbox);
    const production = await addActiveTrigger(host, account);
    const before = webhookOf(sandbox, account);

    await host.client.activate(production.workflow.id);

    expect(webhookOf(sandbox, account)).toEqual(before);
    await expectReceived(account, production);
  });
});

describe.each(['the same workflow', 'another workflow'] as const)(
  'a test in %s borrows the webhook',
  (where) => {
    test('and returns it with the event', async () => {
      const borrowed = await borrow(where);
      const { account, tested } = borrowed;
      const { handle } = account;
      // What does not know the key is refused, and does not end the test.
      expect((await sandbox.deliver(handle, {}, { url: tested.test })).status).toBe(401);

      const delivery = await follow(sandbox, account);

      expect(delivery).toMatchObject({ target: tested.test, status: 200 });
      const execution = await newestExecution(host, tested);
      expect(execution).toMatchObject({ status: 'success', mode: 'manual' });
      expect(eventsOf(execution)).toMatchObject([{ event: 'follow', id: eventId(delivery) }]);
      await expectReturned(borrowed);
    });

    test('and returns it when it is stopped', async () => {
      const borrowed = await borrow(where);

      await host.client.stopListening(borrowed.tested.workflow.id);

      await expectReturned(borrowed);
    });

    test('and does not return it to a workflow that was deactivated meanwhile', async () => {
      const { account, production, tested } = await borrow(where);

      await host.client.deactivate(production.workflow.id);
      await host.client.stopListening(tested.workflow.id);

      await pointsTo(sandbox, account, null);
    });
  },
);

test('a test where nothing is active removes the webhook when it ends', async () => {
  const account = await addAccount(host, sandbox);
  const tested = await addTrigger(host, account);
  await host.client.listen(tested.workflow.id, TRIGGER);

  const delivery = await follow(sandbox, account);

  expect(delivery).toMatchObject({ target: tested.test, status: 200 });
  expect(eventsOf(await newestExecution(host, tested))).toHaveLength(1);
  await pointsTo(sandbox, account, null);
});

describe('a second credential of the same agent', () => {
  test('is refused with the workflow that has the events and what to do, and that goes on', async () => {
    const account = await addAccount(host, sandbox);
    const first = await addActiveTrigger(host, account);
    const before = webhookOf(sandbox, account);
    const second = await addTrigger(host, await addCredential(account));

    await expect(host.client.activate(second.workflow.id)).rejects.toThrow(
      `The events of this agent are already delivered to the workflow "Triggered" (${first.production}), and an agent has only one webhook. To receive them here instead, turn on "Replace Existing Webhook" in the options of this node. Workflows of one n8n instance share the webhook if they have the same credential, and if n8n can reach its own webhook URLs.`,
    );

    expect(webhookOf(sandbox, account)).toEqual(before);
    await expectReceived(account, first);
    expect(await host.client.countExecutions(second.workflow.id)).toBe(0);
  });

  test('receives when it replaces the first, whose end takes nothing from it', async () => {
    const account = await addAccount(host, sandbox);
    const first = await addActiveTrigger(host, account);
    const second = await addActiveTrigger(host, await addCredential(account), REPLACING);
    expect(webhookOf(sandbox, account)?.url).toBe(second.production);
    await expectReceived(account, second);

    await host.client.deactivate(first.workflow.id);

    expect(webhookOf(sandbox, account)?.url).toBe(second.production);
    await expectReceived(account, second);
    expect(await host.client.countExecutions(first.workflow.id)).toBe(0);
  });
});

test('a webhook of somebody else is left alone', async () => {
  const account = await addAccount(host, sandbox);
  const webhookUrl = 'https://example.com/hook';
  await sandbox.as(account.handle).patch('/api/agents/me/webhook', {
    webhookUrl,
    regenerateSecret: true,
  });
  const before = webhookOf(sandbox, account);
  const listener = await addTrigger(host, account);

  await expect(host.client.activate(listener.workflow.id)).rejects.toThrow(webhookUrl);
  await expect(host.client.listen(listener.workflow.id, TRIGGER)).rejects.toThrow(webhookUrl);

  expect(webhookOf(sandbox, account)).toEqual(before);
});

test('the secret is a new one with each activation when the user wants that', async () => {
  const account = await addAccount(host, sandbox);
  const production = await addActiveTrigger(host, account);
  const before = webhookOf(sandbox, account);
  const { id, nodes } = production.workflow;
  const rotating = { events: ['*'], options: { rotateSecret: true } };
  await host.client.updateWorkflow(id, {
    nodes: nodes.map((node) => (node.name === TRIGGER ? { ...node, parameters: rotating } : node)),
  });

  await host.client.activate(id);

  expect(webhookOf(sandbox, account)?.url).toBe(before?.url);
  expect(webhookOf(sandbox, account)?.secret).not.toBe(before?.secret);
  await expectReceived(account, production);
});
