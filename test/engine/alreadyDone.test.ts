/**
 * The response to a write is lost after the service has done it, and the service then refuses the repetition: with 409
 * what is there already, with 404 what is gone. The reference does not say whether it does, so the sandbox does both.
 */
import { createFixture, postOfMine } from '../operations/fixture';
import type { Fault } from '../sandbox/faults';
import { UNLIMITED } from '../sandbox/limitOptions';
import type { RepeatOptions } from '../sandbox/options';
import type { Sandbox } from '../sandbox/server';
import { N8n, type NodeSettings } from './support/n8n';
import { ACCEPTING, caseOf, type Prepared, prepareCase, REFUSING } from './support/repeatedWrites';
import { startInDialect } from './support/sandbox';

/** The operations whose repetition may be refused, and what they return when it was. */
const MARKS = ['agent: follow', 'byte: like', 'post: amplify', 'post: like'];
const REMOVALS = [
  'agent: unfollow',
  'byte: unlike',
  'post: removeAmplify',
  'post: undoRepost',
  'post: unlike',
];
const DELETIONS = [
  'aiProvider: disconnect',
  'article: delete',
  'byte: delete',
  'comment: delete',
  'conversation: delete',
  'media: delete',
  'message: delete',
  'post: delete',
  'profile: clearCapabilities',
  'profile: removeAvatar',
  'service: delete',
  'webhook: remove',
];

const ROWS = [
  ...MARKS.map((name) => ({ name, status: 409, output: { success: true } })),
  ...REMOVALS.map((name) => ({ name, status: 404, output: { success: true } })),
  ...DELETIONS.map((name) => ({ name, status: 404, output: { deleted: true } })),
];

/** Responses that are lost after the service has done the work. */
const LOSSES: ReadonlyArray<readonly [string, Fault]> = [
  ['a lost connection', { kind: 'reset', apply: true }],
  ["a gateway's 502", { kind: 'bad-gateway', apply: true }],
  ['a response that breaks off', { kind: 'truncated' }],
];

let n8n: N8n;
let sandbox: Sandbox;

beforeAll(async () => {
  n8n = await N8n.load();
});

async function start(repeats: RepeatOptions): Promise<void> {
  sandbox = await startInDialect({
    repeats,
    limits: UNLIMITED,
  });
}

afterEach(() => {
  sandbox.faults.clear();
  expect(sandbox.contractViolations).toEqual([]);
});

const prepare = async (name: string) => await prepareCase(n8n, sandbox, name);

/** Orders faults for the next requests of an operation, one after the other. */
function next({ operationId, fixture }: Prepared, ...faults: Fault[]): void {
  const match = { operationId, agent: fixture.me.handle };
  for (const fault of faults) sandbox.faults.add({ match, fault });
}

