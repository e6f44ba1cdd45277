/** Which events a trigger passes on, as its options say, and what the item of each holds. */
import { EVENT_TYPES, type TriggerEvent } from '../../nodes/ImagineAnything/trigger/events/event';
import { outputSampleOf } from '../../scripts/eventSamples';
import type { DeliverOverrides, DeliveryRecord } from '../sandbox/deliveries';
import {
  type Account,
  addAccount,
  addActiveTrigger,
  event,
  eventsOf,
  newestExecution,
  passed,
} from './trigger';
import { useN8n } from './useN8n';

jest.setTimeout(180_000);

const { host, sandbox } = useN8n({ sandbox: { delivery: { timeoutMs: 60_000 } } });

const now = (): number => Math.floor(Date.now() / 1000);

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
    return (await passed(host, listener, started.length)).flat();
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

  test('accept deliveries by their address only', async () => {
    const body = event();
    const options = { verification: 'address' };

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
    const shapes = (some: ReadonlyArray<Record<string, unknown>>) =>
      new Map(some.map((item) => [item.event, keysOf(item).sort()]));

    const samples = EVENT_TYPES.map((kind) => outputSampleOf(kind));
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
