import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBrotliDecompress, createGunzip, createInflate, gunzipSync } from 'node:zlib';
import { hostileGroups, hostileNames, type HostileBehaviour, type HostileFault } from './hostile';
import { startSandbox, type RegisteredAgent, type Sandbox } from './server';
import { publish } from './testing';

const MIB = 1024 * 1024;

const names = <Group extends object>(group: Group) => Object.keys(group) as HostileBehaviour[];

let sandbox: Sandbox;
let ada: RegisteredAgent;
let token: string;

beforeAll(async () => {
  sandbox = await startSandbox({
    limits: { reads: Infinity, writes: Infinity, auths: Infinity },
  });
  ada = sandbox.registerAgent({ handle: 'ada_bot', name: 'Ada' });
  token = sandbox.issueToken('ada_bot').accessToken;
  for (const text of ['One', 'Two', 'Three']) await publish(sandbox, 'ada_bot', text);
});

afterAll(async () => {
  expect(sandbox.internalErrors).toEqual([]);
  await sandbox.close();
});

/** A request as bytes. */
interface Sent {
  method?: string;
  path?: string;
  body?: string | Buffer;
}

const READ: Sent = {};
const SIGN_IN = (): Sent => ({
  method: 'POST',
  path: '/api/auth/token',
  body: JSON.stringify({
    grant_type: 'client_credentials',
    client_id: ada.clientId,
    client_secret: ada.clientSecret,
  }),
});
const LARGE_WRITE: Sent = { method: 'POST', path: '/api/posts', body: Buffer.alloc(32 * MIB) };

/** What a bare client sees of one answer. */
class Connection {
  readonly #parts: Buffer[] = [];
  size = 0;
  closed = false;

  constructor(readonly socket: Socket) {
    socket.on('data', (part) => {
      this.#parts.push(part);
      this.size += part.length;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (this.closed = true));
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  /** A character for each byte. */
  get text(): string {
    return this.bytes.toString('latin1');
  }

  get head(): string {
    return this.text.split('\r\n\r\n', 1)[0];
  }

  get body(): Buffer {
    return this.bytes.subarray(this.head.length + 4);
  }

  async untilClosed(): Promise<this> {
    await until(() => this.closed);
    return this;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(2);
}

function open(
  { method = 'GET', path = '/api/posts', body = '' }: Sent,
  { url }: Pick<Sandbox, 'url'> = sandbox,
): Connection {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  const bytes = Buffer.from(body);
  const authorization = path.startsWith('/api/auth/') ? '' : `Authorization: Bearer ${token}\r\n`;
  socket.write(
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n` +
      `${authorization}Content-Length: ${bytes.length}\r\n\r\n`,
  );
  socket.write(bytes);
  return new Connection(socket);
}

function order(
  behaviour: HostileBehaviour,
  bounds: Partial<HostileFault> = {},
  where: Sandbox = sandbox,
) {
  return where.faults.add({ fault: { kind: 'hostile', behaviour, everyMs: 5, ...bounds } });
}

/** Sends a request that the behaviour answers. */
function meet(behaviour: HostileBehaviour, sent: Sent = READ, bounds?: Partial<HostileFault>) {
  order(behaviour, bounds);
  return open(sent);
}

/** What a client has seen of each answer that waits for ever. */
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

describe('answers that never come to their end', () => {
  it.each(Object.entries(waiting) as Array<[HostileBehaviour, RegExp]>)(
    '%s: shows itself, stays open, and ends when the client is gone',
    async (behaviour, shown) => {
      const rule = order(behaviour);
      const connection = open(READ);
      await until(() => rule.hits === 1 && shown.test(connection.text));
      await sleep(20);
      expect(connection.closed).toBe(false);
      expect(sandbox.hostileAnswers).toBe(1);
      connection.socket.destroy();
      await until(() => sandbox.hostileAnswers === 0);
    },
  );

  it('takes the whole request before it is silent', async () => {
    const { socket } = meet('never-answer', LARGE_WRITE);
    await until(() => socket.writableLength === 0);
    expect(sandbox.hostileAnswers).toBe(1);
    socket.destroy();
  });

  it.each(['body-unread', 'body-sipped'] as const)(
    '%s: leaves a large request in the hands of the client',
    async (behaviour) => {
      const connection = meet(behaviour, LARGE_WRITE, { maxMs: 1500 });
      let left = Infinity;
      await until(() => {
        if (!connection.closed) left = connection.socket.writableLength;
        return connection.closed || left === 0;
      });
      expect(left).toBeGreaterThan(0);
      // Nothing tells the server that the client of an unread request is gone.
      await until(() => sandbox.hostileAnswers === 0);
    },
  );
});

describe('every behaviour', () => {
  it('ends when the sandbox closes', async () => {
    const own = await startSandbox();
    const connections = hostileNames.map((behaviour) => {
      order(behaviour, { maxBytes: 4 * MIB }, own);
      return open(READ, own);
    });
    await until(() => own.requests.length === hostileNames.length);
    await own.close();
    await Promise.all(connections.map(async (connection) => await connection.untilClosed()));
    await until(() => own.hostileAnswers === 0);
    expect(own.internalErrors).toEqual([]);
  });

  it('ends within its time and its size', async () => {
    const connections = hostileNames.map((behaviour) =>
      meet(behaviour, READ, { maxMs: 300, maxBytes: MIB }),
    );
    for (const connection of connections) {
      const { size } = await connection.untilClosed();
      expect(size).toBeLessThanOrEqual(MIB);
    }
    await until(() => sandbox.hostileAnswers === 0);
  });
});

/** How many bytes an answer becomes, which is never in memory as a whole. */
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
  return async ({ head, body }: Connection) => {
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*Content-Encoding: ${format}`));
    expect(body.length).toBeLessThan(2 * MIB);
    expect(await decompressed(format, body)).toBeGreaterThan(190 * MIB);
  };
}

const expectEndless = (pattern: RegExp) => (connection: Connection) => {
  expect(connection.size).toBeGreaterThan(7 * MIB);
  expect(connection.text.slice(0, 10_000)).toMatch(pattern);
};

const expectLong = (status: number, from: string) => (connection: Connection) => {
  expect(connection.head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(connection.body.subarray(0, 60).toString()).toContain(from);
  expect(connection.body.length).toBeGreaterThanOrEqual(20 * MIB);
};

const parsed = ({ body }: Connection) => JSON.parse(body.toString()) as Record<string, unknown>;

type Check = (connection: Connection) => void | Promise<void>;

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
    '%s',
    async (behaviour, check) => {
      const endless = behaviour.startsWith('endless-') ? { maxBytes: 8 * MIB } : {};
      await check(await meet(behaviour, READ, endless).untilClosed());
    },
  );
});

