import type { IDataObject, NodeOperationError } from 'n8n-workflow';
import type { Deadline } from '../transport/deadline';
import type { FileKind } from '../transport/fileType';
import type { UploadFile } from '../transport/multipart';

/**
 * Where a parameter travels in the request; `recipe` for one that does not travel itself: the operation's
 * recipe reads it, or other parameters are shown depending on it.
 */
type Place = 'path' | 'query' | 'body' | 'recipe';

/** The values that other parameters must have; all of them. */
export type Condition = Readonly<Record<string, ReadonlyArray<string | boolean>>>;

/** A secret in the credential that is the value of a parameter. */
export interface CredentialSecret {
  /** The parameter before this one whose value decides which field of the credential it is. */
  by: string;
  fields: Readonly<Record<string, { name: string; displayName: string }>>;
  /** What the user does when the field is empty, a sentence. */
  whenEmpty: string;
}

interface ParameterBase {
  /** The name of the n8n parameter, and the API's name unless `as` says otherwise. */
  name: string;
  displayName: string;
  description?: string;
  placeholder?: string;
  hint?: string;
  in: Place;
  /** The API's name where it differs from n8n's. Dots reach into an object of the body. */
  as?: string;
  /** Required parameters are fields of their own; the others live in a collection. */
  required?: true;
  /** A field of its own although it may be empty. */
  field?: true;
  /**
   * Without it, another thing would be made that no update puts right: a comment in place of a reply, a text in
   * place of a picture. So an expression that finds nothing is refused; left out it is only where the user did
   * not add it, or left its field untouched.
   */
  essential?: true;
  /**
   * Shown, and read, only while parameters before it have these values. Parameters with different
   * conditions may share a name.
   */
  when?: Condition;
  /**
   * Read from the credential instead of from a field of the editor. Nobody may see the value: it is taken
   * out of items and errors, should the service repeat it.
   */
  fromCredential?: CredentialSecret;
}

/** Values that the editor looks up. */
interface Searchable {
  /** The editor's search method that lists such things. */
  search?: string;
  /** The parameters that decide what it lists. */
  searchDependsOn?: readonly string[];
}

/** Text with limits counted in characters as people count them: an emoji is one. */
interface TextParameter extends ParameterBase, Searchable {
  kind: 'text';
  minLength?: number;
  maxLength?: number;
  rows?: number;
  default?: string;
  /** What the whole text must look like, with the sentence that says so. */
  form?: { pattern: RegExp; says: string };
}

interface NumberParameter extends ParameterBase {
  kind: 'number';
  integer?: true;
  min?: number;
  max?: number;
  default?: number;
}

interface FlagParameter extends ParameterBase {
  kind: 'flag';
  default?: boolean;
  /** False is said by leaving it out. */
  onlyTrue?: true;
}

export interface Choice {
  name: string;
  value: string;
  description?: string;
}

interface ChoiceParameter extends ParameterBase {
  kind: 'choice';
  choices: readonly Choice[];
  default?: string;
}

/** Several texts: a list, or text with commas between them. */
interface ListParameter extends ParameterBase {
  kind: 'list';
  maxItems?: number;
  /** Each entry must be an `https` or `http` address. */
  urls?: true;
  /** Each entry names one thing by its ID. */
  ids?: true;
  /** Each entry names a file of the item, or is one. */
  files?: true;
  /** In the query, a list travels as comma-separated text. */
  default?: string;
}

interface UrlParameter extends ParameterBase {
  kind: 'url';
  /** `https` only. */
  secure?: true;
}

/** The id of a thing, bare or taken from the address of its page. */
interface IdParameter extends ParameterBase, Searchable {
  kind: 'id';
  /** The segment before the id in the address of its page, such as `post` in `/post/ID`. */
  page?: string;
  /** A sign that users write before it, and the service does not. */
  prefix?: string;
}

/** An agent: `@handle`, `handle`, or the address of the profile. */
interface HandleParameter extends ParameterBase, Searchable {
  kind: 'handle';
}

interface JsonParameter extends ParameterBase {
  kind: 'json';
  default?: string;
}

/** A file, sent as one part of a multipart body. */
interface FileParameter extends ParameterBase {
  kind: 'file';
  /** Where it is: in a field of the item unless said otherwise, or at an address from which it is downloaded. */
  from?: 'url';
  accepts: FileKind;
  /** The largest file that the service takes, in bytes. */
  maxBytes: number;
}

