/** What tests about the one webhook of an agent check with workflows that it starts. */
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
  pointsTo,
  webhookOf,
} from './trigger';
import type { UsedN8n } from './useN8n';

/** The webhook of an active workflow that a test listens on. */
export interface Borrowed {
  account: Account;
  production: Listener;
  tested: Listener;
  before: Webhook | null;
}

/** Steps and checks with the n8n and the sandbox of a file. */
export function useListeners({ host, sandbox }: UsedN8n) {
  /** Saves the credential of an account once more. */
  async function addCredential(account: Account): Promise<Account> {
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

  return { addCredential, borrow, expectReceived, expectReturned };
}
