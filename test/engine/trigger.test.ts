/** The trigger in n8n-core's own contexts: credential, hooks and webhook of the build, HTTP to the sandbox. */
import type { IDataObject } from 'n8n-workflow';
import { MP4 } from '../operations/fixture';
import type { Sandbox } from '../sandbox/server';
import { later } from './support/clock';
import type { Processed } from './support/processed';
import {
  follow as event,
  type N8n,
  startTriggerHarness,
  type TriggerHarness,
} from './support/triggerHarness';

let harness: TriggerHarness;
let sandbox: Sandbox;
let processed: Processed;
let base: string;
let n8n: N8n;
let handle: string;

beforeAll(async () => {
  harness = await startTriggerHarness();
  ({ sandbox, processed, base } = harness);
});

afterAll(async () => {
  await harness.close();
});

beforeEach(() => {
  ({ n8n, handle } = harness.begin());
});

const webhook = () =>
  [...sandbox.state.agents.values()].find((agent) => agent.handle === handle)?.webhook;
const production = (id: string) => `${base}/webhook/hook-${id}/webhook`;
const testing = (id: string) => `${base}/webhook-test/hook-${id}/webhook`;
afterEach(() => {
  jest.restoreAllMocks();
});

function point(url: string): void {
  const current = webhook();
  if (!current) throw new Error('There is no webhook');
  current.url = url;
}

