import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ExecutionBaseError, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { type Client, openClient } from '../transport/client';
import { errorFacts } from '../transport/nodeError';
import { shown } from '../transport/shown';
import { readOutput } from './answer';
import { readAnonymous } from './authentication';
import { checkValue, ParameterProblem } from './check';
import { DEFAULT_LIMIT, readsList } from './description';
import { toValue } from './names';
import { readNodeOptions, type RunSettings } from './nodeOptions';
import { mapInOrder } from './order';
import { prepareRecipe } from './recipe';
import { buildRequest } from './request';
import type { Operation, Parameter, Resource } from './types';
import { readValues, secretsOf } from './values';

/** Sends one item that was checked, and gives the data of its output items. */
type Send = (client: Client) => Promise<IDataObject[]>;

/**
 * Runs the chosen operation for every input item. All items are checked before the first request goes
 * out, so a batch with an invalid item sends nothing unless the node continues on fail.
 *
 * @param context the functions of the running node
 * @param resources everything that the node offers
 * @returns the output items in the order of the input, each linked to its input item
 * @throws NodeOperationError or NodeApiError for the first failed item in input order
 */
export async function runNode(
  context: IExecuteFunctions,
  resources: readonly Resource[],
): Promise<INodeExecutionData[]> {
  const continueOnFail = context.continueOnFail();
  const indexes = context.getInputData().map((_, index) => index);

  const failed = (index: number, thrown: unknown): Outcome => {
    // A cancelled execution has no further items, not even failed ones. n8n knows the cancellation by the name
    // of its error, and takes the execution for failed when it is wrapped (n8n-core 2.41.1, `WorkflowExecute`).
    const isCancelled = context.getExecutionCancelSignal()?.aborted;
    if (isCancelled && thrown instanceof ExecutionBaseError) throw thrown;
    const error = toNodeError(context, thrown, index);
    if (!continueOnFail || isCancelled) throw error;
    return [errorItem(error, index)];
  };

  let operation: Operation;
  let settings: RunSettings;
  try {
    operation = findOperation(context, resources);
    const options = readNodeOptions(context);
    const client = { ...options.client, isAnonymous: readAnonymous(context, operation) };
    settings = { ...options, client };
  } catch (thrown) {
    // Thrown as it is, n8n would pass the input on as if every item had succeeded where the node continues
    // on an error (n8n-core 2.41.1, `WorkflowExecute`).
    return indexes.flatMap((index) => failed(index, thrown));
  }

  const prepared: Array<Send | Outcome> = [];
  for (const index of indexes) {
    try {
      prepared.push(await prepare(context, operation, index));
    } catch (thrown) {
      prepared.push(failed(index, thrown));
    }
  }

  const atOnce = operation.endpoint.startsWith('GET ') ? settings.readsAtOnce : 1;
  const outcomes = await mapInOrder(indexes, atOnce, async (index): Promise<Outcome> => {
    const send = prepared[index];
    if (Array.isArray(send)) return send;
    try {
      // Each item has its own, because a credential may hold expressions.
      const output = await send(await openClient(context, settings.client, index));
      return output.map((json) => ({ json, pairedItem: { item: index } }));
    } catch (thrown) {
      return failed(index, thrown);
    }
  });
  return outcomes.flat();
}

type Outcome = INodeExecutionData[];

function findOperation(context: IExecuteFunctions, resources: readonly Resource[]): Operation {
  const resourceValue = context.getNodeParameter('resource', 0) as string;
  const operationValue = context.getNodeParameter('operation', 0) as string;
  const operation = resources
    .find(({ name }) => toValue(name) === resourceValue)
    ?.operations.find(({ name }) => toValue(name) === operationValue);
  if (operation) return operation;
  throw new NodeOperationError(
    context.getNode(),
    `The node has no operation ${shown(operationValue)} for the resource ${shown(resourceValue)}`,
    { description: 'Choose the resource and the operation from the lists of the node.' },
  );
}

async function prepare(
  context: IExecuteFunctions,
  operation: Operation,
  index: number,
): Promise<Send> {
  const values = await readValues(context, operation, index);
  const limit = readLimit(context, operation, index);
  if (operation.recipe)
    return await prepareRecipe(context, operation.recipe, operation, values, index);
  const request = { ...buildRequest(operation, values), secrets: secretsOf(operation, values) };
  return async (client) => await readOutput(operation, limit, request, client);
}

const RETURN_ALL_PARAMETER: Parameter = {
  name: 'returnAll',
  displayName: 'Return All',
  in: 'query',
  kind: 'flag',
};

const LIMIT_PARAMETER: Parameter = {
  name: 'limit',
  displayName: 'Limit',
  in: 'query',
  kind: 'number',
  integer: true,
  min: 1,
  required: true,
};

function readLimit(context: IExecuteFunctions, operation: Operation, index: number): number {
  if (!readsList(operation)) return Infinity;
  const read = (parameter: Parameter, otherwise: boolean | number) =>
    checkValue(
      parameter,
      context.getNodeParameter(parameter.name, index, otherwise, { skipValidation: true }),
    );
  return read(RETURN_ALL_PARAMETER, false)
    ? Infinity
    : (read(LIMIT_PARAMETER, DEFAULT_LIMIT) as number);
}

type NodeFailure = NodeApiError | NodeOperationError;

function toNodeError(context: IExecuteFunctions, thrown: unknown, itemIndex: number): NodeFailure {
  if (thrown instanceof ParameterProblem) {
    return new NodeOperationError(context.getNode(), thrown.message, {
      itemIndex,
      level: 'warning',
      description: 'Nothing was sent. Correct the value of this field in the node.',
    });
  }
  const error =
    thrown instanceof NodeApiError || thrown instanceof NodeOperationError
      ? thrown
      : new NodeOperationError(context.getNode(), thrown as Error);
  error.context.itemIndex = itemIndex;
  return error;
}

/**
 * The item of a failure. n8n recognises it by these two members and sends it to the error output where
 * there is one; it would replace everything else by the message (n8n-core 2.41.1, `handleNodeErrorOutput`).
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
