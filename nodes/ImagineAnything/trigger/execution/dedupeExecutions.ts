import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { isRecord } from '../../../../credentials/http/record';
import { ProcessMap } from '../../../../credentials/memory/processMap';
import { MAX_EVENTS } from '../deliveryLimits';
import { eventKey, hasIdentity, type TriggerEvent } from '../events/event';
import { MAX_NODES, nodeKey, triggerName } from '../nodeIdentity';
import { messageOf } from '../text';

/** Two entries per event, for two full deliveries: about 50 KB in n8n's table of processed data. */
const MAX_ENTRIES = 2 * 2 * MAX_EVENTS;

/** How many recent events of this process are recorded again with each new one. */
const MAX_RECENT = 40;

/** Entries that this process recorded recently, by node. */
const recent = new ProcessMap<string[]>(MAX_NODES);

/**
 * Removes the events that another execution already had, in whichever process it ran. n8n keeps the record in its
 * database without a lock: two executions at the same moment may overwrite each other's entries, so each one
 * records the latest of its process again, and two equal events at the same moment may both pass.
 *
 * An execution that a worker runs a second time finds its own entries and passes. (n8n 2.41.1 itself fails what a
 * crashed worker had started. Users who must not lose such an event have it delivered again; see the option
 * *Respond*.)
 *
 * @param items the events of a delivery
 * @returns those that are new; all when n8n cannot tell, because an event must not be lost
 */
export async function withoutProcessed(
  context: IExecuteFunctions,
  items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
  const node = nodeKey(context);
  const before = recent.get(node) ?? [];
  const execution = context.getExecutionId();
  const keys = items.map(({ json }) => {
    const event = json as TriggerEvent;
    return isRecord(event.raw) && hasIdentity(event) ? eventKey(event) : undefined;
  });
  const own = [...new Set(keys)].flatMap((key) =>
    key === undefined ? [] : [key, ownEntry(key, execution)],
  );
  if (own.length === 0) return items;
  recent.set(node, [...before, ...own].slice(-2 * MAX_RECENT));

  const processed = await recordEntries(context, [...new Set([...before, ...own])]);
  for (const entry of before) processed.add(entry);
  return items.filter((_, index) => {
    const key = keys[index];
    return key === undefined || !processed.has(key) || processed.has(ownEntry(key, execution));
  });
}

/** The entry by which an execution recognizes its own events. */
function ownEntry(key: string, execution: string): string {
  return `${key} ${execution}`;
}

/** @returns the entries that were recorded before */
async function recordEntries(context: IExecuteFunctions, entries: string[]): Promise<Set<unknown>> {
  const record = async (): Promise<Set<unknown>> => {
    const options = { mode: 'entries', maxEntries: MAX_ENTRIES } as const;
    return new Set(
      (await context.helpers.checkProcessedAndRecord(entries, 'node', options)).processed,
    );
  };
  // The very first record of a node fails when another execution creates it at the same moment.
  return await record()
    .catch(record)
    .catch((error: unknown) => {
      context.logger.warn(
        `${triggerName(context)} could not deduplicate its events: ${messageOf(error)}`,
      );
      return new Set<unknown>();
    });
}
