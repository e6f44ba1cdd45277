import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { ExecutionBaseError, NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { Client } from '../transport/client';
import { type Deadline, remaining } from '../transport/deadline';
import { sleep } from '../transport/sleep';
import { shorten } from '../transport/shown';
import { callOperation } from './callOperation';
import { limitOf } from './collectValues';
import { ParameterProblem } from './validate';
import { takeFile } from './files';
import type { Operation, Recipe, RecipeCalls } from './operation';
import type { Values } from './parameter';

/**
 * Checks an item with its recipe.
 *
 * @param context the functions of the running node
 * @param recipe the recipe of the operation
 * @param operation what to run
 * @param values the checked values of its parameters
 * @param index which item
 * @returns what sends it
 * @throws ParameterProblem when the recipe refuses the item
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
  /** n8n's cancel signal of the execution; undefined for what goes on without it. */
  signal?: AbortSignal;
  deadline?: Deadline;
}

function recipeCalls(context: IExecuteFunctions, client: Client, bounds: Bounds): RecipeCalls {
  const { signal, deadline } = bounds;
  const failure: RecipeCalls['failure'] = (message, description) =>
    new NodeOperationError(context.getNode(), message, { description });
  // A value that an earlier call gave, not the user: something was sent by now.
  const fromService = (thrown: unknown, { action }: Operation) =>
    thrown instanceof ParameterProblem
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
 * Adds to an error what a recipe had done before it failed, so that the user knows what is left behind.
 *
 * @param calls what the recipe may do
 * @param thrown what failed
 * @param leftBehind a sentence
 * @returns the error to be thrown
 */
export function withLeftBehind(calls: RecipeCalls, thrown: unknown, leftBehind: string): unknown {
  if (thrown instanceof ExecutionBaseError) {
    thrown.description = [leftBehind, thrown.description].filter(Boolean).join(' ');
    return thrown;
  }
  if (!(thrown instanceof Error)) return thrown;
  // n8n keeps the message of any other error, and nothing else.
  return calls.failure(thrown.message, leftBehind);
}

/**
 * Tells whether a call failed because its time was over, and not because the service refused it.
 *
 * @param thrown what the call threw
 * @param deadline the deadline that it was bound by
 */
export function ranOut(thrown: unknown, deadline: Deadline): boolean {
  return remaining(deadline) === 0 && refusalOf(thrown) === undefined;
}

/** A service can say a lot; more than this is neither shown nor looked at. */
const MAX_SAID = 1000;

/**
 * Tells why the service refused a call.
 *
 * @param thrown what the call threw
 * @returns the status and the beginning of what the service said; undefined when it was no refusal
 */
export function refusalOf(thrown: unknown): { status: number; said: string } | undefined {
  if (!(thrown instanceof NodeApiError)) return undefined;
  const { httpStatus: status, errorCode } = thrown.context;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const code = typeof errorCode === 'string' ? errorCode : '';
  return { status, said: shorten(`${code} ${thrown.message}`, MAX_SAID) };
}

/**
 * Reads the ID of something that the service made.
 *
 * @param candidates the members of an answer that may hold it, the likeliest first
 * @returns the first that is text or a whole number; undefined when none is
 */
export function readId(...candidates: unknown[]): string | undefined {
  const id = candidates.find(
    (each) => (typeof each === 'string' && each !== '') || Number.isSafeInteger(each),
  );
  return id === undefined ? undefined : String(id);
}

/**
 * Reads a text that the service gave, for a message.
 *
 * @param value a member of an answer
 * @param otherwise what is said where it is no text
 */
export function readText(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value.trim() !== '' ? shorten(value, MAX_SAID) : otherwise;
}

/**
 * Refuses an item from within a recipe.
 *
 * @param field the field of the editor
 * @param problem what is wrong with it
 * @throws ParameterProblem always
 */
export function refuse(field: string, problem: string): never {
  throw new ParameterProblem(field, problem);
}
