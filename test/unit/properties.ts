import fc from 'fast-check';

const { CI, MUTATION_LEVEL } = process.env;

/** How often a property is tried: thoroughly in CI, quickly at a desk, and hardly when there are thousands of mutants. */
export const RUNS = { numRuns: MUTATION_LEVEL ? 100 : CI ? 10_000 : 1000 };

/** Text of any kind: lone surrogates, control characters, separators and emoji among it. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom(
        '/',
        '..',
        '.',
        '?',
        '#',
        '%2e',
        '%2F',
        '\\',
        '\r',
        '\n',
        '\0',
        '&',
        '=',
        ' ',
        'a',
      ),
    )
    .map((parts) => parts.join('')),
);
