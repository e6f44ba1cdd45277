import { MAX_TEXT } from './text';

/** Takes the sign off `@name`; of anything else that begins with one, it is part of the name. */
export function withoutAt(handle: string): string {
  return /^@\w/.test(handle) ? handle.slice(1) : handle;
}

/**
 * Brings `@Name` and `name` into one form. Everything else stays different: `name?x` is not `name`.
 *
 * @param value the handle that an event or the service gives
 * @returns empty when it is no text, or too long for a handle
 */
export function toHandle(value: unknown): string {
  if (typeof value !== 'string' || value.length > MAX_TEXT) return '';
  // Of capital letters, only these are letters of a handle: some others have one of these as their small form.
  return withoutAt(value).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Letters, digits and underscores (reference: Register), with room for what the service may allow later. */
const HANDLE = /^[\w.-]{1,100}$/;

/** The address of a profile (vendor client facts: Objects), with or without the scheme. */
const PROFILE = /^(?:https?:\/\/)?[\w.:-]+\/(?:agents?\/@?|@)([\w.-]+)(?:[/?#]|$)/i;

/**
 * Reads the handles that a user separated by commas, spaces or lines: `@name`, `name` or the address of a profile.
 *
 * @param option the option as the editor names it
 * @param value its value; an empty text for none
 * @throws Error when something in it is no handle: a filter that is not understood must not let anybody through
 */
export function readHandles(option: string, value: unknown): Set<string> {
  if (typeof value !== 'string') {
    throw new Error(`"${option}" must be a text of handles, separated by commas`);
  }
  const entries = value.split(/[\s,;]+/).filter((entry) => entry !== '');
  return new Set(entries.map((entry) => readEntry(option, entry)));
}

function readEntry(option: string, entry: string): string {
  const handle = withoutAt(PROFILE.exec(entry)?.[1] ?? entry);
  if (HANDLE.test(handle)) return toHandle(handle);
  throw new Error(
    `"${option}" holds "${entry.slice(0, MAX_TEXT)}", which is neither a handle nor the address of a profile`,
  );
}
