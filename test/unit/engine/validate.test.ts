import {
  validateValue,
  countCharacters,
  ParameterError,
} from '../../../nodes/ImagineAnything/engine/validate';
import type { Parameter } from '../../../nodes/ImagineAnything/engine/parameter';

const base = { name: 'field', displayName: 'Field', in: 'body' } as const;
const text = (limits = {}): Parameter => ({ ...base, kind: 'text', ...limits });
const check = (parameter: Parameter, value: unknown) => validateValue(parameter, value);

describe('text', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['👍', 1],
    ['👍🏽', 1],
    ['👩‍👩‍👧‍👦', 1],
    ['❤️', 1],
    ['é', 1],
    ['e\u0301', 1],
    ['🇩🇪🇫🇷', 2],
  ])('counts %j as %i characters', (value, count) => expect(countCharacters(value)).toBe(count));

  it.each([
    [5, 'x'.repeat(5)],
    [5, 'xxx👍'],
    [5, 'xxxxé'],
  ])('takes up to %i characters', (maxLength, value) =>
    expect(check(text({ maxLength }), value)).toBe(value),
  );

  it.each([
    [{ maxLength: 5 }, 'x'.repeat(6), 'Field: has 6 characters, but at most 5 are allowed.'],
    [
      { maxLength: 5 },
      'xxxx👍',
      'Field: has 6 characters (emoji and some letters count as two or more), but at most 5 are allowed.',
    ],
    [
      { maxLength: 5 },
      'xxxxe\u0301',
      'Field: has 6 characters (emoji and some letters count as two or more), but at most 5 are allowed.',
    ],
    [{ minLength: 3 }, 'xx', 'Field: has 2 characters, but at least 3 are needed.'],
    [{ minLength: 3 }, 'x👍', 'Field: has 2 characters, but at least 3 are needed.'],
    [{ form: { pattern: /^a/, says: 'must start with a.' } }, 'b', 'Field: must start with a.'],
    [{}, { a: 1 }, 'Field: must be text, but is an object.'],
    [{}, [1], 'Field: must be text, but is a list.'],
    [{}, NaN, 'Field: must be text, but is NaN.'],
  ])('with %j refuses %j', (limits, value, message) =>
    expect(() => check(text(limits), value)).toThrow(message),
  );

  it('counts no further than it has to', () => {
    expect(countCharacters('abc', 2)).toBe(2);
    expect(countCharacters('abc', 0)).toBe(0);
    expect(countCharacters('a', 2)).toBe(1);
    // A text that is much longer is not looked at more closely.
    expect(() => check(text({ maxLength: 5 }), `e${'\u0301'.repeat(319)}`)).toThrow(
      'Field: has 320 characters (emoji and some letters count as two or more), but',
    );
    expect(() => check(text({ maxLength: 5 }), `e${'\u0301'.repeat(320)}`)).toThrow(
      'Field: has 321 characters, but at most 5 are allowed.',
    );
  });

  it('makes text of a number, as an expression may give it', () =>
    expect(check(text(), 42)).toBe('42'));

  it('is left out when empty, and cleared where an update allows it', () => {
    expect(check(text(), '')).toBeUndefined();
    expect(validateValue(text(), '', { emptyMeansClear: true })).toBe('');
    expect(validateValue({ ...base, kind: 'list' }, '', { emptyMeansClear: true })).toEqual([]);
    expect(() => validateValue(text(), '  ', { emptyMeansClear: true })).toThrow('only spaces');
    expect(validateValue(text(), undefined, { emptyMeansClear: true })).toBeUndefined();
  });

  it('is refused when empty in an update that cannot clear it', () => {
    const url: Parameter = { ...base, kind: 'url' };
    expect(() => validateValue(url, '', { emptyMeansClear: true })).toThrow('Field: is empty.');
    expect(check(url, '')).toBeUndefined();
  });
});

describe('numbers', () => {
  const number: Parameter = { ...base, kind: 'number', integer: true, min: 1, max: 5 };

  it.each([1, 5, '3'])('takes %j', (value) => expect(check(number, value)).toBe(Number(value)));

  it.each([
    [0, 'Field: is 0, but must be at least 1.'],
    [6, 'Field: is 6, but must be at most 5.'],
    [1.5, 'Field: must be a whole number, but is 1.5.'],
    ['many', 'Field: must be a number, but is "many".'],
    [NaN, 'Field: must be a number, but is NaN.'],
    [true, 'Field: must be a number, but is true.'],
  ])('refuses %j', (value, message) => expect(() => check(number, value)).toThrow(message));
});

