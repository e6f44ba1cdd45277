/** Sign-ins and registrations count together, in both kinds of window: all are done, and hardly one is refused. */
import { byId, postOfOther } from '../operations/fixture';
import type { SandboxOptions } from '../sandbox/server';
import { useOwnClock } from './support/ownClock';
import { useN8n } from './support/useN8n';

describe.each<SandboxOptions>([{ window: 'sliding' }, { window: 'fixed' }])('%j', (options) => {
  const clock = useOwnClock();
  const { n8n, sandbox, fixture, run, restart } = useN8n({ sandboxPer: 'test' });
  let post: string;

  beforeEach(async () => {
    await restart(options);
    post = (await postOfOther(fixture)).id;
  });

  /** Saves credentials of new agents. */
  function agents(count: number): string[] {
    return Array.from({ length: count }, (_, index) => {
      const agent = sandbox.registerAgent({ handle: `agent_${index}`, name: `Agent ${index}` });
      return n8n.saveCredential(agent.handle, { ...agent, baseUrl: sandbox.url });
    });
  }

  const items = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ json: { handle: `new_${index}` } }));
  const read = async (credential: string) =>
    await run(
      { resource: 'post', operation: 'get', post: byId(post) },
      { credential, input: items(3) },
    );
  const register = async (count: number) =>
    await run(
      { resource: 'agent', operation: 'register', handle: '={{ $json.handle }}', name: 'New' },
      { input: items(count) },
    );

  it('twelve agents sign in at once, and three are registered', async () => {
    const before = clock.now();
    const runs = await Promise.all([...agents(12).map(read), register(3)]);

    expect(runs.map(({ error }) => error?.message)).toEqual(runs.map(() => undefined));
    expect(runs.map(({ json }) => json.length)).toEqual(runs.map(() => 3));
    expect(sandbox.tokenExchanges.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(sandbox.state.agentByHandle('new_2')).toBeDefined();
    expect(sandbox.rateLimited).toBe(0);
    // Ten of the fifteen in the first minute, the others in the second.
    expect(Math.floor((clock.now() - before) / 60_000)).toBe(1);
  });

  it('a sign-in that would have to wait longer than the user allows is not sent', async () => {
    await register(10);
    const { error } = await run(
      { resource: 'post', operation: 'get', post: byId(post), options: { maxRateLimitWait: 1 } },
      { credential: agents(1)[0] },
    );

    expect(error?.message).toMatch(/^Get post: The sign-in was not sent, .* \(HTTP 429\)$/);
    expect(error?.description).toContain('raise Max Wait for Rate Limit');
    expect(sandbox.requests.of('authToken')).toEqual([]);
    expect(sandbox.rateLimited).toBe(0);
  });
});
