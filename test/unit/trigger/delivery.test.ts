import fc from 'fast-check';
import {
  ACTOR_KEYS,
  BATCH_KEYS,
  EVENT_NAME_KEYS,
  PAYLOAD_KEYS,
} from '../../../nodes/ImagineAnything/trigger/assumptions';
import { readDelivery } from '../../../nodes/ImagineAnything/trigger/delivery';
import { MAX_EVENTS } from '../../../nodes/ImagineAnything/trigger/deliveryLimits';
import { sampleDelivery, sampleOf } from '../../../nodes/ImagineAnything/trigger/samples';
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

describe('the identity', () => {
  const key = (body: unknown, headers = {}) =>
    readDelivery(body, { headers, isSigned: true })[0].key;
  const follow = sampleDelivery('follow');

  test('is that of the event, whatever the headers are', () => {
    expect(key(follow, { 'x-a-delivery': 'd1' })).toBe(key(follow, { 'x-a-delivery': 'd2' }));
    expect(key(follow)).toBe(key({ ...follow, attempt: 2 }));
    expect(key(follow)).not.toBe(key({ ...follow, id: 'evt_2' }));
  });

  test('is that of the content when there is no ID', () => {
    const anonymous = { ...follow, id: undefined };
    expect(key(anonymous)).toBe(key({ ...anonymous }));
    expect(key(anonymous)).not.toBe(key({ ...anonymous, createdAt: '2026-01-03T00:00:00Z' }));
  });

  test('tells apart what shares an ID but is of another kind or agent', () => {
    const base = { id: 'post_1', event: 'like', createdAt, actor };
    const keys = [base, { ...base, event: 'repost' }, { ...base, actor: { id: 'agent_3' } }].map(
      (body) => key(body),
    );
    expect(new Set(keys).size).toBe(3);
    expect(key({ ...base, createdAt: '2026-01-03T00:00:00Z' })).toBe(key(base));
  });

  test('tells apart what the same agent wrote about a thing whose ID comes as that of the event', () => {
    const base = { id: 'post_1', event: 'comment', actor };
    const keys = ['c1', 'c2'].map((id) => key({ ...base, comment: { id, content: 'Hi' } }));
    expect(keys[0]).not.toBe(keys[1]);
  });

  test('is that of the content when the ID is a number that has lost its last digits', () => {
    const [one, other] = ['8', '9'].map((digit): unknown =>
      JSON.parse(`{"id":1234567890123456789${digit},"event":"comment","text":"${digit}"}`),
    );
    expect(key(one)).not.toBe(key(other));
  });

  test('is never missing in the item', () => {
    const id = (isSigned: boolean) =>
      readDelivery({ event: 'follow' }, { headers: { 'x-delivery-id': 'd1' }, isSigned })[0].event
        .id;
    // Only what is signed names a signed event.
    expect(id(true)).toMatch(/^[\w-]{20}$/);
    expect(id(false)).toBe('d1');
  });

  test('does not come from a text that is too long', () => {
    const long = 'x'.repeat(201);
    expect(readDelivery({ ...follow, id: long })[0].event.id).toMatch(/^[\w-]{20}$/);
    expect(key({ ...follow, id: long, n: 1 })).not.toBe(key({ ...follow, id: long, n: 2 }));
  });
});

describe('a batch', () => {
  const like = sampleDelivery('like');
  const follow = sampleDelivery('follow');

  test.each([
    [[like, follow]],
    [{ events: [like, follow] }],
    [{ notifications: [like, follow], id: 'batch_1' }],
  ])('becomes one event each, in order: %#', (body) => {
    const events = readDelivery(body, {
      headers: { 'x-a-event': 'comment' },
      isSigned: false,
    });
    expect(events.map(({ event }) => event)).toEqual([sampleOf('like'), sampleOf('follow')]);
  });

  test('keeps what stands in it twice, and gives it an identity of its own', () => {
    const anonymous = { event: 'follow', actor };
    const first = readDelivery([anonymous, anonymous]);
    expect(new Set(first.map(({ key }) => key)).size).toBe(2);
    expect(readDelivery([anonymous, anonymous])).toEqual(first);
  });

  test('leaves out what is no object', () => {
    expect(readDelivery([1, null, 'x', like, [like]])).toHaveLength(1);
    expect(readDelivery([])).toEqual([]);
    expect(readDelivery('x')).toEqual([]);
  });

  test('of as many events as one may hold is read, and of one more is refused', () => {
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

test('any JSON is read without an error, and nothing of it is lost', () => {
  fc.assert(
    fc.property(anyBody, anyHeaders, fc.boolean(), (body, headers, isSigned) => {
      for (const { event, key } of readDelivery(body, { headers, isSigned })) {
        expect(key).toMatch(/^[\w-]{20}$/);
        expect(JSON.stringify(body)).toContain(JSON.stringify(event.raw));
      }
    }),
    RUNS,
  );
});

test('no header changes what is read from a signed delivery, nor what makes it the same', () => {
  fc.assert(
    fc.property(anyBody, anyHeaders, (body, headers) => {
      const bare = readDelivery(body);
      const read = readDelivery(body, { headers, isSigned: true });
      for (const { event } of read) delete event.claimedEvent;
      expect(read).toEqual(bare);
      const unsigned = readDelivery(body, { headers, isSigned: false });
      expect(unsigned.map(({ key }) => key)).toEqual(bare.map(({ key }) => key));
    }),
    RUNS,
  );
});
