/** Answers that say something else than what is so. */
import { gzipSync } from 'node:zlib';
import { objectOf, type Behaviour, type Behaviours, type Subject } from './behaviour';
import type { WireHeaders } from './wire';

const DAY_S = 24 * 3600;
const YEAR_S = 365 * DAY_S;

const utc = (ms: number) => new Date(ms).toUTCString();
const epochS = (ms: number) => String(Math.ceil(ms / 1000));

/** The right answer with other headers. */
function withHeaders(what: string, headers: (subject: Subject) => WireHeaders): Behaviour {
  return {
    what,
    when: 'handled',
    run: async (wire, subject) => await wire.answer(subject.status, subject.text, headers(subject)),
  };
}

/** The right answer, which says that nothing is left of the rate limit. */
function usedUp(what: string, headers: (now: number) => WireHeaders): Behaviour {
  return withHeaders(what, ({ now }) => ({
    'X-RateLimit-Limit': '100',
    'X-RateLimit-Remaining': '0',
    ...headers(now()),
  }));
}

function comeBack(what: string, status: 429 | 503, retryAfter: (now: number) => string): Behaviour {
  return {
    what,
    when: 'received',
    run: async (wire, { now }) =>
      await wire.answer(status, '{"error":"busy","message":"Come back later."}', {
        'Retry-After': retryAfter(now()),
      }),
  };
}

/** The right answer with another body. */
function withBody(
  what: string,
  body: (subject: Subject) => string | Uint8Array,
  headers: WireHeaders = {},
): Behaviour {
  return {
    what,
    when: 'handled',
    run: async (wire, subject) => await wire.answer(subject.status, body(subject), headers),
  };
}

