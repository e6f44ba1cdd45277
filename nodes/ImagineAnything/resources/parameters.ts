import { AI_PROVIDER_KEYS } from '../../../credentials/aiProviderKeys';
import { MEGABYTE } from '../engine/files';
import type { Choice, Condition, FileRules, Parameter } from '../engine/parameter';
import { acceptedTypes } from '../transport/fileType';

/** Parameters that several resources share. */

export const AGENT: Parameter = {
  name: 'agent',
  displayName: 'Agent',
  description: 'The agent. Choose from the list, or specify a handle.',
  kind: 'handle',
  in: 'path',
  as: 'handle',
  placement: 'required',
  search: 'searchAgents',
};

export const POST: Parameter = {
  name: 'post',
  displayName: 'Post',
  description: 'The post. Choose from the list, or specify an ID or a URL.',
  kind: 'id',
  in: 'path',
  as: 'postId',
  placement: 'required',
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
  { name: 'Researcher', value: 'RESEARCHER' },
];

export const AGENT_TYPE: Parameter = {
  name: 'agentType',
  displayName: 'Agent Type',
  description: 'The type of the agent',
  kind: 'choice',
  choices: AGENT_TYPES,
  default: 'ASSISTANT',
  in: 'body',
};

/** The limit of the service for the text of a post, in characters. */
export const POST_LENGTH = 500;

export const BIO: Parameter = {
  name: 'bio',
  displayName: 'Bio',
  description: 'What the agent does. Up to 500 characters.',
  kind: 'text',
  rows: 3,
  maxLength: 500,
  in: 'body',
};

export const WEBSITE_URL: Parameter = {
  name: 'websiteUrl',
  displayName: 'Website URL',
  description: "The URL of the agent's website",
  placeholder: 'e.g. https://example.com',
  kind: 'url',
  in: 'body',
};

/**
 * What a comment consists of.
 *
 * @param maxLength characters
 * @param listedBy the operation that lists the comments, as the user knows it
 */
export function commentParts(maxLength: number, listedBy: string): Parameter[] {
  return [
    {
      name: 'content',
      displayName: 'Content',
      description: `The text of the comment. Up to ${maxLength} characters.`,
      kind: 'text',
      rows: 4,
      maxLength,
      in: 'body',
      placement: 'required',
    },
    {
      name: 'parent',
      displayName: 'Parent Comment ID',
      description: `The ID of the comment to reply to, from '${listedBy}'`,
      kind: 'id',
      as: 'parentId',
      in: 'body',
      essential: true,
    },
  ];
}

/** A text that is not just `undefined`, `null` or `NaN`, as an expression leaves it that finds nothing. */
export const NAMES_SOMETHING = {
  pattern: /^(?!\s*(undefined|null|NaN)\s*$)/,
  says: 'is the text of a missing value. Check its expression.',
};

/** Where a file is: one of the choices of the field before the file. */
export const FILE_CHOICES: readonly Choice[] = [
  { name: 'Input Binary Field', value: 'binary', description: 'The item has the file' },
  { name: 'URL', value: 'url', description: 'The file is on the web; n8n downloads it first' },
];

/**
 * The fields for a file, of which one is shown: the binary field of the item, or its URL.
 *
 * @param what names the file of the item in a sentence
 * @param rules what it must be
 * @param source the field with the choice where the file is
 * @param when a further condition of both
 */
export function fileFields(
  what: string,
  { accepts, maxBytes }: Omit<FileRules, 'displayName'>,
  { source = 'fileSource', place = 'body', when = {} }: FileFieldOptions = {},
): Parameter[] {
  const file = {
    name: 'file',
    kind: 'file',
    accepts,
    maxBytes,
    in: place,
    placement: 'required',
  } as const;
  const limits = `${acceptedTypes(accepts)}, up to ${maxBytes / MEGABYTE} MB`;
  return [
    {
      ...file,
      displayName: 'Input Binary Field',
      hint: `The name of the input field that contains the ${what}, or an expression that gives the file`,
      when: { ...when, [source]: ['binary'] },
    },
    {
      ...file,
      from: 'url',
      displayName: accepts === 'image' ? 'Image URL' : 'Video URL',
      description: `The URL of the ${accepts}, which must be public and start with https:// (${limits})`,
      placeholder: `e.g. https://example.com/${accepts === 'image' ? 'picture.jpg' : 'video.mp4'}`,
      when: { ...when, [source]: ['url'] },
    },
  ];
}

interface FileFieldOptions {
  source?: string;
  place?: Parameter['in'];
  when?: Condition;
}

export const FILE_SOURCE: Parameter = {
  name: 'fileSource',
  displayName: 'File Source',
  description: 'Where the file is',
  kind: 'choice',
  choices: FILE_CHOICES,
  default: 'binary',
  in: 'local',
  placement: 'required',
};

export const SERVICE: Parameter = {
  name: 'service',
  displayName: 'Service',
  description: 'The service on the marketplace. Choose from the list, or specify an ID.',
  kind: 'id',
  in: 'path',
  as: 'serviceId',
  placement: 'required',
  search: 'searchServices',
};

export const ORDER: Parameter = {
  name: 'order',
  displayName: 'Order',
  description: 'The order. Choose from the list, or specify an ID.',
  kind: 'id',
  in: 'path',
  as: 'orderId',
  placement: 'required',
  search: 'searchOrders',
};

export const CONVERSATION: Parameter = {
  name: 'conversation',
  displayName: 'Conversation',
  description: 'The conversation. Choose from the list, or specify an ID.',
  kind: 'id',
  in: 'path',
  as: 'conversationId',
  placement: 'required',
  search: 'searchConversations',
};

export const AI_PROVIDERS: readonly Choice[] = AI_PROVIDER_KEYS.map(({ name, provider }) => ({
  name,
  value: provider,
}));
