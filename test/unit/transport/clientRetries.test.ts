/** Which requests are sent again after which failure, how often, and when. */
import { resetProcess } from '../../../credentials/memory/processMap';
import { openClient } from '../../../nodes/ImagineAnything/transport/client';
import { deadlineIn } from '../../../credentials/http/deadline';
import { finish, follow, pass, useClock } from './support/clock';
import { type Answer, FakeN8n } from './support/n8n';
import { FEED, LIKE, POST, signedIn, upload } from './support/requests';

useClock();
beforeEach(resetProcess);

/** A service that answers one thing after the other, and the last one for ever. */
function answering(...answers: Answer[]): FakeN8n {
  const n8n: FakeN8n = new FakeN8n({
    credential: signedIn(),
    service: () => answers[Math.min(n8n.sent.length, answers.length) - 1],
  });
  return n8n;
}

const DONE: Answer = { body: { done: true } };
const SLEEPY: Answer = { status: 503, headers: { 'retry-after': '20' } };

describe.each([
  ['a read', FEED],
  ['an idempotent write', LIKE],
])('%s', (_, request) => {
  it.each<[string, Answer]>([
    ['a lost connection', { breaks: 'ECONNRESET' }],
    ['a connection that was refused', { breaks: 'ECONNREFUSED' }],
    ['500', { status: 500 }],
    ['502', { status: 502 }],
    ['503', { status: 503 }],
    ['504', { status: 504 }],
    ['a response that is no JSON', { body: '<html>' }],
  ])('is sent four times at most, after growing delays: %s', async (_what, answer) => {
    const n8n = answering(answer);
    const { error } = await finish((await openClient(n8n.context)).send(request));

    expect(error?.message).toContain(`${request.action}: `);
    expect(n8n.times).toEqual([0, 300, 900, 2100]);
  });

  it('brings the response of the attempt that succeeds', async () => {
    const n8n = answering({ status: 500 }, { breaks: 'ECONNRESET' }, DONE);
    const { value } = await finish((await openClient(n8n.context)).send(request));

    expect(value).toEqual({ status: 200, body: { done: true } });
    expect(n8n.times).toEqual([0, 300, 900]);
  });
});

describe('a write that creates something', () => {
  it.each<[string, Answer]>([
    ['a lost connection', { breaks: 'ECONNRESET' }],
    ['500', { status: 500 }],
    ['502', { status: 502 }],
    ['503', { status: 503 }],
    ['504', { status: 504 }],
    ['a response that is no JSON', { body: '<html>' }],
  ])('is not sent again when its outcome is unknown: %s', async (_, answer) => {
    const n8n = answering(answer);
    const { error } = await finish((await openClient(n8n.context)).send(POST));

    expect(error?.description).toContain('it was not sent again');
    expect(error?.context).toMatchObject({ mayHaveHadEffect: true });
    expect(n8n.times).toEqual([0]);
  });

  it.each<[string, Answer]>([
    ['ECONNREFUSED', { breaks: 'ECONNREFUSED' }],
    ['ENOTFOUND', { breaks: 'ENOTFOUND' }],
  ])('is sent again when it never arrived: %s', async (_, answer) => {
    const n8n = answering(answer, answer, DONE);
    const { value } = await finish((await openClient(n8n.context)).send(POST));

    expect(value?.body).toEqual({ done: true });
    expect(n8n.times).toEqual([0, 300, 900]);
  });

  it('is sent again when the service says when to come back', async () => {
    const n8n = answering(SLEEPY, DONE);
    const { value } = await finish((await openClient(n8n.context)).send(POST));

    expect(value?.body).toEqual({ done: true });
    expect(n8n.times).toEqual([0, 20_000]);
  });
});

it.each([400, 401, 403, 404, 409, 410, 422, 302])('%i is not asked twice', async (status) => {
  const n8n = answering({ status, body: { error: 'no' } });
  const request = { ...FEED, token: 'never' } as const;
  const { error } = await finish((await openClient(n8n.context)).send(request));

  expect(error?.context).toMatchObject({ httpStatus: status });
  expect(n8n.times).toEqual([0]);
});

it('what the service says with a status of success is not asked twice', async () => {
  const n8n = answering({ body: { error: 'broken', message: 'Try later.' } });
  const { error } = await finish((await openClient(n8n.context)).send(FEED));

  expect(error?.message).toBe('Get feed: Try later. (broken)');
  expect(n8n.times).toEqual([0]);
});

describe('what an earlier attempt may have done', () => {
  const GONE: Answer = { status: 404, body: { error: 'not_found' } };
  const TAKEN: Answer = { status: 409, body: { error: 'conflict' } };
  const UNLIKE = { ...LIKE, method: 'DELETE', action: 'Unlike post' } as const;

  it.each<[string, Answer[], typeof UNLIKE | typeof LIKE, number]>([
    ['a lost response', [{ breaks: 'ECONNRESET' }, GONE], UNLIKE, 404],
    ['a lost response', [{ breaks: 'ECONNRESET' }, TAKEN], LIKE, 409],
    ['an error of a gateway', [{ status: 502 }, TAKEN], LIKE, 409],
    ['a lost response before', [{ breaks: 'ECONNRESET' }, { status: 429 }, TAKEN], LIKE, 409],
  ])('counts as done: %s', async (_, answers, request, status) => {
    const n8n = answering(...answers);
    const { value } = await finish((await openClient(n8n.context)).send(request));

    expect(value).toEqual({ status, body: undefined });
  });

  it.each<[string, Answer[], typeof UNLIKE | typeof LIKE]>([
    ['the first attempt is refused', [GONE], UNLIKE],
    ['the first attempt is refused', [TAKEN], LIKE],
    ['the first one never arrived', [{ breaks: 'ECONNREFUSED' }, TAKEN], LIKE],
    ['the first one met the limit', [{ status: 429 }, GONE], UNLIKE],
  ])('does not, where nothing was done: %s', async (_, answers, request) => {
    const n8n = answering(...answers);
    const { error } = await finish((await openClient(n8n.context)).send(request));

    expect(error?.context).toMatchObject({ httpStatus: answers.at(-1)?.status });
  });
});

