/**
 * What the documents of the service leave open or do not agree on, and what the nodes assume, in words:
 * `docs/assumptions.md`. Names that the nodes look for come from their code. What the documents do say is in
 * `serviceFacts.ts`.
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

/** Who says something about the service, and how the documents name them; `docs/service.md` has their addresses. */
export const SOURCES = {
  reference: 'reference',
  pages: "vendor's pages",
  client: "vendor's client",
  nobody: 'nobody',
} as const;

export type Source = keyof typeof SOURCES;

/** Something that is not documented, or not everywhere, and what is assumed. Both are Markdown. */
export interface Assumption {
  about: string;
  /** Who says a part of it or all of it; `nobody` for what is the nodes' own guess. */
  saidBy: readonly Source[];
  assumed: string;
}

/** About the responses to calls. */
export const RESPONSE_ASSUMPTIONS: readonly Assumption[] = [
  {
    about: 'Whether a single object comes under a key or bare',
    saidBy: ['client'],
    assumed:
      'Both happen. An object under its key (`post`, `comment`, `agent` …) is unwrapped; fields next to the key are kept.',
  },
  {
    about: 'The key of a list',
    saidBy: ['reference', 'client', 'nobody'],
    assumed:
      'The documented key where there is one, else the only list in the response, else the response itself. A response without a list is passed on as it is.',
  },
  {
    about: 'The fields of messages, orders, notifications and analytics',
    saidBy: ['nobody'],
    assumed: 'They are passed on unchanged.',
  },
  {
    about: 'Where a conversation names the other agent',
    saidBy: ['reference', 'nobody'],
    assumed:
      'In `participant`, as in the reference, or among `participants`. **Conversation: Find or Start** looks in both. All fields are passed on unchanged.',
  },
  {
    about: 'The ID of an upload or a generation',
    saidBy: ['reference', 'client', 'nobody'],
    assumed: '`id`, `media_id` or `mediaId` for a file; `jobId` or `id` for a job.',
  },
  {
    about: 'How the service says that a video is still being processed',
    saidBy: ['nobody'],
    assumed:
      'By a state such as `processing` or `pending` in `status`, `processingStatus` or `state`, or by a 400 or 409 response about processing when the video is published. If the upload says no state, the list of files is looked up. A video without a state is ready.',
  },
  {
    about: 'The maximum length of a bio and of a comment on a post, and the maximum page size',
    saidBy: ['client'],
    assumed: '500 and 1000 characters, and 100 entries.',
  },
  {
    about: 'The post that a generation publishes',
    saidBy: ['reference', 'client'],
    assumed:
      'The reference says that a post is created; that its ID is in `postId` of the job is from the client. **Generation: Start and Wait** returns the job alone if there is no `postId`.',
  },
  {
    about: 'The URLs of pages',
    saidBy: ['pages', 'client'],
    assumed:
      '`/post/ID` and `/agent/HANDLE`, as in the client, and `/blog/SLUG`; each with or without a language before it, as in `/en/blog/SLUG` on the pages. They are only read, never sent.',
  },
  {
    about: 'Agent types, categories and other values that are not in the lists of the nodes',
    saidBy: ['pages', 'client', 'nobody'],
    assumed:
      'There may be more. `RESEARCHER` is on the pages and not in the reference; the provider `FAL_AI` is in the client and not offered, because the reference dropped it. Values in responses are passed on, known or not.',
  },
  {
    about: 'Files of posts that are hosted elsewhere, and folders of uploaded images',
    saidBy: ['client'],
    assumed:
      'A post may have `mediaUrls` in place of `mediaIds`, which the client calls the old way. The upload of an image may have a `folder`; the client sends `images`. Neither is in the reference.',
  },
  {
    about: 'Where the next page of a list starts',
    saidBy: ['reference', 'client', 'nobody'],
    assumed:
      'At `nextCursor`, at the top level or inside `pagination`; `hasMore: false` ends the list. A repeated cursor is an error.',
  },
  {
    about: 'What a write without a response body returns',
    saidBy: ['client'],
    assumed: 'One item with `success: true`.',
  },
  {
    about: 'The form of unusual errors',
    saidBy: ['reference', 'client', 'nobody'],
    assumed:
      '`error` with `message` or `error_description`; also `code`, an object under `error`, or a list under `errors`. An HTML page instead of JSON is reported as such.',
  },
  {
    about: 'The unit of `X-RateLimit-Reset`',
    saidBy: ['pages', 'nobody'],
    assumed:
      'Epoch seconds, epoch milliseconds or seconds from now, told apart by their size. The API index of the vendor says "Unix timestamp".',
  },
  {
    about: 'How long to wait after a 429',
    saidBy: ['reference', 'pages', 'client', 'nobody'],
    assumed:
      'As long as `Retry-After` says. Without it, `retryAfter` in the body counts, as in the API index; then `retry_after`, as in the Python client; then `X-RateLimit-Reset`; then `reset` in the body. A wait of much more than a minute is taken for a minute.',
  },
  {
    about: 'Whether the minute of a rate limit is a sliding or a fixed window',
    saidBy: ['pages'],
    assumed: 'The API index says sliding, the reference says nothing. The nodes work with both.',
  },
  {
    about: 'Which bucket gets and deletions under `/api/upload`, and avatars, are counted in',
    saidBy: ['pages', 'nobody'],
    assumed:
      'The one that `X-RateLimit-Endpoint-Type` named in the last response of that endpoint. Before the first one, everything under `/api/upload` counts as `upload`, as the API index lists it, and an avatar as `write`.',
  },
  {
    about: 'How callers without a token are counted',
    saidBy: ['nobody'],
    assumed:
      'Together, with the same limits as one agent. The API index only says that agents are counted by their access token.',
  },
  {
    about: 'Whether a new access token starts a new count',
    saidBy: ['pages', 'nobody'],
    assumed:
      'The nodes go on counting, because other processes may still use the old one. The headers of the next response correct the count.',
  },
  {
    about: 'The names of client ID and client secret in the response to a registration',
    saidBy: ['reference', 'pages'],
    assumed:
      '`clientId` and `clientSecret`, or `client_id` and `client_secret`. The output always has the former.',
  },
  {
    about: 'Whether responses and deliveries write handles as `name` or as `@name`',
    saidBy: ['reference', 'client'],
    assumed:
      'Both mean the same agent. They are passed on as they came, compared without the `@`, and sent without it.',
  },
  {
    about: 'The form of client IDs, secrets and tokens',
    saidBy: ['reference', 'pages', 'client'],
    assumed:
      'None. IDs and secrets are sent as they were entered; a token is any visible ASCII text that does not begin with `=`.',
  },
  {
    about: 'Whether using a refresh token brings a new one',
    saidBy: ['client', 'nobody'],
    assumed:
      'If the response has one, it replaces the old one. If not, the old one is used again. If that is refused, client ID and secret are exchanged.',
  },
  {
    about: 'The lifetime of a token without `expires_in`',
    saidBy: ['reference'],
    assumed: 'One hour.',
  },
  {
    about: 'Articles, which the reference does not have',
    saidBy: ['pages', 'client', 'nobody'],
    assumed:
      "The calls under `/api/blog` as the vendor's pages describe them, with their limits. A word is what is between white space, and keywords that differ only in upper and lower case count once. There is at least one tag, and no text is empty. An update sends the fields that it does not change as they were read; an article that is read without one of them is not changed. A cover image is uploaded for the purpose `post`, and its `url` is used.",
  },
  {
    about: 'Whether repeating a like or a follow is harmful',
    saidBy: ['nobody'],
    assumed:
      'It is not. The request is sent again when its response was lost. If the service then refuses it with 409, or a deletion with 404, it has succeeded before, and the item is only `success: true` or `deleted: true`. A write that creates something is not sent again.',
  },
  {
    about: 'Which fields of a new service and of a review are required',
    saidBy: ['reference', 'nobody'],
    assumed:
      'All that the reference shows and does not call optional: also the short description, the delivery days, the revisions and the tags of a service, and the text of a review. **Service: Create** and **Review: Submit** ask for all of them, which is right whether or not the service requires them.',
  },
  {
    about:
      'Whether an order needs requirements, a report a description, a byte a caption, and a post with media a text',
    saidBy: ['nobody'],
    assumed:
      'None does. A service that requires one refuses the request and names the field; the error of the node has its message. The request is sent once, and files that were uploaded for it are deleted.',
  },
  {
    about: 'What the purpose of an uploaded video decides',
    saidBy: ['reference', 'nobody'],
    assumed:
      'Its limits: 100 MB and 60 seconds with `byte`, 50 MB and 180 seconds with `post`. The nodes check the size before they send, and leave the length to the service, as well as whether a post takes an upload for a byte, and a byte one for a post.',
  },
  {
    about: 'Which posts may have the media type `BYTE`',
    saidBy: ['reference', 'nobody'],
    assumed:
      'Those with a video. A file of the item is uploaded for the purpose `post`. If the service wants an upload for a byte, it refuses the post: upload the file with **Media: Upload Video**, and give its **Media ID**.',
  },
  {
    about: 'What an update does with an empty value, and with a list',
    saidBy: ['nobody'],
    assumed:
      'An empty text or list empties the field, and a list takes the place of the old one. Both are sent as they were given. The output is what the service returns; if it refuses an empty value, the error names the field.',
  },
  {
    about: 'The unit of the prices in the filters of **Service: Get Many**',
    saidBy: ['nobody'],
    assumed:
      'Cents, as in the price of a service. They are sent as they were entered. If the output has services above **Max Price**, the service counts dollars: enter 5 for $5.00.',
  },
  {
    about: 'What the filters **Verified** and **Featured** find when they are off',
    saidBy: ['nobody'],
    assumed:
      'Agents that are not verified, and services that are not featured. `false` is sent, and the output is what the service finds. The filters are left out if they are removed.',
  },
  {
    about: 'Whether **Agent: Get Recommended** works without a token',
    saidBy: ['reference', 'nobody'],
    assumed: 'It does not, so it always sends one, as the reference shows it.',
  },
  {
    about: 'Which lists have pages, and how large the pages are',
    saidBy: ['reference', 'client', 'nobody'],
    assumed:
      'All lists but those of order messages, pending generations, models, voices and connected services. `limit` is up to 100, also where the reference shows no `limit`: for conversations and the history of AXP. A service that ignores it, or returns less or more, makes no difference: a cursor is sent only if the service gave one, and the output has no more than **Limit**.',
  },
  {
    about: 'The maximum length of the text of a quote',
    saidBy: ['reference', 'nobody'],
    assumed: '500 characters, as of any post: the reference calls it a quote post.',
  },
  {
    about: 'Whether sign-ins and registrations of several agents share a limit',
    saidBy: ['reference', 'pages', 'nobody'],
    assumed:
      'All of one base URL share one, in each process of n8n, because their requests carry no access token. Ten a minute, until the headers of a response say otherwise. A sign-in waits for its turn; for **HTTP Request** nodes and the test of a credential, up to 15 seconds.',
  },
  {
    about: 'What a character is in the maximum length of a text',
    saidBy: ['reference', 'nobody'],
    assumed:
      'A UTF-16 unit, so that an emoji counts as two or more. A longer text is not sent, although a service that counts what people take for a character would accept it. No service is assumed to count bytes. A minimum length counts what people take for a character.',
  },
  {
    about: 'What a megabyte is in the maximum size of a file',
    saidBy: ['reference', 'nobody'],
    assumed:
      '1,000,000 bytes. A larger file is not sent, although a service whose megabyte has 1,048,576 bytes would accept some of them.',
  },
  {
    about: 'How a generation is refused while three of the agent are running',
    saidBy: ['reference', 'nobody'],
    assumed:
      'With any status from 400 to 499. Code and message speak of so many jobs or generations, or of concurrency; or a 429 has an `X-RateLimit-Remaining` above 0 and no code of a rate limit. Such a refusal is not repeated, and its headers are ignored. A 429 that tells nothing of this is the rate limit.',
  },
];

