import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ExecutionBaseError, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { type Client, openClient } from '../transport/client';
import { errorFacts } from '../transport/nodeError';
import { formatValue } from '../transport/formatValue';
import { readAnonymous } from './authenticationChoice';
import { type CompletedWrites, openCompletedWrites } from './completedWrites';
import { prepareCall } from './callOperation';
import { limitOf } from './collectValues';
import { ParameterError } from './validate';
import { readChoice } from './customCall';
import { toValue } from './names';
import { readNodeOptions, type RunSettings } from './nodeOptions';
import { mapConcurrent } from './mapConcurrent';
import { prepareRecipe } from './recipe';
import { isRead, type Operation, repeatOf, type Resource } from './operation';
import { readParameters } from './readParameters';

/** How many items are prepared at the same time: each may download a file, which n8n may keep in memory. */
const DOWNLOAD_CONCURRENCY = 4;

/** Sends one validated item, and returns the data of its output items. */
type Send = (client: Client) => Promise<IDataObject[]>;

/**
 * Runs the selected operation for every input item. All items are validated before the first request is sent,
 * so a batch with an invalid item sends nothing unless the node continues on fail.
 *
 * @param context the functions of the running node
 * @param resources all resources of the node
 * @returns the output items in the order of the input, each linked to its input item
 * @throws NodeOperationError or NodeApiError for the first failed item in input order
 */
export async function execute(
  context: IExecuteFunctions,
  resources: readonly Resource[],
): Promise<INodeExecutionData[]> {
  const writes = openCompletedWrites(context);
  let hasFailures = true;
  try {
    const outcomes = await runItems(context, resources, writes);
    hasFailures = outcomes.some(({ isFailed }) => isFailed);
    return outcomes.flatMap(({ items }) => items);
  } finally {
    writes.close(hasFailures);
  }
}

/** The result of one input item. */
interface Outcome {
  items: INodeExecutionData[];
  isFailed?: true;
}

async function runItems(
  context: IExecuteFunctions,
  resources: readonly Resource[],
  writes: CompletedWrites,
): Promise<Outcome[]> {
  const continueOnFail = context.continueOnFail();
  const indexes = context.getInputData().map((_, index) => index);

  const failed = (index: number, thrown: unknown, doneBefore = ''): Outcome => {
    // A cancelled execution has no more items, not even failed ones. n8n recognizes the cancellation by the name
    // of its error, and considers the execution failed when that is wrapped (n8n-core 2.41.1, `WorkflowExecute`).
    const isCancelled = context.getExecutionCancelSignal()?.aborted;
    if (isCancelled && thrown instanceof ExecutionBaseError) throw thrown;
    const error = toNodeError(context, thrown, index);
    if (continueOnFail && !isCancelled) return { items: [errorItem(error, index)], isFailed: true };
    // An error that is remembered from an earlier try already says it.
    if (!error.description?.includes(doneBefore)) {
      error.description = [error.description, doneBefore].filter(Boolean).join(' ');
    }
    throw error;
  };

  let operation: Operation;
  let settings: RunSettings;
  try {
    operation = findOperation(context, resources);
    const options = await readNodeOptions(context);
    const client = { ...options.client, isAnonymous: readAnonymous(context, operation) };
    settings = { ...options, client };
  } catch (thrown) {
    // If it were thrown here and the node continues on an error, n8n would pass the input on as if every item
    // had succeeded (n8n-core 2.41.1, `WorkflowExecute`).
    return indexes.map((index) => failed(index, thrown));
  }

  const prepareConcurrency = Math.min(settings.concurrency, DOWNLOAD_CONCURRENCY);
  const prepared = await mapConcurrent(indexes, prepareConcurrency, async (index) => {
    try {
      return await prepare(context, operation, settings, index);
    } catch (thrown) {
      return failed(index, thrown);
    }
  });

  const concurrency = isRead(operation) ? settings.concurrency : 1;
  return await mapConcurrent(indexes, concurrency, async (index): Promise<Outcome> => {
    const send = prepared[index];
    if (typeof send !== 'function') return send;
    try {
      // Each item has its own client, because a credential may contain expressions.
      const client = await openClient(context, settings.client, index);
      const output = await send(writes.clientFor(client, index));
      return { items: output.map((json) => ({ json, pairedItem: { item: index } })) };
    } catch (thrown) {
      return failed(index, thrown, describeCreated(operation, index, indexes.length));
    }
  });
}

/**
 * Says which items created something before the one that failed, because retrying the execution would create it
 * again. Writes are sent one after another, so these are all items before it.
 */
function describeCreated(operation: Operation, index: number, count: number): string {
  const isCreating = repeatOf(operation) === 'creating';
  if (!isCreating || index === 0) return '';
  if (index === 1) {
    return `1 of ${count} items succeeded before this one (item 1). Retrying the execution would repeat it.`;
  }
  const numbers =
    index > 5 ? `1 to ${index}` : Array.from({ length: index }, (_, each) => each + 1).join(', ');
  return `${index} of ${count} items succeeded before this one (items ${numbers}). Retrying the execution would repeat them.`;
}

function findOperation(context: IExecuteFunctions, resources: readonly Resource[]): Operation {
  const chosen = readChoice(context);
  const operation = resources
    .find(({ name }) => toValue(name) === chosen.resource)
    ?.operations.find(({ name }) => toValue(name) === chosen.operation);
  if (operation) return operation;
  throw new NodeOperationError(
    context.getNode(),
    `The node has no operation ${formatValue(chosen.operation)} for the resource ${formatValue(chosen.resource)}`,
    { description: 'Select a resource and an operation in the node.' },
  );
}

async function prepare(
  context: IExecuteFunctions,
  operation: Operation,
  { client: { timeoutMs } }: RunSettings,
  index: number,
): Promise<Send> {
  const values = await readParameters(context, operation, index, timeoutMs);
  if (operation.recipe)
    return await prepareRecipe(context, operation.recipe, operation, values, index);
  const call = prepareCall(operation, values);
  const limit = limitOf(values);
  return async (client) => await call(client, { limit });
}

type NodeFailure = NodeApiError | NodeOperationError;

function toNodeError(context: IExecuteFunctions, thrown: unknown, itemIndex: number): NodeFailure {
  if (thrown instanceof ParameterError) {
    const error = new NodeOperationError(context.getNode(), thrown.message, {
      itemIndex,
      level: 'warning',
      description: `Nothing was sent. ${thrown.advice}`,
    });
    // n8n replaces a message that names a connection code by a general one; ours says more.
    error.message = thrown.message;
    return error;
  }
  const error =
    thrown instanceof NodeApiError || thrown instanceof NodeOperationError
      ? thrown
      : new NodeOperationError(context.getNode(), thrown as Error);
  error.context.itemIndex = itemIndex;
  return error;
}

/**
 * The item of a failure. n8n recognizes it by these two fields and sends it to the error output if there is one;
 * it would replace any other fields by the message (n8n-core 2.41.1, `handleNodeErrorOutput`).
 */
function errorItem(error: NodeFailure, index: number): INodeExecutionData {
  const { httpStatus, errorCode } = error.context;
  const details: IDataObject = {
    ...(error.description ? { description: error.description } : {}),
    ...errorFacts({
      status: httpStatus as number | undefined,
      code: errorCode as string | undefined,
    }),
  };
  return { json: { error: error.message, details }, pairedItem: { item: index } };
}
