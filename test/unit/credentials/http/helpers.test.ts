/** The helpers that credential and nodes share. */
import { getEventListeners } from 'node:events';
import { timeoutSignal, untilAborted } from '../../../../credentials/http/abort';
import { isRecord, parseJsonObject } from '../../../../credentials/http/record';
import {
  explainUnreadable,
  readResponseBody,
  UnreadableBodyError,
} from '../../../../credentials/http/responseBody';
import { isClientError, isRedirect, isSuccess } from '../../../../credentials/http/status';
import { finish, follow, pass, useClock } from '../../transport/support/clock';

useClock();

describe('a wait for some work', () => {
  const done = async (ms: number) => {
    await new Promise((next) => setTimeout(next, ms));
    return 'done';
  };

  it('ends with it, or with the signal', async () => {
    const stop = new AbortController();
    const [short, long] = [done(100), done(1000)].map((each) =>
      follow(untilAborted(each, stop.signal)),
    );
    await pass(500);
    stop.abort(new Error('stopped'));
    await pass(0);

    expect(short).toEqual({ value: 'done', at: 100 });
    expect(long).toMatchObject({ error: { message: 'stopped' }, at: 500 });
  });

  it('without a signal ends with it', async () =>
    expect(await finish(untilAborted(done(100)))).toEqual({ value: 'done', at: 100 }));

  it('does not begin after the signal, even where the work is done', async () => {
    const aborted = AbortSignal.abort(new Error('stopped'));
    expect((await finish(untilAborted(Promise.resolve(1), aborted))).error?.message).toBe(
      'stopped',
    );
  });

  it('leaves no rejection that nobody handles where the signal was first', async () => {
    // Jest fails a test with a rejection that nobody handles.
    const failing = done(100).then(() => Promise.reject(new Error('too late')));
    const { error } = await finish(untilAborted(failing, AbortSignal.abort(new Error('stopped'))));
    expect(error?.message).toBe('stopped');
    await pass(1000);
  });

  it('leaves nothing behind at the signal, and no rejection that nobody handles', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const stop = new AbortController();
    await finish(untilAborted(done(1), stop.signal));
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);

    const failing = done(100).then(() => Promise.reject(new Error('too late')));
    const waiting = follow(untilAborted(failing, stop.signal));
    stop.abort(new Error('stopped'));
    await pass(1000);
    expect(waiting.error?.message).toBe('stopped');
    expect(unhandled).not.toHaveBeenCalled();
    process.off('unhandledRejection', unhandled);
  });
});

describe('a signal with a time', () => {
  it.each([
    [1000, 1000],
    [0.2, 1],
    [0, 0],
    [-5, 0],
    [1e15, 2 ** 31 - 1],
    [Infinity, 2 ** 31 - 1],
  ])('of %d ms aborts after %d', (ms, used) => {
    timeoutSignal(ms);
    expect(AbortSignal.timeout).toHaveBeenLastCalledWith(used);
  });

  it('aborts with the first of several', async () => {
    const stop = new AbortController();
    const signal = timeoutSignal(1000, undefined, stop.signal);
    expect(signal.aborted).toBe(false);
    stop.abort(new Error('stopped'));
    expect(signal.reason).toEqual(new Error('stopped'));

    const late = timeoutSignal(1000, undefined, new AbortController().signal);
    await pass(1000);
    expect((late.reason as Error).name).toBe('TimeoutError');
  });
});

it.each([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  [undefined, false],
  ['{}', false],
  [() => {}, false],
])('%p has fields: %s', (value, has) => expect(isRecord(value)).toBe(has));

it.each([
  ['{"a":1}', { a: 1 }],
  ['', {}],
  ['[1]', {}],
  ['null', {}],
  ['"text"', {}],
  ['{', {}],
  [undefined, {}],
  [{ a: 1 }, {}],
])('%j is read as the object %j', (text, value) => expect(parseJsonObject(text)).toEqual(value));

it.each([
  [199, false, false, false],
  [200, true, false, false],
  [299, true, false, false],
  [300, false, true, false],
  [399, false, true, false],
  [400, false, false, true],
  [499, false, false, true],
  [500, false, false, false],
])('%i: success %s, redirect %s, client error %s', (status, success, redirect, clientError) => {
  expect(isSuccess(status)).toBe(success);
  expect(isRedirect(status)).toBe(redirect);
  expect(isClientError(status)).toBe(clientError);
});

it.each([
  [new UnreadableBodyError('it is too large'), 'it is too large'],
  [{ code: 'HPE_HEADER_OVERFLOW' }, 'the response is malformed or too large'],
  [{ code: 'Z_BUF_ERROR' }, 'the response is malformed or too large'],
  [{ code: 'ERR_CONTENT_DECOMPRESSION' }, 'the response is malformed or too large'],
  [{ code: 'ERR__BROTLI_X' }, 'the response is malformed or too large'],
  [{ code: 'ERR_FORMAT' }, 'the response is malformed or too large'],
  [{ code: 'XHPE_' }, undefined],
  [{ code: 'ECONNRESET' }, undefined],
  [{ code: 1 }, undefined],
  [new Error('x'), undefined],
  ['HPE_', undefined],
])('%p is explained as %j', (thrown, text) => expect(explainUnreadable(thrown)).toBe(text));

describe('the body of a response', () => {
  const { signal } = new AbortController();
  const bytes = (...chunks: unknown[]) => ({
    async *[Symbol.asyncIterator]() {
      yield* chunks;
    },
  });
  const nested = (levels: number, inner: unknown = []): unknown =>
    levels === 0 ? inner : { a: nested(levels - 1, inner) };

  it('may come as text, and across the bytes of a character', async () => {
    const umlaut = Buffer.from('"ü"');
    const cut = bytes(umlaut.subarray(0, 2), umlaut.subarray(2));
    expect(await readResponseBody(cut, signal)).toBe('ü');
    expect(await readResponseBody(bytes('{"a":', '1}'), signal)).toEqual({ a: 1 });
    expect(await readResponseBody(null, signal)).toBeNull();
  });

  it('may have exactly as many bytes as allowed', async () => {
    expect(await readResponseBody(bytes(Buffer.alloc(1024, '1')), signal, 1024)).toBeDefined();
    await expect(readResponseBody(bytes(Buffer.alloc(1025)), signal, 1024)).rejects.toThrow(
      'the response is larger than 1 KB',
    );
  });

  it('may be nested as deeply as allowed, when n8n has read it, too', async () => {
    expect(await readResponseBody(nested(100), signal)).toEqual(nested(100));
    // Values are no level of their own.
    const values = nested(100, ['text', 1, true, null]);
    expect(await readResponseBody(values, signal)).toEqual(values);
    await expect(readResponseBody(nested(101), signal)).rejects.toThrow(
      'the response is nested more than 100 levels deep',
    );
  });

  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['1e16', 1e16],
    ['12345678901234567890.0', 12345678901234567000],
    ['"12345678901234567890"', '12345678901234567890'],
    ['1.2345678901234567', 1.2345678901234567],
    ['0.12345678901234567890', 0.12345678901234568],
  ])('keeps the number %s', async (text, value) =>
    expect(await readResponseBody(text, signal)).toBe(value),
  );

  it('keeps the digits of an integer that is larger than any double', async () => {
    const digits = '9'.repeat(400);
    expect(await readResponseBody(`{"id":${digits}}`, signal)).toEqual({ id: digits });
  });
});
