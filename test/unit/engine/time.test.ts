import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { validateValue } from '../../../nodes/ImagineAnything/engine/validate';
import { readTime } from '../../../nodes/ImagineAnything/engine/time';
import type { Parameter } from '../../../nodes/ImagineAnything/engine/parameter';
import { RUNS } from '../properties';

const base = { name: 'field', displayName: 'Field', in: 'body' } as const;
const ISO = '2026-02-03T04:05:06.789Z';

describe('a point in time', () => {
  it.each([
    ['a Date', new Date(ISO), ISO],
    ['a Date of another realm', runInNewContext(`new Date('${ISO}')`), ISO],
    ['a DateTime', DateTime.fromISO(ISO, { zone: 'utc' }), ISO],
    [
      'a DateTime of a time zone',
      DateTime.fromISO(ISO, { zone: 'America/New_York' }),
      '2026-02-02T23:05:06.789-05:00',
    ],
  ])('is text in ISO 8601: %s', (_, value, iso) => {
    expect(readTime(value)).toBe(iso);
    expect(validateValue({ ...base, kind: 'text' }, value)).toBe(iso);
    expect(validateValue({ ...base, kind: 'list' }, [value, 'a'])).toEqual([iso, 'a']);
  });

  it('is the same whichever Date it is', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(new Date(readTime(date) ?? '')).toEqual(date);
      }),
      RUNS,
    );
  });

  it.each([
    ['an invalid Date', new Date(NaN)],
    ['an invalid DateTime', DateTime.invalid('a reason')],
    ['what calls itself a Date', { [Symbol.toStringTag]: 'Date', toISOString: () => ISO }],
    ['what inherits from Date', Object.create(Date.prototype)],
    ['JSON like a DateTime', { isLuxonDateTime: true, isValid: true, toISO: ISO }],
    ['a DateTime that gives another text', { ...luxonLike('hello') }],
    ['a DateTime that gives no text', { ...luxonLike(null) }],
    ['a duration', DateTime.now().diffNow()],
    ['an object', { a: 1 }],
    ['a list', [new Date()]],
    ['a map', new Map()],
  ])('is not %s', (_, value) => {
    expect(readTime(value)).toBeUndefined();
    expect(() => validateValue({ ...base, kind: 'text' }, value)).toThrow('Field: must be text');
  });

  it.each<[Parameter, string]>([
    [{ ...base, kind: 'id' }, 'must be text, but is an object'],
    [{ ...base, kind: 'handle' }, 'must be text, but is an object'],
    [{ ...base, kind: 'number' }, 'must be a number, but is an object'],
    [{ ...base, kind: 'flag' }, 'must be true or false, but is an object'],
    [{ ...base, kind: 'json' }, 'must be a JSON object, but is a date'],
    [{ ...base, kind: 'url' }, 'is not a valid URL'],
    [{ ...base, kind: 'choice', choices: [{ name: 'A', value: 'a' }] }, 'must be one of a'],
  ])('is no value of $kind', (parameter, says) => {
    for (const value of [new Date(ISO), DateTime.fromISO(ISO)]) {
      expect(() => validateValue(parameter, value)).toThrow(says);
    }
  });
});

function luxonLike(iso: unknown): object {
  return { isLuxonDateTime: true, isValid: true, toISO: () => iso };
}