describe('Publishing', () => {
  it('A workflow registers its webhook with a new secret, keeps it when n8n restarts, and deletes it when unpublished', async () => {
    n8n.add('a', handle);
    await n8n.activate('a');
    const { url, secret } = webhook() ?? {};
    expect(url).toBe(production('a'));
    expect(secret).toMatch(/^whsec_/);
    await n8n.activate('a', 'init');
    expect(webhook()).toMatchObject({ url, secret });
    await harness.unpublish('a');
    expect(webhook()).toBeNull();
  });

  it('An old secret is not used after the response with a new one was lost', async () => {
    const configure = { operationId: 'webhookConfigure' };
    n8n.add('a', handle, { rotateSecret: true });
    await n8n.activate('a');
    sandbox.faults.add({
      match: configure,
      times: Infinity,
      fault: { kind: 'reset', apply: true },
    });
    await expect(n8n.activate('a')).rejects.toThrow('connection was lost');
    sandbox.faults.clear();
    expect((await sandbox.deliver(handle, event())).status).toBe(503);
    await n8n.activate('a', 'init');
    // What was read before is good for a moment.
    later(1000);
    expect((await sandbox.deliver(handle, event())).status).toBe(200);

    // A refusal changed nothing, and so the old one stays good.
    sandbox.faults.add({ match: configure, fault: { kind: 'status', status: 400 } });
    await expect(n8n.activate('a')).rejects.toThrow('HTTP 400');
    later(2000);
    expect((await sandbox.deliver(handle, event())).status).toBe(200);

    await harness.unpublish('a');
    const { webhook: stored } = n8n.credentials.read(handle);
    expect(JSON.parse(stored as string)).toMatchObject({ secret: '', webhookUrl: '' });
  });

  it('A workflow stays active when the service fails while n8n starts', async () => {
    n8n.add('a', handle);
    await n8n.activate('a');
    const broken = {
      match: { path: '/api/agents/me/webhook' },
      fault: { kind: 'status', status: 403 } as const,
    };
    sandbox.faults.add(broken);
    await n8n.activate('a', 'init');
    sandbox.faults.add(broken);
    await expect(n8n.activate('a')).rejects.toThrow('HTTP 403');
  });

  it('The start of n8n does not wait for a rate limit that resets later than it may take', async () => {
    n8n.add('a', handle);
    await n8n.activate('a');
    const before = sandbox.requests.length;
    sandbox.faults.add({
      match: { operationId: 'webhookGet' },
      fault: { kind: 'status', status: 429, headers: { 'Retry-After': '10' } },
    });
    await n8n.activate('a', 'init');
    const reads = sandbox.requests
      .slice(before)
      .filter(({ agent, operationId }) => agent === handle && operationId === 'webhookGet');
    expect(reads.map(({ status }) => status)).toEqual([429]);
  });

  it.each([404, 204])('The status %i means that there is no webhook', async (status) => {
    n8n.add('a', handle);
    sandbox.faults.add({
      match: { operationId: 'webhookGet' },
      times: 2,
      fault: { kind: 'status', status },
    });
    await n8n.activate('a');
    expect(webhook()?.url).toBe(production('a'));
  });

  it('Publishing fails at once, with advice, when the webhook is in use', async () => {
    n8n.add('a', handle);
    n8n.add('b', handle);
    await n8n.activate('a');
    await expect(n8n.activate('b')).rejects.toMatchObject({
      name: 'WebhookPathTakenError',
      message: expect.stringMatching(
        `^The events of this agent are already delivered to ${production('a')}, and an agent has only one webhook. To receive them here instead, turn on "Replace Existing Webhook"`,
      ) as string,
    });
    await n8n.deactivate('b');
    expect(webhook()?.url).toBe(production('a'));
  });

  it('Replace Existing Webhook replaces the webhook, and the previous receiver then deletes nothing', async () => {
    n8n.add('a', handle);
    n8n.add('b', handle, { replaceExistingWebhook: true });
    await n8n.activate('a');
    await n8n.activate('b');
    await n8n.deactivate('a');
    expect(webhook()?.url).toBe(production('b'));
    await expect(n8n.activate('a', 'init')).rejects.toThrow('already delivered to');
  });

  it('The webhook follows a changed URL of n8n, also at the second attempt', async () => {
    const old = 'http://127.0.0.1:9/webhook/hook-a/webhook';
    n8n.add('a', handle);
    await n8n.activate('a');
    const secret = webhook()?.secret;
    point(old);
    n8n.registeredAs('a', old);
    sandbox.faults.add({
      match: { operationId: 'webhookConfigure' },
      fault: { kind: 'status', status: 400 },
    });
    await expect(n8n.activate('a', 'init')).rejects.toThrow('HTTP 400');
    await n8n.deactivate('a');
    await n8n.activate('a', 'init');
    expect(webhook()).toMatchObject({ url: production('a'), secret });
  });

  it.each([
    ['with its credential', {}],
    ['with a credential made anew', { webhook: '' }],
  ])('A copy of an n8n instance in use, %s, takes no webhook from it', async (_, change) => {
    n8n.add('a', handle);
    await n8n.activate('a');
    const { url, secret } = webhook() ?? {};
    n8n.credentials.save('copy', { ...n8n.credentials.read(handle), ...change });
    n8n.add('copy', 'copy', { rotateSecret: true });
    n8n.registeredAs('copy', production('a'));
    await n8n.activate('copy', 'init');
    expect(n8n.warnings.join()).toContain(
      `events are still delivered to ${production('a')}, where`,
    );
    await expect(n8n.activate('copy')).rejects.toThrow(`already delivered to ${production('a')}`);
    expect(webhook()).toMatchObject({ url, secret });
    expect(n8n.started).toEqual([]);
  });

  it('The webhook stays unchanged when n8n starts without its public URL', async () => {
    const old = 'https://n8n.example/webhook/hook-a/webhook';
    n8n.add('a', handle);
    await n8n.activate('a');
    point(old);
    n8n.registeredAs('a', old);
    // The check of the address is the one after the three that come with asking the service.
    const read = n8n.credentials.getDecrypted.bind(n8n.credentials);
    let reads = 0;
    jest.spyOn(n8n.credentials, 'getDecrypted').mockImplementation(async (...args) => ({
      ...(await read(...args)),
      ...(++reads > 3 ? { baseUrl: 'https://imagineanything.example' } : {}),
    }));
    await n8n.activate('a', 'init');
    expect(webhook()?.url).toBe(old);
    expect(n8n.warnings.join()).toContain('is in a private network. Set the environment variable');
  });

  it('A URL that is null means that there is no webhook', async () => {
    n8n.add('a', handle);
    sandbox.faults.add({
      match: { operationId: 'webhookGet' },
      times: 2,
      fault: { kind: 'status', status: 200, body: { webhookUrl: null, docs: 'https://x.example' } },
    });
    await n8n.activate('a');
    expect(webhook()?.url).toBe(production('a'));
  });

  it('Another form of the same URL is the same webhook', async () => {
    n8n.add('a', handle);
    await n8n.activate('a');
    const secret = webhook()?.secret;
    point(production('a').replace('http:', 'HTTP:'));
    await n8n.activate('a');
    expect(webhook()).toMatchObject({ url: expect.stringMatching(/^HTTP:/) as string, secret });
    await harness.unpublish('a');
    expect(webhook()).toBeNull();
  });

  it.each([
    [
      { callback: 'https://elsewhere.example/hook' },
      'already delivered to https://elsewhere.example/hook',
    ],
    [
      { webhook: 'https://elsewhere.example/hook' },
      'already delivered to https://elsewhere.example/hook',
    ],
    [
      { webhooks: [{ address: 'https://elsewhere.example/hook' }], docs: 'https://x.example' },
      'already delivered to https://elsewhere.example/hook',
    ],
  ])('The response %j does not mean that there is no webhook', async (body, says) => {
    n8n.add('a', handle);
    sandbox.faults.add({
      match: { operationId: 'webhookGet' },
      times: Infinity,
      fault: { kind: 'status', status: 200, body },
    });
    await expect(n8n.activate('a')).rejects.toThrow(says);
    expect(webhook()).toBeNull();
  });

  it('Publishing fails when the service cannot reach n8n', async () => {
    n8n.add('a', handle);
    const data = n8n.credentials.read(handle);
    n8n.credentials.save(handle, { ...data, baseUrl: 'https://imagineanything.example' });
    await expect(n8n.listen('a')).rejects.toThrow(
      `ImagineAnything cannot reach n8n: the webhook URL ${testing('a')} is in a private network. Set the environment variable N8N_WEBHOOK_URL (WEBHOOK_URL in older versions) to the public https:// URL`,
    );
  });
});

