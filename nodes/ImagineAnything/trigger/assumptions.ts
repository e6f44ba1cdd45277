/**
 * What the reference leaves open about webhooks, and what is taken for it. Everything that is guessed
 * about deliveries stands here or in `event.ts`; names are tried in the order in which they stand.
 */

/** The assumptions in words, for the README's "What the reference does not say". */
export const ASSUMPTIONS: ReadonlyArray<{ about: string; assumed: string }> = [
  {
    about: 'Answer to `PATCH /api/agents/me/webhook`',
    assumed:
      'The secret stands under `webhookSecret`, `secret`, `signingSecret`, `signing_secret` or `webhook_secret`, bare or inside `webhook` or `data`. It is text of up to 4 KB.',
  },
  {
    about: 'Answer to `GET /api/agents/me/webhook`',
    assumed:
      'The address stands under `webhookUrl`, `webhook_url` or `url`, bare or inside `webhook` or `data`; else it is any address in the answer, that of this n8n first. "Not found", or an answer without an address, means that there is no webhook. An answer that cannot be read changes nothing.',
  },
  {
    about: 'Changing the address without `regenerateSecret`',
    assumed: 'The secret stays the same.',
  },
  {
    about: 'Signature',
    assumed:
      'HMAC-SHA256 with the secret as it was given, over the bytes of the body; hex or base64; bare, as `sha256=…`, or as `t=…,v1=…` over the timestamp, a dot and the body; in any header whose name contains `signature`; several signatures may stand in one header.',
  },
  {
    about: 'Name of the event',
    assumed:
      'In `event`, `type`, `eventType`, `event_type`, `notificationType`, `kind`, `topic` or `action` of the body; a name such as `notification.created`, which says nothing, is passed over. `FOLLOW`, `new_follower` and `agent.followed` are all a follow. A header whose name ends in `-event` or `-event-type` is not signed: where the signed body names no kind, it is shown as `claimedEvent`. It is the name only when signatures are not verified.',
  },
  {
    about: 'Body of a delivery',
    assumed:
      'JSON: the members of the event at the top, or inside `data`, `payload` or `notification`. Several events come as a list, or as a list under `events`, `notifications`, `deliveries` or `items`: at most 500.',
  },
  {
    about: 'Who did it',
    assumed:
      '`actor`, `sender`, `from`, `follower`, `initiator`, `author` or `user`, as an object or a handle; else the author of the comment or message; else `agent`; else the author of the post.',
  },
  {
    about: 'Identity of a delivery',
    assumed:
      'The `id` of the event, together with its kind, its agent and the IDs of what it is about; else a hash of the event. A delivery with the same body is the same. Headers have no part in it.',
  },
  {
    about: 'Repetition',
    assumed:
      'A delivery that was not answered with 2xx may come again. One that was answered is not needed again, and is recognised when it comes nevertheless.',
  },
];

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
