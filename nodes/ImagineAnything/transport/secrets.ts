import { isRecord } from './failure';

const HIDDEN = '••••••';

/**
 * Takes secrets out of what came from the service, wherever they are in it.
 *
 * @param shown an answer, or what was read from it
 * @param secrets the values that nobody may see
 * @returns the same, without them
 */
export function withoutSecrets<Shown>(shown: Shown, secrets: readonly string[] = []): Shown {
  if (secrets.length === 0) return shown;
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return secrets.reduce((text, secret) => text.split(secret).join(HIDDEN), value);
    }
    if (Array.isArray(value)) return value.map(clean);
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, clean(each)]));
  };
  return clean(shown) as Shown;
}
