import fc from 'fast-check';
import { compilePattern } from '../../../nodes/ImagineAnything/trigger/events/patternMatcher';
import { RUNS } from '../properties';

describe('a pattern', () => {
  /** Patterns of everything that is supported, over few characters, so that many match. */
  const { pattern } = fc.letrec<{ pattern: string; sequence: string; atom: string }>((tie) => ({
    pattern: fc
      .array(tie('sequence'), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join('|')),
    sequence: fc
      .array(
        fc.oneof(
          fc.tuple(
            tie('atom'),
            fc.constantFrom('', '', '?', '*', '+', '*?', '{2}', '{1,2}', '{0,}'),
          ),
          fc.tuple(fc.constantFrom('^', '$', '\\b', '\\B'), fc.constant('')),
        ),
        { maxLength: 3 },
      )
      .map((parts) => parts.map((part) => part.join('')).join('')),
    atom: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(
        'a',
        'b',
        'A',
        '.',
        '\\d',
        '\\W',
        '\\s',
        '[ab]',
        '[^a]',
        '[a-c1-3]',
        '\\.',
        '\\n',
      ),
      fc
        .tuple(fc.constantFrom('(', '(?:'), tie('pattern'))
        .map(([open, inner]) => `${open}${inner})`),
    ),
  }));
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', 'B', 'c', '1', '.', ' ', '\n', '_'),
    maxLength: 6,
  });

  /** A pattern may be valid and still be too large. */
  const compiled = (some: string) => {
    try {
      return compilePattern(some);
    } catch (error) {
      expect((error as Error).message).toBe('has too many repetitions');
      return undefined;
    }
  };

  it('matches what JavaScript matches', () => {
    fc.assert(
      fc.property(pattern, text, (some, input) => {
        // JavaScript's own takes for ever for some of the long ones.
        fc.pre(some.length < 40);
        const matches = compiled(some);
        fc.pre(matches !== undefined);
        const expected = new RegExp(some, 'i').test(input);
        expect([some, input, matches?.(input)]).toEqual([some, input, expected]);
      }),
      RUNS,
    );
  });

  it.each([
    ['größe', 'Die GRÖSSE', false],
    ['größe', 'Die GRÖßE zählt', true],
    ['\\bnaïve\\b', 'so naïve!', true],
    ['\\bna\\b', 'naïve', false],
    ['^🤖{2}$', '🤖🤖', true],
    ['[🍎-🍏]', 'a 🍏', true],
  ])('knows the letters of all languages: %s in %s', (some, input, expected) => {
    expect(compilePattern(some)(input)).toBe(expected);
  });

  it.each([
    ['(', 'has a ( without a )'],
    [')', 'has a ) without a ('],
    ['a**', 'repeats a repetition'],
    ['*', 'has a * with nothing to repeat'],
    ['^*', 'repeats what has no length'],
    ['a{2,1}', 'has braces that are not'],
    ['a{101}', 'has braces that are not'],
    ['a{x}', 'has braces that are not'],
    ['[b-a]', 'has a range in the wrong order'],
    ['[a', 'ends too early'],
    ['\\', 'ends too early'],
    ['(a)\\1', 'has \\1, which is not supported'],
    ['(?=a)', 'has a group that begins with (?, of which only (?: is supported'],
    ['(?<name>a)', 'has a group that begins with (?'],
    ['a{100}{100}', 'repeats a repetition'],
    ['(a{100}){100}', 'has too many repetitions'],
    [`${'('.repeat(60)}a${')'.repeat(60)}`, 'has groups that are nested too deep'],
    ['a'.repeat(501), 'is longer than 500 characters'],
  ])('is refused with the reason: %s', (some, reason) => {
    expect(() => compilePattern(some)).toThrow(reason);
  });

  it.each(['(((((a{0}){100}){100}){100}){100}){100}', '(()*)*', '((a*)*)*', '(a|a)*'.repeat(20)])(
    'that would keep JavaScript busy for ever takes a bounded number of steps: %s',
    (some) => {
      expect([true, false, undefined]).toContain(compiled(some)?.(`${'a'.repeat(5_000)}b`));
    },
  );

  it('of any text is compiled or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text, (some, input) => {
        try {
          expect(typeof compilePattern(some)(input)).toBe('boolean');
        } catch (error) {
          expect((error as Error).constructor.name).toBe('PatternError');
        }
      }),
      RUNS,
    );
  });
});
