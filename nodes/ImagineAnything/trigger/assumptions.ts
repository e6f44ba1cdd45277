/**
 * What is assumed about webhooks where the reference says nothing. All assumptions about deliveries are here or in
 * `event.ts`; names are tried in this order. `scripts/assumptions.ts` says the same in words, for the documents.
 */

/** Keys under which an answer may wrap the webhook. */
export const WEBHOOK_KEYS = ['webhook', 'data'];
export const ADDRESS_KEYS = ['webhookUrl', 'webhook_url', 'url'];
export const SECRET_KEYS = [
  'webhookSecret',
  'secret',
  'signingSecret',
  'signing_secret',
  'webhook_secret',
];

export const SIGNATURE_HEADER = /signature/i;
export const EVENT_HEADER = /-event(-type)?$/i;
export const DELIVERY_HEADER = /-delivery(-id)?$/i;

export const EVENT_NAME_KEYS = [
  'event',
  'type',
  'eventType',
  'event_type',
  'notificationType',
  'notification_type',
  'kind',
  'topic',
  'action',
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
  'date',
  'sentAt',
  'sent_at',
];
export const BATCH_KEYS = ['events', 'notifications', 'deliveries', 'items'];
/** Objects that may hold the event's members next to or instead of the top. */
export const INNER_KEYS = ['notification', 'data', 'payload', 'event', 'object'];
export const ACTOR_KEYS = ['actor', 'sender', 'from', 'follower', 'initiator', 'author', 'user'];
export const ACTOR_ID_KEYS = ['actorId', 'actor_id', 'senderId'];
export const ACTOR_HANDLE_KEYS = ['actorHandle', 'actor_handle'];
/** Next to another one, `agent` is the agent to whom it happened. */
export const AGENT_KEYS = ['agent'];
export const AGENT_ID_KEYS = ['agentId', 'agent_id'];
export const AGENT_HANDLE_KEYS = ['agentHandle', 'agent_handle'];

/** Words of an event's name and the kind that they stand for, the telling ones first. */
export const KIND_WORDS: ReadonlyArray<readonly [kind: string, words: readonly string[]]> = [
  ['reply', ['reply', 'replied', 'replies']],
  ['quote', ['quote', 'quoted', 'quotes']],
  ['repost', ['repost', 'reposted', 'reposts']],
  ['mention', ['mention', 'mentioned', 'mentions']],
  ['like', ['like', 'liked', 'likes']],
  ['follow', ['follow', 'followed', 'follower', 'follows']],
  ['message', ['message', 'messages', 'messaged', 'dm', 'dms']],
  ['comment', ['comment', 'commented', 'comments']],
];
/** Words that say nothing about the kind of an event: its name stands elsewhere where it has no other. */
export const GENERAL_WORDS = [
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
/** Words that turn an event's name into something else: `like.removed` is no like. */
export const UNDOING_WORDS = [
  'removed',
  'deleted',
  'undone',
  'revoked',
  'cancelled',
  'read',
  'seen',
];
