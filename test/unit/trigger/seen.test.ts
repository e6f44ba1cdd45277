import { type Answer, forgetSeen, openSeen } from '../../../nodes/ImagineAnything/trigger/seen';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-01-02T08:00:00Z');
const open = (stored?: unknown, now = NOW, node = 'node') => openSeen(node, stored, now, HOUR);
const unanswered = (): Answer => ({ headersSent: false, statusCode: 200 });
const ok: Answer = { headersSent: true, statusCode: 200 };

beforeEach(forgetSeen);

test('what is being taken over is underway, and done when it was answered', () => {
  const answer = unanswered();
  open().add(['a'], answer);
  expect(open().stateOf('a')).toBe('underway');
  answer.headersSent = true;
  expect(open().stateOf('a')).toBe('done');
  expect(open().stateOf('b')).toBe('new');
});

test('what n8n could not take over may come again', () => {
  const answer = unanswered();
  open().add(['a'], answer);
  Object.assign(answer, { headersSent: true, statusCode: 500 });
  expect(open().stateOf('a')).toBe('new');
});

test('what is never answered is given up', () => {
  open().add(['a'], unanswered());
  expect(open(undefined, NOW + 121_000).stateOf('a')).toBe('new');
});

test('another process knows what was stored', () => {
  const stored = open().add(['a', 'b'], ok);
  forgetSeen();
  expect(['a', 'b', 'c'].map((key) => open(stored).stateOf(key))).toEqual(['done', 'done', 'new']);
});

test('what is stored has what other processes know, but nothing that is still underway', () => {
  const theirs = open().add(['theirs'], ok);
  forgetSeen();
  open().add(['mine'], ok);
  open().add(['underway'], unanswered());
  const stored = open(theirs).add(['now'], unanswered());
  expect(stored.split(',').map((entry) => entry.split('.')[0])).toEqual(['mine', 'theirs', 'now']);
});

test('is forgotten after the window', () => {
  const stored = open().add(['a'], ok);
  expect(open(stored, NOW + HOUR - 1000).stateOf('a')).toBe('done');
  expect(open(stored, NOW + HOUR + 1000).stateOf('a')).toBe('new');
});

test('remembers a thousand, the newest', () => {
  let stored = '';
  for (let index = 0; index < 1100; index++) {
    stored = open(stored, NOW + index * 1000).add([`key${index}`], { ...ok });
  }
  expect(stored.length).toBeLessThan(30_000);
  forgetSeen();
  const seen = open(stored, NOW + 1_100_000);
  expect(seen.stateOf('key1099')).toBe('done');
  expect(seen.stateOf('key0')).toBe('new');
});

test('keeps nodes apart', () => {
  open(undefined, NOW, 'one').add(['a'], ok);
  expect(open(undefined, NOW, 'other').stateOf('a')).toBe('new');
});

test.each([undefined, '', 'rubbish', 'a.,.b,,', 5, {}])('reads %p without an error', (stored) => {
  expect(open(stored).stateOf('a')).toBe('new');
});
