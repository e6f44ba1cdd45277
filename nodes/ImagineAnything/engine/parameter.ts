import { isRecord } from '../../../credentials/http/record';
import type { FileKind } from '../transport/fileType';
import type { UploadFile } from '../transport/multipart';

/** Where a parameter goes in the request; `local` for one that is not sent: a recipe, or a condition, reads it. */
type Location = 'path' | 'query' | 'body' | 'local';

/**
 * Where the editor has a parameter, and whether it may be empty:
 * - `required`: a field of its own that must have a value
 * - `field`: a field of its own that may be empty
 * - `collection`: an optional field of the operation's collection
 */
type Placement = 'required' | 'field' | 'collection';

/** The values that other parameters must have; all conditions must be met. */
export type Condition = Readonly<Record<string, ReadonlyArray<string | boolean>>>;

/** A secret in the credential that is the value of a parameter. */
export interface CredentialSecret {
  /** The parameter before this one whose value decides which field of the credential it is. */
  by: string;
  fields: Readonly<Record<string, { name: string; displayName: string }>>;
  /** A sentence that says what to do when the field is empty. */
  whenEmpty: string;
}

interface ParameterBase {
  /** The name of the n8n parameter, and the API's name unless `as` says otherwise. */
  name: string;
  displayName: string;
  description?: string;
  placeholder?: string;
  hint?: string;
  in: Location;
  /** The API's name if it differs. Dots lead into an object of the body: `params.size`. */
  as?: string;
  /** `collection` unless said otherwise. */
  placement?: Placement;
  /**
   * Without it, something else would be created that no update can correct: a comment instead of a reply, a text
   * instead of a picture. Or a read would return more than was asked for. So an expression that finds nothing is
   * rejected; the value is only left out if the user did not add it, or left its field untouched.
   */
  essential?: true;
  /**
   * Shown, and read, only while parameters before it have these values. Parameters with different
   * conditions may share a name.
   */
  when?: Condition;
  /**
   * Read from the credential instead of a field in the editor. The value is secret: it is masked in items and
   * errors if the service repeats it.
   */
  fromCredential?: CredentialSecret;
}

/** A parameter whose values the editor can list. */
interface Searchable {
  /** The method in `methods/listSearch.ts` that lists them. */
  search?: string;
  /** The parameters that the list depends on. */
  searchDependsOn?: readonly string[];
}

/** Text, with limits in characters as people count them: an emoji is one. */
interface TextParameter extends ParameterBase, Searchable {
  kind: 'text';
  minLength?: number;
  maxLength?: number;
  /** How many words it must have, counted as `countWords` does. */
  minWords?: number;
  rows?: number;
  default?: string;
  /** The pattern of the whole text, with the end of the message for a text that does not match. */
  form?: { pattern: RegExp; says: string };
}

interface NumberParameter extends ParameterBase {
  kind: 'number';
  integer?: true;
  min?: number;
  max?: number;
  default?: number;
  fallback?: number;
  /** The editor starts empty, because no value is a good one to start with. */
  startsEmpty?: true;
}

interface FlagParameter extends ParameterBase {
  kind: 'flag';
  default?: boolean;
  fallback?: boolean;
  /** Left out when it is off, because the service knows only true. */
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
  fallback?: string;
}

/** Several texts: a list, or comma-separated text. In the query it is sent as comma-separated text. */
interface ListParameter extends ParameterBase {
  kind: 'list';
  /** How many different entries it must have; upper and lower case do not differ. */
  minItems?: number;
  maxItems?: number;
  /** The limit of each entry, in characters as people count them. */
  maxEntryLength?: number;
  /** Each entry must be an `https` or `http` URL. */
  urls?: true;
  /** Each entry is an ID. */
  ids?: true;
  /** Each entry refers to a file of the item, or is one. */
  files?: true;
  default?: string;
}

interface UrlParameter extends ParameterBase {
  kind: 'url';
  /** `https` only. */
  secure?: true;
}

/** An ID, bare or in the URL of its page. */
interface IdParameter extends ParameterBase, Searchable {
  kind: 'id';
  /** The segment before the ID in the URL of its page, such as `post` in `/post/ID`. */
  page?: string;
  /** What the service calls it, if not ID. */
  noun?: 'slug';
  /** A prefix that users may type and that is not part of the ID, such as `#`. */
  prefix?: string;
}

