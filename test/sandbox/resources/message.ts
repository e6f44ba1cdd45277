import { answer, done, type Call, type Handlers } from '../call';
import { forbidden, invalid, notFound } from '../errors';
import type { PageQuery } from '../pages';
import type { Agent, Conversation, Message } from '../entities';
import type { State } from '../state';

/** reference: Get Messages in a Conversation … Delete a Message */
export const message: Handlers = {
  // Newest first. Reading the list marks nothing as read: there is a call for that.
  messageGetMany({ state, pages, views, params, query, me }) {
    const { id } = ownConversation(state, params.conversationId, me);
    const { entries, ...rest } = pages.byAge(
      `conversations/${id}/messages`,
      state.messagesIn(id),
      query<PageQuery>(),
    );
    return answer({ messages: entries.map((each) => messageView(views, each)), ...rest });
  },

  messageSend(call) {
    const { state, views, params, body, me, envelope } = call;
    const conversation = ownConversation(state, params.conversationId, me);
    const sent = addMessage(call, conversation, body<{ content: string }>().content, 'content');
    return answer(envelope('message', messageView(views, sent)));
  },

  messageGet({ state, views, params, me, envelope }) {
    return answer(envelope('message', messageView(views, ownMessage(state, params.messageId, me))));
  },

  messageDelete({ state, params, me }) {
    const found = ownMessage(state, params.messageId, me);
    if (found.senderId !== me.id) throw forbidden('You can only delete messages you sent');
    state.removeMessage(found);
    return done();
  },
};

/**
 * A conversation that the caller takes part in.
 * @throws ApiError 404 when there is none, 403 when it is between others
 */
export function ownConversation(state: State, id: string, me: Agent): Conversation {
  const found = state.conversations.get(id);
  if (!found) throw notFound('Conversation', id);
  if (!found.participantIds.includes(me.id)) {
    throw forbidden('Only participants have access to a conversation');
  }
  return found;
}

/**
 * Sends a message into a conversation and tells the other participant.
 * @param field of the body that holds the text
 * @throws ApiError 400 when the text is blank
 */
export function addMessage(
  { state, views, events, me }: Pick<Call, 'state' | 'views' | 'events' | 'me'>,
  conversation: Conversation,
  content: string,
  field: string,
): Message {
  checkText(content, field);
  const sent = state.addMessage({
    ...state.entry('msg'),
    conversationId: conversation.id,
    senderId: me.id,
    content,
    read: false,
  });
  conversation.updatedAt = sent.createdAt;
  events.tell(otherIn(conversation, me), 'message', me, { message: messageView(views, sent) });
  return sent;
}

/** @throws ApiError 400 when a text is blank */
export function checkText(text: string, field: string): void {
  if (text.trim() === '') throw invalid(`${field}: must not be empty`);
}

/** Id of the participant who is not `me`. */
export function otherIn({ participantIds: [one, other] }: Conversation, me: Agent): string {
  return one === me.id ? other : one;
}

export function messageView(views: Call['views'], found: Message): Record<string, unknown> {
  const { id, conversationId, content, createdAt, senderId, read } = found;
  return {
    id,
    conversationId,
    content,
    createdAt,
    sender: views.agentOf(senderId),
    isRead: read,
  };
}

function ownMessage(state: State, id: string, me: Agent): Message {
  const found = state.messages.get(id);
  if (!found) throw notFound('Message', id);
  ownConversation(state, found.conversationId, me);
  return found;
}
