/** One rate limiter for all who send for an agent: who waits for whom, and how the responses correct it. */
import { resetProcess } from '../../../../credentials/memory/processMap';
import { deadlineIn } from '../../../../credentials/http/deadline';
import {
  type Bucket,
  type Permit,
  RateLimiter,
  rateLimiterOf,
  type Refusal,
} from '../../../../credentials/http/rateLimiter';
import { elapsed, pass, useClock } from '../../transport/support/clock';
import {
  admitted,
  ask,
  isAdmitted,
  limiterWith,
  state,
  take,
} from '../../transport/support/limiter';

useClock();
beforeEach(resetProcess);

it('is one for an agent and a bucket, and is forgotten with the process', () => {
  const limiter = rateLimiterOf('agent', 'read');
  expect(rateLimiterOf('agent', 'read')).toBe(limiter);
  expect(rateLimiterOf('other', 'read')).not.toBe(limiter);
  expect(rateLimiterOf('agent', 'write')).not.toBe(limiter);
  resetProcess();
  expect(rateLimiterOf('agent', 'read')).not.toBe(limiter);
});

it.each<[Bucket | 'search', number]>([
  ['read', 100],
  ['write', 30],
  ['upload', 10],
  ['auth', 10],
  ['search', 30],
])('starts with the published limit of %s: %i', async (bucket, limit) => {
  const requests = Array.from({ length: 120 }, () => ask(rateLimiterOf('agent', bucket)));
  await pass(0);
  expect(admitted(requests)).toBe(limit);
});

it('lets those who waited first go first', async () => {
  const limiter = await limiterWith(0, 10_000, 2);
  const order: number[] = [];
  const permits: Permit[] = [];
  [0, 1, 2, 3].forEach((number) => {
    void limiter.acquire(deadlineIn(60_000)).then((permit) => {
      order.push(number);
      permits.push(permit as Permit);
    });
  });
  await pass(10_000);
  expect(order).toEqual([0]);
  limiter.release(permits[0], state(1, 70_000, 2));
  await pass(0);
  expect(order).toEqual([0, 1]);
});

it('knows that a request is not counted any more after a minute, whatever the resets say', async () => {
  const limiter = await limiterWith(0, 300_000, 1);
  const request = ask(limiter);
  await pass(59_999);
  expect(isAdmitted(request)).toBe(false);
  await pass(1);
  expect(isAdmitted(request)).toBe(true);
});

describe('a request without a response', () => {
  it('counts where the service states its limits: it may have arrived', async () => {
    const limiter = await limiterWith(1, 30_000);
    limiter.release(await take(limiter), undefined);
    const request = ask(limiter);
    await pass(10_000);
    expect(isAdmitted(request)).toBe(false);
  });

  it('does not count where the service states none', async () => {
    const limiter = new RateLimiter(1);
    for (let index = 0; index < 5; index++) limiter.release(await take(limiter), undefined);
    expect(isAdmitted(ask(limiter))).toBe(false);
    await pass(0);
    expect(elapsed()).toBe(5);
  });

  it('opens a limiter that a refusal has closed, where the service states none', async () => {
    const limiter = new RateLimiter(2);
    const refused = await take(limiter);
    limiter.release(refused, undefined);
    limiter.block(refused, 5000);
    const requests = [ask(limiter), ask(limiter), ask(limiter)];
    await pass(5000);
    expect(admitted(requests)).toBe(1);
    limiter.release(requests[0].value as Permit, undefined);
    await pass(0);
    expect(admitted(requests)).toBe(3);
  });
});

describe('the longest wait', () => {
  it.each([
    [30_000, 29_999, true],
    [29_999, 29_999, true],
    [29_998, 1, false],
    [0, 1, false],
  ])('of %i ms for a limit that resets in 29,999 ms', async (maxWaitMs, at, isGiven) => {
    const limiter = await limiterWith(0, 30_000);
    const request = ask(limiter, maxWaitMs);
    await pass(40_000);
    expect(isAdmitted(request)).toBe(isGiven);
    expect(request.at).toBe(isGiven ? 30_000 : at);
    if (!isGiven) expect(request.value).toEqual({ resetMs: 29_999 });
  });

  it('holds for a response as well, and nothing says then that the limit is used up', async () => {
    const limiter = new RateLimiter(10);
    const requests = Array.from({ length: 11 }, () => ask(limiter, 5000));
    await pass(10_000);
    expect(requests[10]).toEqual({ at: 5000, value: {} });
  });

  it('of 0 takes what is free', async () => {
    const limiter = await limiterWith(1, 30_000);
    const requests = [ask(limiter, 0), ask(limiter, 0)];
    await pass(0);
    expect(admitted(requests)).toBe(1);
    expect(requests[1].value).toEqual({ resetMs: 29_999 });
  });
});

