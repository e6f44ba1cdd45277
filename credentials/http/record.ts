/** Says whether a value is an object with fields, as a JSON object is. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads JSON text that is expected to hold an object.
 *
 * @returns an empty object when it is anything else
 */
export function parseJsonObject(text: unknown): Record<string, unknown> {
  // An error for what is often empty would cost more than the rest of a request.
  if (typeof text !== 'string' || text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
