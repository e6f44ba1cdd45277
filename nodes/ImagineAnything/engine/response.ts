import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../../../credentials/http/record';
import { maskSecrets } from '../../../credentials/http/secrets';
import type { ApiRequest, Client } from '../transport/client';
import { findList, MAX_PAGE_SIZE, readPages, UnreadableListError } from '../transport/pagination';
import { SET_LIMIT } from './advice';
import { type Operation, responseOf } from './operation';
import type { ResponseShape } from './responseShape';

/**
 * Makes the data of an item from a value of a response.
 *
 * @param value anything that was parsed from JSON
 * @param name the name for a value that is no object
 */
export function toItemData(value: unknown, name = 'value'): IDataObject {
  const data: unknown = isRecord(value) ? value : { [name]: value };
  return data as IDataObject;
}

/**
 * Calls an operation and reads its response, page by page when it is a list.
 *
 * @param operation what is called
 * @param limit the maximum number of entries; Infinity for all
 * @param request the request, without the query that paging adds
 * @param client sends it
 * @returns the data of the output items
 * @throws UnreadableListError naming the operation, when a list cannot be read as far as it was asked for
 */
export async function readOutput(
  operation: Operation,
  limit: number,
  request: ApiRequest,
  client: Client,
): Promise<IDataObject[]> {
  try {
    return await readResponse(responseOf(operation), limit, request, client);
  } catch (thrown) {
    throw withAction(thrown, operation);
  }
}

function withAction(thrown: unknown, { action }: Operation): unknown {
  if (!(thrown instanceof UnreadableListError)) return thrown;
  const { message, isTooLong } = thrown;
  return new UnreadableListError(
    `${action}: ${message}${isTooLong ? `. ${SET_LIMIT}` : ''}`,
    isTooLong,
  );
}

async function readResponse(
  response: ResponseShape,
  limit: number,
  request: ApiRequest,
  client: Client,
): Promise<IDataObject[]> {
  const send = async (query: Record<string, string> = {}) =>
    await client.send({ ...request, query: { ...request.query, ...query } });
  switch (response.kind) {
    case 'object':
      return [readObject((await send()).body, response)];
    case 'list':
      return await readList(response, limit, send);
    case 'whole':
      return [await readWhole(response, limit, send)];
    case 'part':
      return takePart((await send()).body, response);
    case 'deletion':
      return [confirmDeletion((await send()).body, response)];
    default:
      return response satisfies never;
  }
}

type ReadPage = Parameters<typeof readPages>[0];

async function readList(
  { key, paged, pageSize = MAX_PAGE_SIZE }: Extract<ResponseShape, { kind: 'list' }>,
  limit: number,
  send: ReadPage,
): Promise<IDataObject[]> {
  const { entries, first } = await readPages(send, {
    limit,
    key,
    pageSize,
    paged: paged !== false,
  });
  // A response without a list is passed on as it came, so that nothing is lost.
  if (findList(first, key) === undefined) return [unwrap(first)];
  return entries.map((entry) => toItemData(entry));
}

async function readWhole(
  { list }: Extract<ResponseShape, { kind: 'whole' }>,
  limit: number,
  send: ReadPage,
): Promise<IDataObject> {
  if (list === undefined) return unwrap((await send({})).body);
  const options = { limit, key: list, pageSize: MAX_PAGE_SIZE, paged: true };
  const { entries, first } = await readPages(send, options);
  // Passed on as it came when the list is not where it should be.
  if (!isRecord(first) || !Array.isArray(first[list])) return unwrap(first);
  return toItemData({ ...without(first, 'nextCursor', 'hasMore'), [list]: entries });
}

/** Takes one field of a response; the whole response when it has no such field. */
function takePart(
  body: unknown,
  { key, entryName }: Extract<ResponseShape, { kind: 'part' }>,
): IDataObject[] {
  const part = isRecord(body) && Object.hasOwn(body, key) ? body[key] : undefined;
  if (Array.isArray(part)) return part.map((entry: unknown) => toItemData(entry, entryName));
  return [isRecord(part) ? toItemData(part) : unwrap(body)];
}

function confirmDeletion(
  body: unknown,
  { unless = '' }: Extract<ResponseShape, { kind: 'deletion' }>,
): IDataObject {
  const said = body === undefined ? {} : unwrap(body);
  return { deleted: said[unless] !== true, ...said };
}

/**
 * Takes the object out of a response. The service wraps some objects in a key and returns others bare; fields
 * next to the key are kept, so that nothing is lost.
 *
 * @param body the parsed response; undefined when there was none
 * @param key the documented key of the object
 * @returns the data of one item
 */
export function unwrap(body: unknown, key?: string): IDataObject {
  if (body === undefined) return { success: true };
  const inner =
    key !== undefined && isRecord(body) && Object.hasOwn(body, key) ? body[key] : undefined;
  if (key === undefined || !isRecord(body) || !isRecord(inner)) return toItemData(body, 'data');
  return toItemData({ ...without(body, key), ...inner });
}

function readObject(
  body: unknown,
  { key, spellings, idFrom = [], secretParameter }: Extract<ResponseShape, { kind: 'object' }>,
): IDataObject {
  const data = maskParameter(respell(unwrap(body, key), spellings), secretParameter);
  const id = [data.id, ...idFrom.map((name) => data[name])].find(
    (each) => each !== undefined && each !== null,
  );
  return idFrom.length === 0 || id === undefined ? data : { ...data, id };
}

/** Masks the value of a query parameter in all URLs of an object. */
function maskParameter(data: IDataObject, name: string | undefined): IDataObject {
  if (name === undefined) return data;
  const found: string[] = [];
  JSON.stringify(data, (_, value: unknown) => {
    if (typeof value === 'string' && URL.canParse(value)) {
      found.push(...new URL(value).searchParams.getAll(name));
    }
    return value;
  });
  return maskSecrets(data, found);
}

/** Gives fields their documented names, whichever spelling the service chose. */
function respell(data: IDataObject, spellings: Readonly<Record<string, string>> = {}): IDataObject {
  return Object.entries(spellings).reduce((result, [spelling, name]) => {
    const { [spelling]: value, ...rest } = result;
    return value === undefined ? result : { ...rest, [name]: rest[name] ?? value };
  }, data);
}

/** Copies an object without some of its fields. */
export function without(fields: object, ...keys: string[]): object {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));
}
