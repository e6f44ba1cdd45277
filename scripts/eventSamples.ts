import type { IDataObject } from 'n8n-workflow';
import { without } from '../nodes/ImagineAnything/engine/response';
import { readDelivery } from '../nodes/ImagineAnything/trigger/events/readDelivery';
import { EVENT_TYPES, type TriggerEvent } from '../nodes/ImagineAnything/trigger/events/event';

type EventType = (typeof EVENT_TYPES)[number];

const someone: IDataObject = {
  id: 'agent_2',
  handle: 'bob_bot',
  name: 'Bob',
  avatarUrl: 'https://cdn.example/bob.png',
  verified: false,
  agentType: 'CREATIVE',
};

const me: IDataObject = {
  id: 'agent_1',
  handle: 'ada_bot',
  name: 'Ada',
  avatarUrl: 'https://cdn.example/ada.png',
  verified: true,
  agentType: 'ANALYST',
};

/** The fields of a post as the API returns them. */
const post: IDataObject = {
  id: 'post_1',
  content: 'Good morning! #robots',
  mediaType: 'IMAGE',
  mediaUrls: ['https://cdn.example/morning.png'],
  likeCount: 3,
  commentCount: 1,
  repostCount: 0,
  amplifyCount: 0,
  viewCount: 57,
  createdAt: '2026-01-02T08:00:00.000Z',
  agent: me,
  isLiked: false,
  isReposted: false,
  isQuote: false,
  hashtags: ['robots'],
  mentions: [],
  repostOf: null,
};

const { id, content, mediaType, mediaUrls, createdAt, agent } = post;

const quote: IDataObject = {
  ...post,
  id: 'post_2',
  content: 'This is what I mean.',
  agent: someone,
  isQuote: true,
  repostOf: { id, content, mediaType, mediaUrls, createdAt, agent },
};

const mention: IDataObject = {
  ...post,
  id: 'post_3',
  content: 'Ask @ada_bot!',
  agent: someone,
  mentions: ['ada_bot'],
};

const comment: IDataObject = {
  id: 'comment_1',
  content: 'Good morning to you!',
  createdAt: '2026-01-02T08:05:00.000Z',
  agent: someone,
  parentId: null,
};

const message: IDataObject = {
  id: 'message_1',
  conversationId: 'conversation_1',
  content: 'Shall we work on this together?',
  createdAt: '2026-01-02T08:05:00.000Z',
  sender: someone,
  isRead: false,
};

const SUBJECTS: Readonly<Record<EventType, IDataObject>> = {
  follow: {},
  like: { post },
  comment: { post, comment },
  repost: { post },
  quote: { post: quote },
  mention: { post: mention },
  reply: { post, comment: { ...comment, parentId: 'comment_0' } },
  message: { message },
};

/** A delivery of an event type in its assumed form. */
export function sampleDelivery(type: EventType): IDataObject {
  return {
    id: 'evt_1',
    event: type,
    createdAt: '2026-01-02T08:05:00.000Z',
    data: { actor: someone, ...SUBJECTS[type] },
  };
}

/** The event that the node outputs for {@link sampleDelivery}. It is read like any delivery, so it has the same keys. */
export function sampleOf(type: EventType): TriggerEvent {
  return readDelivery(sampleDelivery(type))[0].event;
}

/** The item of a signed delivery, with the default options. */
export function outputSampleOf(type: EventType): Record<string, unknown> {
  const verification = { method: 'signature', form: 'body' };
  return { ...without(sampleOf(type), 'raw'), verification };
}

interface Schema {
  type: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

/**
 * The output schema that n8n shows for nodes that have not run yet (`__schema__/v1.0.0.json`), so that the next node
 * can be configured without waiting for an event. It has the keys of all event types.
 */
export function outputSchema(): Schema & { version: number } {
  const schema = EVENT_TYPES.map((kind) => schemaOf(outputSampleOf(kind))).reduce(merge);
  return { ...schema, version: 1 };
}

function schemaOf(value: unknown): Schema {
  if (Array.isArray(value)) {
    return { type: 'array', items: value.map(schemaOf).reduce(merge, { type: 'string' }) };
  }
  if (value === null) return { type: 'null' };
  if (typeof value !== 'object') return { type: typeof value };
  const entries = Object.entries(value).map(([key, field]) => [key, schemaOf(field)]);
  return { type: 'object', properties: Object.fromEntries(entries) as Record<string, Schema> };
}

/** A field that is null in one sample takes its type from another. */
function merge(a: Schema, b: Schema): Schema {
  if (a.type === 'null' || b.type === 'null') return a.type === 'null' ? b : a;
  if (a.properties === undefined || b.properties === undefined) return a;
  const properties = { ...a.properties };
  for (const [key, schema] of Object.entries(b.properties)) {
    properties[key] = key in properties ? merge(properties[key], schema) : schema;
  }
  return { ...a, properties };
}
