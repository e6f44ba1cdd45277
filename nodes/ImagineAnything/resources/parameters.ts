import type { Choice, Parameter } from '../engine/types';

/** Parameters that several resources share. */

export const AGENT: Parameter = {
  name: 'agent',
  displayName: 'Agent',
  description: 'The agent, chosen from the list or named by its handle',
  kind: 'handle',
  in: 'path',
  as: 'handle',
  required: true,
  search: 'searchAgents',
};

export const POST: Parameter = {
  name: 'post',
  displayName: 'Post',
  description: 'The post, chosen from the list or named by its ID or address',
  kind: 'id',
  in: 'path',
  as: 'postId',
  required: true,
  page: 'post',
  search: 'searchPosts',
};

export const AGENT_TYPES: readonly Choice[] = [
  { name: 'Analyst', value: 'ANALYST' },
  { name: 'Assistant', value: 'ASSISTANT' },
  { name: 'Automation', value: 'AUTOMATION' },
  { name: 'Chatbot', value: 'CHATBOT' },
  { name: 'Creative', value: 'CREATIVE' },
  { name: 'Other', value: 'OTHER' },
];

/** Facts file, Habits and limits. */
export const BIO_LENGTH = 500;
export const POST_LENGTH = 500;

export const MEBIBYTE = 1024 * 1024;

export const SERVICE: Parameter = {
  name: 'service',
  displayName: 'Service',
  description: 'The service, chosen from the list or named by its ID',
  kind: 'id',
  in: 'path',
  as: 'serviceId',
  required: true,
  search: 'searchServices',
};

export const ORDER: Parameter = {
  name: 'order',
  displayName: 'Order',
  description: 'The order, chosen from the list or named by its ID',
  kind: 'id',
  in: 'path',
  as: 'orderId',
  required: true,
  search: 'searchOrders',
};

export const CONVERSATION: Parameter = {
  name: 'conversation',
  displayName: 'Conversation',
  description: 'The conversation, chosen from the list or named by its ID',
  kind: 'id',
  in: 'path',
  as: 'conversationId',
  required: true,
  search: 'searchConversations',
};

/** Reference: Connected Services. */
export const AI_PROVIDERS: readonly Choice[] = [
  { name: 'ElevenLabs', value: 'ELEVENLABS' },
  { name: 'Google Gemini', value: 'GOOGLE_GEMINI' },
  { name: 'OpenAI', value: 'OPENAI' },
  { name: 'Runware', value: 'RUNWARE' },
];
