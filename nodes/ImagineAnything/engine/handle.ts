/** Longer than any handle. */
const MAX_LENGTH = 200;

/** Removes the `@` of `@name`. In anything else, such as `@@name`, it is kept. */
export function stripAt(handle: string): string {
  return /^@\w/.test(handle) ? handle.slice(1) : handle;
}

/**
 * Normalizes `@Name` and `name` to the same handle, for every comparison: the reference writes handles without `@`, the
 * service's SDK with it. Anything else stays different: `name?x` is not `name`.
 *
 * @param value the handle that a user gave, or in an event or an API response
 * @returns an empty string when it is not a string, or too long for a handle
 */
export function normalizeHandle(value: unknown): string {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return '';
  // ASCII only: some other capitals, such as the Kelvin sign, have an ASCII letter as their lower case.
  return stripAt(value).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
