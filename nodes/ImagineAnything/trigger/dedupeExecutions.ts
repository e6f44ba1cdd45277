import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ProcessMap } from '../../../credentials/processMap';
import { keepNewest } from './bounded';
import { isUnique, keyOf, type TriggerEvent } from './event';
import { MAX_EVENTS } from './limits';
import { nodeKey } from './shutdown';
import { messageOf } from './text';

/** Two entries an event, for two full deliveries: about 50 KB in n8n's table of processed data. */
const MAX_ENTRIES = 2 * 2 * MAX_EVENTS;

/** How many events of this process are recorded once more with each new one. */
const MAX_RECENT = 40;

/** Entries that this process recorded lately, by node. */
const recent = new ProcessMap<string[]>();

/**
 * Leaves out the events that another execution had already, whichever process it ran in. n8n keeps the
 * record in its database, without a lock: two executions at the same moment may overwrite each
 * other's, so each records the latest of its process once more, and two equal events within the
 * same moment may both pass.
 *
 * An execution that a worker runs a second time meets its own record and passes. (n8n 2.41.1 itself ends
 * what a dead worker had begun; whoever must not lose such an event has it delivered again, see
 * the option *Respond*.)
 *
 * @param items the events of a delivery
 * @returns those that are new; all when n8n cannot say, because an event is not to be lost
 */
export async function withoutProcessed(
  context: IExecuteFunctions,
  items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
  const node = nodeKey(context);
  const before = recent.get(node) ?? [];
  const keys = items.map(({ json }) => {
    const event = json as TriggerEvent;
    return isUnique(event) ? keyOf(event) : undefined;
  });
  const execution = context.getExecutionId();
  const own = [...new Set(keys)].flatMap((key) =>
    key === undefined ? [] : [key, `${key} ${execution}`],
  );
  if (own.length === 0) return items;
  keepNewest(recent, node, [...before, ...own].slice(-2 * MAX_RECENT));

  const record = async (): Promise<Set<unknown>> => {
    const entries = [...new Set([...before, ...own])];
    const options = { mode: 'entries', maxEntries: MAX_ENTRIES } as const;
    return new Set(
      (await context.helpers.checkProcessedAndRecord(entries, 'node', options)).processed,
    );
  };
  // The very first record of a node fails when another execution makes it at the same moment.
  const processed = await record()
    .catch(record)
    .catch((error: unknown) => {
      context.logger.warn(
        `ImagineAnything Trigger "${context.getNode().name}": repeated events cannot be recognised: ${messageOf(error)}`,
      );
      return new Set<unknown>();
    });
  for (const entry of before) processed.add(entry);
  return items.filter((_, index) => {
    const key = keys[index];
    return !processed.has(key) || processed.has(`${key} ${execution}`);
  });
}
