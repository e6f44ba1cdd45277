import type { IDataObject } from 'n8n-workflow';
import { normalizeHandle } from '../engine/handle';
import { exceededDeadline, withLeftBehind } from '../engine/recipe';
import type { Operation, Recipe, RecipeCalls } from '../engine/operation';
import { deadlineIn } from '../transport/deadline';
import { isRecord } from '../../../credentials/http/record';

/** How many of the latest conversations are searched: ten pages. */
const MAX_CONVERSATIONS = 1000;

/** How long they are searched: twice the time that the rate limit may hold up ten pages. */
const SEARCH_MS = 120_000;

/** The operations that find or start a conversation. */
type ConversationOperations = {
  getMany: Operation;
  start: Operation;
  send: Operation;
  getProfile: Operation;
};

/**
 * Sends a message to an agent, in the existing conversation with it or in a new one.
 *
 * @param uses the operations that it calls
 */
export function findOrStart(uses: ConversationOperations): Recipe {
  return {
    uses,
    prepare: async ({ values }) => {
      const given = Object.fromEntries(values);
      const handle = String(given.agent);
      return async (calls) => {
        const found = await find(calls, uses, handle);
        if (found === undefined) {
          const conversation = await calls.call(uses.start, given);
          return [{ isNew: true, conversation }];
        }
        const message = await calls.call(uses.send, {
          conversation: found.id,
          content: given.message,
        });
        return [{ isNew: false, conversation: found, message }];
      };
    },
  };
}

/** Finds the conversation with an agent; undefined if there is none, or if it is uncertain. */
async function find(
  calls: RecipeCalls,
  { getMany, getProfile }: ConversationOperations,
  handle: string,
): Promise<IDataObject | undefined> {
  const deadline = deadlineIn(SEARCH_MS);
  const inTime = calls.until(deadline);
  try {
    const conversations = await inTime.list(getMany, {}, MAX_CONVERSATIONS);
    const found = conversations.find((each) => handlesIn(each).includes(handle));
    if (found?.participants === undefined) return found;
    // If both agents are listed, the own handle is in every conversation.
    const own = normalizeHandle((await inTime.call(getProfile, {})).handle);
    return own === '' || own === handle ? undefined : found;
  } catch (thrown) {
    throw exceededDeadline(thrown, deadline)
      ? withLeftBehind(
          calls,
          thrown,
          `Nothing was sent, because searching the conversations took longer than ${SEARCH_MS / 60_000} minutes. Send the message with Message: Send, which needs no search.`,
        )
      : thrown;
  }
}

/** The handles of the agents in a conversation: `participant` (reference), or `participants` (docs/assumptions.md). */
function handlesIn({ participant, participants }: IDataObject): string[] {
  return [participant, participants]
    .flat()
    .map((each) => normalizeHandle(isRecord(each) ? each.handle : each));
}
