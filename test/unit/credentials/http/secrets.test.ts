import fc from 'fast-check';
import { maskSecrets } from '../../../../credentials/http/secrets';
import { RUNS } from '../../properties';

const secret = fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme-ascii' });

describe('a secret', () => {
  it('is nowhere in what is shown, in no value and in no name', () => {
    const around = fc.tuple(fc.string(), fc.string());
    fc.assert(
      fc.property(secret, around, fc.jsonValue(), (hidden, [before, after], value) => {
        const text = `${before}${hidden}${after}`;
        const shown = { [text]: [text, { deep: { deeper: text } }], value };
        const masked = maskSecrets(shown, [hidden]);
        const texts: string[] = [];
        JSON.stringify(masked, (key, each: unknown) => {
          texts.push(key, ...(typeof each === 'string' ? [each] : []));
          return each;
        });
        expect(texts.filter((each) => each.includes(hidden))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('is masked in the spelling of an address, too', () =>
    expect(maskSecrets('q=a%2Fb%2Bc%3Dd', ['a/b+c=d'])).toBe('q=••••••'));

  it('is masked in the spelling of JSON text, too', () =>
    expect(maskSecrets('{"token":"ab\\"cd\\\\ef"}', ['ab"cd\\ef'])).toBe('{"token":"••••••"}'));

  it('inside a longer secret does not leave the rest of that one', () =>
    expect(maskSecrets('abcdefghij', ['abcdef', 'abcdefghij'])).toBe('••••••'));

  it('that is as short as a word hides nothing', () =>
    expect(maskSecrets({ name: 'cat' }, ['cat', ''])).toEqual({ name: 'cat' }));

  it('that is not there changes nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(maskSecrets(value, ['\u0000never there\u0000'])).toEqual(value);
      }),
      RUNS,
    );
  });
});

describe('the edges', () => {
  it.each([
    ['abcde', 'abcde'],
    ['abcdef', '••••••'],
  ])('%s is shown as %s', (secret, shown) => expect(maskSecrets(secret, [secret])).toBe(shown));

  it('masks every place, in names, lists and objects, and leaves the rest', () => {
    const shown = { 'a-secret': ['x a-secret a-secret', 1, null, true], b: { c: 'a-secret' } };
    expect(maskSecrets(shown, ['a-secret'])).toEqual({
      '••••••': ['x •••••• ••••••', 1, null, true],
      b: { c: '••••••' },
    });
    expect(shown.b.c).toBe('a-secret');
  });

  it.each([
    [
      ['x', 'a-secret'],
      ['x', '••••••'],
    ],
    [{ list: [1, { b: 'a-secret' }, null] }, { list: [1, { b: '••••••' }, null] }],
  ])('finds one that is nowhere but in one entry of a list: %j', (value, shown) =>
    expect(maskSecrets<unknown>(value, ['a-secret'])).toEqual(shown),
  );

  it.each([{ list: ['a', { b: 'no secret' }], n: 1 }, ['x'], 'x', undefined])(
    'gives back the same value where there is nothing to hide: %j',
    (value) => expect(maskSecrets(value, ['a-secret', 'short'])).toBe(value),
  );

  it('gives back the same value where there are no secrets', () => {
    const value = { a: ['short'] };
    expect(maskSecrets(value, [])).toBe(value);
    expect(maskSecrets(value, ['short'])).toBe(value);
  });

  it('takes a secret with half a character as it is', () =>
    expect(maskSecrets('x secret\ud800 y', ['secret\ud800'])).toBe('x •••••• y'));
});
