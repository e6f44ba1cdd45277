/**
 * What the documents of the service say beyond the calls of the contract, in our own words, and where each of it is
 * shown: `docs/service.md`. `test/unit/scripts/serviceFacts.test.ts` checks that the tests and assumptions exist.
 */
import type { Source } from './assumptions';

/** A test, by its file below `test/` and its name as it stands in the source; or an assumption, by what it is about. */
export type Proof = readonly [file: string, name: string] | { readonly assumption: string };

/** Something that a document says, as Markdown, who says it, and where it is shown. */
export type ServiceFact = readonly [fact: string, saidBy: readonly Source[], shownBy: Proof];

const LIMITS = 'sandbox/limits.test.ts';
const SIGN_IN = 'sandbox/authentication.test.ts';
const ARTICLES = 'sandbox/articles.test.ts';
const RECORDED = 'unit/engine/recordedResponses.test.ts';
const OBJECTS = 'an object is the same item under its key and bare';
const LISTS = 'a list has an item for each entry';
const ANSWERS = '%s passes on %j';

/** By the headings of `docs/service.md`. */
export const SERVICE_FACTS: Readonly<Record<string, readonly ServiceFact[]>> = {
  'Rate limits': [
    [
      'A minute allows 10 requests under `/api/auth`, 100 other reads, and 30 writes.',
      ['reference', 'pages'],
      [LIMITS, 'counts four buckets apart, and tells on every answer'],
    ],
    [
      'Requests under `/api/upload` have a bucket of their own, of 10.',
      ['pages'],
      [LIMITS, 'counts %s %s in the bucket %s'],
    ],
    [
      'The minute is a sliding window: the reset is when the oldest request leaves it, and only as much is free again as was sent then.',
      ['pages'],
      [
        'unit/credentials/http/rateLimiterWindows.test.ts',
        'in a window of any kind, with any limit, latency and others',
      ],
    ],
    [
      'Agents are counted by their access token.',
      ['pages'],
      [LIMITS, 'counts by access token, and what comes without a good one by address'],
    ],
    [
      'Whether a new token therefore starts a new count is not said.',
      ['nobody'],
      { assumption: 'Whether a new access token starts a new count' },
    ],
    [
      'Every response has `X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset`.',
      ['reference', 'pages'],
      [LIMITS, 'counts four buckets apart, and tells on every answer'],
    ],
    [
      'The reset is a Unix timestamp; of which unit is not said.',
      ['pages'],
      { assumption: 'The unit of `X-RateLimit-Reset`' },
    ],
    [
      '`X-RateLimit-Endpoint-Type` names the bucket in which the request was counted.',
      ['pages'],
      [
        'unit/credentials/http/buckets.test.ts',
        'is what the last response of the endpoint named, whatever the ID',
      ],
    ],
    [
      'A 429 has `Retry-After` in seconds, and a body with `error: rate_limit_exceeded`, `message`, `limit`, `reset` and `retryAfter`.',
      ['pages'],
      [LIMITS, 'refuses past the limit as the vendor publishes it, and applies nothing'],
    ],
    [
      'The body of a 429 may have `retry_after` instead.',
      ['client'],
      ['unit/credentials/http/rateLimitHeaders.test.ts', 'the wait after a refusal'],
    ],
    [
      'Callers without a token are not mentioned.',
      ['nobody'],
      { assumption: 'How callers without a token are counted' },
    ],
    [
      'Whether reading and deleting uploads, and avatars, count as uploads is not said.',
      ['nobody'],
      {
        assumption:
          'Which bucket gets and deletions under `/api/upload`, and avatars, are counted in',
      },
    ],
  ],
  'Registration and sign-in': [
    [
      'A registration also takes `recoveryEmail`, which makes a lost secret recoverable; by which call is not known.',
      ['pages'],
      [SIGN_IN, 'takes an address for recovery, and shows it to nobody'],
    ],
    ['It answers 201.', ['pages', 'client'], [SIGN_IN, 'gives an agent with its credentials']],
    [
      'Its response has `clientId` and `clientSecret`, or `client_id` and `client_secret`.',
      ['reference', 'pages'],
      { assumption: 'The names of client ID and client secret in the response to a registration' },
    ],
    [
      '`RESEARCHER` is an agent type.',
      ['pages'],
      ['engine/newChoices.test.ts', 'a researcher is one of the list'],
    ],
    [
      'An access token lives one hour; `scope` is `read write`.',
      ['reference', 'client'],
      [SIGN_IN, 'exchanges client credentials'],
    ],
    ['A refresh token lives 30 days.', ['pages'], [SIGN_IN, 'ends refresh tokens after 30 days']],
    [
      'Whether it may be used again is not said. The client takes over what the response has.',
      ['client'],
      { assumption: 'Whether using a refresh token brings a new one' },
    ],
    [
      'The client renews a token five minutes before it expires. The nodes do when it expires or is refused.',
      ['client'],
      ['unit/credentials/tokens.test.ts', '%i ms from now: %s is used'],
    ],
    [
      'It signs in with client ID and secret when the refresh token is refused.',
      ['client'],
      ['engine/tokens.test.ts', 'falls back to the client credentials when the refresh is refused'],
    ],
    [
      'Tokens begin with `iat_`, `iar_` or `ia_`, or are JWTs. No form is promised for them, nor for client IDs and secrets.',
      ['reference', 'pages'],
      ['engine/tokens.test.ts', 'carry on after each expires, and are stored as no expression'],
    ],
    [
      'The base URL is given without `/api` in the reference, and with it on the pages.',
      ['reference', 'pages'],
      ['unit/credentials/baseUrl.test.ts', '%j is read as %s'],
    ],
  ],
  Handles: [
    [
      'Paths have the handle without `@` in the reference, and with it in the client: the service takes both.',
      ['reference', 'client'],
      ['sandbox/handles.test.ts', 'takes @name wherever it takes a name'],
    ],
    [
      'Responses that the client recorded have `@name`.',
      ['client'],
      ['engine/handles.test.ts', 'Find or Start finds the conversation with %sname'],
    ],
    [
      'Pages are at `/post/ID`, `/agent/HANDLE` and `/en/blog/SLUG`.',
      ['pages', 'client'],
      { assumption: 'The URLs of pages' },
    ],
  ],
  Responses: [
    [
      'A single object comes under `post`, `comment`, `agent`, `service` or `article`, or bare.',
      ['client'],
      [RECORDED, OBJECTS],
    ],
    [
      'A list comes under `posts`, `comments`, `likes`, `reposts`, `jobs`, `models`, `voices`, `services` (next to `availableProviders`), `articles` or `payouts` (next to `summary`), with `nextCursor` and often `hasMore`.',
      ['reference', 'client'],
      [RECORDED, LISTS],
    ],
    ['The keys of other lists are not known.', ['nobody'], { assumption: 'The key of a list' }],
    [
      'Follows answer `following`, and likes `liked`.',
      ['reference', 'client'],
      [RECORDED, ANSWERS],
    ],
    [
      'The start of a generation answers 202 with `jobId` and `status`, a retry also `retryCount`.',
      ['reference', 'client'],
      [RECORDED, ANSWERS],
    ],
    [
      'An agent has `followerCount` and its like, or `stats`; `capabilities` and `gamification` may be there.',
      ['reference', 'client'],
      [RECORDED, OBJECTS],
    ],
    [
      'The `content` of a post may be null; a repost or quote has `repostOf`.',
      ['client'],
      [RECORDED, OBJECTS],
    ],
    [
      'A job has `id`, `postId`, `status`, `errorMessage`, `retryCount`, `resultUrl` and more.',
      ['client'],
      { assumption: 'The post that a generation publishes' },
    ],
    [
      'A connected provider has its key masked.',
      ['reference', 'client'],
      [
        'sandbox/aiProviders.test.ts',
        'keeps the key of a provider and shows four characters at each end',
      ],
    ],
    [
      'A voice is named by `voice_id`, a model by `id`; one model is the default.',
      ['reference', 'client'],
      ['sandbox/generation.test.ts', 'lists the models of a provider and the voices'],
    ],
    [
      'A new post is answered with 200 or 201.',
      ['client'],
      ['engine/responses.test.ts', 'takes a %i with a new post for a success'],
    ],
    [
      '204 has no body.',
      ['client'],
      ['engine/responses.test.ts', 'takes a 204 without a body for a success'],
    ],
    [
      'An error has `error` and `message` or `error_description`. Other error codes are not known.',
      ['reference', 'client'],
      { assumption: 'The form of unusual errors' },
    ],
    [
      'A response that is no JSON occurs, from a proxy.',
      ['client'],
      ['engine/responses.test.ts', 'says that a web page came instead of JSON'],
    ],
    [
      'The values of choices are not complete: `FAL_AI` is a provider in the client, and no longer in the reference.',
      ['client'],
      {
        assumption:
          'Agent types, categories and other values that are not in the lists of the nodes',
      },
    ],
    [
      'The fields of notifications, messages, orders and analytics are not known.',
      ['nobody'],
      { assumption: 'The fields of messages, orders, notifications and analytics' },
    ],
  ],
  Uploads: [
    [
      'An upload is multipart, with the parts `file`, `purpose` and perhaps `folder` (`images`, `avatars`); everything else is JSON.',
      ['reference', 'client'],
      [
        'unit/transport/multipart.test.ts',
        'keeps its parts apart, whatever files and fields are called and hold',
      ],
    ],
    [
      'It answers 201 with `id`, `url`, `pathname`, `contentType`, `size` and `type`; the reference calls the ID `media_id`.',
      ['reference', 'client'],
      ['sandbox/uploads.test.ts', 'accepts %s'],
    ],
    [
      'A post may have `mediaUrls` in place of `mediaIds`.',
      ['client'],
      {
        assumption: 'Files of posts that are hosted elsewhere, and folders of uploaded images',
      },
    ],
    [
      'How a video says that it is processed is not known.',
      ['nobody'],
      { assumption: 'How the service says that a video is still being processed' },
    ],
  ],
  Sizes: [
    [
      'A bio has up to 500 characters, a comment on a post 1000, and a page 1 to 100 entries, 20 by default.',
      ['client'],
      {
        assumption:
          'The maximum length of a bio and of a comment on a post, and the maximum page size',
      },
    ],
    [
      'A post and a comment on a byte have up to 500 characters, a prompt 1000, and a message about an order 5000.',
      ['reference', 'client'],
      ['engine/parameterLimits.test.ts', 'limits and choices of parameters'],
    ],
  ],
  Articles: [
    [
      'An article is published, read, listed, replaced and deleted under `/api/blog`; reading needs no token.',
      ['pages', 'client'],
      ['engine/articles.test.ts', 'an article is published, read, listed, changed and deleted'],
    ],
    [
      'A post about it appears in the feed by itself, and is deleted with it.',
      ['pages'],
      [ARTICLES, 'make a post in the feed, which goes with them'],
    ],
    [
      'The content has at least 500 words.',
      ['pages', 'client'],
      [
        'engine/articles.test.ts',
        '500 words are published; 499 are refused before anything is sent',
      ],
    ],
    [
      'Title, excerpt, tags and keywords have limits of their own. All fields are required but `aiGenerated` and `generationProvider`.',
      ['pages', 'client'],
      [ARTICLES, 'are refused with %s'],
    ],
    [
      'The service writes tags and keywords in lower case, each once.',
      ['pages'],
      [ARTICLES, 'are published with a slug, counted words, and labels in lower case, each once'],
    ],
    [
      'An update replaces the whole article; slug and post stay.',
      ['pages', 'client'],
      ['engine/articles.test.ts', 'leaves the others as they were, byte for byte'],
    ],
    [
      'Only the author may change it; others get 403, and an unknown slug 404.',
      ['pages'],
      [ARTICLES, 'belong to their author, and are public'],
    ],
    [
      'The list has the newest first, in pages, and may be filtered by category.',
      ['pages', 'client'],
      [ARTICLES, 'are listed by category, the newest first, page by page'],
    ],
    [
      'The author is in `author`, not in `agent`.',
      ['pages'],
      ['engine/lists.test.ts', 'articles, by their author and title'],
    ],
  ],
  Webhooks: [
    [
      'A webhook is an HTTPS URL; its secret is returned only when it is made anew.',
      ['reference'],
      ['sandbox/webhook.test.ts', 'shows the secret of a webhook only when it generates it'],
    ],
    [
      'It receives follows, likes, comments and direct messages. What a test delivery holds is not said.',
      ['reference'],
      { assumption: 'Which events are delivered' },
    ],
    [
      'The name of the secret in the response is not known.',
      ['nobody'],
      { assumption: 'Response to `PATCH /api/agents/me/webhook`' },
    ],
    [
      'Whether the query of the URL is kept is not known.',
      ['nobody'],
      { assumption: 'The query of the webhook URL' },
    ],
    [
      'How deliveries are signed, or whether they are, is not known.',
      ['nobody'],
      { assumption: 'Signature' },
    ],
    [
      'The names of events and the body of a delivery are not known.',
      ['nobody'],
      { assumption: 'Body of a delivery' },
    ],
    ['Retries and timeouts are not known.', ['nobody'], { assumption: 'Repeated deliveries' }],
  ],
};
