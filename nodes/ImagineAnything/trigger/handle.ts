import { ParameterError } from '../engine/validate';
import { formatValue } from '../transport/formatValue';
import { MAX_TEXT_LENGTH } from './text';

/** Removes the `@` of `@name`. In anything else, such as `@@name`, it is kept. */
export function stripAt(handle: string): string {
  return /^@\w/.test(handle) ? handle.slice(1) : handle;
}

/**
 * Normalizes `@Name` and `name` to the same handle. Anything else stays different: `name?x` is not `name`.
 *
 * @param value the handle in an event or an API response
 * @returns an empty string when it is not a string, or too long for a handle
 */
export function normalizeHandle(value: unknown): string {
  if (typeof value !== 'string' || value.length > MAX_TEXT_LENGTH) return '';
  // ASCII only: some other capitals, such as the Kelvin sign, have an ASCII letter as their lower case.
  return stripAt(value).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Letters, digits and underscores (reference: Register), with room for what the service may allow later. */
const HANDLE = /^[\w.-]{1,100}$/;

/** The URL of a profile, with or without the scheme. */
const PROFILE_URL = /^(?:https?:\/\/)?[\w.:-]+\/(?:agents?\/@?|@)([\w.-]+)(?:[/?#]|$)/i;

/**
 * Reads handles separated by commas, spaces or line breaks: `@name`, `name` or the URL of a profile.
 *
 * @param option the display name of the option
 * @param value its value; an empty string for none
 * @throws ParameterError when an entry is not a handle: a filter that cannot be read must not let events through
 */
export function readHandles(option: string, value: unknown): Set<string> {
  if (typeof value !== 'string') {
    throw new ParameterError(
      option,
      `must be handles separated by commas, but is ${formatValue(value)}.`,
    );
  }
  const entries = value.split(/[\s,;]+/).filter((entry) => entry !== '');
  return new Set(entries.map((entry) => readEntry(option, entry)));
}

function readEntry(option: string, entry: string): string {
  const handle = stripAt(PROFILE_URL.exec(entry)?.[1] ?? entry);
  if (HANDLE.test(handle)) return normalizeHandle(handle);
  throw new ParameterError(option, `${formatValue(entry)} is neither a handle nor a profile URL.`);
}
