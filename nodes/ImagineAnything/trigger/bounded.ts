/** More triggers than one n8n has; the memory of those that took nothing for the longest time goes first. */
export const MAX_NODES = 1000;

/**
 * Sets a member of a map that must not grow without end, and makes it the newest.
 *
 * @param max how many members the map may have; the oldest are left out
 */
export function keepNewest<Value>(
  map: Map<string, Value>,
  key: string,
  value: Value,
  max = MAX_NODES,
): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= max) return;
    map.delete(oldest);
  }
}
