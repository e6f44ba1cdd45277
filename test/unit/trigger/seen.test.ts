import { type Answer, forgetSeen, openSeen } from '../../../nodes/ImagineAnything/trigger/seen';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-01-02T08:00:00Z');
const open = (now = NOW, node = 'node') => openSeen(node, now, HOUR);
const unanswered = (): Answer => ({ headersSent: false, statusCode: 200 });
const PATIENCE = 120_000;
const ok: Answer = { headersSent: true, statusCode: 200 };

beforeEach(forgetSeen);

test('what is being taken over is underway, and done when it was answered', () => {
  const answer = unanswered();
  open().add(['a'], answer, PATIENCE);
  expect(open().stateOf('a')).toBe('underway');
  answer.headersSent = true;
  expect(open().stateOf('a')).toBe('done');
  expect(open().stateOf('b')).toBe('new');
});

test('what n8n could not take over may come again', () => {
  const answer = unanswered();
  open().add(['a'], answer, PATIENCE);
  Object.assign(answer, { headersSent: true, statusCode: 500 });
  expect(open().stateOf('a')).toBe('new');
});

test('what is never answered is given up', () => {
  open().add(['a'], unanswered(), PATIENCE);
  expect(open(NOW + PATIENCE).stateOf('a')).toBe('underway');
  expect(open(NOW + PATIENCE + 1).stateOf('a')).toBe('new');
});

test('is forgotten after the window', () => {
  open().add(['a'], ok, PATIENCE);
  expect(open().stateOf('a')).toBe('done');
  expect(open(NOW + HOUR).stateOf('a')).toBe('done');
  expect(open(NOW + HOUR + 1).stateOf('a')).toBe('new');
});

test('remembers five thousand, the newest', () => {
  for (let index = 0; index < 5100; index++) open(NOW + index).add([`key${index}`], ok, PATIENCE);
  const seen = open(NOW + 5100);
  expect(seen.stateOf('key5099')).toBe('done');
  expect(seen.stateOf('key100')).toBe('done');
  expect(seen.stateOf('key99')).toBe('new');
});

test('keeps nodes apart', () => {
  open(NOW, 'one').add(['a'], ok, PATIENCE);
  expect(open(NOW, 'other').stateOf('a')).toBe('new');
});
