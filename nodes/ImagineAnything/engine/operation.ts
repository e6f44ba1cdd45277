import type { IDataObject, NodeOperationError } from 'n8n-workflow';
import type { Deadline } from '../../../credentials/http/deadline';
import type { RunningLimit } from '../transport/apiRequest';
import type { UploadFile } from '../transport/multipart';
import type { Repeat } from '../transport/retry';
import type { FileReference, FileRules, Parameter, Values, WireValue } from './parameter';
import type { ResponseShape } from './responseShape';

interface OperationBase {
  /** Title Case, as in the editor; the value stored in workflows is its camelCase. */
  name: string;
  /** Sentence case, what the operation does to what. */
  action: string;
  description: string;
  /** What the user must know about the output. The editor shows it next to the output, before and after a run. */
  hint?: string;
  /** `required` unless said otherwise. `optional` operations send the token when there is a credential. */
  token?: 'optional' | 'never';
  parameters?: readonly Parameter[];
  /** Names of parameters of which at least one must be given. */
  atLeastOne?: readonly string[];
  /** Fields of the body, or of the query of a read, that are the same for every call. */
  fixed?: Readonly<Record<string, string | number | boolean>>;
  /** `whole` unless said otherwise. */
  response?: ResponseShape;
  /** The code of an operation that makes several calls. */
  recipe?: Recipe;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface ReadOperation extends OperationBase {
  endpoint: `GET /${string}`;
}

/**
 * A write says whether it may be repeated. `idempotent` writes may be sent again after an unknown outcome;
 * `creating` ones never, because each success creates something new. A `safe` one changes nothing, so a refusal never
 * means that an earlier attempt has done it.
 */
interface WriteOperation extends OperationBase {
  endpoint: `${Exclude<Method, 'GET'>} /${string}`;
  repeat: Repeat;
  /** A limit on what it starts, as far as it is documented. A request that meets it is not sent again. */
  runningLimit?: RunningLimit;
}

/** One call of the API. */
export type Operation = ReadOperation | WriteOperation;

/** What a recipe knows about its item before anything is sent. */
export interface RecipeItem {
  /** The operation that the recipe belongs to. */
  operation: Operation;
  /** The validated values of its parameters. */
  values: Values;
  /** The maximum number of entries that the user wants of a list; Infinity for all. */
  limit: number;
  /** Takes a file of the item. @throws ParameterError when it is missing or unfit */
  file(given: FileReference, rules: FileRules | readonly FileRules[]): Promise<UploadFile>;
}

/** What a recipe may do once every item is validated. */
export interface RecipeCalls {
  /**
   * Calls another operation with these values, which are validated like a user's.
   *
   * @returns the data of its first output item
   */
  call(operation: Operation, values: Readonly<Record<string, unknown>>): Promise<IDataObject>;
  /** As `call`, with values that are sent exactly as they are: validated before, or from the service. */
  callAsIs(operation: Operation, values: Readonly<Record<string, WireValue>>): Promise<IDataObject>;
  /** Calls a list operation, and returns up to `limit` entries. */
  list(
    operation: Operation,
    values: Readonly<Record<string, unknown>>,
    limit: number,
  ): Promise<IDataObject[]>;
  /** Waits, but not past the deadline; throws when the execution is cancelled. */
  wait(ms: number): Promise<void>;
  /** The same calls with a deadline: nothing waits or runs past it. */
  until(deadline: Deadline): RecipeCalls;
  /** The same calls for cleaning up after a cancellation: they still work for some seconds. */
  detached(): RecipeCalls;
  /** Whether the execution was cancelled. */
  isCancelled(): boolean;
  /** Creates the error of a recipe that failed. */
  failure(message: string, description: string): NodeOperationError;
}

/**
 * The code of an operation that makes several calls. It first validates its item, and returns the part that sends,
 * so that nothing is sent while another item of the batch may still be rejected.
 */
export interface Recipe {
  /** The operations that it may call besides its own; the documentation lists their calls. */
  uses: Readonly<Record<string, Operation>>;
  prepare(item: RecipeItem): Promise<(calls: RecipeCalls) => Promise<IDataObject[]>>;
}

/** A resource in the editor with its operations. */
export interface Resource {
  name: string;
  operations: readonly Operation[];
}

/** The HTTP method and the path of an operation. */
export interface Endpoint {
  method: Method;
  /** Below `/api`, with placeholders: `/posts/{postId}/like`. */
  path: string;
}

/** Splits the endpoint of an operation; nothing else reads the method from it. */
export function endpointOf({ endpoint }: Operation): Endpoint {
  const [method, path] = endpoint.split(' ') as [Method, string];
  return { method, path };
}

/** The calls that an operation may make, its own first: `POST /posts`. */
export function callsOf({ endpoint, recipe }: Operation): string[] {
  const used = Object.values(recipe?.uses ?? {}).map((each) => each.endpoint);
  return [...new Set([endpoint, ...used])];
}

/**
 * Whether the value of a choice is only sent, so that one that its list lacks can be sent as well: no other parameter, no
 * recipe and no path depends on it.
 */
export function isOpenChoice(
  { recipe, parameters = [] }: Operation,
  { kind, name, in: location }: Parameter,
): boolean {
  const isSent = location === 'query' || location === 'body';
  if (kind !== 'choice' || !isSent || recipe !== undefined) return false;
  return !parameters.some(
    ({ when = {}, fromCredential }) => Object.hasOwn(when, name) || fromCredential?.by === name,
  );
}

/** Whether an operation only reads. */
export function isRead(operation: Operation): boolean {
  return endpointOf(operation).method === 'GET';
}

/** Whether an operation changes something that exists: an empty text or list then clears a field. */
export function isUpdate(operation: Operation): boolean {
  return ['PATCH', 'PUT'].includes(endpointOf(operation).method);
}

/** Whether an operation may be sent again after an unknown outcome. */
export function repeatOf(operation: Operation): Repeat {
  return 'repeat' in operation ? operation.repeat : 'safe';
}

/** What an operation returns. */
export function responseOf({ response }: Operation): ResponseShape {
  return response ?? { kind: 'whole' };
}

/** Whether an operation reads a list, and so has *Return All* and *Limit*. */
export function readsList(operation: Operation): boolean {
  const response = responseOf(operation);
  return response.kind === 'list' || (response.kind === 'whole' && response.list !== undefined);
}

/** Whether to read a whole list. n8n has the same field and texts for every list. */
export const RETURN_ALL = {
  name: 'returnAll',
  displayName: 'Return All',
  description: 'Whether to return all results or only up to a given limit',
  kind: 'flag',
  in: 'local',
  placement: 'field',
  fallback: false,
} as const satisfies Parameter;

/** How many entries to read of a list. The number and the texts are n8n's own. */
export const LIMIT = {
  name: 'limit',
  displayName: 'Limit',
  description: 'Max number of results to return',
  kind: 'number',
  integer: true,
  min: 1,
  in: 'local',
  placement: 'required',
  fallback: 50,
  when: { [RETURN_ALL.name]: [false] },
} as const satisfies Parameter;

/** All parameters of an operation, those of every list included. */
export function parametersOf(operation: Operation): readonly Parameter[] {
  const { parameters = [] } = operation;
  return readsList(operation) ? [...parameters, RETURN_ALL, LIMIT] : parameters;
}

/** The collections that hold the optional parameters of an operation, with their texts. */
const COLLECTIONS = {
  read: { displayName: 'Filters', name: 'filters', placeholder: 'Add Filter' },
  update: { displayName: 'Update Fields', name: 'updateFields', placeholder: 'Add Field' },
  write: { displayName: 'Additional Fields', name: 'additionalFields', placeholder: 'Add Field' },
} as const;

/** The collection that holds the optional parameters of an operation. */
export function collectionOf(operation: Operation): (typeof COLLECTIONS)[keyof typeof COLLECTIONS] {
  if (isRead(operation)) return COLLECTIONS.read;
  return isUpdate(operation) ? COLLECTIONS.update : COLLECTIONS.write;
}
