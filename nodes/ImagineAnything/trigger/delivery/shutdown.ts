import type { ITriggerResponse } from 'n8n-workflow';
import { ProcessMap } from '../../../../credentials/memory/processMap';
import { type NodeContext, nodeKey } from '../nodeIdentity';

/** The time n8n allows itself to shut down (`N8N_GRACEFUL_SHUTDOWN_TIMEOUT`, n8n 2.41.1). */
const SHUTDOWN_MS = 30_000;

/** A trigger that n8n activated in this process. */
interface ActiveTrigger {
  /** When n8n deactivated it, on the monotonic clock. */
  deactivatedAt?: number;
}

/** The latest activation of each node. n8n activates a changed node again before it deactivates the old one. */
const activeTriggers = new ProcessMap<ActiveTrigger>();

/**
 * Records that n8n has activated a trigger in this process.
 *
 * @returns the function that n8n calls when it deactivates the trigger, and before it shuts down
 */
export function trackActivation(context: NodeContext): ITriggerResponse {
  const trigger: ActiveTrigger = {};
  evictDeactivated(performance.now());
  activeTriggers.set(nodeKey(context), trigger);
  const closeFunction = (): Promise<void> => {
    trigger.deactivatedAt = performance.now();
    return Promise.resolve();
  };
  return { closeFunction };
}

/**
 * Whether n8n is shutting down, so that a delivery is better retried on the next instance. n8n keeps accepting
 * requests while it shuts down, waits for running executions, and drops those it has started meanwhile
 * (n8n 2.41.1, `ActiveExecutions.shutdown`). True for a limited time only: with several main processes, one
 * deactivates its triggers when another one becomes the leader, and keeps accepting deliveries.
 *
 * @param now milliseconds on the monotonic clock, `performance.now()`
 */
export function isShuttingDown(context: NodeContext, now: number): boolean {
  const trigger = activeTriggers.get(nodeKey(context));
  return (
    trigger !== undefined && isDeactivated(trigger) && now - trigger.deactivatedAt < SHUTDOWN_MS
  );
}

function isDeactivated(trigger: ActiveTrigger): trigger is Required<ActiveTrigger> {
  return trigger.deactivatedAt !== undefined;
}

/** Past the shutdown time, a deactivated trigger has no meaning. */
function evictDeactivated(now: number): void {
  for (const [node, trigger] of activeTriggers) {
    if (isDeactivated(trigger) && now - trigger.deactivatedAt >= SHUTDOWN_MS) {
      activeTriggers.delete(node);
    }
  }
}
