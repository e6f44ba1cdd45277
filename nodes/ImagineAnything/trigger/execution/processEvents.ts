import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { without } from '../../engine/response';
import { isRecord } from '../../../../credentials/http/record';
import { openClient } from '../../transport/client';
import { withoutProcessed } from './dedupeExecutions';
import { withMedia } from './downloadMedia';
import { enrichEvent } from './enrich';
import type { TriggerEvent } from '../events/event';
import { type ExecutionOptions, readExecutionOptions } from '../parameters/options';

/** Longer than a full delivery takes at the published rate limit. */
const ENRICH_MS = 1_800_000;
/** As long, so that a slow host of files does not hold an execution for hours. */
const MEDIA_MS = 1_800_000;
const ENRICH_TIMEOUT =
  'The details were not fetched because the events before this one took too long';

/**
 * Outputs the new events of a delivery, with full details when the user wants them. The
 * service already has its response by then, so this may take its time.
 *
 * @returns the items of the execution
 */
export async function processEvents(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
  const delivered = context.getInputData();
  const options = readExecutionOptions(context.getNodeParameter('options', 0, {}));
  const items = mayRepeat(context, options)
    ? delivered
    : await withoutProcessed(context, delivered);
  // What a sample is about does not exist.
  const isReal = !delivered.some(isSampleItem);
  const detailed = options.fetchDetails && isReal ? await withDetails(context, items) : items;
  const output = options.includeRaw ? detailed : detailed.map(withoutRaw);
  if (!options.downloadMedia || !isReal) return output;
  const complete: INodeExecutionData[] = [];
  const end = performance.now() + MEDIA_MS;
  for (const [index, item] of output.entries()) {
    complete.push(await withMedia(context, index, item, options.maximumMediaSize, end));
  }
  return complete;
}

function isSampleItem({ json: { verification } }: INodeExecutionData): boolean {
  return isRecord(verification) && verification.method === 'sample';
}

function withoutRaw(item: INodeExecutionData): INodeExecutionData {
  return { ...item, json: without(item.json, 'raw') as IDataObject };
}

async function withDetails(
  context: IExecuteFunctions,
  items: readonly INodeExecutionData[],
): Promise<INodeExecutionData[]> {
  const client = await openClient(context);
  const enriched: INodeExecutionData[] = [];
  const end = performance.now() + ENRICH_MS;
  for (const item of items) {
    const json =
      performance.now() > end
        ? { ...item.json, enrichmentError: ENRICH_TIMEOUT }
        : await enrichEvent(client, item.json as TriggerEvent);
    enriched.push({ ...item, json });
  }
  return enriched;
}

/** Whether an event that an execution already had is output again. */
function mayRepeat(
  context: IExecuteFunctions,
  { deduplicationWindowMs, responseMode }: ExecutionOptions,
): boolean {
  // Users who test resend the same event, and users who retry an execution want its events again. A retry has an
  // ID of its own, so the record of the failed execution does not match it.
  if (['manual', 'retry'].includes(context.getMode())) return true;
  // With `lastNode`, a repeated event is one whose first execution failed, or may have.
  return deduplicationWindowMs === 0 || responseMode === 'lastNode';
}
