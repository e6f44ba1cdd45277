import { Budget } from '../../../nodes/ImagineAnything/transport/budget';

const PATIENCE_MS = 600_000;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** What an answer says of a window that turns a minute after the test began. */
function window(remaining: number, limit = 100) {
  return { limit, remaining, resetAt: end };
}
let end: number;
beforeEach(() => {
  end = Date.now() + 60_000;
});

/** A budget of which an answer has told how much is left. */
async function budgetWith(remaining: number): Promise<Budget> {
  const budget = new Budget('read');
  await budget.admit(PATIENCE_MS);
  budget.settle(window(remaining));
  return budget;
}

/** Asks to be admitted, and can be asked how that went so far. */
function ask(budget: Budget, patienceMs = PATIENCE_MS, signal?: AbortSignal) {
  const request = { admitted: false, tooLongMs: undefined as number | undefined, error: '' };
  budget.admit(patienceMs, signal).then(
    (tooLongMs) => Object.assign(request, { admitted: tooLongMs === undefined, tooLongMs }),
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
  budget.settle(window(1));
  budget.settle(window(0));
  await jest.advanceTimersByTimeAsync(59_000);
  expect(requests[2].admitted).toBe(false);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(requests[2].admitted).toBe(true);
});

test('does not leave a place unused because its answer was overtaken', async () => {
  const budget = await budgetWith(3);
  await budget.admit(PATIENCE_MS);
  await budget.admit(PATIENCE_MS);
  // The second answer comes first: it counts the first request too, which seems to be under way still.
  budget.settle(window(1));
  const last = ask(budget);
  await settled();
  expect(last.admitted).toBe(false);
  budget.settle(window(2));
  await settled();
  expect(last.admitted).toBe(true);
});

test('the first answer lets go of as many as it says are left', async () => {
  const budget = new Budget('write');
  const first = Array.from({ length: 30 }, () => ask(budget));
  const more = Array.from({ length: 5 }, () => ask(budget));
  await settled();
  expect(first.every(({ admitted }) => admitted)).toBe(true);
  expect(more.some(({ admitted }) => admitted)).toBe(false);
  const admitted = () => more.filter((each) => each.admitted).length;
  // The service allows more than is documented.
  budget.settle(window(32, 33));
  await settled();
  expect(admitted()).toBe(3);
  budget.settle(window(31, 33));
  await settled();
  expect(admitted()).toBe(3);
});

test('waits no longer than it is asked to', async () => {
  const budget = await budgetWith(1);
  await budget.admit(PATIENCE_MS);
  const impatient = ask(budget, 10_000);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(impatient).toMatchObject({ admitted: false, tooLongMs: 50_000 });
  budget.settle(window(0));
  const hopeless = ask(budget, 10_000);
  await settled();
  expect(hopeless.tooLongMs).toBe(50_000);
});

test.each([0, 1, undefined])('a cancelled wait ends at once, with %s left', async (left) => {
  const budget = left === undefined ? new Budget('authentication') : await budgetWith(left || 1);
  for (let index = 0; index < (left === undefined ? 10 : 1); index++) {
    await budget.admit(PATIENCE_MS);
  }
  if (left === 0) budget.settle(window(0));
  const controller = new AbortController();
  const cancelled = ask(budget, PATIENCE_MS, controller.signal);
  await settled();
  controller.abort();
  await settled();
  expect(cancelled.error).toBe('ManualExecutionCancelledError');
});

test('an answer of another process’s spending closes it, and 429 does', async () => {
  const budget = await budgetWith(50);
  await budget.admit(PATIENCE_MS);
  budget.settle(window(0));
  const waiting = ask(budget);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(waiting.admitted).toBe(true);
  budget.settle(undefined);
  budget.close(5_000);
  const refused = ask(budget);
  await jest.advanceTimersByTimeAsync(4_000);
  expect(refused.admitted).toBe(false);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(refused.admitted).toBe(true);
});

test('nobody is left waiting when the one who was before gives up', async () => {
  const budget = new Budget('write');
  for (let index = 0; index < 30; index++) await budget.admit(PATIENCE_MS);
  const impatient = Array.from({ length: 30 }, () => ask(budget, 1_000));
  const patient = ask(budget);
  // The service refuses all of them, and its answers say nothing of a window.
  budget.close(30_000);
  for (let index = 0; index < 30; index++) budget.settle(undefined);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(impatient.every(({ tooLongMs }) => tooLongMs !== undefined)).toBe(true);
  await jest.advanceTimersByTimeAsync(30_000);
  expect(patient.admitted).toBe(true);
});
