import { deadlineIn, remaining } from '../../../../credentials/http/deadline';
import { sleep } from '../../../../credentials/http/sleep';
import { finish, follow, pass, useClock } from '../../transport/support/clock';

useClock();

describe('a wait', () => {
  it.each([0, 1, 999, 1000, 1001, 2500, 60_000])('of %i ms takes as long', async (ms) =>
    expect((await finish(sleep(ms))).at).toBe(ms),
  );

  it.each([0, 500, 61_500])('ends at once when it is cancelled after %i ms', async (ms) => {
    const stop = new AbortController();
    const waiting = follow(sleep(120_000, stop.signal));
    await pass(ms);
    stop.abort();
    await pass(0);

    expect(waiting.error?.name).toBe('ManualExecutionCancelledError');
    expect(waiting.at).toBe(ms);
    // n8n must not be kept from shutting down.
    await pass(1000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends at once when it is cancelled before it is woken', async () => {
    const stop = new AbortController();
    const waiting = follow(sleep(120_000, stop.signal, new Promise(() => {})));
    await pass(500);
    stop.abort();
    await pass(0);
    expect(waiting).toMatchObject({ error: { name: 'ManualExecutionCancelledError' }, at: 500 });
  });

  it('that was cancelled before does not begin, however short it is', async () => {
    const { error } = await finish(sleep(0, AbortSignal.abort()));
    expect(error?.name).toBe('ManualExecutionCancelledError');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends at once when it is woken, with a signal or without', async () => {
    for (const signal of [undefined, new AbortController().signal]) {
      let wake = () => {};
      const waiting = follow(sleep(120_000, signal, new Promise((resolve) => (wake = resolve))));
      await pass(500);
      expect(waiting.at).toBeUndefined();
      wake();
      await pass(0);
      expect(waiting).toMatchObject({ at: expect.any(Number) as number, value: undefined });
      expect(waiting.error).toBeUndefined();
      // Of the rest of the time, nothing goes on.
      expect(jest.getTimerCount()).toBe(1);
      await pass(1000);
    }
  });

  it('leaves nothing behind at the signal', async () => {
    const { signal } = new AbortController();
    const added = jest.spyOn(signal, 'addEventListener');
    const removed = jest.spyOn(signal, 'removeEventListener');
    await finish(sleep(5000, signal));
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed.mock.calls[0]).toEqual(added.mock.calls[0].slice(0, 2));
  });
});

describe('a deadline', () => {
  it('comes nearer, and stays past', async () => {
    const deadline = deadlineIn(1000);
    expect(remaining(deadline)).toBe(1000);
    await pass(400);
    expect(remaining(deadline)).toBe(600);
    await pass(10_000);
    expect(remaining(deadline)).toBe(0);
  });

  it('takes no notice of a clock that is set back', () => {
    const deadline = deadlineIn(1000);
    jest.setSystemTime(0);
    expect(remaining(deadline)).toBe(1000);
  });
});
