import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../../../credentials/http/record';
import type { Client } from '../transport/client';
import type { Deadline } from '../../../credentials/http/deadline';
import { findList, nextCursor } from '../transport/pagination';
import { buildRequest } from './buildRequest';
import { collectFrom } from './collectValues';
import { type Operation, responseOf } from './operation';
import type { Values } from './parameter';
import { readOutput } from './response';

interface CallOptions {
  /** The maximum number of entries of a list; by default all. */
  limit?: number;
  /** When the call must be over. */
  deadline?: Deadline;
}

/** A call whose values are validated and whose request is built, ready to be sent. */
export type PreparedCall = (client: Client, options?: CallOptions) => Promise<IDataObject[]>;

/**
 * Prepares the call of an operation without sending anything.
 *
 * @param operation what to call
 * @param values the validated values
 * @returns sends it, and returns the data of the output items
 * @throws ParameterError when a value of the path is missing
 */
export function prepareCall(operation: Operation, values: Values): PreparedCall {
  const request = buildRequest(operation, values);
  return async (client, { limit = Infinity, deadline } = {}) =>
    await readOutput(operation, limit, { ...request, deadline }, client);
}

/**
 * Calls an operation. Recipes use it, and so can everything else that needs the API.
 *
 * @param client sends the requests
 * @param operation what to call
 * @param given the values by the names of the operation's parameters, validated like a user's
 * @param options how much to read, and for how long
 * @returns the data of the output items
 * @throws ParameterError when a value must not be sent
 */
export async function callOperation(
  client: Client,
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
  options?: CallOptions,
): Promise<IDataObject[]> {
  return await prepareCall(operation, await collectFrom(operation, given))(client, options);
}

/**
 * Calls an operation for a caller that reads the response itself: the trigger must tell "nothing there" from a response
 * that it does not understand.
 *
 * @param client sends the request
 * @param operation what to call
 * @param values the validated values
 * @param secrets values that are masked wherever the response repeats them
 * @returns the parsed body; undefined when there was none
 * @throws ParameterError when a value of the path is missing
 */
export async function sendOperation(
  client: Client,
  operation: Operation,
  values: Values = new Map(),
  secrets: readonly string[] = [],
): Promise<unknown> {
  const request = buildRequest(operation, values);
  const { body } = await client.send({
    ...request,
    secrets: [...(request.secrets ?? []), ...secrets],
  });
  return body;
}

/**
 * Reads one page of a list, for a caller that asks for the next one itself if it needs it.
 *
 * @param client sends the request
 * @param operation a list
 * @param given the values by the names of the operation's parameters
 * @param options the size of the page, and the cursor where it starts
 * @returns the entries that are objects, and the cursor of the next page if there is one
 * @throws ParameterError when a value must not be sent
 */
export async function readPage(
  client: Client,
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
  { size, cursor, deadline }: { size: number; cursor?: string; deadline?: Deadline },
): Promise<{ entries: Array<Record<string, unknown>>; nextCursor?: string }> {
  const response = responseOf(operation);
  if (response.kind !== 'list') throw new TypeError(`${operation.action} is no list`);
  const request = buildRequest(operation, await collectFrom(operation, given));
  const query = {
    ...request.query,
    ...(response.paged === false ? {} : { limit: String(size) }),
    ...(cursor ? { cursor } : {}),
  };
  const { body } = await client.send({ ...request, query, deadline });
  const entries = (findList(body, response.key) ?? []).filter(isRecord);
  return { entries, nextCursor: nextCursor(body) };
}
