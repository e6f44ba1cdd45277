import { gunzipSync } from 'node:zlib';
import { hostileGroups, type HostileBehaviour } from '../hostile';
import { useHostileSandbox } from './useHostileSandbox';

const hostile = useHostileSandbox();

/** What the bytes of each answer match. */
const lies: Record<keyof typeof hostileGroups.lies, RegExp> = {
  'reset-in-9999': /^HTTP\/1\.1 200 [^]*Remaining: 0\r\nX-RateLimit-Reset: 253402300799\r\n/,
  'reset-in-60000-s': /^HTTP\/1\.1 200 [^]*Remaining: 0\r\nX-RateLimit-Reset: 60000\r\n/,
  'reset-is-negative': /^HTTP\/1\.1 200 [^]*X-RateLimit-Reset: -5\r\n/,
  'reset-is-no-number': /^HTTP\/1\.1 200 [^]*X-RateLimit-Reset: NaN\r\n/,
  'clock-a-day-ahead': /^HTTP\/1\.1 200 [^]*X-RateLimit-Reset: \d{10}\r\n/,
  'clock-a-day-behind': /^HTTP\/1\.1 200 [^]*X-RateLimit-Reset: \d{10}\r\n/,
  'limit-is-odd': /^HTTP\/1\.1 200 [^]*X-RateLimit-Limit: 0\.5\r\nX-RateLimit-Remaining: -1\r\n/,
  'retry-after-a-year': /^HTTP\/1\.1 429 [^]*Retry-After: 31536000\r\n/,
  'retry-after-a-year-503': /^HTTP\/1\.1 503 [^]*Retry-After: 31536000\r\n/,
  'retry-after-a-date': /^HTTP\/1\.1 429 [^]*Retry-After: \w{3}, \d\d \w{3} 20\d\d /,
  'retry-after-a-date-503': /^HTTP\/1\.1 503 [^]*Retry-After: \w{3}, \d\d \w{3} 20\d\d /,
  'retry-after-nothing': /^HTTP\/1\.1 429 [^]*Retry-After: 0\r\n/,
  'retry-after-nothing-503': /^HTTP\/1\.1 503 [^]*Retry-After: 0\r\n/,
  'length-too-large': /"nextCursor":null\}$/,
  'length-too-small': /"nextCursor":null\}$/,
  'two-lengths': /Content-Length: 5\r\nContent-Length: \d{3,}\r\n/,
  'length-and-chunks': /Content-Length: [^]*Transfer-Encoding: chunked[^]*\r\n\r\n\{"posts"/,
  'html-with-json': /Content-Type: text\/html[^]*\r\n\r\n\{"posts"/,
  'json-with-html': /Content-Type: application\/json[^]*\r\n\r\n<html>/,
  'byte-order-mark': /\r\n\r\n\xef\xbb\xbf\{"posts"/,
  'utf-16': /\r\n\r\n\xff\xfe\{\0"\0p\0/,
  'broken-utf-8': /("note":"\xff\xc3\("[^]*){3}"nextCursor":null\}$/,
  'gzip-declared': /Content-Encoding: gzip[^]*\r\n\r\n\{"posts"/,
  'gzip-cut': /Content-Encoding: gzip[^]*\r\n\r\n[^{]/,
  'error-as-success': /^HTTP\/1\.1 200 [^]*"error":"internal_error"/,
  'no-content-with-body': /^HTTP\/1\.1 204 [^]*\r\n\r\n\{"posts"/,
  'object-as-id': /\{"id":\{"toString":1\},/,
  'poisoned-members': /\{"__proto__":\{"polluted":true\},"constructor":[^]*"id":"/,
  'odd-texts': /"note":"a\\u0000b\\ud800c\\udfffd\\u202e"/,
  'odd-numbers': /"count":1e999,/,
  'redirect-elsewhere': /^HTTP\/1\.1 307 [^]*Location: http:\/\/localhost:\d+\/api\/posts\r\n/,
  'redirect-to-itself': /^HTTP\/1\.1 307 [^]*Location: http:\/\/127\.0\.0\.1:\d+\/api\/posts\r\n/,
  'not-http': /^SSH-2\.0-/,
  'unknown-status': /^HTTP\/1\.1 799 /,
  'second-answer': /"nextCursor":null\}HTTP\/1\.1 200 OK\r\n[^]*forged/,
  'not-an-object': /\r\n\r\n"success"$/,
  'nothing-in-it': /\r\n\r\n\{\}$/,
  'null-in-place': /\r\n\r\n\{"posts":null,/,
};

const DAY_MS = 24 * 3_600_000;

describe('lies', () => {
  it.each(Object.entries(lies) as Array<[HostileBehaviour, RegExp]>)(
    '%s answers as described',
    async (behaviour, shown) => {
      const { text } = await hostile.openHostile(behaviour).untilClosed();
      expect(text).toMatch(shown);
    },
  );

  it.each([
    ['clock-a-day-ahead', DAY_MS],
    ['clock-a-day-behind', -DAY_MS],
  ] as const)('%s is off by a day in its date, not in its reset', async (behaviour, off) => {
    const { head } = await hostile.openHostile(behaviour).untilClosed();
    const date = Date.parse(/^Date: (.*)$/m.exec(head)?.[1] ?? '');
    const reset = Number(/^X-RateLimit-Reset: (.*)$/m.exec(head)?.[1]) * 1000;
    expect(Math.abs(date - off - Date.now())).toBeLessThan(20_000);
    expect(Math.abs(reset - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    ['length-too-large', 100],
    ['length-too-small', -5],
  ] as const)('%s announces %d bytes more than it sends', async (behaviour, more) => {
    const { head, body } = await hostile.openHostile(behaviour).untilClosed();
    expect(Number(/Content-Length: (\d+)/.exec(head)?.[1])).toBe(body.length + more);
  });

  it('gzip-cut cuts the answer so that it cannot be decompressed', async () => {
    const { body } = await hostile.openHostile('gzip-cut').untilClosed();
    expect(() => gunzipSync(body)).toThrow('unexpected end of file');
  });
});
