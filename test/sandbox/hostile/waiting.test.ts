import { setTimeout as sleep } from 'node:timers/promises';
import { hostileGroups, type HostileBehaviour } from '../hostile';
import { MIB, type RawRequest, until, useHostileSandbox } from './useHostileSandbox';

const hostile = useHostileSandbox();

const LARGE_WRITE: RawRequest = {
  method: 'POST',
  path: '/api/posts',
  body: Buffer.alloc(32 * MIB),
};

/** What a client has received of each answer that never ends. */
const waiting: Record<keyof typeof hostileGroups.waiting, RegExp> = {
  'drip-body': /\r\nContent-Length: \d+[^]*\r\n\r\n\{"po/,
  'drip-headers': /^HTTP\/1\.1 200 OK\r\nX-Drip: aaa+$/,
  'drip-header-lines': /^HTTP\/1\.1 200 OK\r\n(A: a\r\n){3,}$/,
  'drip-status-line': /^HTTP\/1\.1 200 aaa+$/,
  'status-line-only': /^HTTP\/1\.1 200 OK\r\n$/,
  'early-hints-forever': /^(HTTP\/1\.1 103 Early Hints\r\nLink: .+\r\n\r\n){3,}$/,
  'early-hints-flood': /^(HTTP\/1\.1 103 Early Hints\r\n\r\n){1000}/,
  'continue-forever': /^(HTTP\/1\.1 100 Continue\r\n\r\n){3,}$/,
  'switching-protocols':
    /^HTTP\/1\.1 101 Switching Protocols\r\n[^]*Upgrade: websocket[^]*\r\n\r\n$/,
  'switching-nothing': /^HTTP\/1\.1 101 Switching Protocols\r\n\r\n$/,
  'never-answer': /^$/,
  'body-unread': /^$/,
  'body-sipped': /^$/,
  'one-byte-short': /"nextCursor":null$/,
  'chunked-without-end': /Transfer-Encoding: chunked[^]*"nextCursor":null\}\r\n$/,
  'drip-chunk-extension': /"nextCursor":null\}\r\n5;aaa+$/,
  'drip-trailers': /"nextCursor":null\}\r\n0\r\nX-Drip: aaa+$/,
  'drip-spaces': /\r\n\r\n(1\r\n \r\n){3,}$/,
  'drip-gzip': /Content-Encoding: gzip[^]*\r\n\r\n(1\r\n[^]\r\n){3,}/,
  'event-stream': /text\/event-stream[^]*(e\r\n: keep-alive\n\n\r\n){3,}$/,
};

describe('answers that never end', () => {
  it.each(Object.entries(waiting) as Array<[HostileBehaviour, RegExp]>)(
    '%s begins as described, stays open, and ends when the client is gone',
    async (behaviour, shown) => {
      const rule = hostile.addFault(behaviour);
      const connection = hostile.open();
      await until(() => rule.hits === 1 && shown.test(connection.text));
      await sleep(20);
      expect(connection.closed).toBe(false);
      expect(hostile.sandbox.hostileAnswers).toBe(1);
      connection.socket.destroy();
      await until(() => hostile.sandbox.hostileAnswers === 0);
    },
  );

  it('never-answer reads the whole request before it is silent', async () => {
    const { socket } = hostile.openHostile('never-answer', LARGE_WRITE);
    await until(() => socket.writableLength === 0);
    expect(hostile.sandbox.hostileAnswers).toBe(1);
    socket.destroy();
  });

  it.each(['body-unread', 'body-sipped'] as const)(
    '%s does not read a large request to its end',
    async (behaviour) => {
      const connection = hostile.openHostile(behaviour, LARGE_WRITE, { maxMs: 1500 });
      let left = Infinity;
      await until(() => {
        if (!connection.closed) left = connection.socket.writableLength;
        return connection.closed || left === 0;
      });
      expect(left).toBeGreaterThan(0);
      // Nothing tells the server that the client of an unread request is gone.
      await until(() => hostile.sandbox.hostileAnswers === 0);
    },
  );
});