/** An agent: `@handle`, `handle`, or the URL of its page. */
interface HandleParameter extends ParameterBase, Searchable {
  kind: 'handle';
}

interface JsonParameter extends ParameterBase {
  kind: 'json';
  default?: string;
}

/** A file, sent as one part of a multipart body. */
export interface FileParameter extends ParameterBase {
  kind: 'file';
  /** Where it is: in a field of the item unless said otherwise, or at a URL from which it is downloaded. */
  from?: 'url';
  accepts: FileKind;
  /** The largest file that the service takes, in bytes. */
  maxBytes: number;
}

/**
 * One parameter of an operation. The editor field, the validation and the place in the request derive from it.
 * `default` is what the editor starts with; `fallback` is the value when none is given, for what is not sent
 * (the service has defaults of its own for what is). The editor starts with the fallback where there is no default.
 */
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

/** A validated value as it goes into the request; a file is an `UploadFile`. `undefined` is left out. */
export type WireValue = string | number | boolean | string[] | object | undefined;

/** The validated values of an operation by the names of its parameters. */
export type Values = ReadonlyMap<string, WireValue>;

/** A file of an item: the name of its binary field, or the file itself, as an expression gives it. */
export type FileReference = string | object;

/** What a file must be; a file parameter says it, and so may a recipe. */
export type FileRules = Pick<
  Extract<Parameter, { kind: 'file' }>,
  'displayName' | 'accepts' | 'maxBytes'
>;

/** The name of a parameter in the editor. All files have the same one, as in n8n's own nodes. */
export function fieldName(parameter: Parameter): string {
  if (parameter.kind !== 'file') return parameter.name;
  return parameter.from === 'url' ? 'fileUrl' : 'binaryPropertyName';
}

/** The API's name of a parameter. */
export function wireName(parameter: Parameter): string {
  return parameter.as ?? parameter.name;
}

/** Whether a parameter must have a value. */
export function isRequired({ placement }: Parameter): boolean {
  return placement === 'required';
}

/** Whether a parameter is a field of its own in the editor. */
export function isField({ placement = 'collection', fromCredential }: Parameter): boolean {
  return fromCredential === undefined && placement !== 'collection';
}

/** Whether a parameter is in the collection of its operation. */
export function isOptional({ placement = 'collection', fromCredential }: Parameter): boolean {
  return fromCredential === undefined && placement === 'collection';
}

/**
 * Tells whether the condition of a parameter is met.
 *
 * @param parameter the parameter with its condition
 * @param values the validated values of the parameters before it
 */
export function applies({ when = {} }: Parameter, values: ReadonlyMap<string, unknown>): boolean {
  return Object.entries(when).every(([name, allowed]) =>
    // A flag with `onlyTrue` has no value when it is off.
    allowed.some((each) => each === (values.get(name) ?? false)),
  );
}

/** The value of a parameter when none is given; only what is not sent has one. */
export function fallbackOf(parameter: Parameter): string | number | boolean | undefined {
  return 'fallback' in parameter ? parameter.fallback : undefined;
}

/** Whether a value is the file of a file parameter. */
export function isUploadFile(value: unknown): value is UploadFile {
  return isRecord(value) && typeof value.open === 'function';
}

/** The file that a file parameter has; undefined when it has none. */
export function fileIn(values: Values, name: string): UploadFile | undefined {
  const value = values.get(name);
  return isUploadFile(value) ? value : undefined;
}

/** The files that a list parameter names; empty when it has no value. */
export function referencesIn(values: Values, name: string): FileReference[] {
  const value: unknown = values.get(name);
  const isReference = (each: unknown): each is FileReference =>
    typeof each === 'string' || isRecord(each);
  return Array.isArray(value) ? value.filter(isReference) : [];
}

/**
 * The number that a parameter has.
 *
 * @throws TypeError when it has none, so only for parameters that are required or have a fallback
 */
export function numberIn(values: Values, name: string): number {
  const value = values.get(name);
  if (typeof value !== 'number') throw new TypeError(`${name} is not a number`);
  return value;
}
