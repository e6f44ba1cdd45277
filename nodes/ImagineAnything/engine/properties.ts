import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { AUTHENTICATION } from './authenticationChoice';
import { locator, MODES, page } from './locator';
import { toValue } from './names';
import { NODE_OPTIONS } from './nodeOptions';
import { collectionOf, LIMIT, type Operation, parametersOf, type Resource } from './operation';
import { fieldName, isField, isOptional, isRequired, type Parameter } from './parameter';

/**
 * Creates the properties of the action node: authentication, resource, operation, and the fields of each operation.
 * A field that several operations of a resource share appears once, with all of them in `displayOptions`.
 *
 * @param resources all resources, in any order
 * @param chosen name of the resource that a new node begins with; the first by name where none is given
 */
export function describeResources(
  resources: readonly Resource[],
  chosen?: string,
): INodeProperties[] {
  const sorted = [...resources].sort(byName);
  return [
    // It decides whether the credential is shown, so it cannot be an expression.
    { ...toField(AUTHENTICATION), noDataExpression: true },
    {
      displayName: 'Resource',
      name: 'resource',
      type: 'options',
      noDataExpression: true,
      options: sorted.map(({ name }) => ({ name, value: toValue(name) })),
      default: toValue(chosen ?? sorted[0].name),
    },
    ...sorted.flatMap((resource) => [describeOperations(resource), ...describeFields(resource)]),
    {
      displayName: 'Options',
      name: 'options',
      type: 'collection',
      placeholder: 'Add option',
      default: {},
      options: NODE_OPTIONS.map(toField),
    },
  ];
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name.localeCompare(b.name);
}

function describeOperations({ name, operations }: Resource): INodeProperties {
  const options = [...operations].sort(byName).map(
    (operation): INodePropertyOptions => ({
      name: operation.name,
      value: toValue(operation.name),
      action: operation.action,
      description: operation.description,
    }),
  );
  const preferred = ['create', 'getMany', 'get'].find((value) =>
    options.some((option) => option.value === value),
  );
  const operation: Field = { ...OPERATION, options, default: preferred ?? options[0].value };
  return { ...operation, displayOptions: { show: { resource: [toValue(name)] } } };
}

type Field = Omit<INodeProperties, 'displayOptions'>;

const OPERATION: Field = {
  displayName: 'Operation',
  name: 'operation',
  type: 'options',
  noDataExpression: true,
  default: '',
};

function describeFields(resource: Resource): INodeProperties[] {
  const shared = new Map<string, { field: Field; operations: string[]; show?: object }>();
  for (const operation of resource.operations) {
    const keys = new Map<string, string>();
    for (const { show, ...field } of operationFields(operation)) {
      // n8n resolves conditions in the order of the properties. A field is only shared together with the fields
      // that it depends on, so it always comes after them.
      const key = JSON.stringify([
        field,
        show,
        dependencies(field, show).map((name) => keys.get(name)),
      ]);
      keys.set(field.name, key);
      const entry = shared.get(key) ?? { field, operations: [], show };
      entry.operations.push(toValue(operation.name));
      shared.set(key, entry);
    }
  }
  return [...shared.values()].map(({ field, operations, show }) => ({
    ...field,
    displayOptions: {
      show: { resource: [toValue(resource.name)], operation: operations, ...show },
    },
  }));
}

/** The names of the fields that a field, or an option in it, is shown for. */
function dependencies({ options = [] }: Field, show: object = {}): string[] {
  const inner = options.flatMap((option) =>
    'displayOptions' in option ? Object.keys(option.displayOptions?.show ?? {}) : [],
  );
  return [...Object.keys(show), ...inner.map((name) => name.replace(/^\//, ''))];
}

function operationFields(operation: Operation): Array<Field & { show?: object }> {
  const parameters = parametersOf(operation);
  const fields = parameters.filter((parameter) => isField(parameter));
  const optional = parameters.filter((parameter) => isOptional(parameter));
  return [
    ...fields.map((parameter) => ({
      ...toField(parameter),
      ...(parameter.when ? { show: parameter.when } : {}),
    })),
    ...(optional.length === 0 ? [] : [toCollection(operation, optional)]),
  ];
}

function toCollection(operation: Operation, parameters: readonly Parameter[]): Field {
  return {
    ...collectionOf(operation),
    type: 'collection',
    default: {},
    options: parameters
      .map((parameter) => ({ ...toField(parameter), ...rootCondition(parameter) }))
      .sort((a, b) => a.displayName.localeCompare(b.displayName)),
  };
}

/** A slash before the name refers to a field of the node, outside the collection. */
function rootCondition({ when }: Parameter): Pick<INodeProperties, 'displayOptions'> {
  if (when === undefined) return {};
  const show = Object.entries(when).map(([name, values]): [string, Array<string | boolean>] => [
    `/${name}`,
    [...values],
  ]);
  return { displayOptions: { show: Object.fromEntries(show) } };
}

/** Converts a parameter to its field in the editor. */
export function toField(parameter: Parameter): INodeProperties {
  return {
    displayName: parameter.displayName,
    name: fieldName(parameter),
    // n8n treats a condition that is an expression as met, and would require the field of every choice.
    ...(isRequired(parameter) && parameter.when === undefined ? { required: true } : {}),
    ...(parameter.description ? { description: parameter.description } : {}),
    ...(parameter.placeholder ? { placeholder: parameter.placeholder } : {}),
    ...(parameter.hint ? { hint: parameter.hint } : {}),
    ...editor(parameter),
  };
}

/** The kind of input that a parameter gets in the editor. */
function editor(
  parameter: Parameter,
): Pick<INodeProperties, 'type' | 'default'> & Partial<INodeProperties> {
  switch (parameter.kind) {
    case 'text':
      if (parameter.search) return locator(parameter, [{ ...MODES.id, type: 'string' }]);
      return {
        type: 'string',
        default: parameter.default ?? '',
        ...(parameter.rows ? { typeOptions: { rows: parameter.rows } } : {}),
      };
    case 'number':
      // A field for numbers needs one to start with.
      if (parameter.startsEmpty) return { type: 'string', default: '' };
      return {
        type: 'number',
        default: parameter.default ?? parameter.fallback ?? parameter.min ?? 0,
        typeOptions: {
          ...(parameter.min === undefined ? {} : { minValue: parameter.min }),
          ...(parameter.max === undefined ? {} : { maxValue: parameter.max }),
          // The limit of n8n's own nodes has no precision.
          ...(parameter.integer && parameter !== LIMIT ? { numberPrecision: 0 } : {}),
        },
      };
    case 'flag':
      return { type: 'boolean', default: parameter.default ?? parameter.fallback ?? false };
    case 'choice':
      return {
        type: 'options',
        default: parameter.default ?? parameter.fallback ?? parameter.choices[0].value,
        options: parameter.choices.map((choice) => ({ ...choice })),
      };
    case 'list':
      return { type: 'string', default: parameter.default ?? '' };
    case 'url':
      return { type: 'string', default: '' };
    case 'json':
      return { type: 'json', default: parameter.default ?? '{}' };
    case 'file':
      return { type: 'string', default: parameter.from === 'url' ? '' : 'data' };
    case 'handle':
      return locator(parameter, [
        { ...MODES.handle, type: 'string', placeholder: 'e.g. @my_agent' },
        page('agent', 'my_agent'),
      ]);
    case 'id':
      return locator(parameter, [
        { ...MODES[parameter.noun ?? 'id'], type: 'string' },
        ...(parameter.page ? [page(parameter.page, parameter.noun?.toUpperCase() ?? 'ID')] : []),
      ]);
  }
}
