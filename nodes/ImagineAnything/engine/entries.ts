import type { FileReference, Parameter } from './parameter';
import type { Fail } from './references';

/**
 * Takes the entries of a list: of an array, of JSON text, or of text with commas between them.
 *
 * @param value what n8n gives
 * @param fail rejects it
 */
export function toEntries(value: unknown, fail: Fail): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string') return [value];
  if (value.trimStart().startsWith('[')) {
    // Expressions and AI models often write a list as JSON.
    try {
      const parsed: unknown = JSON.parse(value);
      if (Array.isArray(parsed)) return parsed;
    } catch {
      // As in ['a', 'b']: brackets and quotes would become part of the entries.
      if (value.trimEnd().endsWith(']')) {
        fail('is not a valid JSON list. Write ["a", "b"] with double quotes, or a, b.');
      }
    }
  }
  return value.split(',');
}

/**
 * Rejects a list with too few different entries; the service may count equal ones once.
 *
 * @returns the same entries
 */
export function withEnough<Entry extends FileReference>(
  entries: Entry[],
  { minItems = 0 }: Extract<Parameter, { kind: 'list' }>,
  fail: Fail,
): Entry[] {
  const different = new Set(
    entries.map((entry) => (typeof entry === 'string' ? entry.toLowerCase() : entry)),
  ).size;
  if (different < minItems) {
    fail(`has ${different} different entries, but at least ${minItems} are needed.`);
  }
  return entries;
}
