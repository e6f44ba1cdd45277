/** What a delivery starts, and what it does not. */
import { EVENT_TYPES, type TriggerEvent } from '../../nodes/ImagineAnything/trigger/event';
import { sampleOf } from '../../scripts/eventSamples';
import type { DeliverOverrides, DeliveryRecord } from '../sandbox/deliveries';
import { sign } from '../sandbox/deliveryFormat';
import type { BodyForm, DeliveryOptions, SignatureFormat } from '../sandbox/options';
import {
  type Account,
  type Listener,
  TRIGGER,
  addAccount,
  addActiveTrigger,
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

let ids = 0;

/** A delivery with an event of its own. */
function event(kind = 'follow', data: object = {}): { id: string } & Record<string, unknown> {
  ids += 1;
  return {
    id: `evt_own_${ids}`,
    event: kind,
    createdAt: new Date(Date.UTC(2026, 0, 1) + ids * 1000).toISOString(),
    data: { actor: { id: 'agent_x', handle: 'someone' }, ...data },
  };
}

const now = (): number => Math.floor(Date.now() / 1000);

/** Waits for executions of a workflow, and returns the ids of the events that each passed on. */
async function passed(listener: Listener, count: number): Promise<string[][]> {
  await host.client.executionsEnded(listener.workflow.id, count);
  return passedOn(host, listener);
}

describe('no execution is started by a delivery', () => {
  let account: Account;
  let listener: Listener;

  beforeAll(async () => {
    account = await addAccount(host, sandbox);
    listener = await addActiveTrigger(host, account);
  });

  const text = JSON.stringify(event());
  const secret = (): string => webhookOf(sandbox, account)?.secret ?? '';
  const oversized = `{"event":"follow","padding":"${'x'.repeat(MIB)}"}`;

  type Row = [
    what: string,
    status: number,
    code: string | undefined,
    body: string,
    overrides: () => DeliverOverrides,
  ];
  const rows: Row[] = [
    ['signed with another secret', 401, 'signature_invalid', text, () => ({ sign: 'wrong' })],
    ['not signed', 401, 'signature_missing', text, () => ({ sign: 'none' })],
    ['signed with nothing', 401, 'signature_missing', text, () => ({ signature: 'sha256=' })],
    ['signed with a word', 401, 'signature_missing', text, () => ({ signature: 'trust me' })],
    [
      'with the signature of another body',
      401,
      'signature_invalid',
      text,
      () => ({ signature: sign(`${text} `, secret(), 'sha256=hex', 0) }),
    ],
    [
      'with the signature of the parsed body written anew',
      401,
      'signature_invalid',
      JSON.stringify(event(), null, 2),
      () => ({ signature: sign(text, secret(), 'sha256=hex', 0) }),
    ],
    [
      'signed more than five minutes ago',
      401,
      'signature_expired',
      text,
      () => ({ signatureFormat: 't,v1', timestamp: now() - 301 }),
    ],
    [
      'signed more than five minutes ahead',
      401,
      'signature_expired',
      text,
      () => ({ signatureFormat: 't,v1', timestamp: now() + 360 }),
    ],
    [
      'signed long ago, with the time of now',
      401,
      'signature_invalid',
      text,
      () => ({
        signature: sign(text, secret(), 't,v1', 1_700_000_000).replace(/t=\d+/, `t=${now()}`),
      }),
    ],
    [
      'signed long ago, without its time',
      401,
      'signature_invalid',
      text,
      () => ({ signature: sign(text, secret(), 't,v1', 1_700_000_000).replace(/^.*v1=/, '') }),
    ],
    ['of more than 1 MiB', 413, 'payload_too_large', oversized, () => ({})],
    ['of plain text', 415, 'unsupported_media_type', text, () => ({ contentType: 'text/plain' })],
    ['of no type', 415, 'unsupported_media_type', text, () => ({ contentType: null })],
    [
      'of a form',
      415,
      'unsupported_media_type',
      text,
      () => ({ contentType: 'application/x-www-form-urlencoded' }),
    ],
    [
      'of parts',
      415,
      'unsupported_media_type',
      `--x\r\nContent-Disposition: form-data; name="event"\r\n\r\n${text}\r\n--x--\r\n`,
      () => ({ contentType: 'multipart/form-data; boundary=x' }),
    ],
    // n8n itself answers what is not JSON, and methods that the trigger does not have.
    ['that is not JSON', 422, undefined, '{"event":', () => ({})],
    [
      'that is not JSON, of another JSON type',
      400,
      'invalid_json',
      '{"event":',
      () => ({ contentType: 'application/vnd.event+json' }),
    ],
    ['that is a number', 400, 'invalid_json', '5', () => ({})],
    ['that is empty', 400, 'invalid_json', '', () => ({})],
    ['that is a list of nothing', 200, undefined, '[]', () => ({})],
    ['by GET', 404, undefined, text, () => ({ method: 'GET' })],
    ['by PUT', 404, undefined, text, () => ({ method: 'PUT' })],
  ];

  test.each(rows)('%s, answered with %i %s', async (_what, status, code, body, overrides) => {
    const delivery = await sandbox.deliver(account.handle, body, overrides());

    expect(delivery.status).toBe(status);
    if (code !== undefined) {
      expect(JSON.parse(delivery.responseBody ?? '')).toMatchObject({ error: code });
    }
    expect(await host.client.countExecutions(listener.workflow.id)).toBe(0);
  });

  test('of that kind, but one is started by the next good one', async () => {
    const good = event();
    expect(await sandbox.deliver(account.handle, good)).toMatchObject({ status: 200 });

    expect(await passed(listener, 1)).toEqual([[good.id]]);
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

    expect(await passed(listener, 2)).toEqual([[eventId(first)], [eventId(second)]]);
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
    expect(await passed(listener, 2)).toEqual([[body.id], [last.id]]);
  });

  test('in a batch leaves the others alone', async () => {
    const [a, b, c] = [event(), event(), event()];
    await sandbox.deliver(account.handle, [a, b]);
    await sandbox.deliver(account.handle, { events: [b, c] });

    expect(await passed(listener, 2)).toEqual([[a.id, b.id], [c.id]]);
  });

  test('starts another execution where the user wants that', async () => {
    const other = await addAccount(host, sandbox);
    const repeating = await addActiveTrigger(host, other, {
      options: { deduplicationWindow: 0 },
    });
    const body = event();
    await sandbox.deliver(other.handle, body);
    await sandbox.deliver(other.handle, body);

    expect(await passed(repeating, 2)).toEqual([[body.id], [body.id]]);
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

    expect(await passed(listener, forms.length + 1)).toEqual([...sent, [body.id]]);
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

    expect(await passed(listener, 1)).toEqual([[body.id]]);
  });
});

describe('the options of the node', () => {
  /** Sends events to a trigger with these parameters, and returns the ids of those that came through. */
  async function through(
    parameters: Parameters<typeof addActiveTrigger>[2],
    bodies: (account: Account) => Array<{ id: string } & Record<string, unknown>>,
    overrides?: DeliverOverrides,
  ): Promise<string[]> {
    const account = await addAccount(host, sandbox);
    const listener = await addActiveTrigger(host, account, parameters);
    const records: DeliveryRecord[] = [];
    for (const body of bodies(account)) {
      records.push(await sandbox.deliver(account.handle, body, overrides));
    }
    expect(records.map(({ status }) => status)).toEqual(records.map(() => 200));
    const started = records.filter(
      ({ responseBody }) => !responseBody?.includes('No event starts the workflow'),
    );
    return (await passed(listener, started.length)).flat();
  }

  const from = (handle: string, id = `id of ${handle}`) =>
    event('follow', { actor: { id, handle } });

  test('drop what was not chosen, unknown kinds included', async () => {
    const like = event('like');
    const sent = [event('follow'), like, event('poked'), event('post.liked.removed')];

    expect(await through({ events: ['like', 'message'] }, () => sent)).toEqual([like.id]);
  });

  test('let unknown kinds through where all is chosen', async () => {
    const sent = [event('poked'), event('follow'), { id: 'evt_nameless', data: {} }];

    expect(await through({ events: ['*'] }, () => sent)).toEqual(sent.map(({ id }) => id));
  });

  test('take only the named agents', async () => {
    const [ann, ben, cat] = [from('ann'), from('@Ben'), from('cat')];
    const nobody = { id: 'evt_nobody', event: 'follow' };
    const options = { onlyFrom: '@Ann, https://imagineanything.com/agent/ben' };

    expect(await through({ options }, () => [ann, ben, cat, nobody])).toEqual([ann.id, ben.id]);
  });

  test('leave named agents out', async () => {
    const [ann, ben, cat] = [from('ann'), from('ben'), from('cat')];

    expect(await through({ options: { exceptFrom: '@ben cat' } }, () => [ann, ben, cat])).toEqual([
      ann.id,
    ]);
  });

  test('ignore what the agent does itself, unless told otherwise', async () => {
    const other = from('other');
    const own: string[] = [];
    const sent = ({ handle, id }: Account) => {
      const bodies = [from(handle, 'unknown'), from('renamed', id)];
      own.push(...bodies.map((body) => body.id));
      return [...bodies, other];
    };

    expect(await through({}, sent)).toEqual([other.id]);
    const all = await through({ options: { ignoreOwnActions: false } }, sent);
    expect(all).toEqual([...own.slice(2), other.id]);
  });

  test('turn the check of signatures off', async () => {
    const body = event();
    const options = { verifySignature: false };

    expect(await through({ options }, () => [body], { sign: 'none' })).toEqual([body.id]);
  });

  test('accept signatures of any age', async () => {
    const body = event();
    const late: DeliverOverrides = { signatureFormat: 't,v1', timestamp: now() - 86_400 };

    expect(await through({ options: { maximumAge: 0 } }, () => [body], late)).toEqual([body.id]);
  });

  test('fetch the full agent, post and comment', async () => {
    const account = await addAccount(host, sandbox);
    const listener = await addActiveTrigger(host, account, { options: { enrich: true } });
    const friend = await addAccount(host, sandbox, 'friend');
    const [me, other] = [sandbox.as(account.handle), sandbox.as(friend.handle)];
    const { post } = (await me.post('/api/posts', { content: 'Hello' })) as {
      post: TriggerEvent;
    };
    await sandbox.settled();
    const actor = { handle: friend.handle };
    await sandbox.deliver(account.handle, event('like', { actor, postId: post.id }));

    expect(eventsOf(await newestExecution(host, listener))).toMatchObject([
      {
        event: 'like',
        agent: { handle: friend.handle, followerCount: 0 },
        post: { id: post.id, content: 'Hello', likeCount: 0 },
      },
    ]);

    const { comment } = (await other.post(`/api/posts/${post.id}/comments`, {
      content: 'Hi',
    })) as { comment: TriggerEvent };
    await sandbox.settled();
    expect(eventsOf(await newestExecution(host, listener, 2))).toMatchObject([
      {
        event: 'comment',
        agent: { handle: friend.handle, followerCount: 0 },
        post: { id: post.id, commentCount: 1 },
        comment: { id: comment.id, content: 'Hi' },
      },
    ]);

    await sandbox.deliver(account.handle, event('like', { actor, postId: 'post_gone' }));
    expect(eventsOf(await newestExecution(host, listener, 3))).toMatchObject([
      {
        post: { id: 'post_gone' },
        enrichmentError: expect.stringContaining('post_gone'),
      },
    ]);
  });
});

describe('the sample of each kind', () => {
  /** The keys of a value and all that is in it, as paths; what a list holds depends on what was posted. */
  function keysOf(value: unknown, path = ''): string[] {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
    return Object.entries(value).flatMap(([key, member]) => keysOf(member, `${path}.${key}`));
  }

  interface Schema {
    properties?: Record<string, Schema>;
  }
  const keysOfSchema = ({ properties }: Schema, path = ''): string[] =>
    properties === undefined
      ? [path]
      : Object.entries(properties).flatMap(([key, schema]) =>
          keysOfSchema(schema, `${path}.${key}`),
        );

  test('has the keys that a delivery of it yields, and so has what the editor shows', async () => {
    const account = await addAccount(host, sandbox);
    const listener = await addActiveTrigger(host, account);
    const friend = await addAccount(host, sandbox, 'friend');
    const [me, other] = [sandbox.as(account.handle), sandbox.as(friend.handle)];
    const { post } = (await me.post('/api/posts', { content: 'Hello' })) as {
      post: TriggerEvent;
    };
    const comments = `/api/posts/${post.id}/comments`;
    const { comment } = (await me.post(comments, { content: 'First' })) as {
      comment: TriggerEvent;
    };
    const { handle } = account;
    await other.post(`/api/agents/${handle}/follow`);
    await other.post(`/api/posts/${post.id}/like`);
    await other.post(`/api/posts/${post.id}/repost`);
    await other.post(`/api/posts/${post.id}/quote`, { content: 'This' });
    await other.post(comments, { content: 'Hi' });
    await other.post(comments, { content: 'Hi again', parentId: comment.id });
    await other.post('/api/posts', { content: `Ask @${handle}` });
    await other.post('/api/conversations', { participantHandle: handle, message: 'Hi!' });
    await sandbox.settled();

    const summaries = await host.client.executionsEnded(listener.workflow.id, EVENT_TYPES.length);
    const items = await Promise.all(
      summaries.map(async ({ id }) => eventsOf(await host.client.execution(id))[0]),
    );
    const shapes = (some: TriggerEvent[]) =>
      new Map(some.map((item) => [item.event, keysOf(item).sort()]));

    const samples = EVENT_TYPES.map((kind) => sampleOf(kind));
    expect(shapes(items)).toEqual(shapes(samples));
    const response = await fetch(
      `${host.n8n.url}/schemas/n8n-nodes-imagineanything.imagineAnythingTrigger/1.0.0.json`,
    );
    expect(response.status).toBe(200);
    const shown = keysOfSchema((await response.json()) as Schema);
    // What is null in one kind is an object in another.
    const delivered = [...new Set(items.flatMap((item) => keysOf(item)))];
    const deepest = delivered.filter(
      (path) => !delivered.some((other) => other.startsWith(`${path}.`)),
    );
    expect(shown.sort()).toEqual(deepest.sort());
  });
});

// Last: n8n gives up two minutes after it began to listen, and until then there was something to do.
test('a test that times out returns the webhook to the active workflow', async () => {
  const { account, listener, secret } = patient;
  await pointsTo(sandbox, account, listener.production, 180_000);

  expect(webhookOf(sandbox, account)?.secret).toBe(secret);
  expect(await follow(sandbox, account)).toMatchObject({ url: listener.production, status: 200 });
  expect(await newestExecution(host, listener)).toMatchObject({
    status: 'success',
    mode: 'webhook',
  });
}, 240_000);
