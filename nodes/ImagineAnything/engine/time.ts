import { isRecord } from '../../../credentials/http/record';

/** ISO 8601 as `Date` and Luxon write it. */
const ISO_FORM = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * Reads a point in time: a `Date`, or a Luxon `DateTime` such as `$now`.
 *
 * @param value anything
 * @returns the time in ISO 8601; undefined for anything else, an invalid date included
 */
export function readTime(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const text = ofDate(value) ?? ofLuxon(value);
  return typeof text === 'string' && ISO_FORM.test(text) ? text : undefined;
}

/** Works for a `Date` of another realm, too; anything else throws. */
function ofDate(value: object): string | undefined {
  try {
    return new Date(Date.prototype.getTime.call(value)).toISOString();
  } catch {
    return undefined;
  }
}

/** n8n has its own copy of Luxon, so `instanceof` cannot be used. */
function ofLuxon(value: Record<string, unknown>): unknown {
  if (value.isLuxonDateTime !== true || value.isValid !== true) return undefined;
  return typeof value.toISO === 'function' ? (value as { toISO(): unknown }).toISO() : undefined;
}
