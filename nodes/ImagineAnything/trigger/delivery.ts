import { isRecord } from '../../../credentials/http/record';
import { BATCH_KEYS } from './assumptions';
import { readClaims, readEvent, type ReadEvent } from './event';
import { MAX_EVENTS } from './limits';
import { tooMuch } from './refusal';
import type { Headers } from './signature';
import { hash } from './text';

/** Where a delivery comes from. */
export interface Origin {
  headers: Headers;
  /** Whether a signature covers the body. None covers the headers, which then decide nothing. */
  isSigned: boolean;
}

/**
 * Reads the events of a delivery. Nothing is left out: what is not understood is still under `raw`.
 *
 * @param body the parsed JSON of the delivery
 * @param origin its headers, for what the body does not say
 * @returns the events in their order; none when the body has no object in it
 * @throws Refusal when there are too many
 */
export function readDelivery(
  body: unknown,
  { headers, isSigned }: Origin = { headers: {}, isSigned: true },
): ReadEvent[] {
  const entries = splitBatch(body);
  const claims = entries.length === 1 ? readClaims(headers) : {};
  const counts = new Map<string, number>();
  return entries.map((entry) => {
    const { event, key } = readEvent(entry, claims, isSigned);
    // What stands in one batch twice happened twice.
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return { event, key: count === 1 ? key : hash(`${key} ${count}`) };
  });
}

type Members = Record<string, unknown>;

function splitBatch(body: unknown): Members[] {
  if (Array.isArray(body)) return entriesOf(body);
  if (!isRecord(body)) return [];
  for (const key of BATCH_KEYS) {
    const list: unknown = Object.hasOwn(body, key) ? body[key] : undefined;
    if (Array.isArray(list) && list.some(isRecord)) return entriesOf(list);
  }
  return [body];
}

function entriesOf(list: unknown[]): Members[] {
  if (list.length > MAX_EVENTS) throw tooMuch();
  return list.filter(isRecord);
}
