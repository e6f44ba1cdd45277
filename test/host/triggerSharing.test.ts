/** Workflows of one n8n that share the webhook of an agent: each gets its own events, whatever becomes of the others. */
import {
  type Account,
  addAccount,
  addActiveTrigger,
  addTrigger,
  event,
  executionStatuses,
  type Listener,
  passed,
  passedOn,
  pointsTo,
  TRIGGER,
  webhookOf,
} from './trigger';
import { until } from './until';
import { useN8n } from './useN8n';

jest.setTimeout(300_000);

const { host, sandbox } = useN8n({ sandbox: { delivery: { timeoutMs: 60_000 } } });

const FAILURE = { errorMessage: 'It went wrong' };
const FRIEND = { actor: { id: 'agent_f', handle: 'friend' } };
const STRANGER = { actor: { id: 'agent_s', handle: 'stranger' } };

/** What each of three workflows is for. */
const PARAMETERS = {
  follows: { events: ['follow'] },
  likes: { events: ['like'], options: { onlyFrom: '@friend' } },
  all: { events: ['*'], options: { exceptFrom: '@stranger' } },
};
type Name = keyof typeof PARAMETERS;
const NAMES = Object.keys(PARAMETERS) as Name[];

/** Events of two kinds from two agents, and the IDs that each workflow is to get. */
function mixedEvents(count: number) {
  const wanted: Record<Name, string[]> = { follows: [], likes: [], all: [] };
  const events = Array.from({ length: count }, (_, index) => {
    const kind = index % 2 === 0 ? 'follow' : 'like';
    const isFriend = index % 3 === 0;
    const one = event(kind, isFriend ? FRIEND : STRANGER);
    if (kind === 'follow') wanted.follows.push(one.id);
    if (kind === 'like' && isFriend) wanted.likes.push(one.id);
    if (isFriend) wanted.all.push(one.id);
    return one;
  });
  return { events, wanted };
}

let account: Account;
let listeners: Record<Name, Listener>;

beforeAll(async () => {
  account = await addAccount(host, sandbox);
  const entries: Array<[Name, Listener]> = [];
  for (const name of NAMES) {
    entries.push([name, await addActiveTrigger(host, account, PARAMETERS[name])]);
  }
  listeners = Object.fromEntries(entries) as Record<Name, Listener>;
});

/** Delivers events, ten at a time, each until it is accepted. */
async function deliver(events: ReadonlyArray<{ id: string }>): Promise<void> {
  const left = [...events];
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      let status: number | null = null;
      for (let attempt = 0; attempt < 60 && status !== 200; attempt++) {
        if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 500));
        ({ status } = await sandbox.deliver(account.handle, next));
      }
      expect(status).toBe(200);
    }
  };
  await Promise.all(Array.from({ length: 10 }, work));
}

/** Whether each workflow has passed on exactly the events that it is to get, once each. */
async function expectPassedOn(
  wanted: Readonly<Record<Name, string[]>>,
  before: Readonly<Record<Name, number>>,
): Promise<void> {
  for (const name of NAMES) {
    const count = before[name] + wanted[name].length;
    const ids = () => passedOn(host, listeners[name]).flat();
    await until(() => ids().length >= count, {
      what: `${count} events for ${name}`,
      details: async () => `There are ${ids().length}. ${(await host.n8n.log()).slice(-2_000)}`,
    });
    const since = ids().slice(before[name]);
    expect([name, since.sort()]).toEqual([name, [...wanted[name]].sort()]);
  }
}

const counts = (): Record<Name, number> =>
  Object.fromEntries(
    NAMES.map((name) => [name, passedOn(host, listeners[name]).flat().length]),
  ) as Record<Name, number>;

test('500 mixed events: each workflow gets exactly its own', async () => {
  expect(webhookOf(sandbox, account)?.url).toBe(listeners.follows.production);
  const before = counts();
  const { events, wanted } = mixedEvents(500);
  await deliver(events);
  await expectPassedOn(wanted, before);
});

test('what becomes of one of them loses and doubles nothing for the others', async () => {
  const before = counts();
  const { events, wanted } = mixedEvents(60);
  const delivered = deliver(events);
  // One that is published, tested and unpublished meanwhile.
  const visitor = await addActiveTrigger(host, account, { events: ['comment'] });
  await host.client.deactivate(visitor.workflow.id);
  await delivered;
  await expectPassedOn(wanted, before);
});

test('one whose executions fail loses and doubles nothing for the others', async () => {
  const before = counts();
  const stop = { name: 'Stop', type: 'n8n-nodes-base.stopAndError' };
  const failing = await addActiveTrigger(host, account, {}, { ...stop, parameters: FAILURE });
  const { events, wanted } = mixedEvents(30);
  await deliver(events);
  await expectPassedOn(wanted, before);
  await until(() => executionStatuses(host, failing).error === 30, { what: '30 failures' });
  await host.client.deactivate(failing.workflow.id);
});

test('when the one that has the webhook is unpublished, the next has it', async () => {
  const secret = webhookOf(sandbox, account)?.secret;
  await host.client.deactivate(listeners.follows.workflow.id);
  expect(webhookOf(sandbox, account)).toMatchObject({ url: listeners.likes.production, secret });
  const before = counts();
  const { events, wanted } = mixedEvents(30);
  await deliver(events);
  await expectPassedOn({ ...wanted, follows: [] }, before);
  await host.client.activate(listeners.follows.workflow.id);
  expect(webhookOf(sandbox, account)?.url).toBe(listeners.likes.production);
});

test('a test takes one delivery, and the workflows get all others, each its own', async () => {
  const before = counts();
  const tested = await addTrigger(host, account, { events: ['comment'] });
  await host.client.listen(tested.workflow.id, TRIGGER);
  const { events, wanted } = mixedEvents(30);
  await deliver(events);
  await expectPassedOn(wanted, before);
  expect(webhookOf(sandbox, account)?.url).toBe(tested.test);
  await sandbox.deliver(account.handle, event('comment'));
  await passed(host, tested, 1);
  await pointsTo(sandbox, account, listeners.likes.production);
  expect(await host.client.countExecutions(tested.workflow.id)).toBe(1);
});

test('n8n starts anew, and each workflow gets its own', async () => {
  const before = counts();
  const { url, secret } = webhookOf(sandbox, account) ?? {};
  await host.n8n.restart();
  const { events, wanted } = mixedEvents(30);
  await deliver(events);
  await expectPassedOn(wanted, before);
  expect(webhookOf(sandbox, account)).toMatchObject({ url, secret });
});
