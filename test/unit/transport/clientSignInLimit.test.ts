/** Sign-ins and registrations of many agents, in both kinds of window: all are done, and none is refused. */
import { resetProcess } from '../../../credentials/memory/processMap';
import type { ApiRequest } from '../../../nodes/ImagineAnything/transport/apiRequest';
import { openClient } from '../../../nodes/ImagineAnything/transport/client';
import { elapsed, follow, pass, START, useClock } from './support/clock';
import { AGENT, type Answer, FakeN8n, type Service } from './support/n8n';
import { FEED, POST } from './support/requests';

useClock();
beforeEach(resetProcess);

const WINDOW_MS = 60_000;
const LIMIT = 10;

const REGISTER: ApiRequest = { ...POST, path: '/auth/register', token: 'never' };

/** A service that counts sign-ins and registrations together, and everything else without a limit. */
class AuthLimit {
  refused = 0;

  private times: number[] = [];

  constructor(private readonly window: 'sliding' | 'fixed') {}

  readonly service: Service = ({ line }) =>
    line.includes('/auth/register') ? this.answer({}) : undefined;

  readonly signIn: Service = () => this.answer({ access_token: 't', expires_in: 3600 });

  private answer(body: object): Answer {
    const isOver = (at: number) => elapsed() >= at + WINDOW_MS;
    if (this.window === 'sliding') this.times = this.times.filter((at) => !isOver(at));
    else if (this.times.length > 0 && isOver(this.times[0])) this.times = [];
    const isFull = this.times.length >= LIMIT;
    if (isFull) this.refused += 1;
    else this.times.push(elapsed());
    const headers = {
      'x-ratelimit-limit': String(LIMIT),
      'x-ratelimit-remaining': String(LIMIT - this.times.length),
      'x-ratelimit-reset': String((START + this.times[0] + WINDOW_MS) / 1000),
      'x-ratelimit-endpoint-type': 'auth',
    };
    return isFull ? { status: 429, headers, after: 50 } : { headers, body, after: 50 };
  }
}

const nodeOf = ({ service, signIn }: AuthLimit, clientId: string) =>
  new FakeN8n({ credential: { ...AGENT, clientId }, service, signIn });

it.each(['sliding', 'fixed'] as const)(
  '25 agents sign in and three are registered at once: %s window',
  async (window) => {
    const limit = new AuthLimit(window);
    const clients = await Promise.all(
      Array.from({ length: 25 }, async (_, index) =>
        openClient(nodeOf(limit, `agent ${index}`).context),
      ),
    );
    // Each with several items, which share its sign-in.
    const work = [
      ...clients.flatMap((client) => [FEED, FEED, FEED].map((request) => client.send(request))),
      ...clients.slice(0, 3).map((client) => client.send(REGISTER)),
    ].map(follow);
    await pass(3 * WINDOW_MS);

    expect(work.map(({ error }) => error?.message)).toEqual(work.map(() => undefined));
    expect(work.every(({ value }) => value?.status === 200)).toBe(true);
    expect(limit.refused).toBe(0);
    // 28 are three windows' worth: not before the third begins, and soon after.
    const last = Math.max(...work.map(({ at = Infinity }) => at));
    expect(last).toBeGreaterThanOrEqual(2 * WINDOW_MS);
    expect(last).toBeLessThan(2 * WINDOW_MS + 5000);
  },
);

it('the wait for the turn ends with the execution', async () => {
  const limit = new AuthLimit('sliding');
  const stop = new AbortController();
  for (let index = 0; index < LIMIT; index += 1) {
    follow((await openClient(nodeOf(limit, `agent ${index}`).context)).send(FEED));
  }
  await pass(1000);
  const n8n = new FakeN8n({ credential: AGENT, signIn: limit.signIn, signal: stop.signal });
  const waiting = follow((await openClient(n8n.context)).send(FEED));
  await pass(1000);
  expect(waiting.at).toBeUndefined();
  stop.abort();
  await pass(0);

  expect(waiting.error?.constructor.name).toBe('ManualExecutionCancelledError');
  expect(n8n.signIns).toEqual([]);
  await pass(2 * WINDOW_MS);
  expect(n8n.sent).toEqual([]);
});

it('a wait that is too long fails at once, with the way to wait longer', async () => {
  const limit = new AuthLimit('sliding');
  for (let index = 0; index < LIMIT; index += 1) {
    follow((await openClient(nodeOf(limit, `agent ${index}`).context)).send(FEED));
  }
  await pass(1000);
  const client = await openClient(nodeOf(limit, 'one more').context, {
    maxWaitMs: 30_000,
    advice: { rateLimit: 'Wait longer.' },
  });
  const waiting = follow(client.send(POST));
  await pass(0);

  expect(waiting.at).toBe(1000);
  expect(waiting.error?.message).toMatch(
    /^Create post: The sign-in was not sent, .* Try again in \d+ seconds\. \(HTTP 429\)$/,
  );
  expect(waiting.error?.description).toBe('Nothing was sent. Wait longer.');
  expect(waiting.error?.context).toMatchObject({ httpStatus: 429, mayHaveHadEffect: false });
});
