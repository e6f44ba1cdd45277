/** How the clients of an agent keep to its rate limits together. */
import { resetProcess } from '../../../credentials/memory/processMap';
import type { ApiRequest } from '../../../nodes/ImagineAnything/transport/apiRequest';
import { openClient } from '../../../nodes/ImagineAnything/transport/client';
import { deadlineIn } from '../../../credentials/http/deadline';
import { elapsed, finish, follow, pass, START, useClock } from './support/clock';
import { AGENT, type Answer, FakeN8n } from './support/n8n';
import { FEED, LIKE, POST, signedIn } from './support/requests';

useClock();
beforeEach(resetProcess);

/** The headers of a limit that resets at a time of the test. */
const rateHeaders = (remaining: number, resetAt: number, limit = 100) => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String((START + resetAt) / 1000),
});

const DONE: Answer = { body: {} };

/** A service that answers one thing after the other, and then that all is done. */
function answering(...answers: Answer[]) {
  const n8n: FakeN8n = new FakeN8n({
    credential: signedIn(),
    service: () => answers[n8n.sent.length - 1] ?? DONE,
  });
  return n8n;
}

describe('a response of 429', () => {
  it.each<[string, Answer, number]>([
    ['Retry-After in seconds', { headers: { 'retry-after': '7' } }, 7000],
    [
      'Retry-After as a date',
      { headers: { 'retry-after': new Date(START + 8000).toUTCString() } },
      8000,
    ],
    ['a reset in epoch seconds', { headers: rateHeaders(0, 9000) }, 9000],
    ['a reset in seconds', { headers: { 'x-ratelimit-reset': '10' } }, 10_000],
    ['the body', { body: { error: 'rate_limited', retry_after: 11 } }, 11_000],
    ['nothing', {}, 600],
    ['a reset that is past', { headers: rateHeaders(0, -1000) }, 300],
    ['the year 9999', { headers: { 'x-ratelimit-reset': '253370764800' } }, 60_000],
  ])('is waited for as it says: %s', async (_, answer, ms) => {
    const n8n = answering({ status: 429, ...answer });
    const { value } = await finish((await openClient(n8n.context)).send(POST));

    expect(value).toEqual({ status: 200, body: {} });
    expect(n8n.times).toEqual([0, ms]);
  });

  it('is no fault: it may come as often as the wait allows', async () => {
    const n8n = answering(...Array<Answer>(8).fill({ status: 429 }));
    const { value } = await finish((await openClient(n8n.context)).send(POST));

    expect(value).toBeDefined();
    const pauses = n8n.times.map((time, index) => time - (n8n.times[index - 1] ?? 0));
    expect(pauses).toEqual([0, 600, 1200, 2400, 4800, 9600, 19_200, 38_400, 60_000]);
  });

  it('leaves the faults as many retries as they have', async () => {
    const limited: Answer = { status: 429, headers: { 'retry-after': '1' } };
    const fault: Answer = { status: 500 };
    const n8n = answering(limited, fault, limited, fault, limited, fault, fault);
    const { error } = await finish((await openClient(n8n.context)).send(FEED));

    expect(error?.context).toMatchObject({ httpStatus: 500 });
    expect(n8n.times).toHaveLength(7);
  });

  it('ends at once where the wait would be too long', async () => {
    const n8n = answering({ status: 429, headers: { 'retry-after': '31' } });
    const client = await openClient(n8n.context, { maxWaitMs: 30_000 });
    const { error, at } = await finish(client.send(FEED));

    expect(error?.message).toContain('(HTTP 429)');
    expect(error?.description).toContain('The limit resets in 31 seconds');
    expect(at).toBe(0);
  });

  it('holds back other requests of the agent, of the same class only', async () => {
    const n8n = answering({ status: 429, headers: { 'retry-after': '7' } });
    const client = await openClient(n8n.context);
    const work = [follow(client.send(LIKE))];
    await pass(1000);
    work.push(follow((await openClient(n8n.context)).send(POST)), follow(client.send(FEED)));
    await pass(1000);

    expect(n8n.lines).toEqual(['POST /api/posts/p1/like', 'GET /api/feed']);
    await pass(5000);
    expect(work.map(({ at }) => at)).toEqual([7000, 7000, 1000]);
  });

  it('with a time that cannot be meant lets one request find out first', async () => {
    const absurd = { status: 429, headers: { 'x-ratelimit-reset': '253370764800' } };
    const n8n = answering(absurd, { after: 5000 });
    const client = await openClient(n8n.context);
    const first = follow(client.send(FEED));
    await pass(1);
    const others = [1, 2].map(() => follow(client.send(FEED)));
    await pass(64_000);
    expect(n8n.times).toEqual([0, 60_000]);

    await pass(1000);
    expect([first, ...others].every(({ value }) => value !== undefined)).toBe(true);
  });
});

