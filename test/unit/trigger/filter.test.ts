import fc from 'fast-check';
import { readDelivery } from '../../../nodes/ImagineAnything/trigger/delivery';
import { EVENT_KINDS, type TriggerEvent } from '../../../nodes/ImagineAnything/trigger/event';
import { type EventFilter, passes } from '../../../nodes/ImagineAnything/trigger/filter';
import { readHandles, toHandle } from '../../../nodes/ImagineAnything/trigger/handle';
import { sampleOf } from '../../../scripts/eventSamples';
import { anyText, RUNS } from '../properties';

const all: EventFilter = { events: new Set(['*']), only: new Set(), except: new Set() };
const follow = sampleOf('follow');
const read = (body: object): TriggerEvent => readDelivery(body)[0].event;
const unknown = read({ event: 'order.paid' });
const from = (handle: unknown): TriggerEvent => read({ event: 'follow', actor: { handle } });

test('a kind passes that was chosen; unknown kinds come with all only', () => {
  expect(passes(follow, { ...all, events: new Set(['follow', 'like']) })).toBe(true);
  expect(passes(follow, { ...all, events: new Set(['like']) })).toBe(false);
  expect(passes(unknown, all)).toBe(true);
  expect(passes(unknown, { ...all, events: new Set(EVENT_KINDS) })).toBe(false);
});

test('what a header claims passes no filter', () => {
  const [{ event }] = readDelivery(
    { id: 'e1' },
    { headers: { 'x-event': 'like' }, isSigned: true },
  );
  expect(event.claimedEvent).toBe('like');
  expect(passes(event, { ...all, events: new Set(EVENT_KINDS) })).toBe(false);
});

test('handles are those of users in any form', () => {
  const handles = readHandles(
    'Only From',
    '@Bob_Bot, https://imagineanything.com/agent/carol_bot?tab=posts\n dave_bot; imagineanything.com/agents/@Eve#top,https://x.example:8080/@frank/',
  );
  expect([...handles]).toEqual(['bob_bot', 'carol_bot', 'dave_bot', 'eve', 'frank']);
  expect(passes(follow, { ...all, only: handles })).toBe(true);
  expect(passes(follow, { ...all, except: handles })).toBe(false);
  expect(passes(follow, { ...all, only: new Set(['carol_bot']) })).toBe(false);
  expect(passes(unknown, { ...all, only: handles })).toBe(false);
  expect(passes(unknown, { ...all, except: handles })).toBe(true);
  expect([...readHandles('Only From', ' ,; ')]).toEqual([]);
});

test.each(['friend?x', '@', '@@friend', 'friend/x', 'a/b/agent/', 'ｆriend', 'x'.repeat(101)])(
  'what a user enters is refused where it is no handle: %s',
  (entry) => {
    expect(() => readHandles('Only From', `ann, ${entry}`)).toThrow(
      `"Only From" holds "${entry}", which is neither a handle nor the address of a profile`,
    );
  },
);

test.each([undefined, null, 5, ['ann'], {}])('handles are text, and not %p', (value) => {
  expect(() => readHandles('Except From', value)).toThrow(
    '"Except From" must be a text of handles, separated by commas',
  );
});

test('a handle without end is none', () => {
  expect(toHandle('x'.repeat(200))).toBe('x'.repeat(200));
  expect(toHandle('x'.repeat(201))).toBe('');
});

describe('the handle of an event', () => {
  const only = { ...all, only: new Set(['friend']) };

  test.each(['friend', '@friend', 'Friend', '@FRIEND'])('%s is that of friend', (handle) => {
    expect(passes(from(handle), only)).toBe(true);
    expect(passes(from(handle), { ...all, except: new Set(['friend']) })).toBe(false);
  });

  test.each([
    'friend?x',
    'friend/x',
    'friend#x',
    'https://imagineanything.com/agent/friend',
    '@@friend',
    '@ friend',
    ' friend',
    'friend ',
    'friend\n',
    'friend\0',
    'f\u0280iend',
    // The Kelvin sign, whose small form is k.
    ['friend'],
    { toString: 'friend' },
    undefined,
  ])('%p is not', (handle) => {
    expect(passes(from(handle), only)).toBe(false);
  });

  test('is not another one that has the same small letters', () => {
    expect('\u212A'.toLowerCase()).toBe('k');
    expect(passes(from('\u212Aate'), { ...all, only: new Set(['kate']) })).toBe(false);
  });

  test('is taken for a wanted one only when it is the same but for the sign and capital letters', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          fc.tuple(anyText, anyText).map((t) => t.join('friend')),
        ),
        (handle) => {
          const isFriend = /^@?friend$/i.test(handle);
          expect(passes(from(handle), only)).toBe(isFriend);
          expect(toHandle(handle) === 'friend').toBe(isFriend);
        },
      ),
      RUNS,
    );
  });
});

test('own actions are left out, by ID or handle', () => {
  const ignoring = (id: string, handle: string) => ({ ...all, ignore: { id, handle } });
  expect(passes(follow, ignoring('agent_2', ''))).toBe(false);
  expect(passes(follow, ignoring('', 'Bob_bot'))).toBe(false);
  expect(passes(follow, ignoring('', '@bob_bot'))).toBe(false);
  expect(passes(read({ event: 'follow', actor: 'agent_2' }), ignoring('agent_2', 'ada'))).toBe(
    false,
  );
  expect(passes(read({ event: 'follow', actor: { id: 5 } }), ignoring('5', 'ada'))).toBe(false);
  expect(passes(read({ event: 'follow', actor: { id: { toString: 1 } } }), ignoring('5', ''))).toBe(
    true,
  );
  expect(passes(follow, ignoring('', ''))).toBe(true);
  expect(passes(unknown, ignoring('agent_2', 'bob_bot'))).toBe(true);
});
