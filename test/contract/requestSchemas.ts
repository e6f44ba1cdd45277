import type { ContractDocument, JsonSchema, Method, OperationSummary } from './load';

/** What a request of a call cannot do without, by the API's names. */
export function requiredIn({ paths }: ContractDocument, summary?: OperationSummary): Set<string> {
  const path = paths[summary?.path ?? ''];
  const operation = path[summary?.method.toLowerCase() as 'get'];
  const parameters = [...(path.parameters ?? []), ...(operation?.parameters ?? [])];
  const bodies = Object.values(operation?.requestBody?.content ?? {});
  return new Set([
    ...parameters.filter(({ required }) => required).map(({ name }) => name),
    ...bodies.flatMap(({ schema }) => (schema.required ?? []) as string[]),
  ]);
}

/** The keys on the first level of every successful answer of a call. */
export function answerKeys(document: ContractDocument, summary?: OperationSummary): Set<string> {
  const method = summary?.method.toLowerCase() as Method;
  const responses = document.paths[summary?.path ?? '']?.[method]?.responses ?? {};
  const schemas = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([, { content = {} }]) => Object.values(content).map(({ schema }) => schema));
  return new Set(schemas.flatMap(keysOf));
}

function keysOf(schema: JsonSchema): string[] {
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((each) => (schema[each] ?? []) as JsonSchema[]);
  return [...Object.keys(schema.properties ?? {}), ...parts.flatMap(keysOf)];
}

/** The schemas of what goes into the request of a call, by name; members of an object as `params.width`. */
export function documentedSchemas(
  { paths }: ContractDocument,
  summary?: OperationSummary,
): Map<string, JsonSchema[]> {
  const path = paths[summary?.path ?? ''];
  const operation = path[summary?.method.toLowerCase() as 'get'];
  const parameters = [...(path.parameters ?? []), ...(operation?.parameters ?? [])];
  return grouped([
    ...parameters.map(({ name, schema }): [string, JsonSchema] => [name, schema]),
    ...Object.values(operation?.requestBody?.content ?? {}).flatMap(({ schema }) =>
      membersOf(schema),
    ),
  ]);
}

function membersOf(schema: JsonSchema, before = ''): Array<[string, JsonSchema]> {
  const own = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((each) => (schema[each] ?? []) as JsonSchema[]);
  if (schema.then) parts.push(schema.then as JsonSchema);
  return [
    ...own.flatMap(
      ([name, member]): Array<[string, JsonSchema]> => [
        [before + name, member],
        ...membersOf(member, `${before}${name}.`),
      ],
    ),
    ...parts.flatMap((part) => membersOf(part, before)),
  ];
}

/** Collects values by name, each name in the order in which it came. */
export function grouped<Value>(
  entries: ReadonlyArray<readonly [string, Value]>,
): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const [name, value] of entries) groups.set(name, [...(groups.get(name) ?? []), value]);
  return groups;
}
