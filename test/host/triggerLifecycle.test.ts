/** One agent has one webhook: who gets it, who keeps it, and who gets it back. */
import type { DeliveryRecord } from '../sandbox/deliveries';
import type { Webhook } from '../sandbox/entities';
import {
  type Account,
  type Listener,
  TRIGGER,
  addAccount,
  addActiveTrigger,
  addTrigger,
  eventId,
  eventsOf,
  follow,
  newestExecution,
  passedOn,
  pointsTo,
  replay,
  webhookOf,
} from './trigger';
import { useN8n } from './useN8n';

jest.setTimeout(180_000);

const REPLACING = { options: { replaceExistingWebhook: true } };

const { host, sandbox } = useN8n();

/** Saves the credential of an account once more. */
async function again(account: Account): Promise<Account> {
  const { clientId, clientSecret } = account;
  const data = { baseUrl: sandbox.url, clientId, clientSecret };
  const name = `Second of @${account.handle}`;
  const credential = await host.client.createCredential({
    ...{ name, type: 'imagineAnythingApi', data },
  });
  return { ...account, credential };
}

/** Has something happen to the agent, and checks that it starts exactly one execution here, verified. */
async function expectReceived(account: Account, listener: Listener): Promise<void> {
  const { client } = host;
  const before = await client.countExecutions(listener.workflow.id);
  const delivery = await follow(sandbox, account);
  expect(delivery).toMatchObject({ target: listener.production, status: 200 });
  const forged = await sandbox.deliver(account.handle, { event: 'follow' }, { sign: 'wrong' });
  expect(forged.status).toBe(401);

  const execution = await newestExecution(host, listener, before + 1);
  expect(execution).toMatchObject({ status: 'success', mode: 'webhook' });
  expect(eventsOf(execution)).toMatchObject([{ event: 'follow', id: eventId(delivery) }]);
  expect(await client.countExecutions(listener.workflow.id)).toBe(before + 1);
}

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

type Borrowed = {
  account: Account;
  production: Listener;
  tested: Listener;
  before: Webhook | null;
};

/** Has a test listen on the webhook of an active workflow, in that workflow or in another one. */
async function borrow(where: 'the same workflow' | 'another workflow'): Promise<Borrowed> {
  const account = await addAccount(host, sandbox);
  const production = await addActiveTrigger(host, account);
  const before = webhookOf(sandbox, account);
  const tested = where === 'the same workflow' ? production : await addTrigger(host, account);
  await host.client.listen(tested.workflow.id, TRIGGER);
  expect(webhookOf(sandbox, account)).toMatchObject({ url: tested.test, secret: before?.secret });
  return { account, production, tested, before };
}

async function expectReturned({ account, production, before }: Borrowed): Promise<void> {
  await pointsTo(sandbox, account, production.production);
  expect(webhookOf(sandbox, account)?.secret).toBe(before?.secret);
  await expectReceived(account, production);
}

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
    const second = await addTrigger(host, await again(account));

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
    const second = await addActiveTrigger(host, await again(account), REPLACING);
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

describe('n8n that was killed while it listened', () => {
  let same: Borrowed;
  let other: Borrowed;
  let idle: Account;

  beforeAll(async () => {
    same = await borrow('the same workflow');
    other = await borrow('another workflow');
    idle = await addAccount(host, sandbox);
    const tested = await addTrigger(host, idle);
    await host.client.listen(tested.workflow.id, TRIGGER);
    expect(webhookOf(sandbox, idle)?.url).toBe(tested.test);

    await host.n8n.kill();
    await host.n8n.restart();
  });

  test('returns the webhook to the workflow that had listened', async () => {
    await expectReturned(same);
  });

  test('returns the webhook to another workflow', async () => {
    await expectReturned(other);
  });

  test('left nothing that keeps a workflow from being activated', async () => {
    await expectReceived(idle, await addActiveTrigger(host, idle));
  });
});

describe('a restart of n8n', () => {
  let account: Account;
  let production: Listener;
  let replaced: Account;
  let replacing: Listener;
  let lent: Borrowed;
  let delivery: DeliveryRecord;
  let before: Array<Webhook | null>;

  beforeAll(async () => {
    account = await addAccount(host, sandbox);
    production = await addActiveTrigger(host, account);
    replaced = await addAccount(host, sandbox);
    // Both may replace: on a restart none does, whichever n8n sets up first.
    await addActiveTrigger(host, replaced, REPLACING);
    replacing = await addActiveTrigger(host, await again(replaced), REPLACING);
    before = [account, replaced].map((agent) => webhookOf(sandbox, agent));
    lent = await borrow('another workflow');
    delivery = await follow(sandbox, account);
    await host.client.executionsEnded(production.workflow.id, 1);

    await host.client.changeCredential(account.credential.id, { clientSecret: 'another one' });
    await host.n8n.restart();
  });

  test('keeps webhook and secret, whatever the client secret is by now', async () => {
    await expectReceived(account, production);
    expect(webhookOf(sandbox, account)).toEqual(before[0]);
  });

  test('passes nothing on that was passed on before', async () => {
    const { id } = production.workflow;
    const before = await host.client.countExecutions(id);

    expect(await replay(delivery)).toBe(200);

    // What this process has not seen yet starts an execution, which finds out.
    await host.client.executionsEnded(id, before + 1);
    const all = passedOn(host, production).flat();
    expect(all.filter((event) => event === eventId(delivery))).toHaveLength(1);
  });

  test('keeps what was replaced', async () => {
    await expectReceived(replaced, replacing);
    expect(webhookOf(sandbox, replaced)).toEqual(before[1]);
  });

  test('returns what a test had borrowed', async () => {
    await expectReturned(lent);
  });
});