describe('the longest wait', () => {
  const settings = { maxWaitMs: 20_000 };

  it('is as long as a delay may be', async () => {
    const n8n = answering(SLEEPY, DONE);
    const { value } = await finish((await openClient(n8n.context, settings)).send(FEED));

    expect(value?.body).toEqual({ done: true });
  });

  it('ends a request that would have to wait longer, at once', async () => {
    const n8n = answering({ status: 503, headers: { 'retry-after': '21' } }, DONE);
    const { error, at } = await finish((await openClient(n8n.context, settings)).send(FEED));

    expect(error?.description).toContain('Try again in 21 seconds.');
    expect(n8n.times).toEqual([0]);
    expect(at).toBe(0);
  });

  it('holds for all delays of a request together', async () => {
    const n8n = answering({ ...SLEEPY, headers: { 'retry-after': '12' } });
    const { at } = await finish((await openClient(n8n.context, settings)).send(FEED));

    expect(n8n.times).toEqual([0, 12_000]);
    expect(at).toBe(12_000);
  });

  it('holds anew for each request', async () => {
    const n8n = answering(SLEEPY, DONE, SLEEPY, DONE);
    const client = await openClient(n8n.context, settings);
    await finish(client.send(FEED));
    const { value } = await finish(client.send(FEED));

    expect(value?.body).toEqual({ done: true });
  });

  it('may be one for all requests', async () => {
    const n8n = answering(SLEEPY, DONE, SLEEPY, DONE);
    const lastWait = deadlineIn(30_000);
    const client = await openClient(n8n.context, { maxWaitMs: 60_000, lastWait });
    await finish(client.send(FEED));
    const { error } = await finish(client.send(FEED));

    expect(error?.context).toMatchObject({ httpStatus: 503 });
  });

  it('is ten minutes where nobody says', async () => {
    const n8n = answering({ ...SLEEPY, headers: { 'retry-after': '600' } }, DONE, {
      ...SLEEPY,
      headers: { 'retry-after': '601' },
    });
    const client = await openClient(n8n.context);

    expect((await finish(client.send(FEED))).value?.body).toEqual({ done: true });
    expect((await finish(client.send(FEED))).error?.context).toMatchObject({ httpStatus: 503 });
  });
});

describe('a cancelled execution', () => {
  it.each<[string, Answer]>([
    ['a delay', SLEEPY],
    ['a response', { after: 50_000 }],
  ])('ends at once while it waits for %s, and sends nothing more', async (_, answer) => {
    const stop = new AbortController();
    const service = () => answer;
    const n8n = new FakeN8n({ credential: signedIn(), service, signal: stop.signal });
    const sending = follow((await openClient(n8n.context)).send(FEED));
    await pass(5000);
    stop.abort();
    await pass(0);

    expect(sending.error?.name).toBe('ManualExecutionCancelledError');
    await pass(60_000);
    expect(n8n.times).toEqual([0]);
  });

  it('sends nothing that had not begun', async () => {
    const n8n = new FakeN8n({ credential: signedIn(), signal: AbortSignal.abort() });
    const { error } = await finish((await openClient(n8n.context)).send(FEED));

    expect(error?.name).toBe('ManualExecutionCancelledError');
    expect([...n8n.sent, ...n8n.signIns]).toEqual([]);
  });

  it('may still clean up, for 15 seconds altogether', async () => {
    const service = () => ({ after: 6000, body: {} });
    const n8n = new FakeN8n({ credential: signedIn(), service, signal: AbortSignal.abort() });
    const client = (await openClient(n8n.context, { maxWaitMs: 0 })).detached();

    expect((await finish(client.send(LIKE))).error).toBeUndefined();
    expect((await finish(client.send(LIKE))).error).toBeUndefined();
    const third = follow(client.send(LIKE));
    await pass(3000);
    expect(third.error?.message).toContain('no complete response arrived within');
    const { error } = await finish(client.send(LIKE));
    expect(error?.message).toBe('Like post: time ran out before the request was sent');
    expect(n8n.sent).toHaveLength(3);
  });

  it('may wait while it cleans up, whatever the longest wait was', async () => {
    const n8n = answering({ ...SLEEPY, headers: { 'retry-after': '14' } }, DONE);
    const settings = { maxWaitMs: 0, lastWait: deadlineIn(0) };
    const client = (await openClient(n8n.context, settings)).detached();

    expect((await finish(client.send(LIKE))).value?.body).toEqual({ done: true });
  });
});

it('sends a whole file again after a broken connection', async () => {
  const n8n = answering({ breaks: 'EPIPE', taken: 65_536 }, DONE, DONE);
  const { value } = await finish((await openClient(n8n.context)).send(upload(100_000)));

  expect(value?.body).toEqual({ done: true });
  expect(n8n.lines).toEqual(['POST /api/upload', 'GET /api/agents/me', 'POST /api/upload']);
  expect([0, 2].map((index) => (n8n.sent[index].body as string).length)).toEqual([65_536, 100_000]);
});
