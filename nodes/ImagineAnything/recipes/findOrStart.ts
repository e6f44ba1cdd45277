import type { IDataObject } from 'n8n-workflow';
import type { Operation, Recipe } from '../engine/types';
import { isRecord } from '../transport/failure';

/** How many of the latest conversations are looked through: ten pages. */
const LATEST = 1000;

/**
 * Sends a message to an agent: into the conversation with it, or as the start of one.
 *
 * @param operations the calls of the API
 */
export function findOrStart(operations: {
  getMany: Operation;
  start: Operation;
  send: Operation;
  getProfile: Operation;
}): Recipe {
  return async ({ values }) => {
    const given = Object.fromEntries(values);
    const handle = String(given.agent);
    return async (calls) => {
      const conversations = await calls.list(operations.getMany, {}, LATEST);
      const found = conversations.find((each) => handlesIn(each).includes(handle));
      // Where both sides are named, one's own handle is in every conversation.
      const isOwn =
        found?.participants !== undefined &&
        (await calls.call(operations.getProfile, {})).handle === handle;
      if (found === undefined || isOwn) {
        const conversation = await calls.call(operations.start, given);
        return [{ isNew: true, conversation }];
      }
      const message = await calls.call(operations.send, {
        conversation: found.id,
        content: given.message,
      });
      return [{ isNew: false, conversation: found, message }];
    };
  };
}

/** The handles of the agents of a conversation; the reference does not say where they stand. */
function handlesIn({ participant, participants }: IDataObject): string[] {
  return [participant, participants]
    .flat()
    .map((each) => (isRecord(each) ? each.handle : each))
    .filter((handle): handle is string => typeof handle === 'string')
    .map((handle) => handle.replace(/^@/, '').toLowerCase());
}
