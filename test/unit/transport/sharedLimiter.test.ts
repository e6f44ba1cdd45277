/** One rate limiter for all who send for an agent: who waits for whom, and how the responses correct it. */
import type { RetryAfter } from '../../../credentials/http/rateLimitHeaders';
import { resetProcess } from '../../../credentials/processMap';
import { deadlineIn } from '../../../nodes/ImagineAnything/transport/deadline';
import {
  type RateClass,
  type RateLimiter,
  rateLimiterOf,
} from '../../../nodes/ImagineAnything/transport/rateLimiter';
import { elapsed, follow, type Outcome, pass, useClock } from './support/clock';

useClock();
beforeEach(resetProcess);

type Refusal = { resetMs?: number } | undefined;

const ask = (limiter: RateLimiter, maxWaitMs = 600_000): Outcome<Refusal> =>
  follow(limiter.acquire(deadlineIn(maxWaitMs)));

/** How many of some requests may be sent by now. */
const admitted = (requests: Array<Outcome<Refusal>>) =>
  requests.filter(({ at, value }) => at !== undefined && value === undefined).length;

/** What a response says of a limit that resets at a time of the test. */
const reading = (remaining: number, resetAt: number, limit = 30, isPlausible = true) => ({
  limit,
  remaining,
  reset: { ms: resetAt - elapsed(), isPlausible },
});

const plausible = (ms: number): RetryAfter => ({ ms, isPlausible: true });

/** A limiter of which a response has told the state. */
async function limiterWith(remaining: number, resetAt: number, limit = 30): Promise<RateLimiter> {
  const limiter = rateLimiterOf('agent', 'write');
  await limiter.acquire(deadlineIn(0));
  limiter.release(reading(remaining, resetAt, limit));
  return limiter;
}

it('is one for an agent and a class, and is forgotten with the process', () => {
  const limiter = rateLimiterOf('agent', 'read');
  expect(rateLimiterOf('agent', 'read')).toBe(limiter);
  expect(rateLimiterOf('other', 'read')).not.toBe(limiter);
  expect(rateLimiterOf('agent', 'write')).not.toBe(limiter);
  resetProcess();
  expect(rateLimiterOf('agent', 'read')).not.toBe(limiter);
});

it.each<[RateClass, number]>([
  ['read', 100],
  ['write', 30],
  ['authentication', 10],
])('knows the documented limit of %s: %i', async (rateClass, limit) => {
  const requests = Array.from({ length: 120 }, () => ask(rateLimiterOf('agent', rateClass)));
  await pass(0);
  expect(admitted(requests)).toBe(limit);
});

it('lets those who waited first go first', async () => {
  const limiter = await limiterWith(0, 10_000, 2);
  const order: number[] = [];
  [0, 1, 2, 3].forEach((number) => {
    void limiter.acquire(deadlineIn(60_000)).then(() => order.push(number));
  });
  await pass(10_000);
  expect(order).toEqual([0, 1]);
  limiter.release(reading(1, 70_000, 2));
  limiter.release(reading(1, 70_000, 2));
  await pass(0);
  expect(order).toEqual([0, 1, 2]);
});

it('gives a place back when its request brings no response', async () => {
  const limiter = await limiterWith(1, 30_000);
  const [first, second] = [ask(limiter), ask(limiter)];
  await pass(1000);
  expect([first.at, second.at]).toEqual([0, undefined]);
  limiter.release(undefined);
  await pass(0);
  expect(second.at).toBe(1000);
});

describe('the longest wait', () => {
  it.each([
    [30_000, 30_000, undefined],
    [29_999, 0, { resetMs: 30_000 }],
    [0, 0, { resetMs: 30_000 }],
  ])('of %i ms for a limit that resets in 30 s', async (maxWaitMs, at, refusal) => {
    const limiter = await limiterWith(0, 30_000);
    const request = ask(limiter, maxWaitMs);
    await pass(40_000);
    expect(request).toEqual({ at, value: refusal });
  });

  it('holds for a response as well, and nothing says then that the limit is used up', async () => {
    const limiter = rateLimiterOf('agent', 'authentication');
    const requests = Array.from({ length: 11 }, () => ask(limiter, 5000));
    await pass(10_000);
    expect(requests[10]).toEqual({ at: 5000, value: {} });
  });

  it('of 0 takes a place that is free', async () => {
    const limiter = await limiterWith(1, 30_000);
    const requests = [ask(limiter, 0), ask(limiter, 0)];
    await pass(0);
    expect(admitted(requests)).toBe(1);
    expect(requests[1].value).toEqual({ resetMs: 30_000 });
  });
});

