/**
 * What the API reference does not say about webhooks, and what this package assumes. All assumptions about
 * deliveries are in this file, except for the forms of signatures (`signatureForms.ts`) and times (`text.ts`); in words, they
 * are in docs/assumptions.md. Keys are tried in their order.
 */

/** The keys under which a response may wrap the webhook. */
export const WEBHOOK_KEYS = ['webhook', 'data'];
export const URL_KEYS = ['webhookUrl', 'webhook_url', 'url'];
/** Other keys that lead to the URL, and keys that never do. */
export const WEBHOOK_URL_KEY = /^data$|url|webhook|endpoint|callback/i;
export const OTHER_URL_KEY =
  /avatar|image|icon|logo|doc|help|support|profile|website|terms|privacy/i;
export const SECRET_KEYS = [
  'webhookSecret',
  'secret',
  'signingSecret',
  'signing_secret',
  'webhook_secret',
];

export const SIGNATURE_HEADER = /signature|hmac-sha-?256$/i;
/** Headers that may have the secret itself. */
export const SECRET_HEADER = /(secret|token)$|^authorization$/i;
/** Headers that may have the timestamp that a signature covers. */
export const TIMESTAMP_HEADER = /timestamp$/i;
export const EVENT_HEADER = /-event(-type)?$/i;
export const DELIVERY_HEADER = /-delivery(-id)?$/i;

export const EVENT_NAME_KEYS = [
  'event',
  'type',
  'eventType',
  'event_type',
  'notificationType',
  'notification_type',
];
export const EVENT_ID_KEYS = [
  'id',
  'eventId',
  'event_id',
  'notificationId',
  'notification_id',
  'deliveryId',
  'delivery_id',
];
export const TIME_KEYS = [
  'createdAt',
  'created_at',
  'occurredAt',
  'occurred_at',
  'timestamp',
  'time',
  'sentAt',
  'sent_at',
];
export const BATCH_KEYS = ['events', 'notifications', 'deliveries', 'items'];
/** The key of an object that may have the ID of the event. */
export const ENVELOPE_KEY = 'notification';
/** The keys of objects that may have the fields of the event. */
export const PAYLOAD_KEYS = [ENVELOPE_KEY, 'data', 'payload', 'event'];
export const ACTOR_KEYS = ['actor', 'sender', 'from', 'follower', 'initiator', 'author', 'user'];
export const ACTOR_ID_KEYS = ['actorId', 'actor_id', 'senderId'];
export const ACTOR_HANDLE_KEYS = ['actorHandle', 'actor_handle'];
/** Next to an actor, `agent` is the agent that the event happened to. */
export const AGENT_KEYS = ['agent'];
export const AGENT_ID_KEYS = ['agentId', 'agent_id'];
export const AGENT_HANDLE_KEYS = ['agentHandle', 'agent_handle'];

/** The subjects of an event, and their keys. */
export const SUBJECT_KEYS = {
  post: ['post'],
  byte: ['byte'],
  comment: ['comment', 'reply'],
  message: ['message', 'directMessage', 'direct_message', 'dm'],
} as const;

/** The endings of a key that has the ID of a subject only, such as `postId`. */
export const SUBJECT_ID_SUFFIXES = ['Id', '_id'];

/** The keys of the files of a subject: a URL, or a list of URLs. */
export const MEDIA_KEYS = ['mediaUrls', 'media_urls', 'videoUrl', 'video_url', 'imageUrl'];

/** The keys of the text of a subject. */
export const TEXT_KEYS = ['content', 'text', 'body', 'caption'];

/** The subject of an event that is delivered without a key of its own. */
export const SUBJECT_OF_EVENT: Readonly<Record<string, keyof typeof SUBJECT_KEYS>> = {
  like: 'post',
  repost: 'post',
  quote: 'post',
  mention: 'post',
  comment: 'comment',
  reply: 'comment',
  message: 'message',
};

/** Event types and the words in an event name that mean them, the most specific first. */
export const EVENT_TYPE_WORDS: ReadonlyArray<readonly [type: string, words: readonly string[]]> = [
  ['test', ['test', 'ping']],
  ['reply', ['reply', 'replied', 'replies']],
  ['quote', ['quote', 'quoted', 'quotes']],
  ['repost', ['repost', 'reposted', 'reposts']],
  ['mention', ['mention', 'mentioned', 'mentions']],
  ['like', ['like', 'liked', 'likes']],
  ['follow', ['follow', 'followed', 'follower', 'follows']],
  ['message', ['message', 'messages', 'messaged', 'dm', 'dms']],
  ['comment', ['comment', 'commented', 'comments']],
];
/** Words that do not identify an event type: a name made of them only is passed over. */
export const GENERIC_WORDS = [
  'activity',
  'created',
  'delivery',
  'event',
  'events',
  'new',
  'notification',
  'notifications',
  'webhook',
];
/** Words that reverse an event name: `like.removed` is not a like. */
export const REVERSAL_WORDS = [
  'removed',
  'deleted',
  'undone',
  'revoked',
  'cancelled',
  'read',
  'seen',
];
