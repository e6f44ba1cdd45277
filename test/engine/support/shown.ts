/** What of a run can be seen, in the database of n8n, in its editor and in its log. */

/** Everything that a value holds as text: members, their names, and what only errors have. */
export function everythingIn(value: unknown): string {
  const parts: string[] = [];
  const seen = new Set<object>();
  // A stack of its own: an answer may nest deeper than functions may call each other.
  const open: unknown[] = [value];
  while (open.length > 0) {
    const each = open.pop();
    if (typeof each === 'string' || typeof each === 'number') parts.push(String(each));
    if (typeof each !== 'object' || each === null || seen.has(each)) continue;
    seen.add(each);
    for (const name of Object.getOwnPropertyNames(each)) {
      if (!Array.isArray(each)) parts.push(name);
      open.push((each as Record<string, unknown>)[name]);
    }
  }
  return parts.join('\n');
}

/** The shortest piece of a secret that must not be seen: shorter ones come up by chance. */
const PIECE = 12;

/** Texts up to this length are searched for every piece of a secret, longer ones for the whole. */
const SEARCHED = 200_000;

/** Which of the secrets can be seen in a text, whole or in a piece. */
export function secretsIn(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => {
    if (text.includes(secret)) return true;
    if (text.length > SEARCHED) return false;
    for (let at = 0; at + PIECE <= secret.length; at++) {
      if (text.includes(secret.slice(at, at + PIECE))) return true;
    }
    return false;
  });
}