describe('Listening for a test event', () => {
  it('A test uses the webhook and restores it, with the same secret', async () => {
    n8n.add('a', handle);
    n8n.add('b', handle);
    await n8n.activate('a');
    const secret = webhook()?.secret;
    for (const id of ['a', 'b']) {
      await n8n.listen(id);
      expect(webhook()).toMatchObject({ url: testing(id), secret });
      expect((await sandbox.deliver(handle, event())).status).toBe(200);
      expect(n8n.started.at(-1)).toMatchObject({ workflow: `${id} test`, mode: 'manual' });
      expect((await sandbox.deliver(handle, event(), { sign: 'wrong' })).status).toBe(401);
      await n8n.stopListening(id);
      expect(webhook()).toMatchObject({ url: production('a'), secret });
    }
  });

  it('The webhook is restored when n8n starts, or the workflow is published, after n8n crashed during a test', async () => {
    n8n.add('a', handle);
    n8n.add('b', handle);
    await n8n.activate('a');
    const secret = webhook()?.secret;
    for (const id of ['a', 'b']) {
      await n8n.listen(id);
      await n8n.activate('a', 'init');
      expect(webhook()).toMatchObject({ url: production('a'), secret });
    }
    await n8n.listen('b');
    await expect(n8n.activate('b')).rejects.toThrow(`already delivered to ${production('a')}`);
    expect(webhook()).toMatchObject({ url: production('a'), secret });
  });

  it('A test deletes the webhook when there was none before', async () => {
    n8n.add('a', handle);
    await n8n.listen('a');
    expect((await sandbox.deliver(handle, event())).status).toBe(200);
    await n8n.stopListening('a');
    expect(webhook()).toBeNull();
  });

  it('A test deletes the webhook when the workflow was unpublished meanwhile', async () => {
    n8n.add('a', handle);
    await n8n.activate('a');
    await n8n.listen('a');
    await n8n.deactivate('a');
    expect(webhook()?.url).toBe(testing('a'));
    await n8n.stopListening('a');
    expect(webhook()).toBeNull();
  });

  it('A test does not use a webhook whose deliveries it cannot verify, unless the user turned verification off', async () => {
    n8n.add('a', handle);
    n8n.add('open', handle, { verifySignature: false });
    await n8n.activate('a');
    point('https://elsewhere.example/hook');
    await expect(n8n.listen('a')).rejects.toThrow(
      'are delivered to https://elsewhere.example/hook, and this credential does not have their signing secret',
    );
    await n8n.listen('open');
    expect((await sandbox.deliver(handle, event(), { sign: 'none' })).status).toBe(200);
    await n8n.stopListening('open');
    expect(webhook()?.url).toBe('https://elsewhere.example/hook');
  });

  it.each([
    ['when it ends', async () => await n8n.stopListening('a')],
    ['when n8n starts, where it had died', async () => await n8n.activate('a', 'init')],
  ])(
    'A test restores %s although the service fails for a while',
    async (_, end) => {
      n8n.add('a', handle);
      await n8n.activate('a');
      const secret = webhook()?.secret;
      await n8n.listen('a');
      // A request is repeated three times by itself.
      sandbox.faults.add({
        match: { path: '/api/agents/me/webhook' },
        times: 5,
        fault: { kind: 'status', status: 503 },
      });
      await end();
      expect(webhook()).toMatchObject({ url: production('a'), secret });
    },
    20_000,
  );

  it('A test that cannot restore the webhook logs it, and n8n continues', async () => {
    n8n.add('a', handle);
    await n8n.activate('a');
    await n8n.listen('a');
    const data = n8n.credentials.read(handle);
    n8n.credentials.save(handle, { ...data, baseUrl: 'ftp://nowhere' });
    await n8n.stopListening('a');
    expect(n8n.warnings.join()).toContain('could not restore the webhook after the test');
  });
});

