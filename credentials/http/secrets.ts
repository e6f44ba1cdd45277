import { isRecord } from './record';

const MASK = '••••••';

/** Shorter ones would hide ordinary words. */
const MIN_LENGTH = 6;

/**
 * Replaces secrets in whatever is to be shown, in texts and in the names of fields.
 *
 * @param shown an answer, an error, or a part of one; at most as deep as `readBody` lets pass
 * @param secrets the values that nobody may see
 * @returns a copy without them; the same value when there is nothing to hide
 */
export function maskSecrets<Shown>(shown: Shown, secrets: Iterable<string>): Shown {
  const hidden = [...new Set(spellings(secrets))].sort((a, b) => b.length - a.length);
  if (hidden.length === 0) return shown;
  const holds = (text: string): boolean => hidden.some((secret) => text.includes(secret));
  // Most answers hold none, and a copy of a large one costs.
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

/** A service may repeat a secret as it stood in a query or a form. */
function* spellings(secrets: Iterable<string>): Generator<string> {
  for (const secret of secrets) {
    if (secret.length < MIN_LENGTH) continue;
    yield secret;
    // A lone surrogate has no encoding.
    if (!/\p{Cs}/u.test(secret)) yield encodeURIComponent(secret);
  }
}
