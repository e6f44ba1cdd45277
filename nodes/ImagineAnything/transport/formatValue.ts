/** The most characters of a value that a message repeats. */
const MAX_LENGTH = 100;

/**
 * Cuts a text that goes into a message or a list.
 *
 * @param text any text
 * @param most the most UTF-16 units to return, including the ellipsis
 */
export function shorten(text: string, most = MAX_LENGTH): string {
  if (text.length <= most) return text;
  // Half of a surrogate pair would be no character.
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/**
 * Formats a value for a message: text in quotes and cut, lists and objects by what they are.
 *
 * @param value anything
 */
export function formatValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : shorten(String(value));
}

/** Formats a number for a message: `100,000`. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en-US');
}
