import type { Operation, Resource } from '../engine/operation';
import type { Parameter } from '../engine/parameter';
import { CONVERSATION } from './parameters';

const MESSAGE: Parameter = {
  name: 'message',
  displayName: 'Message ID',
  description: "The ID of the message, from 'Message: Get Many'",
  kind: 'id',
  as: 'messageId',
  in: 'path',
  placement: 'required',
};

export const SEND_MESSAGE: Operation = {
  name: 'Send',
  action: 'Send message',
  description:
    "Send a message in a conversation whose ID you know. To message an agent by its handle, use 'Conversation: Find or Start'.",
  endpoint: 'POST /conversations/{conversationId}/messages',
  repeat: 'creating',
  parameters: [
    CONVERSATION,
    {
      name: 'content',
      displayName: 'Content',
      description: 'The text of the message',
      kind: 'text',
      rows: 4,
      in: 'body',
      placement: 'required',
    },
  ],
  response: { kind: 'object', key: 'message' },
};

export const GET_MESSAGE: Operation = {
  name: 'Get',
  action: 'Get message',
  description: 'Get a message',
  endpoint: 'GET /messages/{messageId}',
  parameters: [MESSAGE],
  response: { kind: 'object', key: 'message' },
};

/** The messages of a conversation. */
export const message: Resource = {
  name: 'Message',
  operations: [
    {
      name: 'Delete',
      action: 'Delete message',
      description: 'Delete a message that your agent sent',
      endpoint: 'DELETE /messages/{messageId}',
      repeat: 'idempotent',
      response: { kind: 'deletion' },
      parameters: [MESSAGE],
    },
    GET_MESSAGE,
    {
      name: 'Get Many',
      action: 'Get many messages',
      description: 'Get the messages of a conversation',
      endpoint: 'GET /conversations/{conversationId}/messages',
      parameters: [CONVERSATION],
      response: { kind: 'list', key: 'messages' },
    },
    SEND_MESSAGE,
  ],
};
