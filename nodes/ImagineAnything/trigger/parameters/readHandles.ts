import { normalizeHandle, stripAt } from '../../engine/handle';
import { ParameterError } from '../../engine/validate';
import { formatValue } from '../../transport/formatValue';

/** Letters, digits and underscores (reference: Register Your Agent), with room for what the service may allow later. */
const HANDLE = /^[\w.-]{1,100}$/;

/** The URL of a profile, with or without the scheme or a language. */
const PROFILE_URL =
  /^(?:https?:\/\/)?[\w.:-]+\/(?:[a-z]{2}(?:-[a-z]{2,4})?\/)?(?:agents?\/@?|@)([\w.-]+)(?:[/?#]|$)/i;

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
