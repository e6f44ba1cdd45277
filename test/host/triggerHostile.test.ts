/** Deliveries that forge, repeat or hold more than they may, at a real n8n: what is dropped, refused and run. */
import { sign } from '../sandbox/deliveryFormat';
import type { Sandbox } from '../sandbox/server';
import { isReady } from './n8n';
import {
  type Account,
  addAccount,
  addActiveTrigger,
  addTrigger,
  eventsOf,
  newestExecution,
  passed,
  replay,
  webhookOf,
} from './trigger';
import { useN8n } from './useN8n';

jest.setTimeout(180_000);

const KINDS = ['like', 'comment', 'repost', 'quote', 'mention', 'message'];

const { host, sandbox } = useN8n({ sandbox: { delivery: { timeoutMs: 60_000 } } });
let account: Account;

beforeEach(async () => {
  account = await addAccount(host, sandbox);
});

let ids = 0;

interface Body extends Record<string, unknown> {
  id: string;
}

const event = (change: object = {}): Body => ({
  id: `evt_hostile_${++ids}`,
  event: 'follow',
  createdAt: new Date(Date.UTC(2026, 0, 1) + ids * 1000).toISOString(),
  data: { actor: { id: 'agent_x', handle: 'someone' } },
  ...change,
});

/** Delivers, and says how it was answered. */
async function deliver(
  ...[body, overrides]: [unknown, Parameters<Sandbox['deliver']>[2]?]
): Promise<unknown[]> {
  const { status, responseBody } = await sandbox.deliver(account.handle, body, overrides);
  const { error } = JSON.parse(responseBody || '{}') as { error?: string };
  return error === undefined ? [status] : [status, error];
}

test('a header that is the same on every delivery drops none of them', async () => {
  const listener = await addActiveTrigger(host, account);
  const bodies = [event(), event(), event()];
  const headers = { 'X-Expected-Delivery': '1', 'X-Delivery-Id': '1' };
  for (const body of bodies) expect(await deliver(body, { headers })).toEqual([200]);

  expect(await passed(host, listener, 3)).toEqual(bodies.map(({ id }) => [id]));
});

test('one captured body starts one execution, whatever kinds of event its headers name', async () => {
  const listener = await addActiveTrigger(host, account);
  const nameless = event({ event: undefined });
  const sent = await sandbox.deliver(account.handle, nameless, {
    headers: { 'X-Event': 'follow' },
  });
  expect(sent.status).toBe(200);
  for (const kind of KINDS) {
    expect(await replay(sent, { 'X-Event': kind, 'X-Delivery': kind })).toBe(200);
  }
  const last = event();
  expect(await deliver(last)).toEqual([200]);

  expect(await passed(host, listener, 2)).toEqual([[nameless.id], [last.id]]);
  const [, first] = await host.client.executionsEnded(listener.workflow.id, 2);
  expect(eventsOf(await host.client.execution(first.id))).toMatchObject([
    { event: 'follow', id: nameless.id },
  ]);
});

test('a full batch that comes again starts nothing more, and what is too much or too deep nothing at all', async () => {
  const listener = await addActiveTrigger(host, account);
  const batch = (length: number) => Array.from({ length }, () => event());
  const full = batch(500);
  for (let count = 0; count < 2; count++) {
    expect(await deliver(full)).toEqual([200]);
    const many = Array.from({ length: 10_000 }, (_each, id) => ({
      id,
      event: 'follow',
      actor: 'ann',
    }));
    expect(await deliver(many)).toEqual([413, 'too_many_values']);
    expect(await deliver(`[${'{},'.repeat(349_000)}{}]`)).toEqual([413, 'too_many_values']);
    const deep = `{"data":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(await deliver(deep)).toEqual([400, 'too_deeply_nested']);
  }
  const last = event();
  expect(await deliver(last)).toEqual([200]);

  expect(await passed(host, listener, 2)).toEqual([full.map(({ id }) => id), [last.id]]);
  expect(await host.n8n.log()).toContain('rejected a delivery');
});

test('what nobody signed keeps n8n from nothing', async () => {
  const listener = await addActiveTrigger(host, account, {
    options: { verification: 'signature' },
  });
  const slashes = JSON.stringify({ actor: { handle: '/'.repeat(120_000) } });
  const many = `[${'{},'.repeat(349_000)}{}]`;
  const right = sign(slashes, webhookOf(sandbox, account)?.secret ?? '', 'sha256=hex', 0);
  for (const body of [slashes, many]) {
    expect(await deliver(body, { sign: 'none' })).toEqual([401, 'signature_missing']);
    expect(await deliver(body, { sign: 'wrong' })).toEqual([401, 'signature_invalid']);
  }
  // Signed, it is read, and passed on at once.
  expect(await deliver(slashes, { signature: right })).toEqual([200]);
  expect(await isReady(host.n8n.url)).toBe(true);
  expect(await passed(host, listener, 1)).toHaveLength(1);
});

test('an agent is the wanted one only by its whole handle', async () => {
  const options = { onlyFrom: 'https://imagineanything.com/agent/friend' };
  const listener = await addActiveTrigger(host, account, { options });
  const by = (handle: string) => event({ data: { actor: { id: 'agent_x', handle } } });
  for (const handle of ['friend?x', 'friend/x', '@@friend', 'friends']) {
    expect(await deliver(by(handle))).toEqual([200]);
  }
  const wanted = by('@Friend');
  expect(await deliver(wanted)).toEqual([200]);

  expect(await passed(host, listener, 1)).toEqual([[wanted.id]]);
  expect(eventsOf(await newestExecution(host, listener))).toMatchObject([
    { agent: { handle: '@Friend' } },
  ]);
});

test('a filter that cannot be read keeps a workflow from being published, and says why', async () => {
  const listener = await addTrigger(host, account, { options: { onlyFrom: 'ann, friend?x' } });

  await expect(host.client.activate(listener.workflow.id)).rejects.toThrow(
    'Only From: "friend?x" is neither a handle nor a profile URL. Correct it, then try again.',
  );
  expect(webhookOf(sandbox, account)).toBeNull();
});