describe('a response', () => {
  it('that says that more is used closes it: another process uses the limit too', async () => {
    const limiter = await limiterWith(20, 30_000);
    limiter.release(await take(limiter), state(0, 30_000));
    const request = ask(limiter);
    await pass(29_997);
    expect(isAdmitted(request)).toBe(false);
    await pass(1);
    expect(isAdmitted(request)).toBe(true);
  });

  it('that was overtaken does not open what is used up', async () => {
    const limiter = await limiterWith(2, 30_000);
    const [first, second] = [await take(limiter), await take(limiter)];
    limiter.release(second, state(0, 30_000));
    await pass(1);
    limiter.release(first, state(1, 30_000));
    const request = ask(limiter);
    await pass(29_990);
    expect(isAdmitted(request)).toBe(false);
  });

  it('does not close a place because its request was overtaken', async () => {
    const limiter = await limiterWith(3, 30_000);
    const [first, second] = [await take(limiter), await take(limiter)];
    // It counts the first request too, which seems to be under way still.
    limiter.release(second, state(1, 30_000));
    const last = ask(limiter);
    await pass(0);
    expect(isAdmitted(last)).toBe(true);
    limiter.release(first, state(2, 30_000));
  });

  it('after the reset tells how much is free: everything in a fixed window', async () => {
    const limiter = await limiterWith(0, 30_000);
    const requests = Array.from({ length: 31 }, () => ask(limiter));
    await pass(30_000);
    expect(admitted(requests)).toBe(1);
    limiter.release(requests[0].value as Permit, state(29, 90_000));
    await pass(0);
    expect(admitted(requests)).toBe(30);
  });

  it('after the reset tells how much is free: what has left a sliding window', async () => {
    const limiter = await limiterWith(0, 30_000);
    const requests = Array.from({ length: 31 }, () => ask(limiter));
    await pass(30_000);
    limiter.release(requests[0].value as Permit, state(4, 31_000));
    await pass(0);
    expect(admitted(requests)).toBe(5);
  });

  it('may state another limit than is published', async () => {
    const limiter = new RateLimiter(30);
    const requests = Array.from({ length: 35 }, () => ask(limiter));
    await pass(0);
    expect(admitted(requests)).toBe(30);
    limiter.release(requests[0].value as Permit, state(32, 60_000, 33));
    await pass(0);
    expect(admitted(requests)).toBe(33);
  });

  it('of another bucket counts there and not here', async () => {
    const [write, upload] = [new RateLimiter(1), await limiterWith(1, 30_000, 10)];
    const permit = await take(write);
    write.release(permit, state(0, 30_000, 10), upload);
    expect(isAdmitted(ask(upload))).toBe(false);
    const [here, there] = [ask(write), ask(upload)];
    await pass(0);
    expect([here, there].map(isAdmitted)).toEqual([true, false]);
  });
});

describe('a refusal with 429', () => {
  it('closes it for as long as it says, and no response before that opens it', async () => {
    const limiter = await limiterWith(20, 30_000);
    const [refused, other] = [await take(limiter), await take(limiter)];
    limiter.release(refused, undefined);
    limiter.block(refused, 40_000);
    const end = elapsed() + 40_000;
    limiter.release(other, state(18, 30_000));
    const request = ask(limiter);
    await pass(39_999);
    expect(isAdmitted(request)).toBe(false);
    await pass(1);
    expect([isAdmitted(request), request.at]).toEqual([true, end]);
  });

  it('does not shorten a longer wait', async () => {
    const limiter = await limiterWith(1, 30_000);
    const refused = await take(limiter);
    limiter.release(refused, state(0, 30_000));
    limiter.block(refused, 1000);
    const request = ask(limiter);
    await pass(40_000);
    expect(request.at).toBe(30_000);
  });

  it('after a reset shows that the service rounds resets down: the next one is taken a second later', async () => {
    const limiter = await limiterWith(0, 10_000, 1);
    await pass(9_999);
    const early = await take(limiter);
    limiter.release(early, state(0, 10_002, 1));
    limiter.block(early, 1000);
    await pass(1000);
    const inTime = await take(limiter);
    limiter.release(inTime, state(0, 20_000, 1));
    const request = ask(limiter);
    await pass(20_000);
    expect(request.at).toBe(21_000);
  });
});

it('leaves nobody waiting when those who came before give up', async () => {
  const limiter = new RateLimiter(30);
  const sent = await Promise.all(Array.from({ length: 30 }, () => limiter.acquire(deadlineIn(0))));
  const impatient = Array.from({ length: 30 }, () => ask(limiter, 1000));
  const patient = ask(limiter);
  // The service refuses all of them, and states no limit.
  for (const permit of sent as Permit[]) limiter.release(permit, undefined);
  limiter.block(sent[0] as Permit, 30_000);
  await pass(2000);
  expect(impatient.every(({ at }) => at !== undefined)).toBe(true);
  expect(admitted(impatient)).toBe(0);
  await pass(30_000);
  expect(patient.at).toBe(30_000);
});

it.each(['a response', 'the reset'])('a cancelled wait for %s ends at once', async (what) => {
  const limiter = what === 'the reset' ? await limiterWith(0, 30_000) : new RateLimiter(1);
  if (what === 'a response') await take(limiter);
  const controller = new AbortController();
  const cancelled = ask(limiter, 600_000, controller.signal);
  await pass(10);
  controller.abort();
  await pass(0);
  expect(cancelled.error?.name).toBe('ManualExecutionCancelledError');
});

it('counts no more than it can keep, whatever limit a response states', async () => {
  const limiter = await limiterWith(0, 30_000, 1e15);
  expect((await limiter.acquire(deadlineIn(0))) as Refusal).toEqual({ resetMs: 29_999 });
});

it('takes no notice of a clock that is set back', async () => {
  const limiter = await limiterWith(0, 60_000);
  const request = ask(limiter);
  jest.setSystemTime(Date.now() - 86_400_000);
  await pass(60_000);
  expect(isAdmitted(request)).toBe(true);
});