interface ListPage {
  posts: unknown;
  nextCursor?: unknown;
  hasMore?: unknown;
  pagination?: { hasMore: boolean; nextCursor?: unknown };
}

/** What four pages of a list say, as they came and parsed. */
async function pages(behaviour: HostileBehaviour): Promise<Array<ListPage & { text: string }>> {
  const seen: Array<ListPage & { text: string }> = [];
  let cursor: unknown;
  while (seen.length < 4) {
    const query = typeof cursor === 'string' ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const { body } = await meet(behaviour, { path: `/api/posts?limit=5${query}` }).untilClosed();
    const page = JSON.parse(body.toString()) as ListPage;
    seen.push({ ...page, text: body.toString() });
    cursor = page.nextCursor;
    if (typeof cursor !== 'string') break;
  }
  return seen;
}

const idsOf = (page: ListPage) => (page.posts as Array<{ id: unknown }>).map(({ id }) => id);

type Pages = Awaited<ReturnType<typeof pages>>;

const cursorsOf = (seen: Pages) => seen.map(({ nextCursor }) => nextCursor);
const differ = (values: unknown[]) => expect(new Set(values).size).toBe(values.length);

const lists: Record<keyof typeof hostileGroups.lists, (seen: Pages) => void> = {
  'repeated-cursor': (seen) => {
    expect(new Set(cursorsOf(seen)).size).toBe(1);
    expect(seen).toHaveLength(4);
  },
  'cursors-in-a-circle': (seen) =>
    expect(cursorsOf(seen)).toEqual(['page-1', 'page-2', 'page-3', 'page-1']),
  'empty-pages': (seen) => {
    differ(cursorsOf(seen));
    expect(seen.map(({ posts }) => posts)).toEqual([[], [], [], []]);
  },
  'same-entries': (seen) => {
    differ(cursorsOf(seen));
    expect(new Set(seen.flatMap(idsOf)).size).toBe(3);
  },
  'same-entries-without-ids': (seen) => {
    differ(cursorsOf(seen));
    expect(new Set(seen.map(({ posts }) => JSON.stringify(posts)))).toEqual(
      new Set(['[{"content":"Hello"}]']),
    );
  },
  'entries-without-ids': (seen) => {
    differ(cursorsOf(seen));
    differ(seen.map(({ posts }) => JSON.stringify(posts)));
    expect(seen.map((page) => idsOf(page).length)).toEqual([5000, 5000, 5000, 5000]);
    expect(new Set(seen.flatMap(idsOf))).toEqual(new Set([undefined]));
  },
  'endless-entries': (seen) => {
    differ(cursorsOf(seen));
    differ(seen.flatMap(idsOf));
    expect(seen.flatMap(idsOf)).toHaveLength(20);
  },
  'endless-large-pages': (seen) => {
    differ(cursorsOf(seen));
    differ(seen.flatMap(idsOf));
    expect(seen.flatMap(idsOf)).toHaveLength(20_000);
  },
  'null-ids': (seen) => {
    expect(seen.map(idsOf)).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
    differ(seen.map(({ posts }) => JSON.stringify(posts)));
  },
  'big-ids': (seen) => {
    differ(seen.map(({ text }) => /"id":(\d{19})/.exec(text)?.[1]));
    expect(new Set(seen.flatMap(idsOf)).size).toBe(1);
    expect(seen).toHaveLength(3);
  },
  'has-more-is-false': ([page]) =>
    expect(page).toMatchObject({ hasMore: false, nextCursor: 'page-1' }),
  'pagination-says-no-more': ([page]) => {
    const pagination = { hasMore: false, nextCursor: 'page-1' };
    expect(page).toEqual({ posts: page.posts, pagination, text: page.text });
    expect(page.posts).toHaveLength(3);
  },
  'pagination-beside-a-cursor': ([page]) => {
    expect(page).toMatchObject({ pagination: { hasMore: false }, nextCursor: 'page-1' });
    expect(page).not.toHaveProperty('hasMore');
  },
  'too-many-entries': (seen) =>
    expect(seen.map((page) => idsOf(page).length)).toEqual([50, 50, 50, 50]),
  'odd-cursor': ([page]) => expect(page.nextCursor).toEqual({ toString: 1 }),
  'cursor-with-a-path': (seen) => {
    expect(cursorsOf(seen)).toEqual(['../../agents/me?cursor=page-2&limit=0#', null]);
  },
  'odd-entries': ([page]) => expect(page.posts).toHaveLength(10 + 1),
  'list-is-an-object': ([page]) => expect(page.posts).toHaveProperty('length', 1e9),
  'poisoned-entries': ([page]) => expect(idsOf(page)[0]).toEqual({ toString: 1, valueOf: 1 }),
};