describe('a service that refuses every second time', () => {
  beforeAll(async () => await start(REFUSING));
  afterAll(async () => await sandbox.close());

  describe.each(ROWS)('$name', ({ name, status, output }) => {
    it.each(LOSSES)('has succeeded after %s and a refusal', async (_, loss) => {
      const prepared = await prepare(name);
      next(prepared, loss);
      const { json, items, error } = await prepared.run();

      expect(error).toBeUndefined();
      expect(json).toEqual([output]);
      expect(items[0].pairedItem).toEqual({ item: 0 });
      expect(prepared.sent()).toMatchObject([{ applied: true }, { status, applied: false }]);
    });

    it('fails where the first request is refused', async () => {
      const prepared = await prepare(name);
      await prepared.run();
      const { json, error } = await prepared.run();

      expect(json).toEqual([]);
      expect(error).toMatchObject({ httpCode: String(status) });
      expect(prepared.sent()).toMatchObject([{ applied: true }, { status, applied: false }]);
    });

    it.each<[string, Fault]>([
      ['a 429', { kind: 'rate-limited', hint: 'none' }],
      ['a refused token', { kind: 'unauthorized' }],
    ])('fails where only %s came before the refusal', async (_, fault) => {
      const prepared = await prepare(name);
      await prepared.run();
      next(prepared, fault);
      const { error } = await prepared.run();

      expect(error).toMatchObject({ httpCode: String(status) });
      expect(prepared.sent()).toHaveLength(3);
    });

    it.each([
      ['<html>No such site</html>', 'a web page instead of JSON'],
      [{ message: 'No route' }, 'No route'],
      [{ error: { code: 'NO_DEPLOYMENT', message: 'Not here' } }, 'Not here'],
    ])('fails where a proxy answers %j in place of the service', async (body, says) => {
      const prepared = await prepare(name);
      next(prepared, { kind: 'bad-gateway' }, { kind: 'status', status, body });
      const { error } = await prepared.run();

      expect(error).toMatchObject({ httpCode: String(status) });
      expect(error?.message).toContain(says);
      expect(prepared.sent().map(({ applied }) => applied)).toEqual([false, false]);
    });

    it('fails where the repetition is refused for another reason', async () => {
      const prepared = await prepare(name);
      const body = { error: 'forbidden', message: 'Blocked.' };
      next(prepared, { kind: 'bad-gateway' }, { kind: 'status', status: 403, body });
      const { error } = await prepared.run();

      expect(error?.message).toContain('Blocked. (HTTP 403, forbidden)');
    });
  });

  it('says of each item of several whether it succeeded', async () => {
    const fixture = createFixture(sandbox);
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.push((await postOfMine(fixture)).id);
    const match = { operationId: 'postDelete', agent: fixture.me.handle };
    sandbox.faults.add({ match, skip: 1, fault: { kind: 'reset', apply: true } });
    const { json } = await n8n.run({
      credential: n8n.saveCredential(fixture.me.handle, { ...fixture.me, baseUrl: sandbox.url }),
      parameters: {
        resource: 'post',
        operation: 'delete',
        post: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
      },
      input: [...ids, ids[0]].map((id) => ({ json: { id } })),
      settings: { onError: 'continueRegularOutput' },
    });

    expect(json).toMatchObject([
      { deleted: true },
      { deleted: true },
      { deleted: true },
      { details: { httpStatus: 404, errorCode: 'not_found' } },
    ]);
    expect(sandbox.state.postsBy(fixture.me.id)).toEqual([]);
  });

  it.each([
    ['profile: update', 409, 'handle_taken'],
    ['service: update', 409, 'title_taken'],
    ['aiProvider: connect', 409, 'key_in_use'],
    ['aiProvider: setActive', 409, 'busy'],
    ['aiProvider: testKey', 409, 'provider_inactive'],
    ['notification: markAsRead', 409, 'busy'],
    ['post: like', 404, 'not_found'],
    ['post: unlike', 409, 'locked'],
    ['post: delete', 409, 'locked'],
    ['post: delete', 410, 'gone'],
  ])('%s fails where the repetition meets %i %s', async (name, status, code) => {
    const prepared = await prepare(name);
    const body = { error: code, message: 'The reason.' };
    next(prepared, { kind: 'reset', apply: true }, { kind: 'status', status, body });
    const { json, error } = await prepared.run();

    expect(json).toEqual([]);
    expect(error?.message).toContain(`The reason. (HTTP ${status}, ${code})`);
    expect(prepared.sent()).toHaveLength(2);
  });

  it.each([
    'post: repost',
    'order: updateStatus',
    'review: submit',
    'payout: request',
    'webhook: configure',
    'post: create',
  ])('%s is not repeated, whatever the service would say', async (name) => {
    const prepared = await prepare(name);
    next(prepared, { kind: 'reset', apply: true });
    const { error } = await prepared.run();

    expect(error?.description).toContain('it was not sent again');
    expect(prepared.sent()).toMatchObject([{ applied: true }]);
  });

  describe('Retry On Fail', () => {
    const RETRY: NodeSettings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };

    it.each([
      ['like', { liked: true }],
      ['delete', { deleted: true }],
    ])('does not repeat the items that succeeded: %s', async (operation, output) => {
      const fixture = createFixture(sandbox);
      const ids: string[] = [];
      for (let count = 0; count < 3; count++) ids.push((await postOfMine(fixture)).id);
      const operationId = operation === 'like' ? 'postLike' : 'postDelete';
      const match = { operationId, agent: fixture.me.handle };
      sandbox.faults.add({ match, skip: 1, fault: { kind: 'status', status: 400 } });
      const { json, error } = await n8n.run({
        credential: n8n.saveCredential(fixture.me.handle, { ...fixture.me, baseUrl: sandbox.url }),
        parameters: {
          resource: 'post',
          operation,
          post: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
        },
        input: ids.map((id) => ({ json: { id } })),
        settings: RETRY,
      });

      expect(error).toBeUndefined();
      expect(json).toMatchObject([output, output, output]);
      expect(
        sandbox.requests.of(operationId).filter(({ agent }) => agent === fixture.me.handle),
      ).toHaveLength(4);
    });

    it('knows that the last try may have succeeded', async () => {
      const prepared = await prepare('post: delete');
      // The first try repeats it three times.
      next(
        prepared,
        { kind: 'reset', apply: true },
        ...Array.from({ length: 3 }, (): Fault => ({ kind: 'bad-gateway' })),
      );
      const { json, error } = await prepared.run(RETRY);

      expect(error).toBeUndefined();
      expect(json).toEqual([{ deleted: true }]);
      expect(prepared.sent()).toHaveLength(5);
    });

    it('takes no refusal for a success where no try can have succeeded', async () => {
      const prepared = await prepare('post: like');
      await prepared.run();
      const body = { error: 'bad', message: 'No.' };
      next(prepared, { kind: 'status', status: 400, body });
      const { error } = await prepared.run({ ...RETRY, maxTries: 2 });

      expect(error).toMatchObject({ httpCode: '409' });
    });
  });
});

describe('a service that accepts every second time', () => {
  beforeAll(async () => await start(ACCEPTING));
  afterAll(async () => await sandbox.close());

  describe.each(ROWS)('$name', ({ name }) => {
    it.each(LOSSES)('returns the second response after %s', async (_, loss) => {
      const prepared = await prepare(name);
      next(prepared, loss);
      const { json, error } = await prepared.run();

      expect(error).toBeUndefined();
      caseOf(name).check(prepared.fixture, json);
      expect(prepared.sent().map(({ applied }) => applied)).toEqual([true, false]);
    });
  });
});
