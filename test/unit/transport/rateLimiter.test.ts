import type { RetryAfter } from '../../../credentials/http/rateLimitHeaders';
import { RateLimiter } from '../../../nodes/ImagineAnything/transport/rateLimiter';
import { deadlineIn } from '../../../nodes/ImagineAnything/transport/deadline';

const PATIENCE_MS = 600_000;
const patience = () => deadlineIn(PATIENCE_MS);
const wait = (ms: number): RetryAfter => ({ ms, isPlausible: true });

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** What an answer says of a window that turns a minute after the test began. */
function window(remaining: number, limit = 100) {
  return { limit, remaining, reset: wait(end - performance.now()) };
}
let end: number;
beforeEach(() => {
  end = performance.now() + 60_000;
});

/** A budget of which an answer has told how much is left. */
async function budgetWith(remaining: number): Promise<RateLimiter> {
  const budget = new RateLimiter('read');
  await budget.acquire(patience());
  budget.release(window(remaining));
  return budget;
}

/** Asks to be admitted, and can be asked how that went so far. */
function ask(budget: RateLimiter, maxWaitMs = PATIENCE_MS, signal?: AbortSignal) {
  const request = {
    admitted: false,
    refusal: undefined as { resetMs?: number } | undefined,
    error: '',
  };
  budget.acquire(deadlineIn(maxWaitMs), signal).then(
    (refusal) => Object.assign(request, { admitted: refusal === undefined, refusal }),
    (error: Error) => (request.error = error.name),
  );
  return request;
}

const settled = async () => await jest.advanceTimersByTimeAsync(0);

test('admits what is left, and the rest when the window turns', async () => {
  const budget = await budgetWith(2);
  const requests = [ask(budget), ask(budget), ask(budget)];
  await settled();
  expect(requests.map(({ admitted }) => admitted)).toEqual([true, true, false]);
  budget.release(window(1));
  budget.release(window(0));
  await jest.advanceTimersByTimeAsync(59_000);
  expect(requests[2].admitted).toBe(false);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(requests[2].admitted).toBe(true);
});

test('does not leave a place unused because its answer was overtaken', async () => {
  const budget = await budgetWith(3);
  await budget.acquire(patience());
  await budget.acquire(patience());
  // The second answer comes first: it counts the first request too, which seems to be under way still.
  budget.release(window(1));
  const last = ask(budget);
  await settled();
  expect(last.admitted).toBe(false);
  budget.release(window(2));
  await settled();
  expect(last.admitted).toBe(true);
});

test('the first answer lets go of as many as it says are left', async () => {
  const budget = new RateLimiter('write');
  const first = Array.from({ length: 30 }, () => ask(budget));
  const more = Array.from({ length: 5 }, () => ask(budget));
  await settled();
  expect(first.every(({ admitted }) => admitted)).toBe(true);
  expect(more.some(({ admitted }) => admitted)).toBe(false);
  const admitted = () => more.filter((each) => each.admitted).length;
  // The service allows more than is documented.
  budget.release(window(32, 33));
  await settled();
  expect(admitted()).toBe(3);
  budget.release(window(31, 33));
  await settled();
  expect(admitted()).toBe(3);
});

test('waits no longer than it is asked to', async () => {
  const budget = await budgetWith(1);
  await budget.acquire(patience());
  const impatient = ask(budget, 10_000);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(impatient).toMatchObject({ admitted: false, refusal: { resetMs: 50_000 } });
  budget.release(window(0));
  const hopeless = ask(budget, 10_000);
  await settled();
  expect(hopeless.refusal).toEqual({ resetMs: 50_000 });
});

test.each([0, 1, undefined])('a cancelled wait ends at once, with %s left', async (left) => {
  const budget =
    left === undefined ? new RateLimiter('authentication') : await budgetWith(left || 1);
  for (let index = 0; index < (left === undefined ? 10 : 1); index++) {
    await budget.acquire(patience());
  }
  if (left === 0) budget.release(window(0));
  const controller = new AbortController();
  const cancelled = ask(budget, PATIENCE_MS, controller.signal);
  await settled();
  controller.abort();
  await settled();
  expect(cancelled.error).toBe('ManualExecutionCancelledError');
});

test('an answer of another process’s spending closes it, and 429 does', async () => {
  const budget = await budgetWith(50);
  await budget.acquire(patience());
  budget.release(window(0));
  const waiting = ask(budget);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(waiting.admitted).toBe(true);
  budget.release(undefined);
  budget.block(wait(5_000));
  const refused = ask(budget);
  await jest.advanceTimersByTimeAsync(4_000);
  expect(refused.admitted).toBe(false);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(refused.admitted).toBe(true);
});

test('nobody is left waiting when the one who was before gives up', async () => {
  const budget = new RateLimiter('write');
  for (let index = 0; index < 30; index++) await budget.acquire(patience());
  const impatient = Array.from({ length: 30 }, () => ask(budget, 1_000));
  const patient = ask(budget);
  // The service refuses all of them, and its answers say nothing of a window.
  budget.block(wait(30_000));
  for (let index = 0; index < 30; index++) budget.release(undefined);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(impatient.every(({ refusal }) => refusal !== undefined)).toBe(true);
  await jest.advanceTimersByTimeAsync(30_000);
  expect(patient.admitted).toBe(true);
});

test('does not wait for ever for requests that are never answered', async () => {
  const budget = new RateLimiter('write');
  for (let index = 0; index < 30; index++) await budget.acquire(patience());
  const next = ask(budget, 10_000);
  await jest.advanceTimersByTimeAsync(9_000);
  expect(next.refusal).toBeUndefined();
  await jest.advanceTimersByTimeAsync(1_000);
  // Nothing says that the limit is used up.
  expect(next).toMatchObject({ admitted: false, refusal: {} });
});

test('lets one request find out after a hint that cannot be true', async () => {
  const budget = new RateLimiter('read');
  await budget.acquire(patience());
  budget.release({ limit: 100, remaining: 0, reset: { ms: 60_000, isPlausible: false } });
  const requests = Array.from({ length: 3 }, () => ask(budget));
  const admitted = () => requests.filter((each) => each.admitted).length;
  await jest.advanceTimersByTimeAsync(59_000);
  expect(admitted()).toBe(0);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(admitted()).toBe(1);
  // The service has come to its senses.
  budget.release({ limit: 100, remaining: 99, reset: wait(60_000) });
  await settled();
  expect(admitted()).toBe(3);
});

test('takes no notice of a clock that is set back', async () => {
  const budget = await budgetWith(0);
  const request = ask(budget);
  jest.setSystemTime(Date.now() - 86_400_000);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(request.admitted).toBe(true);
});
