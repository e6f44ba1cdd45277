import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import fc from 'fast-check';
import { readResponseBody, UnreadableBodyError } from '../../../../credentials/http/responseBody';
import { RUNS } from '../../properties';

const never = new AbortController().signal;

/** A body that arrives in pieces. */
function streamOf(content: string | Buffer, pieceBytes = 7): Readable {
  const bytes = Buffer.from(content);
  function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  return Readable.from(pieces());
}

/** What numbers become that have more digits than a double holds. */
function longAsText(_key: string, value: unknown): unknown {
  const isLong = Number.isInteger(value) && !Number.isSafeInteger(value);
  return isLong && /^-?\d+$/.test(String(value)) ? String(value) : value;
}

const read = async (content: string) => await readResponseBody(streamOf(content), never);

describe('the body of an answer', () => {
  it('is read as JSON, however it is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.integer({ min: 1, max: 20 }), async (value, size) => {
        const text = JSON.stringify(value);
        expect(await readResponseBody(streamOf(text, size), never)).toEqual(
          JSON.parse(text, longAsText),
        );
      }),
      { ...RUNS, numRuns: RUNS.numRuns / 10 },
    );
  });

  it.each([
    ['', undefined],
    ['\uFEFF{"a":1}', { a: 1 }],
    ['<html>', '<html>'],
    ['{"a":1', '{"a":1'],
    ['null', null],
  ])('%j becomes %j', async (text, value) => expect(await read(text)).toEqual(value));

  it('keeps all digits of IDs that are no longer exact as numbers', async () => {
    expect(
      await read('{"id":9007199254740993,"other":[-9007199254740995],"small":12,"float":1.5e300}'),
    ).toEqual({
      id: '9007199254740993',
      other: ['-9007199254740995'],
      small: 12,
      float: 1.5e300,
    });
  });

  it('may have 100 levels, and no more', async () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(await read(nested(100))).toBeInstanceOf(Array);
    await expect(read(nested(102))).rejects.toThrow('is nested more than 100 levels deep');
    await expect(read(nested(100_000))).rejects.toThrow(UnreadableBodyError);
    await expect(read('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000))).rejects.toThrow(
      UnreadableBodyError,
    );
    // Long numbers are read in a way of their own.
    await expect(
      read('['.repeat(100_000) + '9007199254740993' + ']'.repeat(100_000)),
    ).rejects.toThrow(UnreadableBodyError);
  });

  it('is not read past its limit, and its source is closed', async () => {
    let produced = 0;
    const endless = Readable.from(
      (function* () {
        for (; ; produced += 1024) yield Buffer.alloc(1024, 'x');
      })(),
    );
    await expect(readResponseBody(endless, never, 10 * 1024)).rejects.toThrow(
      'the response is larger than 10 KB',
    );
    expect(endless.destroyed).toBe(true);
    expect(produced).toBeLessThan(100 * 1024);
  });

  it('counts after decompression', async () => {
    const bomb = Readable.from([Buffer.alloc(4 * 1024 * 1024)]).pipe(createGzip());
    const compressed = Buffer.concat(await bomb.toArray());
    expect(compressed.length).toBeLessThan(10_000);
    const { createGunzip } = await import('node:zlib');
    const body = Readable.from([compressed]).pipe(createGunzip());
    await expect(readResponseBody(body, never, 1024 * 1024)).rejects.toThrow('larger than 1 MB');
  });

  it('is given up when the signal aborts, and its source is closed', async () => {
    const hung = new Readable({ read() {} });
    const controller = new AbortController();
    const reading = readResponseBody(hung, controller.signal);
    controller.abort(new Error('time is up'));
    await expect(reading).rejects.toThrow('time is up');
    expect(hung.destroyed).toBe(true);
  });

  it('that n8n has read already is taken as it is', async () => {
    expect(await readResponseBody({ a: 1 }, never)).toEqual({ a: 1 });
    expect(await readResponseBody('{"a":1}', never)).toEqual({ a: 1 });
    expect(await readResponseBody(undefined, never)).toBeUndefined();
  });
});
