import type { FunctionsBase, ITriggerResponse } from 'n8n-workflow';
import { ProcessMap } from '../../../credentials/processMap';

/** n8n gives itself this long to end (`N8N_GRACEFUL_SHUTDOWN_TIMEOUT`, n8n 2.41.1). */
const CLOSING_MS = 30_000;

/** The time for which n8n keeps a trigger active in this process. */
interface Session {
  /** On the clock of this process, which nobody sets. */
  closedAt?: number;
}

/** The latest of each node. A node that is set up anew gets its new one before the old one is closed. */
const sessions = new ProcessMap<Session>();

type Node = Pick<FunctionsBase, 'getWorkflow' | 'getNode'>;

/** @returns what names a node across workflows */
export function nodeKey(context: Node): string {
  return `${context.getWorkflow().id} ${context.getNode().id}`;
}

/**
 * Notes that n8n has made a trigger active in this process.
 *
 * @returns what n8n calls when it deactivates the trigger, and when it is about to end
 */
export function openSession(context: Node): ITriggerResponse {
  const session: Session = {};
  forgetClosed(performance.now());
  sessions.set(nodeKey(context), session);
  const closeFunction = (): Promise<void> => {
    session.closedAt = performance.now();
    return Promise.resolve();
  };
  return { closeFunction };
}

/**
 * Whether deliveries to a node are better left to the next n8n. An n8n that is about to end goes on taking
 * requests, waits until nothing runs, and drops what it has begun by then (n8n 2.41.1,
 * `ActiveExecutions.shutdown`). It is true for a time only, because of several main processes one
 * closes its triggers when another one takes the lead, and goes on taking deliveries.
 *
 * @param now milliseconds on the clock of this process, `performance.now()`
 */
export function isShuttingDown(context: Node, now: number): boolean {
  const session = sessions.get(nodeKey(context));
  return session !== undefined && isClosed(session) && now - session.closedAt < CLOSING_MS;
}

function isClosed(session: Session): session is Required<Session> {
  return session.closedAt !== undefined;
}

/** A closed session says nothing any more once n8n has had the time to end. */
function forgetClosed(now: number): void {
  for (const [node, session] of sessions) {
    if (isClosed(session) && now - session.closedAt >= CLOSING_MS) sessions.delete(node);
  }
}
