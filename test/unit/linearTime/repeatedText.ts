/** Long texts made of what parsers look for, and the check that work on them takes linear time. */
import fc from 'fast-check';

export const MEBIBYTE = 1024 * 1024;

/** Bounds what hangs: linear code needs some milliseconds, quadratic code a quarter of an hour. */
const MOST_MS = 15_000;

/** Pieces of text that parsers look for, and other characters between them. */
const PIECES = [
  ...['/', '\\', ' ', '\t', '\n', '\0', '"', "'", '[', ']', '{', '}', '(', ')', '<', '>', ',', '.'],
  ...[
    ':',
    ';',
    '=',
    '@',
    '#',
    '?',
    '&',
    '%',
    '-',
    '_',
    '+',
    'a',
    'Z',
    '0',
    '9',
    'é',
    '👍',
    '\u0301',
  ],
  ...[
    '\ud800',
    '\udc00',
    '🇩🇪',
    '//',
    '..',
    '%2e',
    'https://',
    'a@',
    '["',
    '",',
    '{"a":',
    '[[',
    'ftyp',
  ],
  ...['process', 'processing', 'fail', 'fail process', 'not ready', 'error_', 'sha256=', 't=1,v1='],
] as const;

/** A text of about this length: a beginning, pieces that repeat, and an end. */
export interface Repeated {
  start: string;
  unit: string;
  end: string;
}

const piece = fc.constantFrom(...PIECES);
/** Any beginning, repeated pieces and end. */
export const anyRepeated: fc.Arbitrary<Repeated> = fc.record({
  start: fc.oneof(fc.constant(''), piece),
  unit: fc.array(piece, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
  end: fc.oneof(fc.constant(''), piece, fc.constant('!')),
});

function textOf({ start, unit, end }: Repeated, length: number): string {
  return start + unit.repeat(Math.ceil(length / unit.length)) + end;
}

/** The time that this process is busy with a task, whatever else the machine does. */
async function busyMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  try {
    await work();
  } catch {
    // A text that is refused has been read as well.
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Fails when work on a repeated text of up to `longest` characters takes longer than linear time explains. Short
 * texts go first: they are enough to find exponential time.
 */
export async function expectLinear(
  text: Repeated,
  parse: (text: string) => unknown,
  longest = MEBIBYTE,
): Promise<void> {
  for (const length of [1000, longest / 16, longest]) {
    const long = textOf(text, length);
    // The first run of a piece of code, or a collection of garbage, may cost more than the work itself.
    const ms = await busyMs(() => parse(long));
    const again = ms > MOST_MS ? await busyMs(() => parse(long)) : ms;
    expect({ length, slow: again > MOST_MS ? again : false }).toEqual({ length, slow: false });
  }
}

/** Each piece by itself. */
const PIECE_BY_PIECE: Array<[Repeated]> = PIECES.map((unit) => [{ start: 'a', unit, end: '\n!' }]);
/** The runs of a property: each piece by itself, and some random combinations. */
export const RUNS = {
  numRuns: PIECES.length + (process.env.CI ? 40 : 10),
  examples: PIECE_BY_PIECE,
  // A smaller example would take as long to find as this one.
  endOnFailure: true,
};
