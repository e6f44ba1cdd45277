import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { hostileGroups, type HostileBehaviour } from '../hostile';
import { MIB, type RawConnection, useHostileSandbox } from './useHostileSandbox';

const hostile = useHostileSandbox();

/** The size of a decompressed answer, which is never in memory as a whole. */
async function decompressed(format: 'gzip' | 'br' | 'deflate', bytes: Buffer): Promise<number> {
  const make = { gzip: createGunzip, br: createBrotliDecompress, deflate: createInflate };
  const stream = make[format]();
  stream.end(bytes);
  let size = 0;
  for await (const part of stream) size += (part as Buffer).length;
  return size;
}

function depth(text: string): number {
  return text.split(/[[{]/).length - 1;
}

function expectBomb(format: 'gzip' | 'br' | 'deflate', status = 200) {
  return async ({ head, body }: RawConnection) => {
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*Content-Encoding: ${format}`));
    expect(body.length).toBeLessThan(2 * MIB);
    expect(await decompressed(format, body)).toBeGreaterThan(190 * MIB);
  };
}

const expectEndless = (pattern: RegExp) => (connection: RawConnection) => {
  expect(connection.size).toBeGreaterThan(7 * MIB);
  expect(connection.text.slice(0, 10_000)).toMatch(pattern);
};

const expectLong = (status: number, from: string) => (connection: RawConnection) => {
  expect(connection.head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(connection.body.subarray(0, 60).toString()).toContain(from);
  expect(connection.body.length).toBeGreaterThanOrEqual(20 * MIB);
};

const parsed = ({ body }: RawConnection) => JSON.parse(body.toString()) as Record<string, unknown>;

type Check = (connection: RawConnection) => void | Promise<void>;

const sizes: Record<keyof typeof hostileGroups.sizes, Check> = {
  'endless-json': expectEndless(/\{"posts":\[\r\n\w+\r\n\{"id":"p1","content":"Hello"\},\{"id/),
  'endless-text': expectEndless(/\{"content":"\r\n\w+\r\naaaa/),
  'endless-spaces': expectEndless(/\r\n\r\n1\r\n \r\n10000\r\n {1000}/),
  'gzip-bomb': expectBomb('gzip'),
  'brotli-bomb': expectBomb('br'),
  'deflate-bomb': expectBomb('deflate'),
  'bomb-as-error': expectBomb('gzip', 400),
  'long-error': expectLong(400, '"message":"aaaa'),
  'long-error-text': expectLong(400, 'aaaa'),
  'long-server-error': expectLong(500, '"message":"aaaa'),
  'long-message': (connection) => expect(parsed(connection).message).toHaveLength(100_000),
  'nested-arrays': ({ body }) => expect(depth(body.toString())).toBe(100_001),
  'nested-objects': ({ body }) => expect(depth(body.toString())).toBe(100_000),
  'nested-error': ({ head, body }) => {
    expect(head).toMatch(/ 400 /);
    expect(depth(body.toString())).toBe(100_001);
  },
  'many-entries': (connection) => expect(parsed(connection).posts).toHaveLength(150_000),
  'many-members': ({ body }) => expect(body.toString().split('":0')).toHaveLength(1_000_001),
  'long-number': ({ body }) => expect(body.toString()).toMatch(/^\{"id":9{1000000}\}$/),
  'long-token': (connection) =>
    expect(String(parsed(connection).access_token)).toHaveLength(MIB + 4),
  'long-cursor': (connection) => expect(String(parsed(connection).nextCursor)).toHaveLength(MIB),
  'long-header': ({ head }) => expect(head.length).toBeGreaterThan(12_000),
  'too-long-header': ({ head }) => expect(head.length).toBeGreaterThan(200_000),
  'many-headers': ({ head }) => expect(head.split('\r\nA: ')).toHaveLength(2501),
};

describe('answers that are too large', () => {
  it.each(Object.entries(sizes) as Array<[HostileBehaviour, Check]>)(
    '%s is as large as described',
    async (behaviour, check) => {
      const endless = behaviour.startsWith('endless-') ? { maxBytes: 8 * MIB } : {};
      await check(await hostile.openHostile(behaviour, {}, endless).untilClosed());
    },
  );
});
