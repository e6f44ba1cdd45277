/** Answers that are too large, or larger than they look. Nothing of them is kept: pieces are sent again and again. */
import { Readable } from 'node:stream';
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import type { Behaviours } from './behaviour';
import { chunkOf, type Wire } from './wire';

const MIB = 1024 * 1024;

/** What a bomb becomes when it is decompressed. */
const BOMB_MIB = 190;

/** The length of a message that is too long for any log. */
const LONG_MIB = 20;

const DEPTH = 100_000;

const letters = Buffer.alloc(MIB, 'a');

function* bomb(): Generator<Buffer> {
  yield Buffer.from('{"content":"');
  for (let mib = 0; mib < BOMB_MIB; mib++) yield letters;
  yield Buffer.from('"}');
}

const formats = {
  gzip: () => createGzip({ level: constants.Z_BEST_SPEED }),
  deflate: () => createDeflate({ level: constants.Z_BEST_SPEED }),
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};

/** Bombs that were made; each is small as long as it stays compressed. */
const bombs = new Map<string, Promise<Buffer>>();

async function makeBomb(format: keyof typeof formats): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of Readable.from(bomb()).pipe(formats[format]())) {
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

async function bombOf(format: keyof typeof formats): Promise<Buffer> {
  const made = bombs.get(format) ?? makeBomb(format);
  bombs.set(format, made);
  return await made;
}

async function sendBomb(wire: Wire, status: number, format: keyof typeof formats): Promise<void> {
  await wire.answer(status, await bombOf(format), { 'Content-Encoding': format });
}

/** A body that is one text between two others. */
async function longText(
  wire: Wire,
  status: number,
  [before, after]: [string, string],
  headers: Record<string, string> = {},
): Promise<void> {
  const length = before.length + LONG_MIB * MIB + after.length;
  await wire.head(status, { 'Content-Length': String(length), ...headers });
  await wire.send(before);
  for (let mib = 0; mib < LONG_MIB; mib++) await wire.send(letters);
  await wire.send(after);
}

/** A member that comes again and again in an answer without end. */
async function endless(wire: Wire, before: string, piece: string): Promise<void> {
  await wire.chunkedHead(200);
  await wire.chunk(before);
  await wire.flood(chunkOf(piece));
}

const message = (text: string) => JSON.stringify({ error: 'bad_request', message: text });

export const sizes = {
  'endless-json': {
    what: 'a list in one answer that has no end',
    when: 'handled',
    async run(wire) {
      await endless(wire, '{"posts":[', '{"id":"p1","content":"Hello"},'.repeat(1000));
    },
  },
  'endless-text': {
    what: 'a text in one answer that has no end',
    when: 'handled',
    async run(wire) {
      await endless(wire, '{"content":"', 'a'.repeat(65_536));
    },
  },
  'endless-spaces': {
    what: 'spaces before the JSON, as fast as they are taken',
    when: 'handled',
    async run(wire) {
      await endless(wire, ' ', ' '.repeat(65_536));
    },
  },
  'gzip-bomb': {
    what: 'a small gzip answer that becomes 190 MiB',
    when: 'handled',
    run: async (wire) => await sendBomb(wire, 200, 'gzip'),
  },
  'brotli-bomb': {
    what: 'a small Brotli answer that becomes 190 MiB',
    when: 'handled',
    run: async (wire) => await sendBomb(wire, 200, 'br'),
  },
  'deflate-bomb': {
    what: 'a small deflate answer that becomes 190 MiB',
    when: 'handled',
    run: async (wire) => await sendBomb(wire, 200, 'deflate'),
  },
  'bomb-as-error': {
    what: 'a refusal in gzip that becomes 190 MiB',
    when: 'received',
    run: async (wire) => await sendBomb(wire, 400, 'gzip'),
  },
  'long-error': {
    what: 'a refusal with a message of 20 MiB',
    when: 'received',
    run: async (wire) => await longText(wire, 400, ['{"error":"bad_request","message":"', '"}']),
  },
  'long-error-text': {
    what: 'a refusal in plain text of 20 MiB',
    when: 'received',
    run: async (wire) => await longText(wire, 400, ['', ''], { 'Content-Type': 'text/plain' }),
  },
  'long-server-error': {
    what: 'a server error with a message of 20 MiB',
    when: 'received',
    run: async (wire) => await longText(wire, 500, ['{"error":"internal","message":"', '"}']),
  },
  'long-message': {
    what: 'a refusal with a message of 100,000 characters',
    when: 'received',
    run: async (wire) => await wire.answer(400, message('Too long. '.repeat(10_000))),
  },
  'nested-arrays': {
    what: 'arrays in arrays, 100,000 deep',
    when: 'handled',
    run: async (wire) =>
      await wire.answer(200, `{"post":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}`),
  },
  'nested-objects': {
    what: 'objects in objects, 100,000 deep',
    when: 'handled',
    run: async (wire) => await wire.answer(200, `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`),
  },
  'nested-error': {
    what: 'a refusal whose error is nested 100,000 deep',
    when: 'received',
    run: async (wire) =>
      await wire.answer(400, `{"error":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}`),
  },
  'many-entries': {
    what: 'a list of 150,000 entries in one answer',
    when: 'handled',
    async run(wire) {
      const entries = Array.from({ length: 150_000 }, (_, index) => `{"id":"p${index}"}`);
      await wire.answer(200, `{"posts":[${entries.join(',')}],"nextCursor":null,"hasMore":false}`);
    },
  },
  'many-members': {
    what: 'an object with 1,000,000 members',
    when: 'handled',
    async run(wire) {
      await wire.chunkedHead(200);
      await wire.chunk('{"id":"p1"');
      for (let from = 0; from < 1_000_000; from += 10_000) {
        const members = Array.from({ length: 10_000 }, (_, index) => `,"k${from + index}":0`);
        await wire.chunk(members.join(''));
      }
      await wire.chunk('}');
      await wire.send('0\r\n\r\n');
    },
  },
  'long-number': {
    what: 'a number with 1,000,000 digits',
    when: 'handled',
    run: async (wire) => await wire.answer(200, `{"id":${'9'.repeat(1_000_000)}}`),
  },
  'long-token': {
    what: 'an access token of 1 MiB',
    when: 'handled',
    async run(wire, { text }) {
      const body = { ...(JSON.parse(text) as object), access_token: `iat_${'a'.repeat(MIB)}` };
      await wire.answer(200, JSON.stringify(body));
    },
  },
  'long-cursor': {
    what: 'a cursor of 1 MiB',
    when: 'handled',
    async run(wire, { text }) {
      const body = { ...(JSON.parse(text) as object), hasMore: true, nextCursor: 'c'.repeat(MIB) };
      await wire.answer(200, JSON.stringify(body));
    },
  },
  'long-header': {
    what: 'a header of 12,000 characters, next to the right answer',
    when: 'handled',
    run: async (wire, { status, text }) =>
      await wire.answer(status, text, { 'X-Long': 'a'.repeat(12_000) }),
  },
  'too-long-header': {
    what: 'headers longer than Node.js takes',
    when: 'handled',
    run: async (wire, { status, text }) =>
      await wire.answer(status, text, { 'X-Long': 'a'.repeat(200_000) }),
  },
  'many-headers': {
    what: '2,500 headers, next to the right answer',
    when: 'handled',
    run: async (wire, { status, text }) =>
      await wire.answer(status, text, { A: Array.from({ length: 2500 }, () => '') }),
  },
} satisfies Behaviours;
