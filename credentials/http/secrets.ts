import { rememberLast } from '../memory/rememberLast';
import { isRecord } from './record';

const MASK = '••••••';

/** Shorter ones would hide ordinary words. */
const MIN_LENGTH = 6;

/**
 * Replaces secrets in whatever is to be shown, in texts and in the names of fields.
 *
 * @param shown a response, an error, or a part of one; nested no deeper than `readResponseBody` allows
 * @param secrets the values to hide
 * @returns a copy without them; the same value when there is nothing to hide
 */
export function maskSecrets<Shown>(shown: Shown, secrets: readonly string[]): Shown {
  const hidden = spellingsOf(...secrets);
  const holds = (text: string): boolean => hidden.some((secret) => text.includes(secret));
  // Most responses hold none, and copying a large one is expensive.
  if (!holdsText(shown, holds)) return shown;
  const maskText = (text: string): string =>
    hidden.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
  const mask = (value: unknown): unknown => {
    if (typeof value === 'string') return maskText(value);
    if (Array.isArray(value)) return value.map(mask);
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [maskText(name), mask(each)]),
    );
  };
  return mask(shown) as Shown;
}

/** Whether a text or a name anywhere in a value is wanted. */
function holdsText(value: unknown, isWanted: (text: string) => boolean): boolean {
  if (typeof value === 'string') return isWanted(value);
  if (Array.isArray(value)) return value.some((each) => holdsText(each, isWanted));
  if (!isRecord(value)) return false;
  for (const name in value) {
    if (isWanted(name) || holdsText(value[name], isWanted)) return true;
  }
  return false;
}

/** The spellings of secrets, longest first. A service may repeat a secret as it was in a query, a form or JSON text. */
const spellingsOf = rememberLast((...secrets: string[]): string[] => {
  const spellings = secrets
    .filter(({ length }) => length >= MIN_LENGTH)
    .flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      // A lone surrogate has no encoding.
      ...(/\p{Cs}/u.test(secret) ? [] : [encodeURIComponent(secret)]),
    ]);
  return [...new Set(spellings)].sort((a, b) => b.length - a.length);
});
