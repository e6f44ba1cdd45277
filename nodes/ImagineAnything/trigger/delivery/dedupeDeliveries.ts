import { BoundedMap, ProcessMap } from '../../../../credentials/memory/processMap';
import { MAX_EVENTS } from '../deliveryLimits';
import { MAX_NODES } from '../nodeIdentity';

/** More than a node receives while a service retries a delivery: ten full deliveries. */
const MAX_CACHED_PER_NODE = 10 * MAX_EVENTS;

/** For all nodes together, about 15 MB. */
const MAX_CACHED = 20 * MAX_CACHED_PER_NODE;

/** The part of the HTTP response to a delivery that says whether n8n accepted it. */
export interface DeliveryResponse {
  headersSent: boolean;
  statusCode: number;
}

/** A delivery that has no response yet. */
interface PendingDelivery {
  delivery: string;
  events: readonly string[];
  response: DeliveryResponse;
  /** On the monotonic clock. */
  expiresAt: number;
}

interface NodeCache {
  /** When deliveries, and the events in them, were accepted, by key, the oldest first. */
  deliveries: BoundedMap<number>;
  events: BoundedMap<number>;
  pending: Set<PendingDelivery>;
  /** The keys of all events in `pending`. */
  pendingEvents: Set<string>;
}

/** By node, the one that was idle longest first. */
const caches = new ProcessMap<NodeCache>(MAX_NODES);

/** The deliveries that this process accepted for a node recently. */
export interface DeliveryCache {
  /** Whether n8n accepted a delivery with exactly this body. */
  hasDelivery(delivery: string): boolean;
  /** `processed`: n8n accepted the event. `pending`: there is no response to its delivery yet. */
  eventState(event: string): 'new' | 'pending' | 'processed';
  /**
   * Adds a delivery that will be answered with `response`. It expires when there is no response in time.
   *
   * @returns false when too many events are pending to add these
   */
  add(
    delivery: string,
    events: readonly string[],
    response: DeliveryResponse,
    timeoutMs: number,
  ): boolean;
}

/**
 * Opens this process's cache of recent deliveries to a node, so that a repeated delivery does not start an
 * execution. Correctness does not depend on it: executions record the events they processed for all processes
 * (`dedupeExecutions.ts`). That record is the only shared store a trigger can use: n8n's data deduplication and
 * data tables are not available to webhooks (`WebhookContext`), and static data that a webhook writes is not
 * saved when it starts an execution (`establishContextForPersistence` resets the change flag; all n8n 2.41.1).
 *
 * A delivery counts as accepted once its response is 2xx. n8n sends that after it has created the execution, or
 * after the execution has finished where the user chose so; a delivery that failed may be repeated.
 *
 * @param node the key of the node; see `nodeKey`
 * @param now milliseconds on a monotonic clock, `performance.now()`
 * @param windowMs how long a delivery stays in the cache
 */
export function openDeliveryCache(node: string, now: number, windowMs: number): DeliveryCache {
  const cache = caches.get(node) ?? {
    deliveries: new BoundedMap<number>(MAX_CACHED_PER_NODE),
    events: new BoundedMap<number>(MAX_CACHED_PER_NODE),
    pending: new Set<PendingDelivery>(),
    pendingEvents: new Set<string>(),
  };
  caches.set(node, cache);
  settlePending(cache, now);
  evictExpired(cache.deliveries, now - windowMs);
  evictExpired(cache.events, now - windowMs);
  evictOtherNodes(node);
  return {
    hasDelivery: (delivery) => cache.deliveries.has(delivery),
    eventState(event) {
      if (cache.events.has(event)) return 'processed';
      return cache.pendingEvents.has(event) ? 'pending' : 'new';
    },
    add(delivery, events, response, timeoutMs) {
      if (cache.pendingEvents.size + events.length > MAX_CACHED_PER_NODE) return false;
      cache.pending.add({ delivery, events, response, expiresAt: now + timeoutMs });
      for (const event of events) cache.pendingEvents.add(event);
      return true;
    },
  };
}

/** Moves pending deliveries that have got their response since. */
function settlePending(
  { deliveries, events, pending, pendingEvents }: NodeCache,
  now: number,
): void {
  for (const each of pending) {
    const { response, expiresAt } = each;
    if (!response.headersSent && expiresAt >= now) continue;
    pending.delete(each);
    for (const event of each.events) pendingEvents.delete(event);
    if (!response.headersSent || response.statusCode >= 300) continue;
    deliveries.set(each.delivery, now);
    for (const event of each.events) events.set(event, now);
  }
}

function evictExpired(entries: Map<string, number>, before: number): void {
  for (const [key, at] of entries) {
    if (at >= before) return;
    entries.delete(key);
  }
}

/** Evicts the caches of the nodes that were idle longest until the total is within its limit. */
function evictOtherNodes(node: string): void {
  const sizes = [...caches].map(([key, { deliveries, events }]) => ({
    key,
    size: deliveries.size + events.size,
  }));
  let total = sizes.reduce((sum, { size }) => sum + size, 0);
  for (const { key, size } of sizes) {
    if (total <= MAX_CACHED || key === node) return;
    total -= size;
    caches.delete(key);
  }
}
