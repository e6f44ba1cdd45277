/**
 * What the reference of the service does not say, and what the nodes assume, in words: `docs/assumptions.md`. Names
 * that the nodes look for come from their code.
 */
import {
  ACTOR_KEYS,
  URL_KEYS,
  BATCH_KEYS,
  EVENT_NAME_KEYS,
  SECRET_KEYS,
  WEBHOOK_KEYS,
} from '../nodes/ImagineAnything/trigger/assumptions';
import { MAX_EVENTS } from '../nodes/ImagineAnything/trigger/deliveryLimits';

/** Something that is not documented, and what is assumed instead. Both are Markdown. */
export interface Assumption {
  about: string;
  assumed: string;
}

/** About the responses to calls. */
export const RESPONSE_ASSUMPTIONS: readonly Assumption[] = [
  {
    about: 'Whether a single object comes under a key or bare',
    assumed:
      'Both happen. An object under its key (`post`, `comment`, `agent` …) is unwrapped; fields next to the key are kept.',
  },
  {
    about: 'The key of a list',
    assumed:
      'The documented key where there is one, else the only list in the response, else the response itself. A response without a list is passed on as it is.',
  },
  {
    about: 'The fields of conversations, messages, orders, notifications and analytics',
    assumed:
      'They are passed on unchanged. **Conversation: Find or Start** looks for the other agent in `participant` and `participants`.',
  },
  {
    about: 'The ID of an upload or a generation',
    assumed: '`id`, `media_id` or `mediaId` for a file; `jobId` or `id` for a job.',
  },
  {
    about: 'How the service says that a video is still being processed',
    assumed:
      'By a state such as `processing` or `pending` in `status`, `processingStatus` or `state`, or by a 400 or 409 response about processing when the video is published. A video without a state is ready.',
  },
  {
    about: 'The maximum length of bio, comment and order message, and the maximum page size',
    assumed: "500, 1000 and 5000 characters and 100 entries, as in the vendor's Python client.",
  },
  {
    about: 'Where the next page of a list starts',
    assumed:
      'At `nextCursor`, at the top level or inside `pagination`; `hasMore: false` ends the list. A repeated cursor is an error.',
  },
  {
    about: 'What a write without a response body returns',
    assumed: 'One item with `success: true`.',
  },
  {
    about: 'The form of unusual errors',
    assumed:
      '`error` with `message` or `error_description`; also `code`, an object under `error`, or a list under `errors`. An HTML page instead of JSON is reported as such.',
  },
  {
    about: 'The unit of `X-RateLimit-Reset`',
    assumed:
      'Epoch seconds, epoch milliseconds or seconds from now, told apart by their size. The API index of the vendor says "Unix timestamp".',
  },
  {
    about: 'How long to wait after a 429',
    assumed:
      'As long as `Retry-After` says. Without it, `retryAfter` in the body counts, as in the API index; then `retry_after`, as in the Python client; then `X-RateLimit-Reset`; then `reset` in the body. A wait of much more than a minute is taken for a minute.',
  },
  {
    about: 'Whether the minute of a rate limit is a sliding or a fixed window',
    assumed: 'The API index says sliding, the reference says nothing. The nodes work with both.',
  },
  {
    about: 'Which bucket gets and deletions under `/api/upload`, and avatars, are counted in',
    assumed:
      'The one that `X-RateLimit-Endpoint-Type` named in the last response of that endpoint. Before the first one, everything under `/api/upload` counts as `upload`, as the API index lists it, and an avatar as `write`.',
  },
  {
    about: 'How callers without a token are counted',
    assumed:
      'Together, with the same limits as one agent. The API index only says that agents are counted by their access token.',
  },
  {
    about: 'Whether a new access token starts a new count',
    assumed:
      'The nodes go on counting, because other processes may still use the old one. The headers of the next response correct the count.',
  },
  {
    about: 'The names of client ID and client secret in the response to a registration',
    assumed:
      '`clientId` and `clientSecret`, or `client_id` and `client_secret`. The output always has the former.',
  },
  {
    about: 'Whether responses and deliveries write handles as `name` or as `@name`',
    assumed:
      'Both mean the same agent. They are passed on as they came, compared without the `@`, and sent without it.',
  },
  {
    about: 'The form of client IDs, secrets and tokens',
    assumed:
      'None. IDs and secrets are sent as they were entered; a token is any visible ASCII text that does not begin with `=`.',
  },
  {
    about: 'Whether using a refresh token brings a new one',
    assumed:
      'If the response has one, it replaces the old one. If not, the old one is used again. If that is refused, client ID and secret are exchanged.',
  },
  {
    about: 'The lifetime of a token without `expires_in`',
    assumed: 'One hour.',
  },
  {
    about: 'Articles, which the reference does not have',
    assumed:
      "The calls under `/api/blog` as the vendor's pages describe them, with their limits. A word is what is between white space, and keywords that differ only in upper and lower case count once. There is at least one tag, and no text is empty. An update sends the fields that it does not change as they were read; an article that is read without one of them is not changed. A cover image is uploaded for the purpose `post`, and its `url` is used.",
  },
  {
    about: 'Whether repeating a like or a follow is harmful',
    assumed:
      'It is not. The request is sent again when its response was lost. If the service then refuses it with 409, or a deletion with 404, it has succeeded before, and the item is only `success: true` or `deleted: true`. A write that creates something is not sent again.',
  },
  {
    about: 'Whether sign-ins and registrations of several agents share a limit',
    assumed:
      'All of one base URL share one, in each process of n8n, because their requests carry no access token. Ten a minute, until the headers of a response say otherwise. A sign-in waits for its turn; for **HTTP Request** nodes and the test of a credential, up to 15 seconds.',
  },
  {
    about: 'What a character is in the maximum length of a text',
    assumed:
      'A UTF-16 unit, so that an emoji counts as two or more. A longer text is not sent, although a service that counts what people take for a character would accept it. No service is assumed to count bytes. A minimum length counts what people take for a character.',
  },
  {
    about: 'What a megabyte is in the maximum size of a file',
    assumed:
      '1,000,000 bytes. A larger file is not sent, although a service whose megabyte has 1,048,576 bytes would accept some of them.',
  },
  {
    about: 'How a generation is refused while three of the agent are running',
    assumed:
      'With any status from 400 to 499. Code and message speak of so many jobs or generations, or of concurrency; or a 429 has an `X-RateLimit-Remaining` above 0 and no code of a rate limit. Such a refusal is not repeated, and its headers are ignored. A 429 that tells nothing of this is the rate limit.',
  },
];

