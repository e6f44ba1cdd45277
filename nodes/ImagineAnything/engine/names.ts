/**
 * Converts a name in the editor to the value that n8n stores.
 *
 * @param name Title Case, such as `Get Many`
 * @returns camelCase, such as `getMany`
 */
export function toValue(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word, index) =>
      index === 0 ? word.toLowerCase() : word[0].toUpperCase() + word.slice(1).toLowerCase(),
    )
    .join('');
}