describe('the headers of a response', () => {
  it('hold back what the limit has no place for', async () => {
    const n8n = answering({ headers: rateHeaders(1, 30_000) }, { headers: rateHeaders(0, 30_000) });
    const client = await openClient(n8n.context);
    await finish(client.send(FEED));
    const begun = elapsed();
    const work = [client.send(FEED), client.send(FEED)].map(follow);
    await pass(40_000);

    expect(work.map(({ at }) => at)).toEqual([begun, 30_000]);
  });

  it('are told to the limiter of reads or of writes', async () => {
    const n8n = answering({ headers: rateHeaders(0, 30_000) });
    const client = await openClient(n8n.context);
    await finish(client.send(FEED));
    const begun = elapsed();

    expect((await finish(client.send(LIKE))).at).toBe(begun);
    expect((await finish(client.send(FEED))).at).toBe(30_000);
  });

  it('count when the response is an error, too', async () => {
    const n8n = answering({ status: 404, headers: rateHeaders(0, 30_000) });
    const client = await openClient(n8n.context);
    await finish(client.send(FEED));

    expect((await finish(client.send(FEED))).at).toBe(30_000);
  });

  it('of a response that was overtaken do not open a limit that is used up', async () => {
    const n8n = answering(
      { headers: rateHeaders(5, 60_000), after: 4000 },
      { headers: rateHeaders(0, 60_000), after: 1000 },
    );
    const client = await openClient(n8n.context);
    const work = [client.send(FEED), client.send(FEED)].map(follow);
    await pass(5000);
    expect(work.map(({ at }) => at)).toEqual([4000, 1000]);

    expect((await finish(client.send(FEED))).at).toBe(60_000);
  });

  it('that are missing leave the documented limits', async () => {
    const n8n = answering();
    const client = await openClient(n8n.context, { maxWaitMs: 1000 });
    const service = { after: 100_000, body: {} };
    const slow = new FakeN8n({ credential: signedIn(), service: () => service });
    const slowClient = await openClient(slow.context, { maxWaitMs: 1000, timeoutMs: 200_000 });
    for (let index = 0; index < 120; index += 1) follow(slowClient.send(FEED));
    for (let index = 0; index < 40; index += 1) follow(slowClient.send(LIKE));
    await pass(0);

    expect(slow.sent.filter(({ options }) => options.method === 'GET')).toHaveLength(100);
    expect(slow.sent.filter(({ options }) => options.method === 'POST')).toHaveLength(30);
    const { error } = await finish(client.send(FEED));
    expect(error?.message).toContain("too many of the agent's requests are waiting");
    expect(n8n.sent).toEqual([]);
  });
});

describe('a limit belongs to', () => {
  const closed = () => answering({ headers: rateHeaders(0, 30_000) });

  it('an agent: another one does not wait for it', async () => {
    await finish((await openClient(closed().context)).send(FEED));
    const other = new FakeN8n({ credential: { ...AGENT, clientId: 'another' } });
    const begun = elapsed();

    expect((await finish((await openClient(other.context)).send(FEED))).at).toBe(begun);
  });

  it('all without a credential, at one service', async () => {
    const anonymous = (): FakeN8n =>
      new FakeN8n({ service: () => ({ headers: rateHeaders(0, 30_000) }) });
    const request: ApiRequest = { ...FEED, token: 'optional' };
    await finish((await openClient(anonymous().context)).send(request));

    expect((await finish((await openClient(anonymous().context)).send(request))).at).toBe(30_000);
  });

  it('registrations apart from other writes', async () => {
    const n8n = new FakeN8n({ service: () => ({ body: {}, after: 100_000 }) });
    const client = await openClient(n8n.context, { maxWaitMs: 1000, timeoutMs: 200_000 });
    const register: ApiRequest = { ...POST, path: '/auth/register', token: 'never' };
    const sent = Array.from({ length: 12 }, () => follow(client.send(register)));
    await pass(0);

    expect(n8n.sent).toHaveLength(10);
    follow(client.send({ ...POST, token: 'never' }));
    await pass(0);
    expect(n8n.sent).toHaveLength(11);
    await pass(1000);
    expect(sent.filter(({ error }) => error !== undefined)).toHaveLength(2);
  });
});

describe('the wait for a limit that is used up', () => {
  it('is not begun when it is longer than the longest wait, and nothing is sent', async () => {
    const n8n = answering({ headers: rateHeaders(0, 30_000) });
    await finish((await openClient(n8n.context)).send(FEED));
    const begun = elapsed();
    const client = await openClient(n8n.context, { maxWaitMs: 28_000 });
    const { error, at } = await finish(client.send(FEED));

    expect(error?.message).toBe(
      "Get feed: the agent's rate limit is used up, so nothing was sent (HTTP 429)",
    );
    expect(error?.context).toMatchObject({ mayHaveHadEffect: false });
    expect(at).toBe(begun);
    expect(n8n.sent).toHaveLength(1);
  });

  it.each([
    ['a deadline of the client', { deadline: 20_000 }, {}],
    ['a deadline of the request', {}, { deadline: 20_000 }],
    ['the earlier of both', { deadline: 20_000 }, { deadline: 50_000 }],
    ['the earlier of both', { deadline: 50_000 }, { deadline: 20_000 }],
    ['the last wait', { lastWait: 20_000 }, {}],
  ])('is not begun when %s comes first', async (_, ofClient, ofRequest) => {
    const n8n = answering({ headers: rateHeaders(0, 30_000) });
    await finish((await openClient(n8n.context)).send(FEED));
    const begun = elapsed();
    const deadlines = (given: Record<string, number>) =>
      Object.fromEntries(Object.entries(given).map(([name, ms]) => [name, deadlineIn(ms)]));
    const client = await openClient(n8n.context, { maxWaitMs: 60_000, ...deadlines(ofClient) });
    const { error, at } = await finish(client.send({ ...FEED, ...deadlines(ofRequest) }));

    expect(error?.context).toMatchObject({ httpStatus: 429 });
    expect(at).toBe(begun);
  });
});