describe('lists', () => {
  it.each(Object.entries(lists) as Array<[HostileBehaviour, (seen: Pages) => void]>)(
    '%s',
    async (behaviour, check) => check(await pages(behaviour)),
  );

  it.each(names(hostileGroups.lists))(
    '%s: gives the right answer where there is no list',
    async (behaviour) => {
      const { body } = await meet(behaviour, { path: '/api/agents/me' }).untilClosed();
      expect(JSON.parse(body.toString())).toEqual(
        await sandbox.as('ada_bot').get('/api/agents/me'),
      );
    },
  );
});

/** What the raw answer looks like. */
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
    '%s',
    async (behaviour, shown) => {
      const { text } = await meet(behaviour).untilClosed();
      expect(text).toMatch(shown);
    },
  );

  it.each([
    ['clock-a-day-ahead', DAY_MS],
    ['clock-a-day-behind', -DAY_MS],
  ] as const)('%s: is off by a day, and its reset is not', async (behaviour, off) => {
    const { head } = await meet(behaviour).untilClosed();
    const date = Date.parse(/^Date: (.*)$/m.exec(head)?.[1] ?? '');
    const reset = Number(/^X-RateLimit-Reset: (.*)$/m.exec(head)?.[1]) * 1000;
    expect(Math.abs(date - off - Date.now())).toBeLessThan(20_000);
    expect(Math.abs(reset - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    ['length-too-large', 100],
    ['length-too-small', -5],
  ] as const)('%s: announces %d bytes more than it sends', async (behaviour, more) => {
    const { head, body } = await meet(behaviour).untilClosed();
    expect(Number(/Content-Length: (\d+)/.exec(head)?.[1])).toBe(body.length + more);
  });

  it('cuts the gzip answer so that it cannot be decompressed', async () => {
    const { body } = await meet('gzip-cut').untilClosed();
    expect(() => gunzipSync(body)).toThrow('unexpected end of file');
  });
});

