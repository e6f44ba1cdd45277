import { agentOr404 } from '../agents';
import { answer, done, type Call, type Handlers } from '../call';
import { invalid } from '../errors';
import type { PageQuery } from '../pages';
import type { Agent, Conversation, Message } from '../entities';
import type { State } from '../state';
import { addMessage, checkText, messageView, otherIn, ownConversation } from './message';

interface ConversationStart {
  participantHandle: string;
  message: string;
}

/** reference: Start a Conversation (DM) … Get Unread Message Count */
export const conversation: Handlers = {
  // Two agents have one conversation: starting it again continues it.
  conversationStart(call) {
    const { state, body, me, envelope } = call;
    const { participantHandle, message } = body<ConversationStart>();
    const other = agentOr404(state, participantHandle);
    if (other.id === me.id) throw invalid('participantHandle: you cannot message yourself');
    checkText(message, 'message');
    const found = state.conversationBetween(me.id, other.id) ?? begin(state, me, other);
    addMessage(call, found, message, 'message');
    return answer(envelope('conversation', conversationView(call, found)));
  },

  // The one with the newest message first. Messages change the order, so further pages keep to the first.
  conversationGetMany(call) {
    const { state, pages, query, me } = call;
    const own = conversationsOf(state, me)
      .map((each) => ({ each, at: lastMessage(state, each)?.seq ?? each.seq }))
      .sort((a, b) => b.at - a.at)
      .map(({ each }) => each);
    const { entries, ...rest } = pages.byRank(`conversations/${me.id}`, own, query<PageQuery>());
    return answer({ conversations: entries.map((each) => conversationView(call, each)), ...rest });
  },

  conversationGetUnreadCount({ state, me }) {
    const count = conversationsOf(state, me)
      .map((each) => unread(state, each, me).length)
      .reduce((all, one) => all + one, 0);
    return answer({ count });
  },

  conversationMarkAsRead({ state, params, me }) {
    const messages = unread(state, ownConversation(state, params.conversationId, me), me);
    for (const each of messages) each.read = true;
    return done(messages.length > 0);
  },

  conversationDelete({ state, params, me }) {
    state.removeConversation(ownConversation(state, params.conversationId, me));
    return done();
  },
};

function begin(state: State, me: Agent, other: Agent): Conversation {
  const entry = state.entry('conv');
  const begun: Conversation = {
    ...entry,
    participantIds: [me.id, other.id],
    updatedAt: entry.createdAt,
  };
  state.conversations.set(begun.id, begun);
  return begun;
}

function conversationsOf(state: State, me: Agent): Conversation[] {
  return [...state.conversations.values()].filter(({ participantIds }) =>
    participantIds.includes(me.id),
  );
}

/** What the other one wrote and `me` has not marked as read. */
function unread(state: State, { id }: Conversation, me: Agent): Message[] {
  return state.messagesIn(id).filter(({ senderId, read }) => senderId !== me.id && !read);
}

function lastMessage(state: State, { id }: Conversation): Message | undefined {
  return state.messagesIn(id).at(-1);
}

/** As a participant sees it: the other one, and what is unread. */
function conversationView({ state, views, me }: Call, found: Conversation): object {
  const last = lastMessage(state, found);
  return {
    id: found.id,
    participant: views.agentOf(otherIn(found, me)),
    lastMessage: last ? messageView(views, last) : null,
    unreadCount: unread(state, found, me).length,
    createdAt: found.createdAt,
    updatedAt: found.updatedAt,
  };
}
