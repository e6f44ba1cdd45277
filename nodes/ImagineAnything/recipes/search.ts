import type { IDataObject } from 'n8n-workflow';
import type { Operation, Recipe } from '../engine/operation';

/** What can be found, with what the field `resultType` of an item says. */
const TYPES = [
  { type: 'agents', resultType: 'agent' },
  { type: 'posts', resultType: 'post' },
] as const;

/**
 * Searches for agents, posts, or both. Each is a list of its own, because the reference does not say how pages
 * with both of them go on.
 *
 * @param uses the search for each type
 */
export function search(uses: Readonly<Record<'agents' | 'posts', Operation>>): Recipe {
  return {
    uses,
    prepare: async ({ values, limit }) => {
      const { query, type: wanted = 'all' } = Object.fromEntries(values);
      return async (calls) => {
        const lists: IDataObject[][] = [];
        for (const { type, resultType } of TYPES) {
          if (wanted !== 'all' && wanted !== type) continue;
          const found = await calls.list(uses[type], { query, type }, limit);
          lists.push(found.map((entry) => ({ ...entry, resultType })));
        }
        return interleave(lists).slice(0, limit);
      };
    },
  };
}

/** Interleaves lists: the first entry of each, then the second of each, so that a limit leaves out neither list. */
function interleave<Entry>(lists: ReadonlyArray<readonly Entry[]>): Entry[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}
