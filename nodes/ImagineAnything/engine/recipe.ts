import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { Client } from '../transport/client';
import type { UploadFile } from '../transport/fileForm';
import { pause } from '../transport/pause';
import { readOutput } from './answer';
import { applies, checkTogether, checkValue, ParameterProblem } from './check';
import { takeFile } from './files';
import { buildRequest } from './request';
import type { Operation, Recipe, RecipeCalls, Values, WireValue } from './types';

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
 * Tells why the service refused a call.
 *
 * @param thrown what the call threw
 * @returns the status and what the service said; undefined when it was no refusal
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
