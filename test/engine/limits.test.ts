import type { INodeExecutionData } from 'n8n-workflow';
import { byId, postOfOther } from '../operations/fixture';
import type { SandboxOptions } from '../sandbox/server';
import { useOwnClock } from './support/ownClock';
import { useN8n } from './support/useN8n';

const WINDOW_MS = 60_000;

describe('rate limits', () => {
  const clock = useOwnClock();
  const { n8n, sandbox, fixture, run, restart } = useN8n({ sandboxPer: 'test' });
  let ids: string[];

  async function start(options: SandboxOptions): Promise<void> {
    await restart(options);
    ids = [];
    for (let index = 0; index < 5; index++) ids.push((await postOfOther(fixture)).id);
  }

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const items = (count: number): INodeExecutionData[] =>
    Array.from({ length: count }, (_, index) => ({
      json: { id: ids[index % ids.length], text: `Text ${index}` },
    }));

  const post = byId('={{ $json.id }}');
  const read = async (count: number, options = {}) =>
    await run({ resource: 'post', operation: 'get', post, options }, { input: items(count) });
  const comment = async (count: number, options = {}, signal?: AbortSignal) =>
    await run(
      {
        resource: 'comment',
        operation: 'create',
        post,
        content: '={{ $json.text }}',
        options,
      },
      { input: items(count), signal },
    );
  const comments = () =>
    [...sandbox.state.comments.values()]
      .filter(({ agentId }) => agentId === fixture.me.id)
      .map(({ content }) => content);

  it('waits for the turn of the window instead of meeting 429', async () => {
    await start({ resetForm: 'epoch-milliseconds' });
    const before = clock.now();
    const [reads, writes] = await Promise.all([read(250), comment(65)]);

    expect([reads.error, writes.error]).toEqual([undefined, undefined]);
    expect(reads.json.map(({ id }) => id)).toEqual(items(250).map(({ json }) => json.id));
    expect(comments()).toEqual(items(65).map(({ json }) => json.text));
    expect(sandbox.rateLimited).toBe(0);
    expect(Math.floor((clock.now() - before) / WINDOW_MS)).toBe(2);
  });

  it('shares one budget among the executions of an agent', async () => {
    await start({ resetForm: 'epoch-milliseconds' });
    const runs = await Promise.all([comment(25), comment(25), read(80), read(80)]);

    expect(runs.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined]);
    expect(comments()).toHaveLength(50);
    expect(sandbox.rateLimited).toBe(0);
  });

  it.each(['epoch-seconds', 'seconds'] as const)('understands a reset in %s', async (resetForm) => {
    await start({ resetForm });
    const { error } = await comment(35);

    expect(error).toBeUndefined();
    expect(comments()).toHaveLength(35);
    expect(sandbox.rateLimited).toBe(0);
  });

  it('loses nothing when another process spends from the same budget', async () => {
    await start({ resetForm: 'epoch-milliseconds' });
    // Processes share the token that n8n has stored; another one would have a count of its own.
    const like = async () =>
      await fetch(`${sandbox.url}/api/posts/${ids[0]}/like`, {
        method: 'POST',
        headers: {
          Authorization: String(sandbox.requests.of('commentCreate')[0].headers.authorization),
        },
      });
    // Three comments are on their way for so long that the other process has spent what was left.
    sandbox.faults.add({
      match: { operationId: 'commentCreate' },
      skip: 5,
      times: 3,
      fault: { kind: 'latency', ms: 800 },
    });
    const running = comment(60);
    await until(() => sandbox.requests.of('commentCreate').length > 5);
    await Promise.all(Array.from({ length: 30 }, like));
    const { error } = await running;

    expect(error).toBeUndefined();
    expect(comments()).toEqual(items(60).map(({ json }) => json.text));
    const statuses = sandbox.requests.of('commentCreate').map(({ status }) => status);
    expect(statuses).toContain(429);
    expect(statuses.filter((status) => status === 201)).toHaveLength(60);
  });

  it('fails an item that would have to wait longer than the user allows, and says until when', async () => {
    await start({ limits: { write: 3 } });
    const { error } = await comment(5, { maxRateLimitWait: 1 });

    expect(error).toMatchObject({
      message: "Create comment: the agent's rate limit is used up, so nothing was sent (HTTP 429)",
      description: expect.stringMatching(
        /^Too many requests\. The limit resets in \d+ seconds, at 20\d\d-.*Z\. Run it again then\. To wait longer, raise Max Wait for Rate Limit/,
      ),
      context: { itemIndex: 3, httpStatus: 429 },
    });
    expect(comments()).toHaveLength(3);
    expect(sandbox.rateLimited).toBe(0);
  });

  it('ends a wait when the execution is cancelled', async () => {
    await start({ limits: { write: 3 } });
    await comment(3);
    clock.hold();
    const stop = new AbortController();
    const opened = jest.spyOn(n8n.credentials, 'getDecrypted');
    const running = comment(1, {}, stop.signal);
    // With its credential the item goes on to the wait without anything else to wait for.
    await until(() => opened.mock.calls.length > 0);
    await new Promise(setImmediate);
    stop.abort();
    await running;

    expect(sandbox.requests.of('commentCreate')).toHaveLength(3);
  });

  it('makes one exchange for 200 executions that meet an expired token at once', async () => {
    await start({ limits: { read: Infinity } });
    await read(1);
    sandbox.expireTokens(fixture.me.handle);
    const runs = await Promise.all(Array.from({ length: 200 }, async () => await read(1)));

    expect(runs.filter(({ error }) => error)).toEqual([]);
    expect(sandbox.tokenExchanges.map(({ grantType }) => grantType)).toEqual([
      'client_credentials',
      'refresh_token',
    ]);
  });

  it.each([
    ['client_credentials', [429, 200], async () => {}],
    [
      // The client credentials in its place would cost a second sign-in.
      'refresh_token',
      [200, 429, 200],
      async () => {
        await comment(1);
        sandbox.expireTokens(fixture.me.handle);
      },
    ],
  ])(
    'waits with %s when there may be no more exchanges for now',
    async (grantType, statuses, before) => {
      await start({});
      await before();
      const earlier = comments().length;
      sandbox.faults.add({
        match: { operationId: 'authToken' },
        fault: { kind: 'rate-limited', hint: 'epoch-milliseconds', waitMs: 300 },
      });
      const { error } = await comment(1);

      expect(error).toBeUndefined();
      expect(comments()).toHaveLength(earlier + 1);
      expect(sandbox.requests.of('authToken').map(({ status }) => status)).toEqual(statuses);
      expect(sandbox.tokenExchanges.at(-1)).toMatchObject({ grantType });
    },
  );
});

/** Waits for a condition that the code under test brings about. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((next) => setImmediate(next));
}
