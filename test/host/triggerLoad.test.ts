/** Many deliveries at once, and n8n ending and starting anew in the middle of them. */
import type { INodeParameters } from 'n8n-workflow';

import type { DeliveryRecord } from '../sandbox/deliveries';
import { type ReverseProxy, startReverseProxy } from './reverseProxy';
import {
  type Account,
  type Listener,
  addAccount,
  addActiveTrigger,
  crashedWith,
  executionStatuses,
  passedOn,
} from './trigger';
import { until } from './until';
import { useN8n } from './useN8n';

jest.setTimeout(900_000);

const CONCURRENCY = 20;

let proxy: ReverseProxy;
let account: Account;

beforeAll(async () => {
  proxy = await startReverseProxy({ whenReady: true });
});

const { host, sandbox } = useN8n(() => ({
  env: {
    N8N_WEBHOOK_URL: `${proxy.url}/`,
    // What it has begun takes a busy machine longer than n8n's 30 seconds.
    N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '120',
  },
  sandbox: {
    delivery: { timeoutMs: 60_000 },
    // As long as a busy machine may take to start n8n.
    redeliver: { attempts: 600, delayMs: 500 },
  },
}));

beforeAll(() => {
  proxy.route(() => host.n8n.url);
});

afterAll(async () => {
  await proxy?.stop();
});

beforeEach(async () => {
  account = await addAccount(host, sandbox);
});

const listen = async (options: INodeParameters = {}): Promise<Listener> =>
  await addActiveTrigger(host, account, { options });

const eventIds = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `evt_${String(index).padStart(4, '0')}`);

/** Delivers an event for each id, so many at a time, and each until it is accepted. */
async function deliverAll(ids: readonly string[]): Promise<void> {
  const left = [...ids];
  const work = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      const data = { actor: { id: `agent_${id}`, handle: id } };
      await sandbox.deliver(account.handle, { id, event: 'follow', data }, { redeliver: true });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

/** Waits until n8n has nothing under way, and returns what the executions passed on. */
async function passedOnInAll(listener: Listener, executions: number): Promise<string[][]> {
  const statuses = (): Record<string, number> => executionStatuses(host, listener);
  await until(
    () => {
      const { new: waiting = 0, running = 0, ...ended } = statuses();
      const count = Object.values(ended).reduce((sum, each) => sum + each, 0);
      return waiting + running === 0 && count >= executions;
    },
    {
      what: `${executions} executions`,
      timeoutMs: 300_000,
      everyMs: 500,
      details: () => JSON.stringify(statuses()),
    },
  );
  return passedOn(host, listener);
}

/** Delivers events, has something happen to n8n in the middle of them, and gives them time to come through. */
async function deliverAround(
  listener: Listener,
  ids: readonly string[],
  incident: () => Promise<void>,
): Promise<string[]> {
  const before = sandbox.deliveries.length;
  const delivered = (): DeliveryRecord[] =>
    sandbox.deliveries.slice(before).filter(({ state }) => state === 'delivered');

  const all = deliverAll(ids);
  await until(() => delivered().length >= ids.length / 3, {
    what: 'deliveries to be under way',
    timeoutMs: 120_000,
  });
  await incident();
  await all;

  expect(delivered()).toHaveLength(ids.length);
  // It was in the middle.
  expect(delivered().some(({ attempts }) => attempts > 1)).toBe(true);
  return (await passedOnInAll(listener, ids.length)).flat().sort();
}

test('1,000 deliveries, 20 at a time, start 1,000 executions', async () => {
  const listener = await listen();
  const ids = eventIds(1000);

  await deliverAll(ids);

  const passed = await passedOnInAll(listener, ids.length);
  expect(passed.filter((events) => events.length !== 1)).toEqual([]);
  expect(passed.flat().sort()).toEqual(ids);
  // None had to come twice.
  expect(sandbox.deliveries.filter(({ attempts }) => attempts > 1)).toEqual([]);
});

test('with n8n started anew in the middle, each event is passed on once', async () => {
  const listener = await listen();
  const ids = eventIds(1000);

  const passed = await deliverAround(listener, ids, async () => await host.n8n.restart());

  expect(passed).toEqual(ids);
  expect(executionStatuses(host, listener)).toEqual({ success: ids.length });
});

// n8n answers a delivery before it has run the execution, so it is n8n that would have to run it again.
test('with n8n killed in the middle, none is passed on twice, and what was cut off is shown', async () => {
  const listener = await listen();
  const ids = eventIds(150);

  const passed = await deliverAround(listener, ids, async () => {
    await host.n8n.kill();
    await host.n8n.restart();
  });

  expect(new Set(passed).size).toBe(passed.length);
  const cutOff = ids.filter((id) => !passed.includes(id));
  expect(crashedWith(host, listener)).toEqual(expect.arrayContaining(cutOff));
});

test('with n8n killed in the middle, none is lost where the answer waits for the workflow', async () => {
  const listener = await listen({ responseMode: 'lastNode' });
  const ids = eventIds(150);

  const passed = await deliverAround(listener, ids, async () => {
    await host.n8n.kill();
    await host.n8n.restart();
  });

  expect([...new Set(passed)]).toEqual(ids);
  // Those whose workflow had succeeded, and whose answer died with n8n.
  expect(passed.length - ids.length).toBeLessThanOrEqual(CONCURRENCY);
});