/** Adds members, as JSON text, to every object of the right answer that has an `id`, or to the answer itself. */
function withMembers(text: string, members: string): string {
  const added = text.replaceAll(/\{(?="id":)/g, `{${members},`);
  return added === text ? text.replace(/^\{/, `{${members},`) : added;
}

/** The same server by another name. */
function elsewhere({ request }: Subject): string {
  const { hostname, port } = new URL(`http://${request.headers.host}`);
  const other = hostname === 'localhost' ? '127.0.0.1' : 'localhost';
  return `http://${other}:${port}${request.url}`;
}

export const lies = {
  'reset-in-9999': usedUp('nothing left until the year 9999', () => ({
    'X-RateLimit-Reset': '253402300799',
  })),
  'reset-in-60000-s': usedUp('nothing left for 60,000 seconds', () => ({
    'X-RateLimit-Reset': '60000',
  })),
  'reset-is-negative': usedUp('nothing left until -5', () => ({ 'X-RateLimit-Reset': '-5' })),
  'reset-is-no-number': usedUp('nothing left until NaN', () => ({ 'X-RateLimit-Reset': 'NaN' })),
  'clock-a-day-ahead': usedUp('a clock that is a day ahead', (now) => ({
    Date: utc(now + DAY_S * 1000),
    'X-RateLimit-Reset': epochS(now + 30_000),
  })),
  'clock-a-day-behind': usedUp('a clock that is a day behind', (now) => ({
    Date: utc(now - DAY_S * 1000),
    'X-RateLimit-Reset': epochS(now + 30_000),
  })),
  'limit-is-odd': withHeaders('a rate limit of half a request, of which -1 is left', ({ now }) => ({
    'X-RateLimit-Limit': '0.5',
    'X-RateLimit-Remaining': '-1',
    'X-RateLimit-Reset': epochS(now() + 1e9),
  })),
  'retry-after-a-year': comeBack('429, come back in a year', 429, () => String(YEAR_S)),
  'retry-after-a-year-503': comeBack('503, come back in a year', 503, () => String(YEAR_S)),
  'retry-after-a-date': comeBack('429, come back on a day next year', 429, (now) =>
    utc(now + YEAR_S * 1000),
  ),
  'retry-after-a-date-503': comeBack('503, come back on a day next year', 503, (now) =>
    utc(now + YEAR_S * 1000),
  ),
  'retry-after-nothing': comeBack('429, come back at once, every time', 429, () => '0'),
  'retry-after-nothing-503': comeBack('503, come back at once, every time', 503, () => '0'),
  'length-too-large': {
    what: 'a length larger than the answer, and the end of the connection',
    when: 'handled',
    run: async (wire, { status, text }) =>
      await wire.answer(status, text, { 'Content-Length': String(Buffer.byteLength(text) + 100) }),
  },
  'length-too-small': {
    what: 'a length smaller than the answer',
    when: 'handled',
    run: async (wire, { status, text }) =>
      await wire.answer(status, text, { 'Content-Length': String(Buffer.byteLength(text) - 5) }),
  },
  'two-lengths': withHeaders('two lengths that differ', ({ text }) => ({
    'Content-Length': ['5', String(Buffer.byteLength(text))],
  })),
  'length-and-chunks': withHeaders('a length and chunks at once, without chunks', () => ({
    'Transfer-Encoding': 'chunked',
  })),
  'html-with-json': withHeaders('the right JSON as text/html', () => ({
    'Content-Type': 'text/html; charset=utf-8',
  })),
  'json-with-html': withBody('a web page as JSON', () => '<html><body>Welcome</body></html>'),
  'byte-order-mark': withBody(
    'the right JSON behind a byte order mark',
    ({ text }) => `\ufeff${text}`,
  ),
  'utf-16': withBody(
    'the right JSON in UTF-16',
    ({ text }) => Buffer.from(`\ufeff${text}`, 'utf16le'),
    {
      'Content-Type': 'application/json; charset=utf-16le',
    },
  ),
  'broken-utf-8': withBody('texts that are no UTF-8', ({ text }) => {
    const parts = withMembers(text, '"note":"\u0001"').split('\u0001');
    const broken = Buffer.from([0xff, 0xc3, 0x28]);
    return Buffer.concat(
      parts.flatMap((part, index) =>
        index === 0 ? [Buffer.from(part)] : [broken, Buffer.from(part)],
      ),
    );
  }),
  'gzip-declared': withHeaders('plain JSON that is said to be gzip', () => ({
    'Content-Encoding': 'gzip',
  })),
  'gzip-cut': withBody(
    'the right answer in gzip, without its end',
    ({ text }) => gzipSync(text).subarray(0, -12),
    {
      'Content-Encoding': 'gzip',
    },
  ),
  'error-as-success': {
    what: '200 with a refusal as its body',
    when: 'received',
    run: async (wire) =>
      await wire.answer(200, '{"error":"internal_error","message":"The database is gone."}'),
  },
  'no-content-with-body': {
    what: '204 with a body',
    when: 'handled',
    run: async (wire, { text }) => await wire.answer(204, text),
  },
  'object-as-id': withBody('IDs that are objects', ({ text }) =>
    text.replaceAll(/"(id|jobId|media_id)":"[^"]*"/g, '"$1":{"toString":1}'),
  ),
  'poisoned-members': withBody('members called __proto__, constructor and toString', ({ text }) =>
    withMembers(
      text,
      '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1,"hasOwnProperty":1',
    ),
  ),
  'odd-texts': withBody('texts with NUL and with halves of characters', ({ text }) =>
    withMembers(text, '"note":"a\\u0000b\\ud800c\\udfffd\\u202e","no\\u0000te\\ud800":"\\u0000"'),
  ),
  'odd-numbers': withBody('numbers that JavaScript does not have', ({ text }) =>
    withMembers(text, '"count":1e999,"less":-1e999,"small":1e-999,"minus":-0'),
  ),
  'redirect-elsewhere': {
    what: 'a redirect to another host',
    when: 'received',
    run: async (wire, subject) => await wire.answer(307, '', { Location: elsewhere(subject) }),
  },
  'redirect-to-itself': {
    what: 'a redirect to the same address',
    when: 'received',
    run: async (wire, { request }) =>
      await wire.answer(307, '', { Location: `http://${request.headers.host}${request.url}` }),
  },
  'not-http': {
    what: 'the greeting of another protocol',
    when: 'handled',
    async run(wire) {
      await wire.send('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n');
    },
  },
  'unknown-status': {
    what: 'the right answer with the status 799',
    when: 'handled',
    run: async (wire, { text }) => await wire.answer(799, text),
  },
  'second-answer': {
    what: 'the right answer, and another one that nobody asked for',
    when: 'handled',
    async run(wire, { status, text }) {
      await wire.answer(status, text, { Connection: 'keep-alive' });
      await wire.answer(200, '{"id":"forged"}');
    },
  },
  'not-an-object': withBody('a text in place of an object', () => '"success"'),
  'nothing-in-it': withBody('an object in which nothing is', () => '{}'),
  'null-in-place': withBody('null in place of everything that the answer has', (subject) =>
    JSON.stringify(Object.fromEntries(Object.keys(objectOf(subject)).map((name) => [name, null]))),
  ),
} satisfies Behaviours;
