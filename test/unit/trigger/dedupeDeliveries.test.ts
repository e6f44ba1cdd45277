import { resetProcess } from '../../../credentials/memory/processMap';
import { MAX_EVENTS } from '../../../nodes/ImagineAnything/trigger/deliveryLimits';
import {
  type DeliveryResponse,
  openDeliveryCache,
} from '../../../nodes/ImagineAnything/trigger/delivery/dedupeDeliveries';

const HOUR = 3_600_000;
/** On the clock of the process. */
const NOW = 5_000_000;
const open = (now = NOW, node = 'node') => openDeliveryCache(node, now, HOUR);
const noResponse = (): DeliveryResponse => ({ headersSent: false, statusCode: 200 });
const TIMEOUT_MS = 120_000;
const ok: DeliveryResponse = { headersSent: true, statusCode: 200 };

/** Adds a delivery with one event of the same name. */
const add = (name: string, response = ok, now = NOW, node = 'node') =>
  open(now, node).add(`delivery of ${name}`, [name], response, TIMEOUT_MS);
const batch = (name: string, length = MAX_EVENTS) =>
  Array.from({ length }, (_, index) => `${name} ${index}`);

beforeEach(resetProcess);

test('A delivery is pending until its response is sent, then processed', () => {
  const response = noResponse();
  add('a', response);
  expect(open().eventState('a')).toBe('pending');
  expect(open().hasDelivery('delivery of a')).toBe(false);
  response.headersSent = true;
  expect(open().eventState('a')).toBe('processed');
  expect(open().hasDelivery('delivery of a')).toBe(true);
  expect(open().eventState('b')).toBe('new');
  expect(open().hasDelivery('delivery of b')).toBe(false);
});

test('A delivery that n8n answered with an error may be repeated', () => {
  const response = noResponse();
  add('a', response);
  Object.assign(response, { headersSent: true, statusCode: 500 });
  expect(open().eventState('a')).toBe('new');
  expect(open().hasDelivery('delivery of a')).toBe(false);
});

test('A delivery without a response expires', () => {
  add('a', noResponse());
  expect(open(NOW + TIMEOUT_MS).eventState('a')).toBe('pending');
  expect(open(NOW + TIMEOUT_MS + 1).eventState('a')).toBe('new');
});

test('A delivery is forgotten after the window', () => {
  add('a');
  expect(open().eventState('a')).toBe('processed');
  expect(open(NOW + HOUR).eventState('a')).toBe('processed');
  expect(open(NOW + HOUR + 1).eventState('a')).toBe('new');
  expect(open(NOW + HOUR + 1).hasDelivery('delivery of a')).toBe(false);
});

test('A delivery that was forgotten and accepted again is remembered for a whole window', () => {
  const second = NOW + HOUR + 1;
  add('a');
  open();
  add('b', ok, second);
  add('a', ok, second);
  expect(open(second).eventState('b')).toBe('processed');
  expect(open(second + HOUR).eventState('a')).toBe('processed');
  expect(open(second + HOUR + 1).eventState('a')).toBe('new');
  expect(open(second + HOUR + 1).eventState('b')).toBe('new');
});

test('A node remembers its newest five thousand events', () => {
  for (let index = 0; index < 5100; index++) add(`key${index}`, ok, NOW + index);
  const cache = open(NOW + 5100);
  expect(cache.eventState('key5099')).toBe('processed');
  expect(cache.eventState('key100')).toBe('processed');
  expect(cache.eventState('key99')).toBe('new');
  expect(cache.hasDelivery('delivery of key100')).toBe(true);
  expect(cache.hasDelivery('delivery of key99')).toBe(false);
});

test('A node remembers the events of ten full deliveries, and for longer the deliveries themselves', () => {
  for (let index = 0; index < 20; index++) {
    open().add(`delivery ${index}`, batch(`delivery ${index}`), ok, TIMEOUT_MS);
  }
  const cache = open();
  expect(batch('delivery 19').map((key) => cache.eventState(key))).not.toContain('new');
  expect(batch('delivery 10').map((key) => cache.eventState(key))).not.toContain('new');
  expect(batch('delivery 9').map((key) => cache.eventState(key))).not.toContain('processed');
  expect(cache.hasDelivery('delivery 0')).toBe(true);
});

test('A node accepts no more pending events than it can remember', () => {
  const responses = Array.from({ length: 10 }, noResponse);
  responses.forEach((response, index) => {
    expect(open().add(`${index}`, batch(`${index}`), response, TIMEOUT_MS)).toBe(true);
  });
  expect(add('one more')).toBe(false);
  expect(open().eventState('one more')).toBe('new');
  responses[0].headersSent = true;
  expect(add('one more')).toBe(true);
});

test('The caches of nodes are separate', () => {
  add('a', ok, NOW, 'one');
  expect(open(NOW, 'other').eventState('a')).toBe('new');
});

test('All nodes together remember a hundred thousand events, those of the latest active nodes', () => {
  const fill = (node: string) => {
    for (let index = 0; index < 10; index++) {
      open(NOW, node).add(`${index}`, batch(`${index}`), ok, TIMEOUT_MS);
    }
    open(NOW, node);
  };
  const isKnown = (node: string) => open(NOW, node).hasDelivery('0');
  for (let index = 0; index < 19; index++) fill(`node ${index}`);
  expect(isKnown('node 0')).toBe(true);
  fill('node 19');
  fill('node 20');
  expect(isKnown('node 1')).toBe(false);
  expect(isKnown('node 0')).toBe(true);
  expect(isKnown('node 20')).toBe(true);
});

test('The cache holds a thousand nodes', () => {
  for (let index = 0; index < 1001; index++) add('a', ok, NOW, `node ${index}`);
  expect(open(NOW, 'node 1000').eventState('a')).toBe('processed');
  expect(open(NOW, 'node 0').eventState('a')).toBe('new');
});