describe('Deliveries', () => {
  const start = async (options: IDataObject = {}, kinds?: string[]) => {
    n8n.add('a', handle, options, kinds);
    await n8n.activate('a');
  };
  const answerTo = async (body: unknown, overrides = {}) => {
    const { status, responseBody } = await sandbox.deliver(handle, body, overrides);
    return [status, JSON.parse(responseBody ?? '{}') as IDataObject] as const;
  };
  const deliver = async (body: unknown, overrides = {}) => {
    const [status, { error }] = await answerTo(body, overrides);
    return [status, error];
  };

  it('A delivery yields its events as items', async () => {
    await start();
    expect(
      await deliver([event({ event: 'NEW_FOLLOWER' }), event({ event: 'order.paid' })]),
    ).toEqual([200, undefined]);
    expect(n8n.started[0].items.map(({ json }) => json)).toMatchObject([
      { event: 'follow', agent: { handle: 'someone' } },
      { event: 'order.paid' },
    ]);
  });

  it('A delivery that is not valid is rejected and starts no execution', async () => {
    await start();
    const late = { signatureFormat: 't,v1', timestamp: Math.floor(Date.now() / 1000) - 400 };
    const missing = 'The delivery is not signed';
    const invalid = 'The signature does not match the delivery';
    const expired = 'The signature has expired';
    const large = 'A delivery must not exceed 1 MiB';
    const type = 'A delivery must be application/json';
    const noJson = 'The delivery is not a JSON object or array';
    const rows: Array<[unknown, object, status: number, error: string, message: string]> = [
      [event(), { sign: 'none' }, 401, 'signature_missing', missing],
      [event(), { sign: 'wrong' }, 401, 'signature_invalid', invalid],
      [event(), late, 401, 'signature_expired', expired],
      ['x'.repeat(1024 * 1024 + 1), {}, 413, 'payload_too_large', large],
      [event(), { contentType: 'text/plain' }, 415, 'unsupported_media_type', type],
      [event(), { contentType: null }, 415, 'unsupported_media_type', type],
      ['{', {}, 400, 'invalid_json', noJson],
      ['null', {}, 400, 'invalid_json', noJson],
      ['"text"', {}, 400, 'invalid_json', noJson],
    ];
    for (const [body, overrides, status, error, message] of rows) {
      expect(await answerTo(body, overrides)).toEqual([status, { error, message }]);
    }
    expect(n8n.started).toEqual([]);
  });

  it('A delivery is verified with a new secret as soon as there is one', async () => {
    await start();
    expect(await deliver(event())).toEqual([200, undefined]);
    await harness.unpublish('a');
    await n8n.activate('a');
    later(10_000);
    expect(await deliver(event())).toEqual([200, undefined]);
  });

  it('A delivery is rejected as not ready without a secret or a credential', async () => {
    await start();
    n8n.credentials.save(handle, { ...n8n.credentials.read(handle), webhook: '' });
    const error = 'not_ready';
    const unverified = 'The delivery cannot be verified at the moment';
    expect(await answerTo(event())).toEqual([503, { error, message: unverified }]);
    expect(n8n.warnings.join()).toContain('has no signing secret');
    n8n.credentials.save(handle, { ...n8n.credentials.read(handle), baseUrl: 'ftp://nowhere' });
    later(10_000);
    const notProcessed = 'The delivery cannot be processed at the moment';
    expect(await answerTo(event())).toEqual([503, { error, message: notProcessed }]);
    expect(n8n.warnings.join()).toContain('could not process a delivery');
  });

  it('A delivery that no filter lets through starts no execution', async () => {
    await start({ onlyFrom: '@someone', exceptFrom: 'another' }, ['follow']);
    expect(await deliver(event({ event: 'like' }))).toEqual([200, undefined]);
    expect(await deliver(event({ data: { actor: { handle: 'another' } } }))).toEqual([
      200,
      undefined,
    ]);
    expect(await deliver(event({ data: { actor: { handle } } }))).toEqual([200, undefined]);
    expect(n8n.started).toEqual([]);
    await deliver(event());
    expect(n8n.started).toHaveLength(1);
  });

  it('A repeated delivery starts one execution', async () => {
    await start();
    const once = event();
    await Promise.all(Array.from({ length: 20 }, async () => await deliver(once)));
    await deliver({ ...once, attempt: 2 });
    expect(n8n.started).toHaveLength(1);
  });

  it('An event that another process accepted yields no item, except when its own execution runs again', async () => {
    await start();
    await deliver(event());
    const [{ items }] = n8n.started;
    expect(await n8n.execute('a', 'webhook', items, true)).toEqual(items);
    expect(await n8n.execute('a', 'webhook', items)).toEqual([]);
    expect(await n8n.execute('a', 'manual', items)).toEqual(items);
    expect(await n8n.execute('a', 'retry', items)).toEqual(items);
  });

  it('A delivery is repeated until its workflow succeeds when the response waits for the last node', async () => {
    await start({ responseMode: 'lastNode' });
    const once = event();
    n8n.failures = 1;
    expect(await deliver(once)).toEqual([500, undefined]);
    expect(await deliver(once)).toEqual([200, undefined]);
    expect(await deliver(once)).toEqual([200, undefined]);
    expect(n8n.started.map(({ items }) => items.length)).toEqual([1, 1]);
  });

  it('A failed workflow does not make a delivery repeatable when the response does not wait for it', async () => {
    await start();
    const once = event();
    n8n.failures = 1;
    expect(await deliver(once)).toEqual([200, undefined]);
    expect(await deliver(once)).toEqual([200, undefined]);
    expect(n8n.started).toHaveLength(1);
  });

  it('An event is output when n8n cannot deduplicate it', async () => {
    await start();
    processed.fails = 1;
    await deliver(event());
    expect(n8n.warnings).toEqual([]);
    processed.fails = 2;
    await deliver(event());
    expect(n8n.warnings.join()).toContain('could not deduplicate its events');
    await deliver({ event: 'follow' });
    expect(n8n.started.map(({ items }) => items.length)).toEqual([1, 1, 1]);
  });

  describe('Fetching full details', () => {
    let fan: { handle: string; id: string };

    beforeEach(async () => {
      fan = sandbox.registerAgent({ handle: `fan_of_${handle}`, name: 'Fan' });
      await sandbox.as(fan.handle).patch('/api/agents/me', { bio: 'Likes it all' });
    });

    const act = async (path: string, body: object) => await sandbox.as(fan.handle).post(path, body);
    const newest = <Thing>(things: ReadonlyMap<string, Thing>): Thing => {
      const thing = [...things.values()].at(-1);
      if (thing === undefined) throw new Error('The platform does not have it');
      return thing;
    };
    const writePost = async () => {
      await act('/api/posts', { content: 'Hello' });
      return newest(sandbox.state.posts).id;
    };
    const writeMessage = async () => {
      await act('/api/conversations', { participantHandle: handle, message: 'Just between us' });
      return newest(sandbox.state.messages).id;
    };
    const publishByte = async () => {
      const { content, mimeType: type } = MP4;
      const file = { content: new Uint8Array(content), type, fields: { purpose: 'byte' } };
      await sandbox.as(fan.handle).upload('/api/upload/video', file);
      const { id: mediaId, url } = newest(sandbox.state.media);
      await act('/api/bytes', { caption: 'Moving', mediaId });
      return { id: newest(sandbox.state.bytes).id, url };
    };
    const writeComment = async (path: string) => {
      await act(`${path}/comments`, { content: 'Well said' });
      return newest(sandbox.state.comments).id;
    };

    /** Delivers an event that names its parts only, and gives what the execution gets of it. */
    const enriched = async (kind: string, data: IDataObject): Promise<IDataObject> => {
      await start({ enrich: true });
      sandbox.requests.clear();
      await deliver(event({ event: kind, data: { actor: { handle: fan.handle }, ...data } }));
      return n8n.started[0].items[0].json;
    };

    const AGENT = { name: 'Fan', bio: 'Likes it all', followerCount: 0 };

    it('The comment and its post are fetched', async () => {
      const post = await writePost();
      const comment = await writeComment(`/api/posts/${post}`);
      const json = await enriched('comment', { post: { id: post }, comment: { id: comment } });

      expect(json).toMatchObject({
        event: 'comment',
        agent: AGENT,
        post: { content: 'Hello', commentCount: 1 },
        comment: { content: 'Well said' },
      });
      expect(json).not.toHaveProperty('enrichmentError');
    });

    it('The message is fetched with the token of the agent', async () => {
      const message = await writeMessage();
      const json = await enriched('message', { messageId: message });

      expect(json).toMatchObject({
        event: 'message',
        agent: AGENT,
        message: { id: message, content: 'Just between us', sender: { handle: fan.handle } },
      });
      expect(json).not.toHaveProperty('enrichmentError');
      expect(sandbox.requests.of('messageGet')).toMatchObject([{ agent: handle, status: 200 }]);
    });

    it('The byte is fetched', async () => {
      const { id, url } = await publishByte();
      const json = await enriched('like', { byteId: id });

      expect(json).toMatchObject({
        event: 'like',
        agent: AGENT,
        byte: { id, caption: 'Moving', videoUrl: url },
      });
      expect(json).not.toHaveProperty('enrichmentError');
      expect(sandbox.requests.of('byteGet')).toHaveLength(1);
    });

    it('The comment on a byte is fetched', async () => {
      const { id } = await publishByte();
      const comment = await writeComment(`/api/bytes/${id}`);
      const json = await enriched('comment', { byteId: id, comment: { id: comment } });

      expect(json).toMatchObject({
        byte: { id, caption: 'Moving', commentCount: 1 },
        comment: { id: comment, content: 'Well said' },
      });
      expect(json).not.toHaveProperty('enrichmentError');
    });

    it.each([
      [
        'an agent without a handle',
        { actor: { id: 'agent_x' } },
        { agent: { id: 'agent_x' } },
        'Get agent of event: the delivery has no valid handle',
      ],
      [
        'an ID that leads elsewhere',
        { message: { id: '..' } },
        { message: { id: '..' } },
        'Get message of event: the delivery has no valid ID',
      ],
      [
        'a comment on nothing',
        { comment: { id: 'c' } },
        { comment: { id: 'c' } },
        'Get comment of event: the delivery has no ID of the comment, or of its post or byte',
      ],
      [
        'a post that is gone',
        { postId: 'none' },
        { post: { id: 'none' } },
        'Get post of event: Post not found: none (HTTP 404, not_found)',
      ],
    ])(
      'An event with %s is output as delivered, with enrichmentError',
      async (_, data, delivered, enrichmentError) => {
        expect(await enriched('like', data)).toMatchObject({ ...delivered, enrichmentError });
      },
    );

    it('An item whose comment was deleted has enrichmentError', async () => {
      const post = await writePost();
      const json = await enriched('comment', { postId: post, comment: { id: 'gone' } });

      expect(json).toMatchObject({
        agent: AGENT,
        post: { content: 'Hello' },
        comment: { id: 'gone' },
        enrichmentError:
          'Get comment of event: it is not among the newest 100 comments of the post',
      });
    });
  });
});
