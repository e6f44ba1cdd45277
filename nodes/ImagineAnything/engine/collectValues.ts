import {
  collectionOf,
  isOpenChoice,
  isRead,
  isUpdate,
  LIMIT,
  type Operation,
  parametersOf,
  RETURN_ALL,
} from './operation';
import {
  applies,
  fallbackOf,
  isOptional,
  type Parameter,
  type Values,
  type WireValue,
} from './parameter';
import { validateGiven, validateValue, ParameterError } from './validate';

/** What a reader returns for a parameter that was not given, as opposed to one that was given and is empty. */
export const NOT_GIVEN = Symbol('not given');

/**
 * Reads one value: of the node, of a recipe, or of a test.
 *
 * @param parameter which one; its condition is met
 * @param values the validated values of the parameters before it
 */
export type ReadValue = (parameter: Parameter, values: Values) => unknown;

/**
 * Reads and validates the values of an operation.
 *
 * @param operation what will be called
 * @param read reads one value
 * @param isExpression whether the user wrote an expression for a parameter; asked for the filters of a read, and for a
 *   choice whose list lacks the value
 * @throws ParameterError when a value must not be sent, or the values together are not enough
 */
export async function collectValues(
  operation: Operation,
  read: ReadValue,
  isExpression?: (parameter: Parameter) => boolean,
): Promise<Values> {
  const values = await collectParameters(parametersOf(operation), read, {
    emptyMeansClear: isUpdate(operation),
    isExpression: isRead(operation) ? isExpression : undefined,
    takesOther: (parameter) =>
      isOpenChoice(operation, parameter) && isExpression?.(parameter) === true,
  });
  assertCombination(operation, values);
  return values;
}

/**
 * Reads and validates the values of parameters. This is the only loop that does: a parameter whose condition is
 * not met is skipped, and one without a value has its fallback.
 *
 * @param parameters each after those that its condition names
 * @param read reads one value, and returns {@link NOT_GIVEN} when there is none
 * @param options as for {@link validateValue} and {@link collectValues}
 * @returns the values by the names of the parameters, without those that have none
 * @throws ParameterError when a value must not be sent
 */
export async function collectParameters(
  parameters: readonly Parameter[],
  read: ReadValue,
  {
    isExpression,
    takesOther,
    ...options
  }: {
    emptyMeansClear?: boolean;
    isExpression?: (parameter: Parameter) => boolean;
    takesOther?: (parameter: Parameter) => boolean;
  } = {},
): Promise<Values> {
  const values = new Map<string, WireValue>();
  for (const parameter of parameters) {
    if (!applies(parameter, values)) continue;
    const raw = await read(parameter, values);
    const value =
      raw === NOT_GIVEN
        ? (fallbackOf(parameter) ?? validateValue(parameter, undefined))
        : (validateGiven(parameter, raw, {
            ...options,
            takesOther: () => takesOther?.(parameter) === true,
            isExpression:
              isExpression && isOptional(parameter) ? () => isExpression(parameter) : undefined,
          }) ?? fallbackOf(parameter));
    if (value !== undefined) values.set(parameter.name, value);
  }
  return values;
}

/**
 * Reads values that a recipe or a list search sets, by the names of the parameters.
 *
 * @throws ParameterError as {@link collectValues}
 */
export async function collectFrom(
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
): Promise<Values> {
  return await collectValues(operation, ({ name }) => given[name] ?? NOT_GIVEN);
}

/** How many entries the user wants: Infinity for all, and for what is no list. */
export function limitOf(values: Values): number {
  const limit = values.get(LIMIT.name);
  return values.get(RETURN_ALL.name) === false && typeof limit === 'number' ? limit : Infinity;
}

function assertCombination(operation: Operation, values: Values): void {
  const { parameters = [], atLeastOne = [] } = operation;
  if (atLeastOne.length > 0 && !atLeastOne.some((name) => values.has(name))) {
    const fields = parameters
      .filter(({ name }) => atLeastOne.includes(name))
      .map(({ displayName }) => displayName);
    throw new ParameterError(fields.join(', '), 'at least one of these fields is required.');
  }
  // A recipe uploads a file, and sends what became of it.
  const isEmpty = !parameters.some(
    (each) => (each.in === 'body' || each.kind === 'file') && values.has(each.name),
  );
  if (isUpdate(operation) && isEmpty) {
    throw new ParameterError(
      collectionOf(operation).displayName,
      'there is nothing to update. Add at least one field.',
    );
  }
}
