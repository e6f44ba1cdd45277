/**
 * What the API reference does not say about webhooks, and what this package assumes. All assumptions about
 * deliveries are in this file, except for the forms of signatures (`signature.ts`) and times (`text.ts`). Keys are
 * tried in their order.
 */

/** The assumptions in words, for the documentation. */
export const ASSUMPTIONS: ReadonlyArray<{ about: string; assumed: string }> = [
  {
    about: 'Response to `PATCH /api/agents/me/webhook`',
    assumed:
      'The secret is in `webhookSecret`, `secret`, `signingSecret`, `signing_secret` or `webhook_secret`, at the top level or inside `webhook` or `data`. It is text of up to 4 KB.',
  },
  {
    about: 'Response to `GET /api/agents/me/webhook`',
    assumed:
      'The URL is in `webhookUrl`, `webhook_url` or `url`, at the top level or inside `webhook` or `data`; otherwise it is the only URL under `data` or under a key such as `endpoint` or `callback`, preferably that of this n8n instance. URLs under keys such as `docs`, `help` or `avatarUrl` are never the webhook. "Not found", or a response without any URL, means that there is no webhook. When the response is not understood, nothing is changed.',
  },
  {
    about: 'Changing the URL without `regenerateSecret`',
    assumed: 'The secret stays the same.',
  },
  {
    about: 'Signature',
    assumed:
      'HMAC-SHA256 over the bytes of the body, with the secret exactly as it was returned; hex or base64; plain, as `sha256=…`, or as `t=…,v1=…` over the timestamp, a dot and the body; in any header whose name contains `signature`. A header may contain several signatures.',
  },
  {
    about: 'Name of the event',
    assumed:
      'In `event`, `type`, `eventType`, `event_type`, `notificationType` or `notification_type` of the body; a generic name such as `notification.created` is passed over. `FOLLOW`, `new_follower` and `agent.followed` are all a follow. A header whose name ends in `-event` or `-event-type` is not signed: when the signed body has no event type, it is output as `claimedEvent`. It names the event only when signatures are not verified.',
  },
  {
    about: 'Body of a delivery',
    assumed:
      'JSON, with the fields of the event at the top level or inside `data`, `payload` or `notification`. Several events are an array, or an array in `events`, `notifications`, `deliveries` or `items`, of at most 500.',
  },
  {
    about: 'Actor',
    assumed:
      '`actor`, `sender`, `from`, `follower`, `initiator`, `author` or `user`, as an object or a handle; otherwise the author of the comment or message, then `agent`, then the author of the post.',
  },
  {
    about: 'Identity of an event',
    assumed:
      'Its `id` together with its type, its agent and the IDs of its subjects; without an `id`, a hash of the event. A delivery with the same body is the same delivery. Headers are ignored.',
  },
  {
    about: 'Repeated deliveries',
    assumed:
      'The service may repeat a delivery that was not answered with 2xx. It does not need to repeat one that was, and a repetition is recognized.',
  },
];

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
