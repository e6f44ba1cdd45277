/** More triggers than one n8n instance has; the one that was idle longest is evicted first. */
export const MAX_NODES = 1000;

/**
 * Sets an entry of a map of bounded size and makes it the newest.
 *
 * @param max the maximum number of entries; the oldest ones are evicted
 */
export function setBounded<Value>(
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
