/** Which deliveries the trigger takes, how much of one, and which of its events start the workflow. */
import type { IDataObject } from 'n8n-workflow';
import { later } from './support/clock';
import { follow, NOTHING, STARTED, useTrigger } from './support/useTrigger';

const HOUR = 3_600_000;

const { n8n, sandbox, agent, start, deliver, unpublish } = useTrigger();

const batch = (length: number) => Array.from({ length }, () => follow());

const answerTo = async (body: unknown, overrides = {}) => {
  const { status, responseBody } = await sandbox.deliver(agent.handle, body, overrides);
  return [status, JSON.parse(responseBody ?? '{}') as IDataObject] as const;
};

describe('Deliveries', () => {
  it('A delivery yields its events as items', async () => {
    await start();
    expect(
      await deliver([follow({ event: 'NEW_FOLLOWER' }), follow({ event: 'order.paid' })]),
    ).toEqual(STARTED);
    expect(n8n.started[0].items.map(({ json }) => json)).toMatchObject([
      { event: 'follow', agent: { handle: 'someone' } },
      { event: 'order.paid' },
    ]);
  });

  it('A delivery that is not valid is rejected and starts no execution', async () => {
    await start({ verification: 'signature' });
    const late = { signatureFormat: 't,v1', timestamp: Math.floor(Date.now() / 1000) - 400 };
    const missing = 'The delivery is not signed';
    const invalid = 'The signature does not match the delivery';
    const expired = 'The signature has expired';
    const large = 'A delivery must not exceed 1 MiB';
    const type = 'A delivery must be application/json';
    const noJson = 'The delivery is not a JSON object or array';
    const rows: Array<[unknown, object, status: number, error: string, message: string]> = [
      [follow(), { sign: 'none' }, 401, 'signature_missing', missing],
      [follow(), { sign: 'wrong' }, 401, 'signature_invalid', invalid],
      [follow(), late, 401, 'signature_expired', expired],
      ['x'.repeat(1024 * 1024 + 1), {}, 413, 'payload_too_large', large],
      [follow(), { contentType: 'text/plain' }, 415, 'unsupported_media_type', type],
      [follow(), { contentType: null }, 415, 'unsupported_media_type', type],
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
    expect(await deliver(follow())).toEqual(STARTED);
    await unpublish('a');
    await n8n.activate('a');
    later(10_000);
    expect(await deliver(follow())).toEqual(STARTED);
  });

  it('A delivery is rejected as not ready without a secret or a credential', async () => {
    await start();
    n8n.credentials.save(agent.handle, { ...n8n.credentials.read(agent.handle), webhook: '' });
    later(10_000);
    const error = 'not_ready';
    const unverified = 'The delivery cannot be verified at the moment';
    expect(await answerTo(follow())).toEqual([503, { error, message: unverified }]);
    expect(n8n.warnings.join()).toContain('has nothing to verify deliveries with');
    n8n.credentials.save(agent.handle, {
      ...n8n.credentials.read(agent.handle),
      baseUrl: 'ftp://nowhere',
    });
    later(10_000);
    const notProcessed = 'The delivery cannot be processed at the moment';
    expect(await answerTo(follow())).toEqual([503, { error, message: notProcessed }]);
    expect(n8n.warnings.join()).toContain('could not process a delivery');
  });

  it('A delivery that nests too deep is rejected', async () => {
    await start();
    const nested = (depth: number) => `{"data":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(await deliver(nested(99))).toEqual(STARTED);
    expect(await deliver(nested(100))).toEqual([400, 'too_deeply_nested']);
    expect(await deliver(nested(100_000))).toEqual([400, 'too_deeply_nested']);
    expect(n8n.started).toHaveLength(1);
    expect(n8n.warnings.join()).toContain('rejected a delivery: A delivery must not nest');
  });

  it('A delivery without a raw body is not verified as an empty one', async () => {
    await start();
    const headers = { 'content-type': 'application/json', 'x-signature': 'a'.repeat(64) };
    const { statusCode } = await n8n.take('/webhook/hook-a/webhook', headers, undefined);
    expect(statusCode).toBe(503);
    expect(n8n.warnings.join()).toContain('n8n did not provide the raw body to verify');
    await start({ verification: 'address' });
    expect((await n8n.take('/webhook/hook-a/webhook', headers, undefined)).statusCode).toBe(503);
    expect(n8n.started).toEqual([]);
  });
});

describe('Batches', () => {
  it('A repeated batch of the maximum size starts one execution', async () => {
    await start();
    const body = batch(500);
    expect(await deliver(body)).toEqual(STARTED);
    expect(await deliver(body)).toEqual(NOTHING);
    expect(await deliver({ events: body })).toEqual(NOTHING);
    expect(n8n.started.map(({ items }) => items.length)).toEqual([500]);
    // Then only what executions recorded tells, as in the next process.
    later(2 * HOUR);
    expect(await deliver(body)).toEqual(STARTED);
    expect(n8n.started.map(({ items }) => items.length)).toEqual([500, 0]);
  });

  it('A batch is recognized as a whole after its events were evicted', async () => {
    await start();
    const first = batch(500);
    await deliver(first);
    for (let count = 0; count < 11; count++) await deliver(batch(500));
    expect(await deliver(first)).toEqual(NOTHING);
    expect(n8n.started).toHaveLength(12);
  });

  it.each<[string, unknown]>([
    [
      '10,000 events',
      Array.from({ length: 10_000 }, (_, id) => ({ id, event: 'follow', actor: 'ann' })),
    ],
    ['501 events under a key', { notifications: batch(501) }],
    ['349,000 empty events', `[${'{},'.repeat(349_000)}{}]`],
    ['one event of 50,000 values', follow({ list: Array.from({ length: 50_000 }, () => 0) })],
  ])('A batch of %s is always rejected and starts no execution', async (_, body) => {
    await start();
    for (let count = 0; count < 2; count++)
      expect(await deliver(body)).toEqual([413, 'too_many_values']);
    expect(n8n.started).toEqual([]);
    expect(n8n.warnings.join()).toContain(
      'rejected a delivery: A delivery must not contain more than 500 events',
    );
  });

  it('An unsigned batch is rejected before it is parsed, where a signature is required', async () => {
    await start({ verification: 'signature' });
    const parse = jest.spyOn(JSON, 'parse');
    const bodies = [
      `[${'{},'.repeat(349_000)}{}]`,
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      JSON.stringify({ actor: { handle: '/'.repeat(120_000) } }),
    ];
    for (const body of bodies) {
      expect(await deliver(body, { sign: 'none' })).toEqual([401, 'signature_missing']);
      expect(await deliver(body, { sign: 'wrong' })).toEqual([401, 'signature_invalid']);
      expect(parse.mock.calls.map(([text]) => text)).not.toContain(body);
    }
    // Once for each reason.
    expect(n8n.warnings).toHaveLength(2);
  });
});

describe('Filters', () => {
  it('A delivery that no filter lets through starts no execution', async () => {
    await start({ onlyFrom: '@someone', exceptFrom: 'another' }, ['follow']);
    expect(await deliver(follow({ event: 'like' }))).toEqual(NOTHING);
    expect(await deliver(follow({ data: { actor: { handle: 'another' } } }))).toEqual(NOTHING);
    expect(await deliver(follow({ data: { actor: { handle: agent.handle } } }))).toEqual(NOTHING);
    expect(n8n.started).toEqual([]);
    await deliver(follow());
    expect(n8n.started).toHaveLength(1);
  });

  it.each(['friend?x', 'friend/x', '@@friend', 'https://imagineanything.com/agent/friend'])(
    'A filter by agent does not confuse %s with friend',
    async (name) => {
      await start({ onlyFrom: 'https://imagineanything.com/agent/friend?tab=posts' });
      const by = (actor: unknown) => follow({ data: { actor: { id: 'x', handle: actor } } });
      expect(await deliver(by(name))).toEqual(NOTHING);
      expect(await deliver(by('@Friend'))).toEqual(STARTED);
      expect(n8n.started).toHaveLength(1);
    },
  );

  it.each([{ onlyFrom: 'ann, friend?x' }, { exceptFrom: '@' }, { onlyFrom: '={{ null }}' }])(
    'A filter that cannot be read lets no event through: %j',
    async (options) => {
      n8n.add('a', agent.handle, options);
      const refusal = {
        name: 'WebhookPathTakenError',
        message: expect.stringMatching(
          /^(Only|Except) From: (".*" is neither|must be).*Correct it, then try again\.$/,
        ) as string,
      };
      await expect(n8n.activate('a')).rejects.toMatchObject(refusal);
      await expect(n8n.listen('a')).rejects.toMatchObject(refusal);
      // It may have become so only since.
      await start();
      n8n.add('a', agent.handle, options);
      expect(await deliver(follow())).toEqual([503, 'not_ready']);
      expect(n8n.started).toEqual([]);
      expect(n8n.warnings.join()).toMatch(/could not process a delivery: (Only|Except) From: /);
    },
  );

  it('No event passes when own actions are ignored but the agent is unknown', async () => {
    const profile = { path: '/api/agents/me' };
    sandbox.faults.add({
      match: profile,
      times: Infinity,
      fault: { kind: 'status', status: 200, body: { id: 'x\0', handle: '' } },
    });
    await expect(start()).rejects.toThrow('ImagineAnything did not identify the agent');
    await start({ ignoreOwnActions: false });
    expect(await deliver(follow())).toEqual(STARTED);
    sandbox.faults.clear();
    n8n.add('a', agent.handle, { verification: 'address' });
    expect(await deliver(follow())).toEqual([503, 'not_ready']);
    expect(n8n.warnings.join()).toContain("cannot tell which actions are its own agent's");
    expect(n8n.started).toHaveLength(1);
  });
});