/** What the answer to a sign-in repeats, or gives for a token. */
const secrets: Record<keyof typeof hostileGroups.secrets, RegExp> = {
  'error-repeats-secrets': /^HTTP\/1\.1 400 [^]*"message":"Not good: SECRET"/,
  'server-error-repeats-secrets': /^HTTP\/1\.1 500 [^]*"message":"Not good: SECRET"/,
  'error-is-a-secret': /^HTTP\/1\.1 400 [^]*"error":"SECRET"/,
  'error-repeats-secrets-at-length': /^HTTP\/1\.1 400 [^]*"message":"(SECRET){2000}"/,
  'error-repeats-request': /^HTTP\/1\.1 400 [^]*"secrets":\{[^}]*"SECRET"/,
  'error-text-repeats-secrets': /text\/plain[^]*\r\n\r\nNot good: SECRET$/,
  'error-headers-repeat-secrets':
    /^HTTP\/1\.1 400 [^]*X-Debug: SECRET\r\nSet-Cookie: session=SECRET\r\nWWW-Authenticate: Bearer error="SECRET"/,
  'server-error-headers-repeat-secrets': /^HTTP\/1\.1 503 [^]*X-Debug: SECRET\r\n/,
  'reason-repeats-secrets': /^HTTP\/1\.1 400 SECRET\r\n/,
  'redirect-repeats-secrets': /^HTTP\/1\.1 302 [^]*Location: http:\/\/localhost:9\/\?SECRET\r\n/,
  'unauthorized-repeats-secrets': /^HTTP\/1\.1 401 [^]*"message":"Not good: SECRET"/,
  'answer-repeats-secrets':
    /^HTTP\/1\.1 200 [^]*"debug":\{"headers":\{"authorization":\["Bearer SECRET"/,
  'answer-is-named-by-secrets':
    /^HTTP\/1\.1 200 [^]*"debug":\{"SECRET":1,"deep":\[\{"SECRET":"xSECRET"/,
  'answer-joins-secrets': /^HTTP\/1\.1 200 [^]*"debug":\{"xSECRETx":"xSECRETxxSECRETx"/,
  'token-is-an-expression': /"access_token":"=\{\{JSON\.stringify\(\$input\.all\(\)\)\}\}"/,
  'refresh-token-is-an-expression':
    /"access_token":"iat_\w+"[^]*"refresh_token":"=\{\{\$json\.password\}\}"/,
  'token-breaks-the-header': /"access_token":"iat_1\\r\\nX-Forged: 1"/,
  'token-is-an-object': /"access_token":\{"toString":1\}/,
  'token-is-unknown': /"access_token":"iat_unknown"/,
  'token-lives-for-ever': /"expires_in":1e\+300/,
  'token-is-over': /"expires_in":-5/,
  'token-lives-oddly': /"expires_in":"soon"/,
};

const repeating = names(hostileGroups.secrets).filter((name) => !name.includes('token-'));

describe('secrets', () => {
  it.each(Object.entries(secrets) as Array<[HostileBehaviour, RegExp]>)(
    '%s: answers a sign-in',
    async (behaviour, shown) => {
      const { text } = await meet(behaviour, SIGN_IN()).untilClosed();
      expect(text.replaceAll(ada.clientSecret, 'SECRET')).toMatch(shown);
    },
  );

  it.each(repeating)(
    '%s: repeats the token of a call, and the secret of its agent',
    async (behaviour) => {
      const { text } = await meet(behaviour).untilClosed();
      expect(text).toContain(token);
      if (behaviour !== 'error-is-a-secret') expect(text).toContain(ada.clientSecret);
    },
  );

  it('repeats them within the objects of an answer', async () => {
    const { body } = await meet('answer-repeats-secrets').untilClosed();
    const { posts } = JSON.parse(body.toString()) as { posts: unknown[] };
    for (const post of posts) expect(JSON.stringify(post)).toContain(token);
  });

  it('repeats a refresh token', async () => {
    const { refreshToken } = sandbox.issueToken('ada_bot');
    const body = JSON.stringify({ grant_type: 'refresh_token', refresh_token: refreshToken });
    const { text } = await meet('error-repeats-secrets', { ...SIGN_IN(), body }).untilClosed();
    expect(text).toContain(refreshToken);
  });
});

describe('the request', () => {
  const create = (): Sent => ({ method: 'POST', body: JSON.stringify({ content: 'Four' }) });

  it.each([
    ['drip-body', 1],
    ['html-with-json', 1],
    ['never-answer', 0],
    ['error-as-success', 0],
  ] as const)('%s: a write takes effect %d times', async (behaviour, effects) => {
    const before = sandbox.state.posts.size;
    const rule = order(behaviour);
    const { socket } = open(create());
    await until(() => rule.hits === 1 && sandbox.hostileAnswers + Number(socket.destroyed) > 0);
    expect(sandbox.state.posts.size - before).toBe(effects);
    expect(sandbox.requests.at(-1)).toMatchObject({ fault: 'hostile', applied: effects === 1 });
    socket.destroy();
    await until(() => sandbox.hostileAnswers === 0);
  });

  it('is taken down with the status that was sent', async () => {
    await meet('unknown-status').untilClosed();
    expect(sandbox.requests.at(-1)).toMatchObject({ status: 799, fault: 'hostile' });
  });
});