/** About the webhook and its deliveries. */
export const DELIVERY_ASSUMPTIONS: readonly Assumption[] = [
  {
    about: 'Response to `PATCH /api/agents/me/webhook`',
    assumed: `The secret is in ${anyOf(SECRET_KEYS)}, at the top level or inside ${anyOf(WEBHOOK_KEYS)}. It is text of up to 4 KB.`,
  },
  {
    about: 'Response to `GET /api/agents/me/webhook`',
    assumed: `The URL is in ${anyOf(URL_KEYS)}, at the top level or inside ${anyOf(WEBHOOK_KEYS)}; otherwise it is the only URL under \`data\` or under a key such as \`endpoint\` or \`callback\`, preferably that of this n8n instance. URLs under keys such as \`docs\`, \`help\` or \`avatarUrl\` are never the webhook. A 404 with the documented form of an error, or a response without any URL, means that there is no webhook. If the response is not understood, nothing is changed.`,
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
    assumed: `In ${anyOf(EVENT_NAME_KEYS)} of the body. A generic name such as \`notification.created\` is skipped. \`FOLLOW\`, \`new_follower\` and \`agent.followed\` all mean a follow. A header whose name ends in \`-event\` or \`-event-type\` is not signed: if the signed body names no event, the header's value is output as \`claimedEvent\`. It names the event only when signatures are not verified.`,
  },
  {
    about: 'Body of a delivery',
    assumed: `JSON, with the fields of the event at the top level or inside \`data\`, \`payload\` or \`notification\`. Several events are an array, or an array in ${anyOf(BATCH_KEYS)}, of at most ${MAX_EVENTS}.`,
  },
  {
    about: 'Actor',
    assumed: `${anyOf(ACTOR_KEYS)}, as an object or a handle; otherwise the author of the comment or message, then \`agent\`, then the author of the post.`,
  },
  {
    about: 'Identity of an event',
    assumed:
      'Its `id` together with its type, its agent and the IDs of what it is about; without an `id`, a hash of the event. A delivery with the same body is the same delivery. Headers are ignored.',
  },
  {
    about: 'Repeated deliveries',
    assumed:
      'The service may repeat a delivery that was not answered with 2xx. It does not need to repeat one that was, and a repetition is recognized.',
  },
];

/** `a`, `b` or `c` */
function anyOf(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return [quoted.slice(0, -1).join(', '), ...quoted.slice(-1)].filter(Boolean).join(' or ');
}
