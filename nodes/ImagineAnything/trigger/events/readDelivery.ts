import { isRecord } from '../../../../credentials/http/record';
import { BATCH_KEYS } from '../assumptions';
import { MAX_EVENTS } from '../deliveryLimits';
import { readEvent, readHeaderFields, type ReadEvent } from './event';
import { tooManyValues } from '../httpRejection';
import type { RequestHeaders } from '../requestHeaders';
import { hash } from '../text';

/**
 * Reads the events of a delivery. Nothing is dropped: `raw` has each event as it was delivered.
 *
 * @param body the parsed JSON of the delivery
 * @param headers its headers, for what the body of a single event does not say; none if they cannot be trusted
 * @returns the events in their order; none when the body contains no object
 * @throws HttpRejection when there are too many
 */
export function readDelivery(body: unknown, headers: RequestHeaders = {}): ReadEvent[] {
  const entries = splitBatch(body);
  const headerFields = entries.length === 1 ? readHeaderFields(headers) : {};
  const counts = new Map<string, number>();
  return entries.map((entry) => {
    const { event, key } = readEvent(entry, headerFields);
    // An event that a batch contains twice happened twice.
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return { event, key: count === 1 ? key : hash(`${key} ${count}`) };
  });
}

function splitBatch(body: unknown): Array<Record<string, unknown>> {
  if (Array.isArray(body)) return toEntries(body);
  if (!isRecord(body)) return [];
  for (const key of BATCH_KEYS) {
    const list: unknown = Object.hasOwn(body, key) ? body[key] : undefined;
    if (Array.isArray(list) && list.some(isRecord)) return toEntries(list);
  }
  return [body];
}

function toEntries(list: unknown[]): Array<Record<string, unknown>> {
  if (list.length > MAX_EVENTS) throw tooManyValues();
  return list.filter(isRecord);
}
