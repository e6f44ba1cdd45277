/** What becomes of the webhook when n8n starts again: after a stop, a crash, or an update of this package. */
import { createHash } from 'node:crypto';
import type { DeliveryRecord } from '../sandbox/deliveries';
import type { Webhook } from '../sandbox/entities';
import {
  type Account,
  type Listener,
  TRIGGER,
  addAccount,
  addActiveTrigger,
  addTrigger,
  event,
  eventId,
  follow,
  passedOn,
  replay,
  webhookOf,
} from './trigger';
import { until } from './until';
import { type Borrowed, useListeners } from './useListeners';
import { useN8n } from './useN8n';

jest.setTimeout(180_000);

const REPLACING = { options: { replaceExistingWebhook: true } };

const { host, sandbox } = useN8n();
const { addCredential, borrow, expectReceived, expectReturned } = useListeners({ host, sandbox });

/** Leaves the webhook as an earlier version registered it: its URL has no key, and the stored state neither keys nor receivers. */
async function registerAsBefore(account: Account, { production }: Listener): Promise<void> {
  const { handle, clientId, clientSecret, credential } = account;
  const agent = sandbox.state.agentByHandle(handle);
  if (!agent?.webhook) throw new Error(`@${handle} has no webhook`);
  agent.webhook.url = production;
  const key = JSON.stringify([sandbox.url, clientId]);
  const state = {
    agent: createHash('sha256').update(key).digest('hex'),
    ...{ secret: agent.webhook.secret, webhookUrl: production, temporaryUrl: '' },
    ...{ id: agent.id, handle },
  };
  await host.client.updateCredential(credential.id, {
    ...{ name: credential.name, type: 'imagineAnythingApi' },
    data: { baseUrl: sandbox.url, clientId, clientSecret, webhook: JSON.stringify(state) },
  });
}

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
  let updated: { account: Account; listener: Listener; secret?: string | null; first: string };

  beforeAll(async () => {
    account = await addAccount(host, sandbox);
    production = await addActiveTrigger(host, account);
    replaced = await addAccount(host, sandbox);
    // Both may replace: on a restart none does, whichever n8n sets up first.
    await addActiveTrigger(host, replaced, REPLACING);
    replacing = await addActiveTrigger(host, await addCredential(replaced), REPLACING);
    before = [account, replaced].map((agent) => webhookOf(sandbox, agent));
    lent = await borrow('another workflow');
    delivery = await follow(sandbox, account);
    await host.client.executionsEnded(production.workflow.id, 1);

    const old = await addAccount(host, sandbox);
    const listener = await addActiveTrigger(host, old);
    await registerAsBefore(old, listener);
    const first = event();
    // The trigger remembers the state before for half a second.
    await until(async () => (await sandbox.deliver(old.handle, first)).status === 200, {
      what: 'a delivery to the URL without a key',
    });
    updated = { account: old, listener, secret: webhookOf(sandbox, old)?.secret, first: first.id };

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

  test('gives a webhook that an older version registered a key, with the same secret and without losing an event', async () => {
    const { account: old, listener, secret, first } = updated;
    const { url } = sandbox.state.agentByHandle(old.handle)?.webhook ?? {};
    expect(url).toMatch(/\?webhook_key=[\w-]{32}$/);
    expect(webhookOf(sandbox, old)).toMatchObject({ url: listener.production, secret });
    await expectReceived(old, listener);
    const unkeyed = await sandbox.deliver(old.handle, {}, { url: listener.production });
    expect(unkeyed.status).toBe(401);
    expect(passedOn(host, listener).flat()).toContain(first);
  });
});
