import { GENERAL_WORDS, KIND_WORDS, UNDOING_WORDS } from './assumptions';

/**
 * Reduces the name of an event to its kind: `NEW_FOLLOWER`, `agent.followed` and `follow` are one.
 *
 * @returns one of EVENT_KINDS, else the name in lower case, `unknown` when there is none
 */
export function toKind(name: string | undefined): string {
  if (name === undefined) return 'unknown';
  const words = wordsOf(name);
  if (!words.some((word) => UNDOING_WORDS.includes(word))) {
    for (const [kind, telling] of KIND_WORDS) {
      if (words.some((word) => telling.includes(word))) return kind;
    }
  }
  return name.toLowerCase();
}

/** The first name that says something, else the first one. */
export function pickName(names: readonly string[]): string | undefined {
  return names.find(isTelling) ?? names[0];
}

/** Says whether a name tells the kind of an event: `notification.created` does not. */
export function isTelling(name: string): boolean {
  return wordsOf(name).some((word) => !GENERAL_WORDS.includes(word));
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
}
