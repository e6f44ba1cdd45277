/** What a limit of the contract means: characters of a text, megabytes of a file. The reference does not say. */
import type { SchemaValidateFunction } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

const options = { strict: false, allErrors: true } as const;

/** How sizes are counted, which the reference does not say. */
export interface Counting {
  /** What a character of a text is: what `people` take for one, an emoji whatever it is made of; or a UTF-16 unit. */
  characters: 'people' | 'utf16';
  /** How many bytes a megabyte has: 1,048,576 or 1,000,000. */
  megabyte: 'binary' | 'decimal';
}

const BINARY_MEGABYTE = 1_048_576;
const DECIMAL_MEGABYTE = 1_000_000;

/** What checks values against the contract. */
export interface Checks {
  /** Query and path arrive as text: `limit=20` is a number. Form fields likewise. */
  readonly lenient: Ajv2020;
  /** JSON has types of its own: `"20"` is not a number. */
  readonly strict: Ajv2020;
}

/** Checks whose limits of text count in one way. */
export function checksOf({ characters }: Pick<Counting, 'characters'>): Checks {
  const ready = (more: object) =>
    addFormats(countingCharacters(new Ajv2020({ ...options, ...more }), characters));
  return { lenient: ready({ coerceTypes: true, useDefaults: true }), strict: ready({}) };
}

/** JSON Schema counts code points, which is neither of both ways. */
function countingCharacters(ajv: Ajv2020, characters: Counting['characters']): Ajv2020 {
  const segmenter = new Intl.Segmenter();
  const count = (text: string) =>
    characters === 'utf16' ? text.length : [...segmenter.segment(text)].length;
  const limits = {
    maxLength: (length: number, limit: number) => length <= limit,
    minLength: (length: number, limit: number) => length >= limit,
  };
  for (const [keyword, isFine] of Object.entries(limits)) {
    const validate: SchemaValidateFunction = (limit: number, text: string) => {
      validate.errors = [{ keyword, params: { limit } }];
      return isFine(count(text), limit);
    };
    ajv.removeKeyword(keyword);
    ajv.addKeyword({ keyword, type: 'string', schemaType: 'number', validate, errors: true });
  }
  return ajv;
}

/** One number, or one a purpose. */
export type FileLimit = number | Record<string, number>;

/** The limit of the contract, which is in binary megabytes. */
export function inMegabytes(
  limit: FileLimit = Infinity,
  megabyte: Counting['megabyte'],
): FileLimit {
  const scaled = (bytes: number) =>
    megabyte === 'binary' ? bytes : (bytes / BINARY_MEGABYTE) * DECIMAL_MEGABYTE;
  if (typeof limit === 'number') return scaled(limit);
  return Object.fromEntries(Object.entries(limit).map(([name, bytes]) => [name, scaled(bytes)]));
}
