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
