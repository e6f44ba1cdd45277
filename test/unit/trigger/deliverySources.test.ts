import { readDelivery } from '../../../nodes/ImagineAnything/trigger/events/readDelivery';

const HEADERS = { 'x-ia-event': 'follow', 'x-ia-delivery': 'd1' };

describe('The headers of a delivery', () => {
  test('name its one event', () => {
    const [{ event }] = readDelivery({ actor: { handle: 'bob' } }, HEADERS);
    expect(event).toMatchObject({ event: 'follow', id: 'd1' });
  });

  test('name no event of a batch, which may be anything', () => {
    const batch = [{ actor: { handle: 'bob' } }, { actor: { handle: 'eve' } }];
    const [one, other] = readDelivery(batch, HEADERS);
    const plain = readDelivery(batch);
    expect([one, other]).toEqual(plain);
    expect(one.event.event).not.toBe('follow');
    expect(one.event.id).not.toBe(other.event.id);
  });
});

test.each(['', ' ', null])('Different events are different, although their ID is %j', (id) => {
  const [at, later] = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'].map(
    (timestamp) => readDelivery({ id, event: 'follow', timestamp, actor: { handle: 'bob' } })[0],
  );
  expect(at.key).not.toBe(later.key);
  expect(at.event.id).not.toBe(later.event.id);
});
