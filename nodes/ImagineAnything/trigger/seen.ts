/** Deliveries and events that are remembered per node: about 28 KB in the static data of the workflow. */
const MAX_REMEMBERED = 1000;

/** An answer that is not given after this time will not be given any more. */
const MAX_UNDERWAY_MS = 120_000;

/** The answer to a delivery, as far as it tells whether n8n took the delivery over. */
export interface Answer {
  headersSent: boolean;
  statusCode: number;
}

interface Memory {
  /** Epoch milliseconds by key. */
  done: Map<string, number>;
  underway: Map<string, { answer: Answer; since: number }>;
}

/** By node. What it is good for, and why correctness does not rest on it, is said at {@link openSeen}. */
const memories = new Map<string, Memory>();

/** What was delivered to a node lately. */
export interface Seen {
  /** `done`: n8n took it over. `underway`: it is being taken over just now. */
  stateOf(key: string): 'new' | 'underway' | 'done';
  /**
   * Remembers what is being taken over with this answer.
   *
   * @returns the text to put into the static data
   */
  add(keys: readonly string[], answer: Answer): string;
}

/**
 * Opens the memory of what was delivered to a node lately.
 *
 * A trigger has no atomic store that all processes share: n8n's data deduplication and data tables are
 * not there for webhooks (n8n 2.41.1, `WebhookContext`), and executions take a deduplication key only
 * from nodes that emit. What all processes share is the static data of the workflow, which n8n reads for
 * each delivery and saves after the execution was created and before the answer is sent. So:
 *
 * - an event is noted only together with its execution: if n8n dies before, the event comes again and runs;
 * - each process writes the union of what it read and what it knows, because whoever saves last wins:
 *   what another one overwrote comes back with the next delivery;
 * - two equal deliveries in two processes within the same moment both run. Only a store with a lock could
 *   prevent that.
 *
 * @param node names the node across workflows
 * @param stored the text in the static data
 * @param now epoch milliseconds
 * @param windowMs how long a delivery is remembered
 */
export function openSeen(node: string, stored: unknown, now: number, windowMs: number): Seen {
  const memory = memories.get(node) ?? { done: new Map(), underway: new Map() };
  memories.set(node, memory);
  settle(memory, now);
  for (const [key, at] of parse(stored)) if (!memory.done.has(key)) memory.done.set(key, at);
  const oldest = [...memory.done].sort(([, a], [, b]) => a - b);
  const surplus = oldest.length - MAX_REMEMBERED;
  oldest.forEach(([key, at], index) => {
    if (index < surplus || at < now - windowMs) memory.done.delete(key);
  });
  return {
    stateOf(key) {
      if (memory.done.has(key)) return 'done';
      return memory.underway.has(key) ? 'underway' : 'new';
    },
    add(keys, answer) {
      for (const key of keys) memory.underway.set(key, { answer, since: now });
      return format([...memory.done, ...keys.map((key) => [key, now] as const)]);
    },
  };
}

/** Moves what was answered meanwhile: n8n answers 2xx only after it has created the execution. */
function settle({ done, underway }: Memory, now: number): void {
  for (const [key, { answer, since }] of underway) {
    if (answer.headersSent && answer.statusCode < 300) done.set(key, since);
    if (answer.headersSent || since < now - MAX_UNDERWAY_MS) underway.delete(key);
  }
}

/** One text instead of an object: n8n watches each member of static data for changes. */
function format(entries: ReadonlyArray<readonly [string, number]>): string {
  return entries.map(([key, at]) => `${key}.${Math.floor(at / 1000).toString(36)}`).join(',');
}

function parse(stored: unknown): Array<[string, number]> {
  if (typeof stored !== 'string' || stored === '') return [];
  return stored.split(',').flatMap((entry): Array<[string, number]> => {
    const [key, at = ''] = entry.split('.');
    const time = parseInt(at, 36) * 1000;
    return key !== '' && Number.isFinite(time) ? [[key, time]] : [];
  });
}

/** Forgets what this process knows. For tests that start from nothing, as a new process does. */
export function forgetSeen(): void {
  memories.clear();
}
