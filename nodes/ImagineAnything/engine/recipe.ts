import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { Client } from '../transport/client';
import type { UploadFile } from '../transport/fileForm';
import { pause } from '../transport/pause';
import { readOutput } from './answer';
import { applies, checkTogether, checkValue, ParameterProblem, type WireValue } from './check';
import { type FileRules, takeFile } from './files';
import { buildRequest, type Values } from './request';
import type { Operation } from './types';

/** What a recipe knows of its item before anything is sent. */
export interface RecipeItem {
  /** The operation that the recipe belongs to. */
  operation: Operation;
  /** The checked values of its parameters. */
  values: Values;
  /** Takes a file of the item. @throws ParameterProblem when it is missing or unfit */
  file(field: string, rules: FileRules | readonly FileRules[]): Promise<UploadFile>;
}

/** What a recipe may do once everything is checked. */
export interface RecipeCalls {
  /**
   * Runs another operation with these values, checked like a user's.
   *
   * @returns the data of its first output item
   */
  call(operation: Operation, values: Readonly<Record<string, unknown>>): Promise<IDataObject>;
  /** Runs a list operation and gives up to `limit` entries. */
  list(
    operation: Operation,
    values: Readonly<Record<string, unknown>>,
    limit: number,
  ): Promise<IDataObject[]>;
  /** Waits; ends at once when the execution is cancelled. */
  wait(ms: number): Promise<void>;
  /** Makes the error of a recipe that came to no good end. */
  failure(message: string, description: string): NodeOperationError;
}

/**
 * An operation that composes several calls. It first checks its item, and gives back the part that sends:
 * so nothing is sent for any item of a batch while another may still be refused.
 */
export type Recipe = (item: RecipeItem) => Promise<(calls: RecipeCalls) => Promise<IDataObject[]>>;

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
  const send = await recipe({
    operation,
    values,
    file: async (field, rules) => await takeFile(context, index, field, rules),
  });
  return async (client) => await send(recipeCalls(context, client));
}

function recipeCalls(context: IExecuteFunctions, client: Client): RecipeCalls {
  const failure: RecipeCalls['failure'] = (message, description) =>
    new NodeOperationError(context.getNode(), message, { description });
  // A value that an earlier call gave, not the user: something was sent by now.
  const fromService = (thrown: unknown, { action }: Operation) =>
    thrown instanceof ParameterProblem
      ? failure(`${action}: ${thrown.message}`, 'The service gave such a value.')
      : thrown;
  const list: RecipeCalls['list'] = async (operation, values, limit) => {
    try {
      const request = buildRequest(operation, checkAll(operation, values));
      return await readOutput(operation, limit, request, client);
    } catch (thrown) {
      throw fromService(thrown, operation);
    }
  };
  return {
    list,
    call: async (operation, values) => (await list(operation, values, 1))[0] ?? {},
    wait: async (ms) => await pause(ms, context.getExecutionCancelSignal()),
    failure,
  };
}

function checkAll(operation: Operation, values: Readonly<Record<string, unknown>>): Values {
  const emptyMeansClear = operation.endpoint.startsWith('PATCH ');
  const checked = new Map<string, WireValue | UploadFile>();
  for (const parameter of operation.parameters ?? []) {
    if (!applies(parameter, checked)) continue;
    const value = values[parameter.name];
    checked.set(
      parameter.name,
      parameter.kind === 'file'
        ? (value as UploadFile | undefined)
        : checkValue(parameter, value, { emptyMeansClear }),
    );
  }
  checkTogether(operation, checked);
  return checked;
}

/**
 * Adds to an error what a recipe had done before it failed, so that the user knows what is left behind.
 *
 * @param thrown what a call threw
 * @param leftBehind a sentence
 * @returns the same error, to be thrown again
 */
export function withLeftBehind(thrown: unknown, leftBehind: string): unknown {
  if (thrown instanceof NodeApiError || thrown instanceof NodeOperationError) {
    thrown.description = [leftBehind, thrown.description].filter(Boolean).join(' ');
  }
  return thrown;
}

/**
 * Tells whether a call certainly had no effect, because the service refused it.
 *
 * @param thrown what the call threw
 * @returns the status and what the service said; undefined when the call may have had its effect
 */
export function refusalOf(thrown: unknown): { status: number; said: string } | undefined {
  if (!(thrown instanceof NodeApiError)) return undefined;
  const { httpStatus: status, errorCode } = thrown.context;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  return { status, said: `${String(errorCode ?? '')} ${thrown.message}` };
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
