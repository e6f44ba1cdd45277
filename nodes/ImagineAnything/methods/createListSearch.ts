import type {
  ILoadOptionsFunctions,
  INodeListSearchItems,
  INodeListSearchResult,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { ADVICE } from '../engine/advice';
import { AUTHENTICATION, isNone } from '../engine/authenticationChoice';
import { readPage } from '../engine/callOperation';
import type { Operation } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { validateValue } from '../engine/validate';
import { CREDENTIAL, openClient } from '../transport/client';
import { deadlineIn } from '../../../credentials/http/deadline';
import { shorten } from '../transport/formatValue';
import { toLine } from './entryName';
import { ownFirst } from './ownFirst';

/** How many entries the editor shows before it asks for more. */
const PAGE_SIZE = 50;

/** How many it shows when the service returns more than it was asked for. */
const MAX_ENTRIES = 500;

/** A user who looks at an empty list does not wait for the rate limit. */
const MAX_WAIT_MS = 30_000;

export type Entry = Record<string, unknown>;

/** Where the entries of a list in the editor come from. */
export interface ListSource {
  /** The operation that lists them. */
  operation: Operation;
  /** The operation that finds entries, when another one does. */
  search?: Operation;
  /** The parameter that takes what the user typed; without one, the names are searched here. */
  searchBy?: string;
  /** What the service is asked for what the user typed, where that is not the same. */
  toSearch?(text: string): string;
  /** Values of the operation's parameters that are the same for every search. */
  values?: Readonly<Record<string, string>>;
  /** Parameters of the operation that have the values of the node's fields of the same names. */
  fields?: readonly string[];
  /** What the value of an entry is, and how its field validates it. */
  value: 'id' | 'handle' | 'text';
  /** The field of an entry that holds the value, if it is not called like its kind. */
  key?: string;
  /** The field of an entry that holds its agent, where the entries of one's own agent come first. */
  ownBy?: string;
  /** Names an entry by its validated value. */
  toName(entry: Entry, value: string): string;
}

/** What n8n calls for a list: with what the user typed, and where the next page starts. */
type Search = (
  this: ILoadOptionsFunctions,
  filter?: string,
  cursor?: string,
) => Promise<INodeListSearchResult>;

/**
 * Makes the search method of a list in the editor.
 *
 * @param source where its entries come from
 */
export function createListSearch(source: ListSource): Search {
  return async function (filter = '', cursor) {
    const text = filter.trim();
    const isSearch = text !== '' && source.searchBy !== undefined;
    const operation = isSearch ? (source.search ?? source.operation) : source.operation;
    const isAnonymous = isNone(this.getCurrentNodeParameter(AUTHENTICATION.name));
    if (!isAnonymous) assertCredential(this, operation);
    const client = await openClient(this, {
      maxWaitMs: MAX_WAIT_MS,
      isAnonymous,
      advice: { noCredential: ADVICE.noCredential, anonymous: ADVICE.anonymous },
    });
    const values = {
      ...source.values,
      ...Object.fromEntries(
        (source.fields ?? []).map((name) => [name, this.getCurrentNodeParameter(name)]),
      ),
      ...(isSearch ? { [source.searchBy ?? '']: source.toSearch?.(text) ?? text } : {}),
    };
    const { entries, nextCursor } = await readPage(client, operation, values, {
      size: PAGE_SIZE,
      cursor,
      deadline: deadlineIn(MAX_WAIT_MS),
    });
    const wanted = source.searchBy === undefined ? text.toLowerCase() : '';
    const { ownBy } = source;
    const page = entries.slice(0, MAX_ENTRIES);
    const hasOwn = ownBy !== undefined && !isAnonymous;
    return {
      results: (hasOwn ? await ownFirst(this, client, page, ownBy) : page)
        .flatMap((entry) => toItem(source, entry))
        .filter(({ name }) => name.toLowerCase().includes(wanted)),
      paginationToken: nextCursor,
    };
  };
}

/**
 * Refuses a list that needs a credential when none is chosen, or only its name is known, as in an imported
 * workflow: n8n would say "Found credential with no ID." (n8n 2.41.1).
 */
function assertCredential(context: ILoadOptionsFunctions, { token }: Operation): void {
  const node = context.getNode();
  const reference = node.credentials?.[CREDENTIAL];
  if (reference === undefined ? token === 'optional' : reference.id) return;
  throw new NodeOperationError(node, 'Choose a credential first', {
    description: `${ADVICE.noCredential} Then this list can be loaded.`,
  });
}

/** Makes an entry of the editor's list; none of what its field would refuse. */
function toItem(source: ListSource, entry: Entry): INodeListSearchItems[] {
  const value = validValue(source, entry);
  return value === undefined ? [] : [{ name: toName(source.toName(entry, value)), value }];
}

/** Longer than any text that names something. */
const MAX_VALUE_LENGTH = 256;

/**
 * Validates a value as its field does. n8n stores it as one of the field, and evaluates it there when it
 * starts with `=` (n8n-workflow 2.41.0, `WorkflowExpression.getParameterValue`).
 */
function validValue({ value: kind, key = kind }: ListSource, entry: Entry): string | undefined {
  const field: Parameter = { kind, name: 'value', displayName: 'Value', in: 'path' };
  const raw = Object.hasOwn(entry, key) ? entry[key] : undefined;
  if (typeof raw !== 'string' && typeof raw !== 'number') return undefined;
  try {
    const value = validateValue(
      { ...field, ...(kind === 'text' ? { maxLength: MAX_VALUE_LENGTH } : {}) },
      typeof raw === 'string' ? raw.trim() : raw,
    );
    return typeof value === 'string' && !value.startsWith('=') ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Two titles with the text between them. */
const MAX_NAME_LENGTH = 160;

/** n8n stores the name next to the value, and evaluates it with it. */
function toName(text: string): string {
  return shorten(toLine(text).replace(/^[=\s]+/, ''), MAX_NAME_LENGTH) || 'no name';
}