describe('a response', () => {
  it('that was overtaken does not open what is used up', async () => {
    const limiter = await limiterWith(2, 30_000);
    await limiter.acquire(deadlineIn(0));
    await limiter.acquire(deadlineIn(0));
    limiter.release(reading(0, 30_000));
    limiter.release(reading(1, 30_000));
    const request = ask(limiter);
    await pass(29_999);
    expect(request.at).toBeUndefined();
    await pass(1);
    expect(request.at).toBe(30_000);
  });

  it.each([
    ['rounded to the next second', 31_500, false],
    ['of a later window', 31_501, true],
  ])('with a reset %s opens it: %s', async (_, resetAt, opens) => {
    const limiter = await limiterWith(1, 30_000);
    await limiter.acquire(deadlineIn(0));
    limiter.block(plausible(30_000));
    limiter.release(reading(5, resetAt));
    const request = ask(limiter);
    await pass(0);
    expect(request.at !== undefined).toBe(opens);
  });

  it('that comes after the reset begins the next window', async () => {
    const limiter = await limiterWith(1, 30_000);
    await limiter.acquire(deadlineIn(0));
    await pass(30_000);
    limiter.release(reading(3, 90_000));
    const requests = [1, 2, 3, 4].map(() => ask(limiter));
    await pass(0);
    expect(admitted(requests)).toBe(3);
  });

  it('changes how many there are after the reset', async () => {
    const limiter = await limiterWith(0, 10_000, 3);
    const requests = [1, 2, 3, 4].map(() => ask(limiter));
    await pass(10_000);
    expect(admitted(requests)).toBe(3);
  });
});

describe('a refusal with 429', () => {
  it('closes it for as long as it says, and no response before that opens it', async () => {
    const limiter = await limiterWith(20, 30_000);
    await limiter.acquire(deadlineIn(0));
    limiter.block(plausible(40_000));
    limiter.release(reading(19, 30_000));
    const request = ask(limiter);
    await pass(39_999);
    expect(request.at).toBeUndefined();
    await pass(1);
    expect(request.at).toBe(40_000);
  });

  it('does not shorten a longer wait', async () => {
    const limiter = await limiterWith(0, 30_000);
    limiter.block(plausible(1000));
    const request = ask(limiter);
    await pass(30_000);
    expect(request.at).toBe(30_000);
  });

  it('wakes those who wait for a response, so that they know how long it takes', async () => {
    const limiter = rateLimiterOf('agent', 'authentication');
    const requests = Array.from({ length: 11 }, () => ask(limiter, 5000));
    await pass(1000);
    limiter.block(plausible(10_000));
    await pass(0);
    expect(requests[10]).toEqual({ at: 1000, value: { resetMs: 10_000 } });
  });

  it.each([
    [true, 5],
    [false, 1],
  ])('with a time that is plausible: %s, lets %i find out', async (isPlausible, count) => {
    const limiter = await limiterWith(3, 1000, 5);
    limiter.block({ ms: 10_000, isPlausible });
    const requests = Array.from({ length: 8 }, () => ask(limiter));
    await pass(10_000);
    expect(admitted(requests)).toBe(count);
  });

  it('with an implausible time stays in doubt, whatever a later one says', async () => {
    const limiter = await limiterWith(3, 1000, 5);
    limiter.block({ ms: 10_000, isPlausible: false });
    limiter.block(plausible(10_000));
    const requests = Array.from({ length: 8 }, () => ask(limiter));
    await pass(10_000);
    expect(admitted(requests)).toBe(1);
    // A window later there is no doubt.
    limiter.release(reading(0, 20_000, 5));
    await pass(10_000);
    expect(admitted(requests)).toBe(6);
  });
});

it('a reset that cannot be meant is in doubt only where nothing is left', async () => {
  const limiter = await limiterWith(5, 30_000);
  await limiter.acquire(deadlineIn(0));
  limiter.release(reading(2, 60_000, 5, false));
  const requests = Array.from({ length: 3 }, () => ask(limiter));
  await pass(60_000);
  expect(admitted(requests)).toBe(3);
});

it('a response after the reset counts, however soon the next reset is', async () => {
  const limiter = await limiterWith(1, 30_000);
  await limiter.acquire(deadlineIn(0));
  await pass(30_000);
  limiter.release(reading(3, 31_000));
  const requests = [1, 2, 3, 4].map(() => ask(limiter));
  await pass(0);
  expect(admitted(requests)).toBe(3);
});

it('a doubt is over when a later refusal has a plausible time', async () => {
  const limiter = await limiterWith(3, 1000, 5);
  limiter.block({ ms: 10_000, isPlausible: false });
  await pass(10_000);
  await limiter.acquire(deadlineIn(0));
  limiter.block(plausible(5000));
  limiter.release(undefined);
  const requests = Array.from({ length: 8 }, () => ask(limiter));
  await pass(5000);
  expect(admitted(requests)).toBe(5);
});
