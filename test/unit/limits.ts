import { isUpdate, type Operation } from '../../nodes/ImagineAnything/engine/operation';
import { type Parameter, wireName } from '../../nodes/ImagineAnything/engine/parameter';
import { validateValue } from '../../nodes/ImagineAnything/engine/validate';
import type { JsonSchema } from '../contract/load';
import { grouped } from '../contract/requestSchemas';

/** Parameters of which an empty value can be sent. */
export const EMPTIABLE: ReadonlyArray<Parameter['kind']> = ['text', 'list'];

/** The limits that the document and the operations know, by the words of the document; `items` is of each entry. */
const LIMITS = {
  maxLength: 'maxLength',
  minItems: 'minItems',
  maxItems: 'maxItems',
  items: 'maxEntryLength',
  'x-min-words': 'minWords',
  minimum: 'min',
  maximum: 'max',
} as const;

/** The parameters that go into the request, by the API's names; fields for different cases share one. */
export function travelling({ parameters = [] }: Operation): Map<string, Parameter[]> {
  return grouped(
    parameters
      .filter((parameter) => parameter.in !== 'local')
      .map((parameter) => [wireName(parameter), parameter]),
  );
}

/** The limits and choices that these parameters have together. */
export function limitsOf(parameters: readonly Parameter[]): object {
  const choices = parameters.flatMap((each) =>
    each.kind === 'choice' ? each.choices.map(({ value }) => value) : [],
  );
  return limits((limit) => parameters.map((each) => valueOf(each, LIMITS[limit])), choices);
}

/** The limits and choices of these schemas, in the form of {@link limitsOf}. */
export function documentedLimits(schemas: readonly JsonSchema[]): object {
  const choices = schemas.flatMap((schema) => (schema.enum ?? []) as unknown[]);
  return limits((limit) => schemas.map((schema) => documentedLimit(schema, limit)), choices);
}

function documentedLimit(schema: JsonSchema, limit: keyof typeof LIMITS): unknown {
  // n8n's number fields have a least value, and none that is too little.
  if (limit === 'minimum' && schema.exclusiveMinimum === 0) return 0.1;
  if (limit === 'items') return (schema.items as JsonSchema | undefined)?.maxLength;
  // That a list is not empty is compared elsewhere.
  if (limit === 'minItems' && schema.minItems === 1) return undefined;
  return schema[limit];
}

function limits(
  valuesOf: (limit: keyof typeof LIMITS) => unknown[],
  choices: readonly unknown[],
): object {
  const names = Object.keys(LIMITS) as Array<keyof typeof LIMITS>;
  const unique = (values: readonly unknown[]) =>
    [...new Set(values)].filter((value) => value !== undefined).sort();
  const found = Object.fromEntries(names.map((limit) => [limit, unique(valuesOf(limit))]));
  return { ...found, enum: unique(choices) };
}

function valueOf(parameter: Parameter, name: string): unknown {
  if (name === 'minItems' && parameter.kind === 'list' && parameter.minItems === 1)
    return undefined;
  return (parameter as unknown as Record<string, unknown>)[name];
}

/** Whether an empty value is sent, as the run of the node has it checked. */
export function sendsEmpty(operation: Operation, parameter: Parameter): boolean {
  const emptyMeansClear = isUpdate(operation);
  try {
    return validateValue(parameter, '', { emptyMeansClear }) !== undefined;
  } catch {
    return false;
  }
}