describe('flags', () => {
  const flag: Parameter = { ...base, kind: 'flag' };

  it.each([
    [true, true],
    [false, false],
    ['true', true],
    ['false', false],
  ])('reads %j', (value, read) => expect(check(flag, value)).toBe(read));

  it('refuses anything else', () =>
    expect(() => check(flag, 'yes')).toThrow('Field: must be true or false, but is "yes".'));
});

describe('lists', () => {
  const list: Parameter = { ...base, kind: 'list', maxItems: 3 };

  it.each([
    ['a, b ,c', ['a', 'b', 'c']],
    ['a,,b,', ['a', 'b']],
    [
      ['a', 1],
      ['a', '1'],
    ],
    ['["a","b"]', ['a', 'b']],
    ['[broken', ['[broken']],
    [7, ['7']],
  ])('reads %j', (value, entries) => expect(check(list, value)).toEqual(entries));

  it.each(['', [], '[]', ' , ', [' ']])('leaves %j out', (value) => {
    expect(check(list, value)).toBeUndefined();
    expect(() => check({ ...list, placement: 'required' }, value)).toThrow('is required');
    expect(validateValue(list, value, { emptyMeansClear: true })).toEqual([]);
  });

  // Python's form, which AI models write: its brackets and quotes would become part of the entries.
  it.each(["['a', 'b']", '[a, b]'])('refuses %j', (value) =>
    expect(() => check(list, value)).toThrow('Write ["a", "b"] with double quotes, or a, b.'),
  );

  it('refuses too many', () =>
    expect(() => check(list, 'a,b,c,d')).toThrow(
      'Field: has 4 entries, but at most 3 are allowed.',
    ));

  it('checks addresses', () => {
    const urls: Parameter = { ...base, kind: 'list', urls: true };
    expect(check(urls, 'https://a.example/,http://b.example/x')).toEqual([
      'https://a.example/',
      'http://b.example/x',
    ]);
    expect(() => check(urls, 'javascript:alert(1)')).toThrow('is not a valid URL');
  });
});

describe('addresses', () => {
  const url: Parameter = { ...base, kind: 'url', secure: true };

  it('takes https', () => expect(check(url, 'https://a.example/')).toBe('https://a.example/'));

  it.each(['https:a.example', 'https://a\nb.example', 'https://a.example/b c', 'https://'])(
    'refuses %j',
    (value) => expect(() => check(url, value)).toThrow('is not a valid URL'),
  );

  it('refuses http where it must be secure', () =>
    expect(() => check(url, 'http://a.example/')).toThrow('must start with https://'));
});

describe('JSON', () => {
  const json: Parameter = { ...base, kind: 'json' };

  it.each([['{"a":1}'], [{ a: 1 }]])('reads %j', (value) =>
    expect(check(json, value)).toEqual({ a: 1 }),
  );

  it('refuses what is no object', () => {
    expect(() => check(json, '[1]')).toThrow('Field: must be a JSON object, but is a list.');
    expect(() => check(json, '{a')).toThrow('Field: is not valid JSON: ');
  });
});

describe('a value in a message', () => {
  const long = 'x'.repeat(1_000_000);
  const list = Array.from({ length: 100_000 }, () => long.slice(0, 10));
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;

  it.each<[Parameter['kind'], unknown]>([
    ['id', long],
    ['id', `https://a.example/post/${long}`],
    ['id', 'x'.repeat(257)],
    ['handle', long],
    ['handle', `https://a.example/${long}`],
    ['id', `https://a.example/x/${long.slice(0, 5000)}`],
    ['handle', long.slice(0, 5000)],
    ['url', long],
    ['url', long.slice(0, 5000)],
    ['url', `https://a.example/${long}`],
    ['url', `http://a.example/${long.slice(0, 1000)}`],
    ['number', long],
    ['flag', long],
    ['choice', long],
    ['json', long],
    ['json', `{"${long}`],
    ['json', list],
    ['text', list],
    ['text', cyclic],
    ['number', cyclic],
    ['flag', cyclic],
    ['flag', 10n],
    ['text', Symbol(long)],
    ['number', () => long],
  ])('is cut: %s', (kind, value) => {
    const more = { choices: [{ name: 'A', value: 'a' }], page: 'post', secure: true };
    const parameter = { ...base, kind, ...more } as unknown as Parameter;
    let problem: unknown;
    try {
      check(parameter, value);
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(ParameterError);
    expect((problem as Error).message.length).toBeLessThan(300);
  });

  it('is not cut within a character', () => {
    const parameter: Parameter = { ...base, kind: 'flag' };
    expect(() => check(parameter, `${'x'.repeat(98)}👍👍`)).toThrow(`"${'x'.repeat(98)}…".`);
  });
});
