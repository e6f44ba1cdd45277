import { resetProcess } from '../../../credentials/processMap';
import { MAX_EVENTS } from '../../../nodes/ImagineAnything/trigger/limits';
import {
  type DeliveryResponse,
  openSeen,
} from '../../../nodes/ImagineAnything/trigger/dedupeDeliveries';

const HOUR = 3_600_000;
/** On the clock of the process. */
const NOW = 5_000_000;
const open = (now = NOW, node = 'node') => openSeen(node, now, HOUR);
const unanswered = (): DeliveryResponse => ({ headersSent: false, statusCode: 200 });
const PATIENCE = 120_000;
const ok: DeliveryResponse = { headersSent: true, statusCode: 200 };

/** Remembers a delivery with one event of the same name. */
const add = (name: string, answer = ok, now = NOW, node = 'node') =>
  open(now, node).add(`delivery of ${name}`, [name], answer, PATIENCE);
const batch = (name: string, length = MAX_EVENTS) =>
  Array.from({ length }, (_, index) => `${name} ${index}`);

beforeEach(resetProcess);

test('what is being taken over is underway, and done when it was answered', () => {
  const answer = unanswered();
  add('a', answer);
  expect(open().stateOf('a')).toBe('underway');
  expect(open().knows('delivery of a')).toBe(false);
  answer.headersSent = true;
  expect(open().stateOf('a')).toBe('done');
  expect(open().knows('delivery of a')).toBe(true);
  expect(open().stateOf('b')).toBe('new');
  expect(open().knows('delivery of b')).toBe(false);
});

test('what n8n could not take over may come again', () => {
  const answer = unanswered();
  add('a', answer);
  Object.assign(answer, { headersSent: true, statusCode: 500 });
  expect(open().stateOf('a')).toBe('new');
  expect(open().knows('delivery of a')).toBe(false);
});

test('what is never answered is given up', () => {
  add('a', unanswered());
  expect(open(NOW + PATIENCE).stateOf('a')).toBe('underway');
  expect(open(NOW + PATIENCE + 1).stateOf('a')).toBe('new');
});

test('is forgotten after the window', () => {
  add('a');
  expect(open().stateOf('a')).toBe('done');
  expect(open(NOW + HOUR).stateOf('a')).toBe('done');
  expect(open(NOW + HOUR + 1).stateOf('a')).toBe('new');
  expect(open(NOW + HOUR + 1).knows('delivery of a')).toBe(false);
});

test('what was taken over again, after it was forgotten, is as new as the others', () => {
  const second = NOW + HOUR + 1;
  add('a');
  open();
  add('b', ok, second);
  add('a', ok, second);
  expect(open(second).stateOf('b')).toBe('done');
  expect(open(second + HOUR).stateOf('a')).toBe('done');
  expect(open(second + HOUR + 1).stateOf('a')).toBe('new');
  expect(open(second + HOUR + 1).stateOf('b')).toBe('new');
});

test('remembers five thousand, the newest', () => {
  for (let index = 0; index < 5100; index++) add(`key${index}`, ok, NOW + index);
  const seen = open(NOW + 5100);
  expect(seen.stateOf('key5099')).toBe('done');
  expect(seen.stateOf('key100')).toBe('done');
  expect(seen.stateOf('key99')).toBe('new');
  expect(seen.knows('delivery of key100')).toBe(true);
  expect(seen.knows('delivery of key99')).toBe(false);
});

test('remembers all of ten full deliveries, and longer that they came', () => {
  for (let index = 0; index < 20; index++) {
    open().add(`delivery ${index}`, batch(`delivery ${index}`), ok, PATIENCE);
  }
  const seen = open();
  expect(batch('delivery 19').map((key) => seen.stateOf(key))).not.toContain('new');
  expect(batch('delivery 10').map((key) => seen.stateOf(key))).not.toContain('new');
  expect(batch('delivery 9').map((key) => seen.stateOf(key))).not.toContain('done');
  expect(seen.knows('delivery 0')).toBe(true);
});

test('takes no more at once than it can remember, until something is answered', () => {
  const answers = Array.from({ length: 10 }, unanswered);
  answers.forEach((answer, index) => {
    expect(open().add(`${index}`, batch(`${index}`), answer, PATIENCE)).toBe(true);
  });
  expect(add('one more')).toBe(false);
  expect(open().stateOf('one more')).toBe('new');
  answers[0].headersSent = true;
  expect(add('one more')).toBe(true);
});

test('keeps nodes apart', () => {
  add('a', ok, NOW, 'one');
  expect(open(NOW, 'other').stateOf('a')).toBe('new');
});

test('remembers a hundred thousand keys for all nodes together, of those that took something last', () => {
  const fill = (node: string) => {
    for (let index = 0; index < 10; index++) {
      open(NOW, node).add(`${index}`, batch(`${index}`), ok, PATIENCE);
    }
    open(NOW, node);
  };
  const isKnown = (node: string) => open(NOW, node).knows('0');
  for (let index = 0; index < 19; index++) fill(`node ${index}`);
  expect(isKnown('node 0')).toBe(true);
  fill('node 19');
  fill('node 20');
  expect(isKnown('node 1')).toBe(false);
  expect(isKnown('node 0')).toBe(true);
  expect(isKnown('node 20')).toBe(true);
});

test('remembers a thousand nodes', () => {
  for (let index = 0; index < 1001; index++) add('a', ok, NOW, `node ${index}`);
  expect(open(NOW, 'node 1000').stateOf('a')).toBe('done');
  expect(open(NOW, 'node 0').stateOf('a')).toBe('new');
});
