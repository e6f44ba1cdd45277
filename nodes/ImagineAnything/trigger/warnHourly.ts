import type { IWebhookFunctions } from 'n8n-workflow';
import { BoundedMap, ProcessMap } from '../../../credentials/memory/processMap';
import { MAX_NODES, nodeKey, triggerName } from './nodeIdentity';

/** How often the same warning is logged, and how often any rejection starts a workflow. */
export const HOUR_MS = 3_600_000;

/** More than there are reasons, with some for each of the triggers that share a webhook. */
const MAX_REASONS = 200;

/** When each warning was last logged, by node, on the monotonic clock. */
const loggedAt = new ProcessMap<BoundedMap<number>>(MAX_NODES);

/**
 * Logs a warning, once an hour for each reason.
 *
 * @param reason what tells it from others
 * @param message the rest of a sentence that begins with the trigger
 * @param now milliseconds on the monotonic clock, `performance.now()`
 */
export function warnHourly(
  context: IWebhookFunctions,
  reason: string,
  message: string,
  now: number,
): void {
  const key = nodeKey(context);
  const times = loggedAt.get(key) ?? new BoundedMap<number>(MAX_REASONS);
  loggedAt.set(key, times);
  if (now - (times.get(reason) ?? -Infinity) < HOUR_MS) return;
  times.set(reason, now);
  context.logger.warn(`${triggerName(context)} ${message} This is logged at most once an hour.`);
}
