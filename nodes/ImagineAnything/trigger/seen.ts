/** More than a node gets in the time in which a service repeats a delivery. */
const MAX_REMEMBERED = 5000;

/** The answer to a delivery, as far as it tells whether n8n took the delivery over. */
export interface Answer {
  headersSent: boolean;
  statusCode: number;
}

interface Memory {
  /** Epoch milliseconds by key, the oldest first. */
  done: Map<string, number>;
  underway: Map<string, { answer: Answer; until: number }>;
}

/** By node. */
const memories = new Map<string, Memory>();

/** What this process took over for a node lately. */
export interface Seen {
  /** `done`: n8n took it over. `underway`: it is being taken over just now. */
  stateOf(key: string): 'new' | 'underway' | 'done';
  /** Remembers what is being taken over with this answer, which is no longer waited for after a time. */
  add(keys: readonly string[], answer: Answer, patienceMs: number): void;
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
 * @param now epoch milliseconds
 * @param windowMs how long a delivery is remembered
 */
export function openSeen(node: string, now: number, windowMs: number): Seen {
  const memory = memories.get(node) ?? { done: new Map(), underway: new Map() };
  memories.set(node, memory);
  settle(memory, now);
  forget(memory, now - windowMs);
  return {
    stateOf(key) {
      if (memory.done.has(key)) return 'done';
      return memory.underway.has(key) ? 'underway' : 'new';
    },
    add(keys, answer, patienceMs) {
      for (const key of keys) memory.underway.set(key, { answer, until: now + patienceMs });
    },
  };
}

/** Moves what was answered meanwhile. */
function settle({ done, underway }: Memory, now: number): void {
  for (const [key, { answer, until }] of underway) {
    if (answer.headersSent && answer.statusCode < 300) done.set(key, now);
    if (answer.headersSent || until < now) underway.delete(key);
  }
}

function forget({ done }: Memory, before: number): void {
  for (const [key, at] of done) {
    if (at >= before && done.size <= MAX_REMEMBERED) return;
    done.delete(key);
  }
}

/** Forgets what this process knows. For tests that start from nothing, as a new process does. */
export function forgetSeen(): void {
  memories.clear();
}
