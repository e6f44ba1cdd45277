/**
 * Whatever stands in a delivery or an answer, reading it takes a time in proportion to its length. Code that takes
 * the square of it needs minutes for the longest texts here; what is right needs some milliseconds.
 */
import crypto from 'crypto';
import fc from 'fast-check';
import type { Client } from '../../../nodes/ImagineAnything/transport/client';
import { unreachableReason } from '../../../nodes/ImagineAnything/trigger/registration/reachability';
import {
  ACTOR_HANDLE_KEYS,
  ACTOR_KEYS,
  BATCH_KEYS,
  EVENT_ID_KEYS,
  EVENT_NAME_KEYS,
  PAYLOAD_KEYS,
  TIME_KEYS,
} from '../../../nodes/ImagineAnything/trigger/assumptions';
import { parseBody } from '../../../nodes/ImagineAnything/trigger/delivery/deliveryBody';
import { readDelivery } from '../../../nodes/ImagineAnything/trigger/events/readDelivery';
import { eventKey, readHeaderFields } from '../../../nodes/ImagineAnything/trigger/events/event';
import { matchesFilter } from '../../../nodes/ImagineAnything/trigger/events/filter';
import { normalizeHandle } from '../../../nodes/ImagineAnything/engine/handle';
import { readHandles } from '../../../nodes/ImagineAnything/trigger/parameters/readHandles';
import {
  isSpecific,
  pickName,
  toEventType,
} from '../../../nodes/ImagineAnything/trigger/events/eventType';
import {
  emptyWebhookState,
  readWebhookState,
} from '../../../nodes/ImagineAnything/trigger/webhook/webhookState';
import { readEventTypes } from '../../../nodes/ImagineAnything/trigger/parameters/options';
import { isSame, isSameNode } from '../../../nodes/ImagineAnything/trigger/webhook/sameUrl';
import { verifySignature } from '../../../nodes/ImagineAnything/trigger/verification/signature';
import {
  hash,
  isSecret,
  isHttpUrl,
  messageOf,
  toPrintableText,
  toText,
  toTime,
} from '../../../nodes/ImagineAnything/trigger/text';
import {
  readWebhookUrl,
  readAgent,
} from '../../../nodes/ImagineAnything/trigger/webhook/webhookApi';

const MIB = 1024 * 1024;
/** The square shows at the shorter ones already, before it takes minutes. */
const LENGTHS = [MIB / 64, MIB / 16, MIB / 4, MIB];
/** For what hangs: what is right takes some milliseconds, the square of the longest length a quarter of an hour. */
const BOUND_MS = 15_000;
const runs = (numRuns: number) => ({ numRuns, endOnFailure: true });

/** Texts of any length that are hard on patterns: a beginning, one part again and again, an end. */
const hardText = fc
  .tuple(
    fc.constantFrom(
      '',
      '@',
      'https://',
      'https://x/agent/',
      'application/',
      'v1=',
      't=1,',
      '2026-',
      '\uFEFF',
    ),
    fc.oneof(
      fc.constantFrom(
        '/',
        '?',
        '#',
        ' ',
        '\t',
        '\n',
        '\0',
        'a',
        'A',
        'aA',
        '0',
        '.',
        '@',
        '-',
        '-event',
        '=',
        ',',
        ', ',
      ),
      fc.constantFrom(
        '"',
        '\\',
        '[',
        '{',
        '[]',
        '{},',
        'signature',
        'localhost.',
        '(',
        '2026',
        'GMT',
        'ü',
        '\ud800',
        '😀',
      ),
      fc.string({ minLength: 1, maxLength: 8 }),
    ),
    fc.constantFrom('', '/', '\n', '!', '@', 'Z', '\ud800'),
  )

  .map(([start, part, end]) => ({
    long: (length: number) => start + part.repeat(Math.ceil(length / part.length)) + end,
    toString: () => JSON.stringify({ start, part, end }),
  }));

type HardText = { long: (length: number) => string };

/** Reads what is made of texts of growing length, and looks how long it takes. */
function timed<Made>(text: HardText, make: (text: string) => Made, work: (made: Made) => unknown) {
  for (const length of LENGTHS) {
    const made = make(text.long(length));
    expectSoon(() => work(made));
  }
}

function expectSoon(work: () => unknown): void {
  const start = performance.now();
  try {
    work();
  } catch {
    // A refusal is as good as a result.
  }
  expect(performance.now() - start).toBeLessThan(BOUND_MS);
}

const answering = (body: unknown): Client => ({
  send: async () => ({ status: 200, body }),
  detached: () => answering(body),
});
const credentials = { baseUrl: 'https://imagineanything.com', clientId: 'c1' };
const everything = {
  events: new Set(['*']),
  onlyFrom: new Set(['friend']),
  exceptFrom: new Set(['foe']),
};

