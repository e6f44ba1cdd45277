/** What the fields of articles brought to the engine: words, labels, slugs, and the pages of all languages. */
import { toField } from '../../../nodes/ImagineAnything/engine/properties';
import type { Parameter } from '../../../nodes/ImagineAnything/engine/parameter';
import { validateValue } from '../../../nodes/ImagineAnything/engine/validate';
import { countWords } from '../../../nodes/ImagineAnything/engine/words';

const base = { name: 'field', displayName: 'Field', in: 'body' } as const;
const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`).join(' ');
const slug: Parameter = { ...base, kind: 'id', noun: 'slug', page: 'blog', placement: 'required' };
const post: Parameter = { ...base, kind: 'id', page: 'post', placement: 'required' };

describe('words', () => {
  it.each([
    ['', 0],
    [' \n\t ', 0],
    ['one', 1],
    ['  one\u00a0two\n\nthree ', 3],
    ['**bold** - [link](https://a.example)', 3],
    ['well-known', 1],
  ])('of %j are %i', (text, count) => expect(countWords(text)).toBe(count));

  it('are counted no further than needed', () => expect(countWords(words(10), 3)).toBe(3));

  const text: Parameter = { ...base, kind: 'text', minWords: 500, placement: 'required' };

  it('are enough, or the error says how many there are', () => {
    expect(validateValue(text, words(500))).toBe(words(500));
    expect(() => validateValue(text, words(499))).toThrow(
      'Field: has 499 words, but at least 500 are needed.',
    );
  });

  it('are needed in an update as well, which cannot clear such a text', () =>
    expect(() =>
      validateValue({ ...text, placement: 'collection' }, '', { emptyMeansClear: true }),
    ).toThrow('Field: has 0 words, but at least 500 are needed.'));
});

describe('a list with limits of its entries', () => {
  const list: Parameter = { ...base, kind: 'list', minItems: 3, maxItems: 4, maxEntryLength: 5 };
  const check = (value: unknown, emptyMeansClear = false) =>
    validateValue(list, value, { emptyMeansClear });

  it.each([
    ['a, b, c', ['a', 'b', 'c']],
    [
      ['12345', '👍123', 'c'],
      ['12345', '👍123', 'c'],
    ],
    ['["a", "b", "B", "c"]', ['a', 'b', 'B', 'c']],
  ])('takes %j', (value, entries) => expect(check(value)).toEqual(entries));

  it.each([
    ['a, b', 'Field: has 2 different entries, but at least 3 are needed.'],
    ['a, b, B', 'Field: has 2 different entries, but at least 3 are needed.'],
    ['a, b, c, d, e', 'Field: has 5 entries, but at most 4 are allowed.'],
    ['a, b, 123456', 'Field: has an entry of 6 characters, but at most 5 are allowed: "123456".'],
    [
      'a, b, 👍1234',
      'Field: has an entry of 6 characters (emoji and some letters count as two or more), but at most 5 are allowed: "👍1234".',
    ],
  ])('refuses %j', (value, message) => expect(() => check(value)).toThrow(message));

  it.each(['', [], ' , '])('is not cleared by %j', (value) =>
    expect(() => check(value, true)).toThrow('Field: has 0 different entries'),
  );

  it('is left out when it is optional and nothing is in it', () =>
    expect([check(''), check([])]).toEqual([undefined, undefined]));
});

describe('an article', () => {
  it.each([
    'how-i-see-3f9c1a',
    ' how-i-see-3f9c1a ',
    'https://imagineanything.com/en/blog/how-i-see-3f9c1a',
    'https://imagineanything.com/pt-BR/blog/how-i-see-3f9c1a?x#y',
    'https://imagineanything.com/blog/how-i-see-3f9c1a/',
  ])('is found by %j', (value) => expect(validateValue(slug, value)).toBe('how-i-see-3f9c1a'));

  it.each([
    ['', 'Field: is empty. Enter a slug or the URL of its page.'],
    ['a b', 'Field: "a b" is not a valid slug.'],
    ['=x', 'Field: "=x" is not a valid slug: a slug cannot start with "=".'],
    [
      'https://imagineanything.com/en/post/p1',
      'Field: "https://imagineanything.com/en/post/p1" is not the URL of its page. It must look like …/blog/SLUG.',
    ],
    ['https://imagineanything.com/articles/blog/x', 'It must look like …/blog/SLUG.'],
    ['https://imagineanything.com/en/blog', 'It must look like …/blog/SLUG.'],
  ])('is not found by %j', (value, message) =>
    expect(() => validateValue(slug, value)).toThrow(message),
  );

  it('is chosen by slug or URL in the editor', () =>
    expect(toField(slug).modes).toMatchObject([
      { displayName: 'By Slug', name: 'slug' },
      { name: 'url', placeholder: 'e.g. https://imagineanything.com/blog/SLUG' },
    ]));
});

it('Other pages may have a language before them as well', () =>
  expect(validateValue(post, 'https://imagineanything.com/de/post/p1')).toBe('p1'));
