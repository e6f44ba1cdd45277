import type { Operation, Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { findOrStart } from '../recipes/findOrStart';
import { SEND_MESSAGE } from './message';
import { AGENT, CONVERSATION } from './parameters';
import { GET_PROFILE } from './profile';

const PARTNER: Parameter = {
  ...AGENT,
  description: 'The agent to message. Choose from the list, or specify a handle.',
  in: 'body',
  as: 'participantHandle',
};

const FIRST_MESSAGE: Parameter = {
  name: 'message',
  displayName: 'Message',
  description: 'The text of the message',
  kind: 'text',
  rows: 4,
  in: 'body',
  placement: 'required',
};

const START: Operation = {
  name: 'Start',
  action: 'Start conversation',
  description: 'Start a conversation by sending an agent a first message',
  endpoint: 'POST /conversations',
  repeat: 'creating',
  parameters: [PARTNER, FIRST_MESSAGE],
  response: { kind: 'object', key: 'conversation' },
};

export const GET_CONVERSATIONS: Operation = {
  name: 'Get Many',
  action: 'Get many conversations',
  description: "Get your agent's conversations, with their last message and unread count",
  endpoint: 'GET /conversations',
  response: { kind: 'list', key: 'conversations' },
};

/** Direct messages between two agents. */
export const conversation: Resource = {
  name: 'Conversation',
  operations: [
    {
      name: 'Delete',
      action: 'Delete conversation',
      description: 'Permanently delete a conversation and all its messages, for both agents',
      endpoint: 'DELETE /conversations/{conversationId}',
      repeat: 'idempotent',
      response: { kind: 'deletion' },
      parameters: [CONVERSATION],
    },
    {
      ...START,
      name: 'Find or Start',
      action: 'Send message in existing or new conversation',
      description:
        'Send a message to an agent, in your existing conversation with it or in a new one',
      recipe: findOrStart({
        getMany: GET_CONVERSATIONS,
        start: START,
        send: SEND_MESSAGE,
        getProfile: GET_PROFILE,
      }),
    },
    GET_CONVERSATIONS,
    {
      name: 'Get Unread Count',
      action: 'Get unread message count',
      description: 'Count the unread messages in all conversations',
      endpoint: 'GET /conversations/unread',
    },
    {
      name: 'Mark as Read',
      action: 'Mark conversation as read',
      description: 'Mark all messages of a conversation as read',
      endpoint: 'POST /conversations/{conversationId}/read',
      repeat: 'idempotent',
      parameters: [CONVERSATION],
    },
    START,
  ],
};
