import fc from 'fast-check';
import {
  ACTOR_KEYS,
  BATCH_KEYS,
  EVENT_NAME_KEYS,
  PAYLOAD_KEYS,
} from '../../../nodes/ImagineAnything/trigger/assumptions';
import { readDelivery } from '../../../nodes/ImagineAnything/trigger/events/readDelivery';
import { MAX_EVENTS } from '../../../nodes/ImagineAnything/trigger/deliveryLimits';
import { sampleDelivery, sampleOf } from '../../../nodes/ImagineAnything/trigger/events/samples';
import { RUNS } from '../properties';

const actor = { id: 'agent_2', handle: 'bob_bot', name: 'Bob' };
const createdAt = '2026-01-02T08:05:00.000Z';

const anyHeaders = fc.dictionary(
  fc.oneof(
    fc.string(),
    fc.constantFrom('x-a-event', 'x-event-type', 'x-delivery', 'x-delivery-id'),
  ),
  fc.oneof(fc.string(), fc.constantFrom('follow', 'like', 'reply')),
);

describe('Deduplication keys', () => {
  const key = (body: unknown, headers = {}) => readDelivery(body, headers)[0].key;
  const follow = sampleDelivery('follow');

  test('The key of an event does not depend on headers', () => {
    expect(key(follow, { 'x-a-delivery': 'd1' })).toBe(key(follow, { 'x-a-delivery': 'd2' }));
    expect(key(follow)).toBe(key({ ...follow, attempt: 2 }));
    expect(key(follow)).not.toBe(key({ ...follow, id: 'evt_2' }));
  });

  test('The key of an event without an ID depends on all of its content', () => {
    const anonymous = { ...follow, id: undefined };
    expect(key(anonymous)).toBe(key({ ...anonymous }));
    expect(key(anonymous)).not.toBe(key({ ...anonymous, createdAt: '2026-01-03T00:00:00Z' }));
  });

  test('Events with the same ID but different types or agents have different keys', () => {
    const base = { id: 'post_1', event: 'like', createdAt, actor };
    const keys = [base, { ...base, event: 'repost' }, { ...base, actor: { id: 'agent_3' } }].map(
      (body) => key(body),
    );
    expect(new Set(keys).size).toBe(3);
    expect(key({ ...base, createdAt: '2026-01-03T00:00:00Z' })).toBe(key(base));
  });

  test('Comments of an agent on the post whose ID is the event ID have different keys', () => {
    const base = { id: 'post_1', event: 'comment', actor };
    const keys = ['c1', 'c2'].map((id) => key({ ...base, comment: { id, content: 'Hi' } }));
    expect(keys[0]).not.toBe(keys[1]);
  });

  test('The key does not depend on an ID that has lost its last digits', () => {
    const [one, other] = ['8', '9'].map((digit): unknown =>
      JSON.parse(`{"id":1234567890123456789${digit},"event":"comment","text":"${digit}"}`),
    );
    expect(key(one)).not.toBe(key(other));
  });

  test('Every item has an ID', () => {
    const id = (headers = {}) => readDelivery({ event: 'follow' }, headers)[0].event.id;
    expect(id()).toMatch(/^[\w-]{20}$/);
    expect(id({ 'x-delivery-id': 'd1' })).toBe('d1');
  });

  test('A text that is too long is not an ID', () => {
    const long = 'x'.repeat(201);
    expect(readDelivery({ ...follow, id: long })[0].event.id).toMatch(/^[\w-]{20}$/);
    expect(key({ ...follow, id: long, n: 1 })).not.toBe(key({ ...follow, id: long, n: 2 }));
  });
});

describe('Batches', () => {
  const like = sampleDelivery('like');
  const follow = sampleDelivery('follow');

  test.each([
    [[like, follow]],
    [{ events: [like, follow] }],
    [{ notifications: [like, follow], id: 'batch_1' }],
  ])('A batch yields its events in order: form %#', (body) => {
    const events = readDelivery(body, { 'x-a-event': 'comment' });
    expect(events.map(({ event }) => event)).toEqual([sampleOf('like'), sampleOf('follow')]);
  });

  test('Equal events of a batch have different keys', () => {
    const anonymous = { event: 'follow', actor };
    const first = readDelivery([anonymous, anonymous]);
    expect(new Set(first.map(({ key }) => key)).size).toBe(2);
    expect(readDelivery([anonymous, anonymous])).toEqual(first);
  });

  test('Values of a batch that are not objects are ignored', () => {
    expect(readDelivery([1, null, 'x', like, [like]])).toHaveLength(1);
    expect(readDelivery([])).toEqual([]);
    expect(readDelivery('x')).toEqual([]);
  });

  test('A batch of the maximum size is read, and a larger one is rejected', () => {
    const batch = (length: number) => Array.from({ length }, (_, id) => ({ ...like, id }));
    expect(readDelivery(batch(MAX_EVENTS))).toHaveLength(MAX_EVENTS);
    for (const body of [batch(MAX_EVENTS + 1), { events: batch(MAX_EVENTS + 1) }]) {
      expect(() => readDelivery(body)).toThrow(
        expect.objectContaining({
          status: 413,
          code: 'too_many_values',
          message: 'A delivery must not contain more than 500 events or 50000 values',
        }) as Error,
      );
    }
  });
});

/** JSON with the names that mean something, and anything else. */
const { anyBody } = fc.letrec<{ anyBody: unknown }>((tie) => {
  const names = ['id', 'post', 'comment', 'message', 'content', 'handle', 'agent', 'postId'];
  const key = fc.constantFrom(
    ...EVENT_NAME_KEYS,
    ...ACTOR_KEYS,
    ...BATCH_KEYS,
    ...PAYLOAD_KEYS,
    ...names,
  );
  return {
    anyBody: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('notification.created', 'like', 'reply', 'bob_bot', 1, null),
      fc.jsonValue(),
      fc.array(tie('anyBody'), { maxLength: 3 }),
      fc.array(fc.tuple(key, tie('anyBody')), { maxLength: 6 }).map(Object.fromEntries),
    ),
  };
});

test('Any JSON is read without an error, and raw has all of it', () => {
  fc.assert(
    fc.property(anyBody, anyHeaders, (body, headers) => {
      for (const { event, key } of readDelivery(body, headers)) {
        expect(key).toMatch(/^[\w-]{20}$/);
        expect(JSON.stringify(body)).toContain(JSON.stringify(event.raw));
      }
    }),
    RUNS,
  );
});

test('Headers do not change the keys of events', () => {
  fc.assert(
    fc.property(anyBody, anyHeaders, (body, headers) => {
      const keys = readDelivery(body).map(({ key }) => key);
      expect(readDelivery(body, headers).map(({ key }) => key)).toEqual(keys);
    }),
    RUNS,
  );
});