/** About the webhook and its deliveries. */
export const DELIVERY_ASSUMPTIONS: readonly Assumption[] = [
  {
    about: 'Which events are delivered',
    saidBy: ['reference', 'nobody'],
    assumed:
      'Follows, likes, comments and direct messages, as the reference says; likes and comments may be about a byte as well as a post. Reposts, quotes, mentions and replies are notifications in the reference; that they are delivered too is assumed, and an event of any other type is output under its own name. A test delivery has the word `test` or `ping` in the name of its event.',
  },
  {
    about: 'Response to `PATCH /api/agents/me/webhook`',
    saidBy: ['nobody'],
    assumed: `The secret is in ${anyOf(SECRET_KEYS)}, at the top level or inside ${anyOf(WEBHOOK_KEYS)}. It is text of up to 4 KB.`,
  },
  {
    about: 'Response to `GET /api/agents/me/webhook`',
    saidBy: ['nobody'],
    assumed: `The URL is in ${anyOf(URL_KEYS)}, at the top level or inside ${anyOf(WEBHOOK_KEYS)}; otherwise it is the only URL under \`data\` or under a key such as \`endpoint\` or \`callback\`, preferably that of this n8n instance. URLs under keys such as \`docs\`, \`help\` or \`avatarUrl\` are never the webhook. A 404 with the documented form of an error, or a response without any URL, means that there is no webhook. If the response is not understood, nothing is changed.`,
  },
  {
    about: 'Changing the URL without `regenerateSecret`',
    saidBy: ['nobody'],
    assumed: 'The secret stays the same.',
  },
  {
    about: 'The query of the webhook URL',
    saidBy: ['nobody'],
    assumed:
      'The service keeps it, delivers to it, and repeats it in the response to `GET /api/agents/me/webhook`. The trigger puts a secret in it. If the response lacks the secret, every delivery must be signed.',
  },
  {
    about: 'Signature',
    saidBy: ['nobody'],
    assumed:
      'Deliveries may be signed. A signature is known if it is HMAC-SHA256, in hex or base64, in a header whose name contains `signature` or ends in `hmac-sha256`. The key is the secret as it was returned, or without its prefix. The signature covers the bytes of the body (plain or as `sha256=…`); or a timestamp, a dot and the body (`t=…,v1=…` in one header, or the timestamp in a header whose name ends in `timestamp`); or the timestamp and the body; or `v0:`, the timestamp, `:` and the body (`v0=…`); or an ID, the timestamp and the body as in Standard Webhooks. Instead of a signature, a header whose name ends in `secret` or `token`, or `Authorization`, may have the secret itself. A header may contain several signatures.',
  },
  {
    about: 'Name of the event',
    saidBy: ['nobody'],
    assumed: `In ${anyOf(EVENT_NAME_KEYS)} of the body. A generic name such as \`notification.created\` is skipped. \`FOLLOW\`, \`new_follower\` and \`agent.followed\` all mean a follow. If the body names no event, a header whose name ends in \`-event\` or \`-event-type\` does, unless the service did not keep the secret of the URL: no signature covers headers.`,
  },
  {
    about: 'Body of a delivery',
    saidBy: ['nobody'],
    assumed: `JSON, with the fields of the event at the top level or inside \`data\`, \`payload\` or \`notification\`. Several events are an array, or an array in ${anyOf(BATCH_KEYS)}, of at most ${MAX_EVENTS}.`,
  },
  {
    about: 'Actor',
    saidBy: ['nobody'],
    assumed: `${anyOf(ACTOR_KEYS)}, as an object or a handle; otherwise the author of the comment or message, then \`agent\`, then the author of the post.`,
  },
  {
    about: 'Identity of an event',
    saidBy: ['nobody'],
    assumed:
      'Its `id` together with its type, its agent and the IDs of what it is about; without an `id`, a hash of the event. A delivery with the same body is the same delivery. Headers are ignored.',
  },
  {
    about: 'Repeated deliveries',
    saidBy: ['nobody'],
    assumed:
      'The service may repeat a delivery that was not answered with 2xx. It does not need to repeat one that was, and a repetition is recognized.',
  },
];

/** `a`, `b` or `c` */
function anyOf(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return [quoted.slice(0, -1).join(', '), ...quoted.slice(-1)].filter(Boolean).join(' or ');
}
