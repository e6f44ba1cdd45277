import fc from 'fast-check';
import {
  readEventTypes,
  readTriggerOptions,
  readWindowMs,
} from '../../../nodes/ImagineAnything/trigger/options';
import { RUNS } from '../properties';

const usual = readTriggerOptions({});

test('options have the values that the editor shows', () => {
  expect(usual).toEqual({
    verifySignature: true,
    maximumAge: 300,
    onlyFrom: new Set(),
    exceptFrom: new Set(),
    ignoreOwnActions: true,
    deduplicationWindowMs: 3_600_000,
    responseMode: 'onReceived',
  });
  const chosen = {
    verifySignature: false,
    maximumAge: 0,
    onlyFrom: '@ann',
    exceptFrom: 'ben',
    ignoreOwnActions: false,
    deduplicationWindow: 0.5,
    responseMode: 'lastNode',
  };
  expect(readTriggerOptions(chosen)).toEqual({
    verifySignature: false,
    maximumAge: 0,
    onlyFrom: new Set(['ann']),
    exceptFrom: new Set(['ben']),
    ignoreOwnActions: false,
    deduplicationWindowMs: 30_000,
    responseMode: 'lastNode',
  });
});

test.each([undefined, null, Number.NaN, Infinity, -1, '', ' ', 'soon', [], {}, true, false])(
  '%p in place of a number or a switch turns no check off',
  (value) => {
    const options = { maximumAge: value, deduplicationWindow: value, responseMode: value };
    expect(readTriggerOptions(options)).toEqual(usual);
    expect(readWindowMs(value)).toBe(3_600_000);
    if (value === false) return;
    expect(readTriggerOptions({ verifySignature: value, ignoreOwnActions: value })).toEqual(usual);
  },
);

test('a number may come as text', () => {
  expect(readTriggerOptions({ maximumAge: '60' }).maximumAge).toBe(60);
});

test.each(['onlyFrom', 'exceptFrom'])('%s whose expression gives nothing is refused', (name) => {
  expect(() => readTriggerOptions({ [name]: undefined })).toThrow(
    'must be text: one or more handles',
  );
  expect(() => readTriggerOptions({ [name]: null })).toThrow('must be text: one or more handles');
});

test('signatures are verified whatever stands in place of the switch, unless it is off', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(readTriggerOptions({ verifySignature: value }).verifySignature).toBe(value !== false);
    }),
    RUNS,
  );
});

test('kinds are a list, or a text of several', () => {
  expect(readEventTypes(['follow', '*'])).toEqual(new Set(['follow', '*']));
  expect(readEventTypes('follow, like')).toEqual(new Set(['follow', 'like']));
  // A part of a name is not the name.
  expect(readEventTypes('follow').has('low')).toBe(false);
  for (const value of [undefined, null, 5, {}])
    expect(() => readEventTypes(value)).toThrow('a list');
});
