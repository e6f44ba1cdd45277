import fc from 'fast-check';
import {
  readDeliveryOptions,
  readEventTypes,
  readExecutionOptions,
  readRegistrationOptions,
  readSampleEvent,
} from '../../../nodes/ImagineAnything/trigger/parameters/options';
import { OPTIONS } from '../../../nodes/ImagineAnything/trigger/parameters/optionParameters';
import { RUNS } from '../properties';

const chosen = {
  downloadMedia: true,
  maximumMediaSize: 5,
  verification: 'address',
  maximumAge: 0,
  onlyFrom: '@ann',
  exceptFrom: 'ben',
  contains: 'n8n',
  matchesPattern: 'n8n',
  enrich: true,
  includeRaw: true,
  ignoreOwnActions: false,
  deduplicationWindow: 0.5,
  replaceExistingWebhook: true,
  requestTestDelivery: true,
  responseMode: 'lastNode',
  rotateSecret: true,
  sampleEvent: 'like',
};

test('Every option has a test value here', () => {
  expect(OPTIONS.map(({ name }) => name).sort()).toEqual(Object.keys(chosen).sort());
});

test('Options that were not added have their defaults', () => {
  expect(readDeliveryOptions({})).toEqual({
    verification: 'automatic',
    maximumAge: 300,
    onlyFrom: new Set(),
    exceptFrom: new Set(),
    texts: [],
    ignoreOwnActions: true,
    deduplicationWindowMs: 3_600_000,
    responseMode: 'onReceived',
  });
  expect(readExecutionOptions({})).toEqual({
    fetchDetails: false,
    includeRaw: false,
    downloadMedia: false,
    maximumMediaSize: 50,
    deduplicationWindowMs: 3_600_000,
    responseMode: 'onReceived',
  });
  expect(readRegistrationOptions({})).toEqual({
    verification: 'automatic',
    ignoreOwnActions: true,
    replaceExistingWebhook: false,
    requestTestDelivery: false,
    rotateSecret: false,
  });
});

test('Options that were added have the values of the user', () => {
  expect(readDeliveryOptions(chosen)).toEqual({
    verification: 'address',
    maximumAge: 0,
    onlyFrom: new Set(['ann']),
    exceptFrom: new Set(['ben']),
    texts: [expect.any(Function), expect.any(Function)],
    ignoreOwnActions: false,
    deduplicationWindowMs: 30_000,
    responseMode: 'lastNode',
  });
  expect(readExecutionOptions(chosen)).toEqual({
    fetchDetails: true,
    includeRaw: true,
    downloadMedia: true,
    maximumMediaSize: 5,
    deduplicationWindowMs: 30_000,
    responseMode: 'lastNode',
  });
  expect(readRegistrationOptions(chosen)).toEqual({
    verification: 'address',
    ignoreOwnActions: false,
    replaceExistingWebhook: true,
    requestTestDelivery: true,
    rotateSecret: true,
  });
});

test('A sample is shown only if one is chosen', () => {
  expect(readSampleEvent({})).toBeUndefined();
  expect(readSampleEvent({ sampleEvent: 'none' })).toBeUndefined();
  expect(readSampleEvent(chosen)).toBe('like');
  expect(() => readSampleEvent({ sampleEvent: 'party' })).toThrow('Sample Event');
});

const READERS = [
  readDeliveryOptions,
  readExecutionOptions,
  readRegistrationOptions,
  readSampleEvent,
];
const NOT_HANDLES = OPTIONS.filter(({ kind }) => kind !== 'text');

test.each(
  NOT_HANDLES.flatMap(({ name }) => [undefined, null, '', ' '].map((value) => [name, value])),
)('The option %s has its default when its expression returns %p', (name, value) => {
  for (const read of READERS) expect(read({ [String(name)]: value })).toEqual(read({}));
});

test.each([
  ['maximumAge', 'soon', 'Maximum Age (Seconds): must be a number, but is "soon".'],
  ['maximumAge', -1, 'Maximum Age (Seconds): is -1, but must be at least 0.'],
  ['maximumAge', Infinity, 'Maximum Age (Seconds): must be a number, but is Infinity.'],
  ['deduplicationWindow', [], 'Deduplication Window (Minutes): must be a number, but is a list.'],
  [
    'verification',
    'no',
    'Verify Deliveries: is "no", but must be one of automatic, signature, address.',
  ],
  ['verification', {}, 'Verify Deliveries: must be text, but is an object.'],
  ['ignoreOwnActions', 'no', 'Ignore Own Actions: must be true or false, but is "no".'],
  ['ignoreOwnActions', 0, 'Ignore Own Actions: must be true or false, but is 0.'],
  ['ignoreOwnActions', {}, 'Ignore Own Actions: must be true or false, but is an object.'],
  ['responseMode', 'never', 'Respond: is "never", but must be one of onReceived, lastNode.'],
  ['onlyFrom', undefined, 'Only From: must be handles separated by commas, but is undefined.'],
  ['contains', undefined, 'Contains: must be text, but is undefined.'],
  ['matchesPattern', '(', 'Matches Pattern: has a ( without a ).'],
  ['exceptFrom', null, 'Except From: must be handles separated by commas, but is null.'],
])('The option %s with the value %p is rejected', (name, value, message) => {
  expect(() => readDeliveryOptions({ [name]: value })).toThrow(message);
});

test.each([null, undefined, 5, 'text', []])('Options that are %p are rejected', (options) => {
  for (const read of READERS) expect(() => read(options)).toThrow('Options: must be an object');
});

test('A number may be text', () => {
  expect(readDeliveryOptions({ maximumAge: '60' }).maximumAge).toBe(60);
});

test('No value but the choice itself leaves signatures unread', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      if (value === 'address' || value === 'signature') return;
      try {
        expect(readDeliveryOptions({ verification: value }).verification).toBe('automatic');
      } catch (error) {
        expect((error as Error).message).toMatch(/^Verify Deliveries: (is|must be) /);
      }
    }),
    RUNS,
  );
});

test('Event types are an array, or text with separators', () => {
  expect(readEventTypes(['follow', '*'])).toEqual(new Set(['follow', '*']));
  expect(readEventTypes('follow, like')).toEqual(new Set(['follow', 'like']));
  // A part of a name is not the name.
  expect(readEventTypes('follow').has('low')).toBe(false);
});

test.each([undefined, null, 5, {}])('Event types that are %p are rejected', (events) => {
  expect(() => readEventTypes(events)).toThrow('Trigger On: must be a list of events, but is ');
});
