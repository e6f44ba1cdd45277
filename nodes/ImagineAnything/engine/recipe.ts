import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { ExecutionBaseError, NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { Client } from '../transport/client';
import { type Deadline, remaining } from '../../../credentials/http/deadline';
import { sleep } from '../../../credentials/http/sleep';
import { shorten } from '../transport/formatValue';
import { callOperation, prepareCall } from './callOperation';
import { limitOf } from './collectValues';
import { ParameterError } from './validate';
import { takeFile } from './files';
import type { Operation, Recipe, RecipeCalls } from './operation';
import type { Values } from './parameter';

/**
 * Validates an item with its recipe, before anything is sent.
 *
 * @param context the functions of the running node
 * @param recipe the recipe of the operation
 * @param operation what to run
 * @param values the validated values of its parameters
 * @param index which item
 * @returns sends the item
 * @throws ParameterError when the recipe refuses the item
 */
export async function prepareRecipe(
  context: IExecuteFunctions,
  recipe: Recipe,
  operation: Operation,
  values: Values,
  index: number,
): Promise<(client: Client) => Promise<IDataObject[]>> {
  const send = await recipe.prepare({
    operation,
    values,
    limit: limitOf(values),
    file: async (given, rules) => await takeFile(context, index, given, rules),
  });
  const signal = context.getExecutionCancelSignal();
  return async (client) => await send(recipeCalls(context, client, { signal }));
}

interface Bounds {
  /** n8n's cancel signal of the execution; undefined for calls that go on after a cancellation. */
  signal?: AbortSignal;
  deadline?: Deadline;
}

function recipeCalls(context: IExecuteFunctions, client: Client, bounds: Bounds): RecipeCalls {
  const { signal, deadline } = bounds;
  const failure: RecipeCalls['failure'] = (message, description) =>
    new NodeOperationError(context.getNode(), message, { description });
  // The value is from an earlier response, not from the user: something has been sent already.
  const fromService = (thrown: unknown, { action }: Operation) =>
    thrown instanceof ParameterError
      ? failure(`${action}: ${thrown.message}`, 'The service returned this value.')
      : thrown;
  const list: RecipeCalls['list'] = async (operation, values, limit) => {
    try {
      return await callOperation(client, operation, values, { limit, deadline });
    } catch (thrown) {
      throw fromService(thrown, operation);
    }
  };
  return {
    list,
    call: async (operation, values) => (await list(operation, values, 1))[0] ?? {},
    callAsIs: async (operation, values) => {
      const send = prepareCall(operation, new Map(Object.entries(values)));
      return (await send(client, { limit: 1, deadline }))[0] ?? {};
    },
    wait: async (ms) =>
      await sleep(deadline === undefined ? ms : Math.min(ms, remaining(deadline)), signal),
    until: (later) =>
      recipeCalls(context, client, {
        signal,
        deadline: deadline !== undefined && deadline.at < later.at ? deadline : later,
      }),
    detached: () => recipeCalls(context, client.detached(), {}),
    isCancelled: () => context.getExecutionCancelSignal()?.aborted === true,
    failure,
  };
}

/**
 * Adds to an error what the recipe did before it failed, so that the user knows what is left behind.
 *
 * @param calls what the recipe may do
 * @param thrown the error
 * @param leftBehind a sentence
 * @returns the error to throw
 */
export function withLeftBehind(calls: RecipeCalls, thrown: unknown, leftBehind: string): unknown {
  if (thrown instanceof ExecutionBaseError) {
    // An error that is remembered from an earlier try already says it.
    if (leftBehind !== '' && thrown.description?.includes(leftBehind)) return thrown;
    thrown.description = [leftBehind, thrown.description].filter(Boolean).join(' ');
    return thrown;
  }
  if (!(thrown instanceof Error)) return thrown;
  // n8n keeps only the message of any other error.
  return calls.failure(thrown.message, leftBehind);
}

/**
 * Tells whether a call failed because its deadline passed, and not because the service rejected it.
 *
 * @param thrown the error of the call
 * @param deadline the deadline of the call
 */
export function exceededDeadline(thrown: unknown, deadline: Deadline): boolean {
  return remaining(deadline) === 0 && rejectionOf(thrown) === undefined;
}

/** The maximum length of a text of the service that is read or shown. */
const MAX_MESSAGE_LENGTH = 1000;

/**
 * Tells why the service rejected a call.
 *
 * @param thrown the error of the call
 * @returns the status, the start of the service's message, and whether it has the documented form, as a proxy's has
 *   not; undefined when the service did not reject it
 */
export function rejectionOf(
  thrown: unknown,
): { status: number; message: string; isDocumented: boolean } | undefined {
  if (!(thrown instanceof NodeApiError)) return undefined;
  const { httpStatus: status, errorCode, isDocumented } = thrown.context;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const code = typeof errorCode === 'string' ? errorCode : '';
  return {
    status,
    message: shorten(`${code} ${thrown.message}`, MAX_MESSAGE_LENGTH),
    isDocumented: isDocumented === true,
  };
}

/**
 * Reads the ID of something that the service created.
 *
 * @param candidates the fields of a response that may hold it, the most likely first
 * @returns the first that is text or a whole number; undefined if none is
 */
export function readId(...candidates: unknown[]): string | undefined {
  const id = candidates.find(
    (each) => (typeof each === 'string' && each !== '') || Number.isSafeInteger(each),
  );
  return id === undefined ? undefined : String(id);
}

/**
 * Reads a text of the service for a message.
 *
 * @param value a field of a response
 * @param otherwise the text when the field is not text
 */
export function readText(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value.trim() !== ''
    ? shorten(value, MAX_MESSAGE_LENGTH)
    : otherwise;
}

/**
 * Rejects an item from within a recipe.
 *
 * @param field the field in the editor
 * @param problem what is wrong with it
 * @throws ParameterError always
 */
export function refuse(field: string, problem: string): never {
  throw new ParameterError(field, problem);
}
