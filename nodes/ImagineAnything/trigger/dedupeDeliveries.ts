import { ProcessMap } from '../../../credentials/processMap';
import { keepNewest } from './bounded';
import { MAX_EVENTS } from './limits';

/** More than a node gets in the time in which a service repeats a delivery: ten full ones. */
const MAX_REMEMBERED = 10 * MAX_EVENTS;

/** What all nodes together remember, about 15 MB. */
const MAX_IN_ALL = 20 * MAX_REMEMBERED;

/** The answer to a delivery, as far as it tells whether n8n took the delivery over. */
export interface DeliveryResponse {
  headersSent: boolean;
  statusCode: number;
}

/** A delivery that is being taken over. */
interface Underway {
  delivery: string;
  events: readonly string[];
  answer: DeliveryResponse;
  /** On the clock of this process. */
  until: number;
}

interface Memory {
  /** Deliveries as a whole, and their events: when they were taken over, by key, the oldest first. */
  deliveries: Map<string, number>;
  events: Map<string, number>;
  underway: Set<Underway>;
  /** The keys of all that is underway. */
  busy: Set<string>;
}

/** By node, the one that took nothing for the longest time first. */
const memories = new ProcessMap<Memory>();

/** What this process took over for a node lately. */
export interface Seen {
  /** Says whether n8n took over a delivery with just this body. */
  knows(delivery: string): boolean;
  /** `done`: n8n took the event over. `underway`: it is being taken over just now. */
  stateOf(event: string): 'new' | 'underway' | 'done';
  /**
   * Remembers what is being taken over with this answer, which is no longer waited for after a time.
   *
   * @returns false when so much is underway that it cannot be remembered
   */
  add(
    delivery: string,
    events: readonly string[],
    answer: DeliveryResponse,
    maxWaitMs: number,
  ): boolean;
}

/**
 * Opens this process's memory of what was delivered to a node lately. It keeps repetitions from starting
 * an execution at all; correctness does not rest on it, but on what executions record for all
 * processes (`processed.ts`), which is the only shared store within a trigger's reach: n8n's data
 * deduplication and data tables are not there for webhooks (`WebhookContext`), and what a webhook
 * puts into static data is not saved when it starts an execution (`establishContextForPersistence`
 * resets the mark of a change; all n8n 2.41.1).
 *
 * A delivery counts as taken over only when it was answered with 2xx, which n8n does after it has
 * created the execution, or after it has ended where the user chose so: what failed may come again.
 *
 * @param node names the node across workflows
 * @param now milliseconds on a clock that nobody sets, such as `performance.now()`
 * @param windowMs how long a delivery is remembered
 */
export function openSeen(node: string, now: number, windowMs: number): Seen {
  const memory = memories.get(node) ?? {
    deliveries: new Map(),
    events: new Map(),
    underway: new Set(),
    busy: new Set(),
  };
  keepNewest(memories, node, memory);
  settle(memory, now);
  forget(memory.deliveries, now - windowMs);
  forget(memory.events, now - windowMs);
  forgetOthers(node);
  return {
    knows: (delivery) => memory.deliveries.has(delivery),
    stateOf(event) {
      if (memory.events.has(event)) return 'done';
      return memory.busy.has(event) ? 'underway' : 'new';
    },
    add(delivery, events, answer, maxWaitMs) {
      if (memory.busy.size + events.length > MAX_REMEMBERED) return false;
      memory.underway.add({ delivery, events, answer, until: now + maxWaitMs });
      for (const event of events) memory.busy.add(event);
      return true;
    },
  };
}

/** Moves what was answered meanwhile. */
function settle({ deliveries, events, underway, busy }: Memory, now: number): void {
  for (const each of underway) {
    const { answer, until } = each;
    if (!answer.headersSent && until >= now) continue;
    underway.delete(each);
    for (const event of each.events) busy.delete(event);
    if (!answer.headersSent || answer.statusCode >= 300) continue;
    keepNewest(deliveries, each.delivery, now, MAX_REMEMBERED);
    for (const event of each.events) keepNewest(events, event, now, MAX_REMEMBERED);
  }
}

function forget(done: Map<string, number>, before: number): void {
  for (const [key, at] of done) {
    if (at >= before) return;
    done.delete(key);
  }
}

/** Makes room: what nodes remember that took nothing for the longest time is forgotten first. */
function forgetOthers(node: string): void {
  const sizes = [...memories].map(([key, { deliveries, events }]) => ({
    key,
    size: deliveries.size + events.size,
  }));
  let total = sizes.reduce((sum, { size }) => sum + size, 0);
  for (const { key, size } of sizes) {
    if (total <= MAX_IN_ALL || key === node) return;
    total -= size;
    memories.delete(key);
  }
}
