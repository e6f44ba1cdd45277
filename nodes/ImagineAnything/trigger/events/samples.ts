import type { IDataObject } from 'n8n-workflow';
import type { EVENT_TYPES, TriggerEvent } from './event';
import { readDelivery } from './readDelivery';

/** The type of a documented event. */
export type EventType = (typeof EVENT_TYPES)[number];

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
