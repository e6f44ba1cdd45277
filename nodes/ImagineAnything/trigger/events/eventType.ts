import { EVENT_TYPE_WORDS, GENERIC_WORDS, REVERSAL_WORDS } from '../assumptions';

/** The type of a delivery that only shows that deliveries arrive. */
export const TEST = 'test';

/** The type of the item that tells of a rejected delivery. */
export const REJECTED = 'rejected';

/**
 * Maps the name of an event to its type: `NEW_FOLLOWER`, `agent.followed` and `follow` are the same.
 *
 * @returns one of EVENT_TYPES, otherwise the name in lower case, or `unknown` when there is none
 */
export function toEventType(name: string | undefined): string {
  if (name === undefined) return 'unknown';
  const words = wordsOf(name);
  if (!words.some((word) => REVERSAL_WORDS.includes(word))) {
    for (const [type, synonyms] of EVENT_TYPE_WORDS) {
      if (words.some((word) => synonyms.includes(word))) return type;
    }
  }
  return name.toLowerCase();
}

/** Picks the first specific name, or the first one when none is specific. */
export function pickName(names: readonly string[]): string | undefined {
  return names.find(isSpecific) ?? names[0];
}

/** Whether a name identifies the type of an event: `notification.created` does not. */
export function isSpecific(name: string): boolean {
  return wordsOf(name).some((word) => !GENERIC_WORDS.includes(word));
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
}