const PARSERS: ReadonlyArray<[name: string, parse: (text: string) => unknown]> = [
  ['toText', toText],
  ['toPlainText', toPrintableText],
  ['toTime', toTime],
  ['isSecret', isSecret],
  ['isWebAddress', isHttpUrl],
  ['messageOf', (text) => messageOf({ message: text })],
  ['hash', hash],
  ['toHandle', normalizeHandle],
  ['readHandles', (text) => readHandles('Only From', text)],
  ['readKinds', readEventTypes],
  ['toKind', toEventType],
  ['pickName', (text) => pickName([text, text])],
  ['isTelling', isSpecific],
  ['readClaims', (text) => readHeaderFields({ 'x-event': text, [text]: text })],
  ['unreachableReason', (text) => unreachableReason(`https://${text}`)],
  ['isSame', (text) => isSame(text, `https://${text}`)],
  ['isSameNode', (text) => isSameNode(`https://x/${text}`, `https://x/${text}`, text)],
  ['readWebhookState', (text) => readWebhookState({ ...credentials, webhook: text })],
  [
    'readWebhookState of JSON',
    (text) =>
      readWebhookState({
        ...credentials,
        webhook: JSON.stringify({ ...emptyWebhookState(credentials), handle: text }),
      }),
  ],
  ['parseBody', (text) => parseBody(Buffer.from(text))],
  ['parseBody of JSON', (text) => parseBody(Buffer.from(JSON.stringify([text])))],
  ['verifySignature by header', (text) => verify({ 'x-signature': text })],
  ['verifySignature by name', (text) => verify({ [text]: 'x' })],
];

function verify(headers: Record<string, string | string[]>, body = Buffer.alloc(10)) {
  return verifySignature({ headers, body, secret: 's', maximumAge: 300, now: 0 }).status;
}

test.each(PARSERS)('%s reads any 1 MiB in linear time', (_, parse) => {
  fc.assert(
    fc.property(hardText, (text) => timed(text, String, parse)),
    runs(30),
  );
});

const KEYS = [
  ...EVENT_NAME_KEYS,
  ...EVENT_ID_KEYS,
  ...TIME_KEYS,
  ...PAYLOAD_KEYS,
  ...ACTOR_KEYS,
  ...ACTOR_HANDLE_KEYS,
  ...BATCH_KEYS,
  'agent',
  'handle',
  'post',
  'comment',
  'message',
  'content',
];

/** What a delivery may be made of, of a text. */
const hardBody: fc.Arbitrary<(text: string) => unknown> = fc.oneof(
  // One member of the length of all.
  fc.constantFrom(...KEYS).map((key) => (text: string) => ({ [key]: text })),
  fc
    .tuple(fc.constantFrom(...KEYS), fc.constantFrom(...KEYS))
    .map(([outer, key]) => (text: string) => ({ [outer]: { [key]: text } })),
  // Every member that is looked at.
  fc.constant((text: string) =>
    Object.fromEntries(KEYS.map((key) => [key, text.slice(0, text.length / KEYS.length)])),
  ),
  // As many events and values as there may be.
  fc
    .constantFrom(...KEYS)
    .map(
      (key) => (text: string) =>
        Array.from({ length: 500 }, () => ({ [key]: text.slice(0, 2000) })),
    ),
  fc.constantFrom(...KEYS).map((key) => (text: string) => ({
    [key]: Array.from({ length: Math.min(text.length, 24_000) }, () => ({})),
  })),
  fc.constantFrom(...KEYS).map((key) => (text: string) => ({
    [key]: Object.fromEntries(
      Array.from({ length: Math.min(text.length, 24_000) }, (_each, index) => [index, { id: 1 }]),
    ),
  })),
);

function readAll(bytes: Buffer): void {
  const headers = { 'x-event': 'like' };
  for (const { event } of readDelivery(parseBody(bytes), headers)) {
    eventKey(event);
    matchesFilter(event, everything);
  }
}

test('Any delivery of 1 MiB is read in linear time', () => {
  fc.assert(
    fc.property(hardText, hardBody, (text, make) =>
      timed(text, (long) => Buffer.from(JSON.stringify(make(long))), readAll),
    ),
    runs(40),
  );
});

test.each<[string, string]>([
  ['349,000 empty events', `[${'{},'.repeat(324_000)}{}]`],
  ['349,000 empty events of a batch', `{"events":[${'{},'.repeat(324_000)}{}]}`],
  ['500,000 numbers', `[${'1,'.repeat(500_000)}1]`],
  ['500,000 levels', '['.repeat(500_000) + ']'.repeat(500_000)],
  ['80,000 slashes for a handle', JSON.stringify({ actor: { handle: '/'.repeat(80_000) } })],
])('%s are rejected or read in linear time', (_, text) => {
  expectSoon(() => readAll(Buffer.from(text)));
});

test('A body of 1 MiB is hashed at most twelve times, whatever signatures and timestamps its headers have', () => {
  const digest = 'a'.repeat(64);
  const body = Buffer.alloc(MIB);
  const headers = {
    'x-signature': Array.from({ length: 500 }, (_each, index) => `t=${index},v1=${digest}`),
  };
  const hmac = jest.spyOn(crypto, 'createHmac');
  expect(verify(headers, body)).toBe('invalid');
  expect(hmac.mock.calls.length).toBeLessThanOrEqual(12);
  hmac.mockRestore();
});

test('Any response about the webhook is read in linear time', async () => {
  const bodies = (text: string, count: number): unknown[] => [
    { webhookUrl: text },
    { list: Array.from({ length: count }, () => `https://${text.slice(0, 200)}`) },
    { list: Array.from({ length: count }, () => text) },
    { webhook: text, data: { url: text } },
  ];
  await fc.assert(
    fc.asyncProperty(hardText, fc.integer({ min: 1, max: 9000 }), async (text, count) => {
      for (const length of LENGTHS) {
        const long = text.long(length);
        for (const body of bodies(long, count)) {
          const start = performance.now();
          await readWebhookUrl(answering(body), ['https://n8n.example/a', long]).catch(
            () => undefined,
          );
          await readAgent(answering({ data: body, id: long, handle: long }));
          expect(performance.now() - start).toBeLessThan(BOUND_MS);
        }
      }
    }),
    runs(30),
  );
});
