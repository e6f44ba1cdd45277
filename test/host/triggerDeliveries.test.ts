/** What a delivery starts, and what it does not. */
import type { DeliverOverrides } from '../sandbox/deliveries';
import { sign } from '../sandbox/deliveryFormat';
import type { BodyForm, DeliveryOptions, SignatureFormat } from '../sandbox/options';
import {
  type Account,
  type Listener,
  TRIGGER,
  addAccount,
  addActiveTrigger,
  event,
  eventId,
  eventsOf,
  follow,
  newestExecution,
  passed,
  pointsTo,
  replay,
  webhookOf,
} from './trigger';
import { REJECTED_DELIVERIES } from './rejectedDeliveries';
import { useN8n } from './useN8n';

jest.setTimeout(180_000);
const MIB = 1024 * 1024;

const { host, sandbox } = useN8n({ sandbox: { delivery: { timeoutMs: 60_000 } } });
/** Listens for a test event while everything else happens, until n8n gives up after two minutes. */
let patient: { account: Account; listener: Listener; secret: string | null | undefined };

beforeAll(async () => {
  const account = await addAccount(host, sandbox);
  const listener = await addActiveTrigger(host, account);
  patient = { account, listener, secret: webhookOf(sandbox, account)?.secret };
  await host.client.listen(listener.workflow.id, TRIGGER);
  expect(webhookOf(sandbox, account)?.url).toBe(listener.test);
});

const now = (): number => Math.floor(Date.now() / 1000);

describe('no execution is started by a delivery', () => {
  let account: Account;
  let listener: Listener;

  beforeAll(async () => {
    account = await addAccount(host, sandbox);
    listener = await addActiveTrigger(host, account, { options: { verification: 'signature' } });
  });

  const secret = (): string => webhookOf(sandbox, account)?.secret ?? '';

  test.each(REJECTED_DELIVERIES)(
    '%s, answered with %i %s',
    async (_what, status, code, body, overrides) => {
      const delivery = await sandbox.deliver(account.handle, body, overrides(secret()));

      expect(delivery.status).toBe(status);
      if (code !== undefined) {
        expect(JSON.parse(delivery.responseBody ?? '')).toMatchObject({ error: code });
      }
      expect(await host.client.countExecutions(listener.workflow.id)).toBe(0);
    },
  );

  test('to the URL of the node, without the key that the service has', async () => {
    for (const url of [listener.production, `${listener.production}?webhook_key=wrong`]) {
      const delivery = await sandbox.deliver(account.handle, event(), { url });
      expect(delivery.status).toBe(401);
      expect(delivery.responseBody).toContain('url_incomplete');
    }
    expect(await host.client.countExecutions(listener.workflow.id)).toBe(0);
  });

  test('of that kind, but one is started by the next good one', async () => {
    const good = event();
    expect(await sandbox.deliver(account.handle, good)).toMatchObject({ status: 200 });

    expect(await passed(host, listener, 1)).toEqual([[good.id]]);
  });
});

describe('a repeated delivery', () => {
  let account: Account;
  let listener: Listener;

  beforeEach(async () => {
    account = await addAccount(host, sandbox);
    listener = await addActiveTrigger(host, account);
  });

  test('starts no second execution, whatever is unsigned in it', async () => {
    const first = await follow(sandbox, account);
    expect(first.status).toBe(200);

    expect(await replay(first)).toBe(200);
    expect(await replay(first, { 'X-ImagineAnything-Delivery': 'another' })).toBe(200);
    expect(await replay(first, { 'X-ImagineAnything-Event': 'like' })).toBe(200);
    const second = await follow(sandbox, account);

    expect(await passed(host, listener, 2)).toEqual([[eventId(first)], [eventId(second)]]);
  });

  test('starts one execution when it comes twenty times at once', async () => {
    const body = event();
    const records = await Promise.all(
      Array.from({ length: 20 }, async () => await sandbox.deliver(account.handle, body)),
    );

    // What comes while the first is being taken is told to come again, should the first fail.
    expect(records.map(({ status }) => status).filter((status) => status !== 503)).toContain(200);
    expect(records.every(({ status }) => status === 200 || status === 503)).toBe(true);
    const last = event();
    await sandbox.deliver(account.handle, last);
    expect(await passed(host, listener, 2)).toEqual([[body.id], [last.id]]);
  });

  test('in a batch leaves the others alone', async () => {
    const [a, b, c] = [event(), event(), event()];
    await sandbox.deliver(account.handle, [a, b]);
    await sandbox.deliver(account.handle, { events: [b, c] });

    expect(await passed(host, listener, 2)).toEqual([[a.id, b.id], [c.id]]);
  });

  test('starts another execution where the user wants that', async () => {
    const other = await addAccount(host, sandbox);
    const repeating = await addActiveTrigger(host, other, {
      options: { deduplicationWindow: 0 },
    });
    const body = event();
    await sandbox.deliver(other.handle, body);
    await sandbox.deliver(other.handle, body);

    expect(await passed(host, repeating, 2)).toEqual([[body.id], [body.id]]);
  });
});