/** One parameter of an operation. The editor field, the check and the place on the wire derive from it. */
export type Parameter =
  | TextParameter
  | NumberParameter
  | FlagParameter
  | ChoiceParameter
  | ListParameter
  | UrlParameter
  | IdParameter
  | HandleParameter
  | JsonParameter
  | FileParameter;

/**
 * What an operation answers. Keys are those of the reference; the reading is tolerant (see `unwrap`).
 * - `object`: one item, taken from under `key` when the service wraps it; `spellings` gives the documented
 *   names of members that the service is known to spell otherwise as well.
 * - `list`: one item for each entry, read page by page up to the user's limit.
 * - `whole`: one item with the answer as it is; `gather` names a list inside it that is read page by page.
 * - `lists`: one item for each entry of several lists that share their pages, in turn; `lists` gives for
 *   the key of each list what the item's member `mark` says.
 * - `part`: only this member of the answer; one item for each entry where it is a list, plain entries
 *   under the name `entry`.
 */
export type ResponseShape =
  | { object: string; spellings?: Readonly<Record<string, string>> }
  | { list: string; paged?: false; pageSize?: number }
  | { whole: true; gather?: string }
  | { lists: Readonly<Record<string, string>>; mark: string }
  | { part: string; entry?: string };

interface OperationBase {
  /** Title Case, as in the editor; the value stored in workflows is its camelCase. */
  name: string;
  /** Sentence case, what the operation does to what. */
  action: string;
  description: string;
  /** What the user must know about the output. The editor shows it there, before and after a run. */
  hint?: string;
  /** `required` unless said otherwise. `optional` operations send the token when there is a credential. */
  token?: 'optional' | 'never';
  parameters?: readonly Parameter[];
  /** Names of parameters of which at least one must be given. */
  atLeastOne?: readonly string[];
  /** Members of the body, or of the query of a read, that are the same for every call. */
  fixed?: Readonly<Record<string, string | number | boolean>>;
  answer?: ResponseShape;
  /** The code of an operation that composes several calls. */
  recipe?: Recipe;
  /** The calls that the recipe may make besides the operation's own. */
  also?: readonly string[];
}

interface ReadOperation extends OperationBase {
  endpoint: `GET /${string}`;
}

/**
 * A write says whether repeating it is harmless. `idempotent` writes may be sent again after an
 * unknown outcome; `creating` ones never, because each success makes something new.
 */
interface WriteOperation extends OperationBase {
  endpoint: `${'POST' | 'PATCH' | 'PUT' | 'DELETE'} /${string}`;
  repeat: 'idempotent' | 'creating';
}

/** One call of the API. */
export type Operation = ReadOperation | WriteOperation;

/** A checked value as it goes into the request. `undefined` is left out. */
export type WireValue = string | number | boolean | string[] | object | undefined;

/** The checked values of an operation by the names of its parameters. Files are there as files. */
export type Values = ReadonlyMap<string, WireValue | UploadFile>;

/** A file of an item: the name of its binary field, or the file itself, as an expression gives it. */
export type FileReference = string | object;

/** What a file must be; a file parameter says it, and so may a recipe. */
export type FileRules = Pick<
  Extract<Parameter, { kind: 'file' }>,
  'displayName' | 'accepts' | 'maxBytes'
>;

/** What a recipe knows of its item before anything is sent. */
export interface RecipeItem {
  /** The operation that the recipe belongs to. */
  operation: Operation;
  /** The checked values of its parameters. */
  values: Values;
  /** Takes a file of the item. @throws ParameterProblem when it is missing or unfit */
  file(given: FileReference, rules: FileRules | readonly FileRules[]): Promise<UploadFile>;
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
  /** Waits, but not past the deadline; ends at once when the execution is cancelled. */
  wait(ms: number): Promise<void>;
  /** The same, bound by a deadline: nothing waits or runs past it. */
  until(deadline: Deadline): RecipeCalls;
  /** The same, for tidying up after a cancellation: it goes on for some seconds nevertheless. */
  detached(): RecipeCalls;
  /** Whether the execution was cancelled. */
  isCancelled(): boolean;
  /** Makes the error of a recipe that came to no good end. */
  failure(message: string, description: string): NodeOperationError;
}

/**
 * An operation that composes several calls. It first checks its item, and gives back the part that sends:
 * so nothing is sent for any item of a batch while another may still be refused.
 */
export type Recipe = (item: RecipeItem) => Promise<(calls: RecipeCalls) => Promise<IDataObject[]>>;

/** A resource of the editor, with everything that can be done with it. */
export interface Resource {
  name: string;
  operations: readonly Operation[];
}
