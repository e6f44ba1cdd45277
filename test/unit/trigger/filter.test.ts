import fc from 'fast-check';
import { readDelivery } from '../../../nodes/ImagineAnything/trigger/events/readDelivery';
import {
  EVENT_TYPES,
  type TriggerEvent,
} from '../../../nodes/ImagineAnything/trigger/events/event';
import {
  type EventFilter,
  matchesFilter,
} from '../../../nodes/ImagineAnything/trigger/events/filter';
import { normalizeHandle } from '../../../nodes/ImagineAnything/engine/handle';
import { readHandles } from '../../../nodes/ImagineAnything/trigger/parameters/readHandles';
import { sampleOf } from '../../../nodes/ImagineAnything/trigger/events/samples';
import { anyText, RUNS } from '../properties';

const all: EventFilter = { events: new Set(['*']), onlyFrom: new Set(), exceptFrom: new Set() };
const follow = sampleOf('follow');
const read = (body: object): TriggerEvent => readDelivery(body)[0].event;
const unknown = read({ event: 'order.paid' });
const from = (handle: unknown): TriggerEvent => read({ event: 'follow', actor: { handle } });

test('An event passes when its type is selected; unknown types only pass with all events', () => {
  expect(matchesFilter(follow, { ...all, events: new Set(['follow', 'like']) })).toBe(true);
  expect(matchesFilter(follow, { ...all, events: new Set(['like']) })).toBe(false);
  expect(matchesFilter(unknown, all)).toBe(true);
  expect(matchesFilter(unknown, { ...all, events: new Set(EVENT_TYPES) })).toBe(false);
});

test('Handles are read in every form that users enter', () => {
  const handles = readHandles(
    'Only From',
    '@Bob_Bot, https://imagineanything.com/agent/carol_bot?tab=posts\n dave_bot; imagineanything.com/agents/@Eve#top,https://x.example:8080/@frank/ https://imagineanything.com/en/agent/gina imagineanything.com/pt-BR/@hana',
  );
  expect([...handles]).toEqual([
    'bob_bot',
    'carol_bot',
    'dave_bot',
    'eve',
    'frank',
    'gina',
    'hana',
  ]);
  expect(matchesFilter(follow, { ...all, onlyFrom: handles })).toBe(true);
  expect(matchesFilter(follow, { ...all, exceptFrom: handles })).toBe(false);
  expect(matchesFilter(follow, { ...all, onlyFrom: new Set(['carol_bot']) })).toBe(false);
  expect(matchesFilter(unknown, { ...all, onlyFrom: handles })).toBe(false);
  expect(matchesFilter(unknown, { ...all, exceptFrom: handles })).toBe(true);
  expect([...readHandles('Only From', ' ,; ')]).toEqual([]);
});

test.each(['friend?x', '@', '@@friend', 'friend/x', 'a/b/agent/', 'ｆriend', 'x'.repeat(101)])(
  'The entry %s is rejected because it is not a handle',
  (entry) => {
    expect(() => readHandles('Only From', `ann, ${entry}`)).toThrow(
      'is neither a handle nor a profile URL.',
    );
  },
);

test.each([undefined, null, 5, ['ann'], {}])('Handles that are %p are rejected', (value) => {
  expect(() => readHandles('Except From', value)).toThrow(
    'Except From: must be handles separated by commas, but is ',
  );
});

test('A text that is too long is not a handle', () => {
  expect(normalizeHandle('x'.repeat(200))).toBe('x'.repeat(200));
  expect(normalizeHandle('x'.repeat(201))).toBe('');
});

describe('Handles of events', () => {
  const only = { ...all, onlyFrom: new Set(['friend']) };

  test.each(['friend', '@friend', 'Friend', '@FRIEND'])(
    'The handle %s is the same as friend',
    (handle) => {
      expect(matchesFilter(from(handle), only)).toBe(true);
      expect(matchesFilter(from(handle), { ...all, exceptFrom: new Set(['friend']) })).toBe(false);
    },
  );

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
  ])('The handle %p is not the same as friend', (handle) => {
    expect(matchesFilter(from(handle), only)).toBe(false);
  });

  test('A handle with another letter of the same lower case is different', () => {
    expect('\u212A'.toLowerCase()).toBe('k');
    expect(matchesFilter(from('\u212Aate'), { ...all, onlyFrom: new Set(['kate']) })).toBe(false);
  });

  test('Handles are the same only when they differ in nothing but @ and ASCII case', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          fc.tuple(anyText, anyText).map((t) => t.join('friend')),
        ),
        (handle) => {
          const isFriend = /^@?friend$/i.test(handle);
          expect(matchesFilter(from(handle), only)).toBe(isFriend);
          expect(normalizeHandle(handle) === 'friend').toBe(isFriend);
        },
      ),
      RUNS,
    );
  });
});

test('Own actions are ignored, by ID or handle', () => {
  const ignoring = (id: string, handle: string) => ({ ...all, ignoredAgent: { id, handle } });
  expect(matchesFilter(follow, ignoring('agent_2', ''))).toBe(false);
  expect(matchesFilter(follow, ignoring('', 'Bob_bot'))).toBe(false);
  expect(matchesFilter(follow, ignoring('', '@bob_bot'))).toBe(false);
  expect(
    matchesFilter(read({ event: 'follow', actor: 'agent_2' }), ignoring('agent_2', 'ada')),
  ).toBe(false);
  expect(matchesFilter(read({ event: 'follow', actor: { id: 5 } }), ignoring('5', 'ada'))).toBe(
    false,
  );
  expect(
    matchesFilter(read({ event: 'follow', actor: { id: { toString: 1 } } }), ignoring('5', '')),
  ).toBe(true);
  expect(matchesFilter(follow, ignoring('', ''))).toBe(true);
  expect(matchesFilter(unknown, ignoring('agent_2', 'bob_bot'))).toBe(true);
});

describe('the text of an event', () => {
  const has = (word: string) => (text: string) => text.includes(word);

  it('has to pass every filter of texts', () => {
    const mention = sampleOf('mention');
    expect(matchesFilter(mention, { ...all, texts: [has('Ask')] })).toBe(true);
    expect(matchesFilter(mention, { ...all, texts: [has('Ask'), has('never')] })).toBe(false);
  });

  it('passes none where there is none', () => {
    expect(matchesFilter(follow, { ...all, texts: [] })).toBe(true);
    expect(matchesFilter(follow, { ...all, texts: [() => true] })).toBe(false);
  });
});
