/** Answers that never come to their end. */
import { gzipSync } from 'node:zlib';
import type { Behaviours } from './behaviour';
import { chunkOf } from './wire';

export const waiting = {
  'drip-body': {
    what: 'the right answer, one byte at a time',
    when: 'handled',
    async run(wire, { status, text }) {
      await wire.head(status, { 'Content-Length': String(Buffer.byteLength(text)) });
      await wire.drip(text);
    },
  },
  'drip-headers': {
    what: 'a header that is dripped and has no end',
    when: 'handled',
    async run(wire) {
      await wire.send('HTTP/1.1 200 OK\r\nX-Drip: ');
      for (;;) await wire.drip('a');
    },
  },
  'drip-header-lines': {
    what: 'one header after another, for ever',
    when: 'handled',
    async run(wire) {
      await wire.send('HTTP/1.1 200 OK\r\n');
      for (;;) {
        await wire.send('A: a\r\n');
        await wire.pause();
      }
    },
  },
  'drip-status-line': {
    what: 'a status line that is dripped and has no end',
    when: 'handled',
    async run(wire) {
      await wire.send('HTTP/1.1 200 ');
      for (;;) await wire.drip('a');
    },
  },
  'status-line-only': {
    what: 'the status line, and then nothing',
    when: 'handled',
    async run(wire) {
      await wire.send('HTTP/1.1 200 OK\r\n');
      await wire.hold();
    },
  },
  'early-hints-forever': {
    what: '103 Early Hints, again and again',
    when: 'handled',
    async run(wire) {
      for (;;) {
        await wire.send('HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n');
        await wire.pause();
      }
    },
  },
  'early-hints-flood': {
    what: '103 Early Hints, as fast as they are taken',
    when: 'handled',
    async run(wire) {
      await wire.flood('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100));
    },
  },
  'continue-forever': {
    what: '100 Continue, again and again',
    when: 'handled',
    async run(wire) {
      for (;;) {
        await wire.send('HTTP/1.1 100 Continue\r\n\r\n');
        await wire.pause();
      }
    },
  },
  'switching-protocols': {
    what: '101 Switching Protocols, and then silence',
    when: 'handled',
    async run(wire) {
      await wire.head(101, {
        'Content-Type': undefined,
        Upgrade: 'websocket',
        Connection: 'Upgrade',
      });
      await wire.hold();
    },
  },
  'switching-nothing': {
    what: '101 without a protocol, and then silence',
    when: 'handled',
    async run(wire) {
      await wire.send('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      await wire.hold();
    },
  },
  'never-answer': {
    what: 'the request is taken and never answered',
    when: 'received',
    async run(wire) {
      await wire.hold();
    },
  },
  'body-unread': {
    // Nothing is read, so nothing tells that the client is gone: only a bound or the sandbox ends it.
    what: 'the body of the request is never read',
    when: 'at once',
    async run(wire, { request }) {
      request.pause();
      await wire.hold();
    },
  },
  'body-sipped': {
    what: 'the body of the request is read one byte at a time',
    when: 'at once',
    async run(wire, { request }) {
      for (;;) {
        request.read(1);
        await wire.pause();
      }
    },
  },
  'one-byte-short': {
    what: 'the right answer without its last byte, on an open connection',
    when: 'handled',
    async run(wire, { status, text }) {
      const bytes = Buffer.from(text);
      await wire.head(status, { 'Content-Length': String(bytes.length) });
      await wire.send(bytes.subarray(0, -1));
      await wire.hold();
    },
  },
  'chunked-without-end': {
    what: 'the right answer in chunks, of which the last one never comes',
    when: 'handled',
    async run(wire, { status, text }) {
      await wire.chunkedHead(status);
      await wire.chunk(text);
      await wire.hold();
    },
  },
  'drip-chunk-extension': {
    what: 'a chunk whose extension is dripped and has no end',
    when: 'handled',
    async run(wire, { status, text }) {
      await wire.chunkedHead(status);
      await wire.chunk(text);
      await wire.send('5;');
      for (;;) await wire.drip('a');
    },
  },
  'drip-trailers': {
    what: 'the right answer, and a trailer that is dripped and has no end',
    when: 'handled',
    async run(wire, { status, text }) {
      await wire.chunkedHead(status, { Trailer: 'X-Drip' });
      await wire.chunk(text);
      await wire.send('0\r\nX-Drip: ');
      for (;;) await wire.drip('a');
    },
  },
  'drip-spaces': {
    what: 'spaces before the JSON, dripped for ever',
    when: 'handled',
    async run(wire, { status }) {
      await wire.chunkedHead(status);
      for (;;) {
        await wire.chunk(' ');
        await wire.pause();
      }
    },
  },
  'drip-gzip': {
    what: 'the right answer compressed, one byte at a time',
    when: 'handled',
    async run(wire, { status, text }) {
      await wire.chunkedHead(status, { 'Content-Encoding': 'gzip' });
      for (const byte of gzipSync(text)) {
        await wire.send(chunkOf(Uint8Array.of(byte)));
        await wire.pause();
      }
      await wire.hold();
    },
  },
  'event-stream': {
    what: 'a stream of events that holds nothing but comments',
    when: 'handled',
    async run(wire) {
      await wire.chunkedHead(200, { 'Content-Type': 'text/event-stream' });
      for (;;) {
        await wire.chunk(': keep-alive\n\n');
        await wire.pause();
      }
    },
  },
} satisfies Behaviours;
