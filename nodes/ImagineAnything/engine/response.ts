import type { IDataObject } from 'n8n-workflow';
import type { ApiRequest, Client } from '../transport/client';
import { isRecord } from '../../../credentials/http/record';
import {
  findList,
  entryId,
  MAX_PAGE_SIZE,
  type PageOptions,
  readPages,
  UnreadableListError,
} from '../transport/pagination';
import type { ResponseShape, Operation } from './operation';

/**
 * Takes the object out of an answer. The service wraps some objects in a key and gives others bare;
 * members next to the key are kept, so that nothing the service said is lost.
 *
 * @param body the parsed answer; undefined when there was none
 * @param key the documented key of the object
 * @returns one item's data
 */
export function unwrap(body: unknown, key?: string): IDataObject {
  if (body === undefined) return { success: true };
  if (!isRecord(body)) return { data: body as IDataObject[] };
  const inner = key !== undefined && Object.hasOwn(body, key) ? body[key] : undefined;
  if (key === undefined || !isRecord(inner)) return body as IDataObject;
  return { ...without(body, key), ...inner } as IDataObject;
}

/** Gives members under their documented names, whichever spelling the service chose. */
function respell(data: IDataObject, spellings: Readonly<Record<string, string>> = {}): IDataObject {
  return Object.entries(spellings).reduce((result, [spelling, name]) => {
    const { [spelling]: value, ...rest } = result;
    return value === undefined ? result : { ...rest, [name]: rest[name] ?? value };
  }, data);
}

function without(members: object, ...keys: string[]): object {
  return Object.fromEntries(Object.entries(members).filter(([key]) => !keys.includes(key)));
}

/** Makes an item's data of an entry of a list, which may be a plain value. */
function toEntry(entry: unknown): IDataObject {
  return isRecord(entry) ? (entry as IDataObject) : { value: entry as string };
}

/**
 * Reads what an operation answers, page by page where it is a list.
 *
 * @param operation what was called
 * @param limit the most entries to give; Infinity for all
 * @param request the request, without the members that paging adds
 * @param client sends it
 * @returns the data of the output items
 * @throws UnreadableList naming the operation, when a list cannot be read as far as it was asked for
 */
export async function readOutput(
  operation: Operation,
  limit: number,
  request: ApiRequest,
  client: Client,
): Promise<IDataObject[]> {
  try {
    return await readAnswer(operation.answer, limit, request, client);
  } catch (thrown) {
    throw withAction(thrown, operation);
  }
}

function withAction(thrown: unknown, { action }: Operation): unknown {
  return thrown instanceof UnreadableListError
    ? new UnreadableListError(`${action}: ${thrown.message}`)
    : thrown;
}

async function readAnswer(
  answer: ResponseShape | undefined,
  limit: number,
  request: ApiRequest,
  client: Client,
): Promise<IDataObject[]> {
  const send = async () => await client.send(request);
  if (answer === undefined) return [unwrap((await send()).body)];
  if ('object' in answer) {
    return [respell(unwrap((await send()).body, answer.object), answer.spellings)];
  }
  if ('part' in answer) return takePart((await send()).body, answer.part, answer.entry);
  if ('lists' in answer) return await readLists(answer, limit, request, client);
  if ('whole' in answer && answer.gather === undefined) return [unwrap((await send()).body)];

  const key = 'list' in answer ? answer.list : (answer.gather ?? '');
  const options: PageOptions = {
    limit,
    key,
    pageSize: ('pageSize' in answer && answer.pageSize) || MAX_PAGE_SIZE,
    paged: !('paged' in answer && answer.paged === false),
  };
  const { entries, first } = await readPages(
    async (query) => await client.send({ ...request, query: { ...request.query, ...query } }),
    options,
  );
  if ('whole' in answer) {
    // What stands there in another form is passed on as it came.
    if (!isRecord(first) || !Array.isArray(first[key])) return [unwrap(first)];
    const members = without(first, 'nextCursor', 'hasMore');
    return [{ ...members, [key]: entries } as IDataObject];
  }
  // An answer without a list is passed on as it came rather than thrown away.
  return findList(first, key) === undefined ? [unwrap(first)] : entries.map(toEntry);
}

/** Only one member of an answer; the answer as it is where it has no such member. */
function takePart(body: unknown, part: string, entry = 'value'): IDataObject[] {
  const inner = isRecord(body) && Object.hasOwn(body, part) ? body[part] : undefined;
  if (Array.isArray(inner)) {
    return inner.map(
      (each): IDataObject => (isRecord(each) ? (each as IDataObject) : { [entry]: each as string }),
    );
  }
  return [isRecord(inner) ? (inner as IDataObject) : unwrap(body)];
}

/** Where the entries of several lists stand while their pages are read as those of one list. */
const TOGETHER = 'entries';

class Marked {
  /** Ids are unique within a list only. */
  readonly id?: string;

  constructor(
    key: string,
    readonly entry: IDataObject,
  ) {
    const id = entryId(entry);
    if (id !== undefined) this.id = JSON.stringify([key, id]);
  }
}

async function readLists(
  { lists, mark }: Extract<ResponseShape, { lists: object }>,
  limit: number,
  request: ApiRequest,
  client: Client,
): Promise<IDataObject[]> {
  const toMarked = (key: string, entry: unknown) =>
    new Marked(key, { ...toEntry(entry), [mark]: lists[key] });
  const { entries, first } = await readPages(
    async (query) => {
      const page = await client.send({ ...request, query: { ...request.query, ...query } });
      const body = isRecord(page.body) ? page.body : {};
      const found = Object.keys(lists).flatMap((key) => {
        const list = Object.hasOwn(body, key) ? body[key] : undefined;
        return Array.isArray(list) ? [list.map((each: unknown) => toMarked(key, each))] : [];
      });
      // Without any of the documented lists, the answer is read like that of any other list.
      if (found.length === 0) return page;
      return { ...page, body: { ...body, [TOGETHER]: inTurn(found) } };
    },
    { limit, key: TOGETHER, pageSize: MAX_PAGE_SIZE, paged: true },
  );
  return findList(first, TOGETHER) === undefined
    ? [unwrap(first)]
    : entries.map((each) => (each instanceof Marked ? each.entry : toEntry(each)));
}

/** The first of each list, the second of each, and so on: a limit then cuts none of them off altogether. */
function inTurn<Entry>(lists: ReadonlyArray<readonly Entry[]>): Entry[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}