describe('a delivery is accepted', () => {
  let account: Account;
  let listener: Listener;

  beforeEach(async () => {
    account = await addAccount(host, sandbox);
    listener = await addActiveTrigger(host, account);
  });

  test('in every form of signature', async () => {
    const formats: SignatureFormat[] = ['sha256=hex', 'sha256=base64', 'hex', 'base64', 't,v1'];
    const forms: DeliverOverrides[] = [
      ...formats.map((signatureFormat) => ({ signatureFormat })),
      { signatureFormat: 't,v1', timestamp: now() - 240 },
      { signatureHeader: 'X-Hub-Signature-256' },
      { signatureHeader: 'Webhook-Signature', signatureFormat: 'base64' },
      { contentType: 'application/json; charset=utf-8' },
      { contentType: 'application/cloudevents+json' },
    ];
    const sent: string[][] = [];
    for (const form of forms) {
      const body = event();
      const { status } = await sandbox.deliver(account.handle, body, form);
      expect({ form, status }).toEqual({ form, status: 200 });
      sent.push([body.id]);
    }
    const body = event();
    const good = sign(
      JSON.stringify(body),
      webhookOf(sandbox, account)?.secret ?? '',
      't,v1',
      now(),
    );
    const several = { signature: `${good},v1=${'0'.repeat(64)}` };
    expect(await sandbox.deliver(account.handle, body, several)).toMatchObject({ status: 200 });

    expect(await passed(host, listener, forms.length + 1)).toEqual([...sent, [body.id]]);
  });

  test('in every form of body', async () => {
    const forms: BodyForm[] = ['event-data', 'type-payload', 'flat', 'notification'];
    const usual: DeliveryOptions = { ...sandbox.settings.delivery };
    for (const bodyForm of forms) {
      sandbox.settings.delivery.bodyForm = bodyForm;
      const delivery = await follow(sandbox, account);
      expect(delivery.status).toBe(200);
    }
    Object.assign(sandbox.settings.delivery, usual);

    const summaries = await host.client.executionsEnded(listener.workflow.id, forms.length);
    for (const { id } of summaries) {
      expect(eventsOf(await host.client.execution(id))).toMatchObject([
        {
          event: 'follow',
          id: expect.stringMatching(/^evt_/),
          occurredAt: expect.stringMatching(/^\d{4}-/),
          agent: { handle: expect.stringMatching(/^follower_/) },
        },
      ]);
    }
  });

  test('with several events, which become several items of one execution', async () => {
    const bodies = [event('follow'), event('like'), event('message')];
    await sandbox.deliver(account.handle, bodies);

    const execution = await newestExecution(host, listener);

    expect(eventsOf(execution).map(({ event, id }) => ({ event, id }))).toEqual(
      bodies.map(({ event, id }) => ({ event, id })),
    );
    expect(await host.client.countExecutions(listener.workflow.id)).toBe(1);
  });

  test('of exactly 1 MiB', async () => {
    const body = event();
    const bare = Buffer.byteLength(JSON.stringify({ ...body, padding: '' }));
    const full = JSON.stringify({ ...body, padding: 'x'.repeat(MIB - bare) });
    expect(Buffer.byteLength(full)).toBe(MIB);

    expect(await sandbox.deliver(account.handle, full)).toMatchObject({ status: 200 });

    expect(await passed(host, listener, 1)).toEqual([[body.id]]);
  });
});

// Last: n8n gives up two minutes after it began to listen, and until then there was something to do.
test('a test that times out returns the webhook to the active workflow', async () => {
  const { account, listener, secret } = patient;
  await pointsTo(sandbox, account, listener.production, 180_000);

  expect(webhookOf(sandbox, account)?.secret).toBe(secret);
  expect(await follow(sandbox, account)).toMatchObject({
    target: listener.production,
    status: 200,
  });
  expect(await newestExecution(host, listener)).toMatchObject({
    status: 'success',
    mode: 'webhook',
  });
}, 240_000);
