/** Deliveries of services that sign in different ways, or not at all, with nothing configured. */
import { SIGNING_HABITS } from '../unit/trigger/signingHabits';
import {
  type Account,
  addAccount,
  addActiveTrigger,
  event,
  eventsOf,
  type Listener,
  newestExecution,
  webhookOf,
} from './trigger';
import { useN8n } from './useN8n';

jest.setTimeout(180_000);

const { host, sandbox } = useN8n();

let account: Account;
let listener: Listener;

beforeEach(async () => {
  account = await addAccount(host, sandbox);
  listener = await addActiveTrigger(host, account);
});

/** Delivers an event with these headers instead of the sandbox's signature. */
async function deliver(body: string, headers: Record<string, string>): Promise<number | null> {
  const { status } = await sandbox.deliver(account.handle, body, { sign: 'none', headers });
  return status;
}

const secret = (): string => webhookOf(sandbox, account)?.secret ?? '';
const at = (): number => Math.floor(Date.now() / 1000);

test.each(SIGNING_HABITS)(
  'signed as by $name: one execution, and none without a signature after it',
  async ({ sign, form }) => {
    const body = JSON.stringify(event());
    const headers = sign({ body, secret: secret(), at: at(), id: 'msg_1' });
    expect(await deliver(body, headers)).toBe(200);

    const execution = await newestExecution(host, listener);
    expect(eventsOf(execution)).toMatchObject([{ verification: { method: 'signature', form } }]);
    expect(await deliver(JSON.stringify(event()), {})).toBe(401);
    expect(await host.client.countExecutions(listener.workflow.id)).toBe(1);
  },
);

test('not signed at all: each starts an execution, until there is a valid signature, and again with new secrets', async () => {
  const unsigned = async () => await deliver(JSON.stringify(event()), {});
  expect([await unsigned(), await unsigned()]).toEqual([200, 200]);
  const [shown] = eventsOf(await newestExecution(host, listener, 2));
  expect(shown).toMatchObject({ verification: { method: 'address' } });

  expect((await sandbox.deliver(account.handle, event())).status).toBe(200);
  expect(await unsigned()).toBe(401);

  await host.client.deactivate(listener.workflow.id);
  await host.client.activate(listener.workflow.id);
  expect(await unsigned()).toBe(200);
});

test('a signature in an unknown form passes by the address', async () => {
  const headers = { 'x-signature': 'ed25519=AAAA', 'x-signature-key': '1' };
  expect(await deliver(JSON.stringify(event()), headers)).toBe(200);
  const [shown] = eventsOf(await newestExecution(host, listener));
  expect(shown).toMatchObject({ verification: { method: 'address' } });
});
