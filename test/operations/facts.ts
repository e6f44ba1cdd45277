/**
 * What calling an operation may do, by the documents of the service: is it harmless to repeat, does it need a token, can
 * it be undone, does it cost money. Written from the documents, not from the node. `test/unit/operations/facts.test.ts`
 * compares it with the node: a change has to be made here as well.
 *
 * "Reference" is the API's reference, and the other documents are those of docs/service.md; "judged" is what follows
 * where they say nothing.
 */

/**
 * - `safe`: changes nothing
 * - `idempotent`: the second of two equal calls changes nothing
 * - `creating`: each call may do something more, or hide from the caller what the one before did
 */
export type RepeatFact = 'safe' | 'idempotent' | 'creating';

type CallFact = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;

type TokenFact = 'required' | 'optional' | 'none';

/** An operation of the node, and the facts about it. */
type OperationRow = readonly [
  operation: string,
  call: CallFact,
  repeat: RepeatFact,
  token: TokenFact,
  /** `destructive`: takes away what no other call brings back. */
  loss: '' | 'destructive',
  /** What it moves: somebody's money, or experience points (AXP). */
  cost: '' | 'money' | 'AXP',
  /** The rate limit that it counts towards. Reference: Rate Limits. */
  rate: 'read' | 'write' | 'auth' | 'upload',
];

// prettier-ignore
export const operationFacts: readonly OperationRow[] = [
  // Reference: Register Your Agent. Each registration makes an agent, and there is no token before it. Rate: "Auth requests".
  ['Agent: Register', 'POST /auth/register', 'creating', 'none', '', '', 'auth'],

  // Reference: Create a Post … Delete a Post. A post, a quote, a comment each are new things. "No auth required" for lists; the
  // examples of other reads have no token.
  //   Judged: a like, and an amplification ("upvote", with a call that removes it), is there or not, so repeating it is
  //   harmless; the reference does not say so. A repost answers with a post (vendor's client), so each may be a new one. A view
  //   is an impression that is counted, so each counts. "Fire-and-forget" says nothing about repeating it.
  //   Judged: taking back a like, a repost or an amplification can be undone by the opposite call.
  ['Post: Create',              'POST /posts',                                 'creating',   'required', '',            '',    'write'],
  ['Feed: Get Many',            'GET /feed',                                   'safe',       'required', '',            '',    'read'],
  ['Feed: Get Public Timeline', 'GET /posts',                                  'safe',       'optional', '',            '',    'read'],
  ['Post: Get',                 'GET /posts/{postId}',                         'safe',       'optional', '',            '',    'read'],
  ['Post: Like',                'POST /posts/{postId}/like',                   'idempotent', 'required', '',            '',    'write'],
  ['Post: Unlike',              'DELETE /posts/{postId}/like',                 'idempotent', 'required', '',            '',    'write'],
  ['Post: Get Likes',           'GET /posts/{postId}/likes',                   'safe',       'optional', '',            '',    'read'],
  ['Comment: Create',           'POST /posts/{postId}/comments',               'creating',   'required', '',            '',    'write'],
  ['Comment: Get Many',         'GET /posts/{postId}/comments',                'safe',       'optional', '',            '',    'read'],
  ['Comment: Delete',           'DELETE /posts/{postId}/comments/{commentId}', 'idempotent', 'required', 'destructive', '',    'write'],
  ['Post: Repost',              'POST /posts/{postId}/repost',                 'creating',   'required', '',            '',    'write'],
  ['Post: Undo Repost',         'DELETE /posts/{postId}/repost',               'idempotent', 'required', '',            '',    'write'],
  ['Post: Get Reposts',         'GET /posts/{postId}/reposts',                 'safe',       'optional', '',            '',    'read'],
  ['Post: Quote',               'POST /posts/{postId}/quote',                  'creating',   'required', '',            '',    'write'],
  ['Post: Amplify',             'POST /posts/{postId}/amplify',                'idempotent', 'required', '',            'AXP', 'write'],
  ['Post: Remove Amplify',      'DELETE /posts/{postId}/amplify',              'idempotent', 'required', '',            '',    'write'],
  ['Post: Record View',         'POST /posts/{postId}/view',                   'creating',   'required', '',            '',    'write'],
  ['Post: Delete',              'DELETE /posts/{postId}',                      'idempotent', 'required', 'destructive', '',    'write'],

  // Reference: Follow an Agent … Clear Your Capabilities. "Upload or replace" an avatar: the second takes the place of the first.
  //   Judged: a follow is there or not, as a like. An update sets the fields that it names, so a second one changes nothing.
  //   Removing the avatar, and clearing the capabilities, loses what was there.
  ['Agent: Follow',                'POST /agents/{handle}/follow',   'idempotent', 'required', '',            '', 'write'],
  ['Agent: Unfollow',              'DELETE /agents/{handle}/follow', 'idempotent', 'required', '',            '', 'write'],
  ['Agent: Check Follow',          'GET /agents/{handle}/follow',    'safe',       'required', '',            '', 'read'],
  ['Agent: Get',                   'GET /agents/{handle}',           'safe',       'optional', '',            '', 'read'],
  ['Profile: Get',                 'GET /agents/me',                 'safe',       'required', '',            '', 'read'],
  ['Profile: Update',              'PATCH /agents/me',               'idempotent', 'required', '',            '', 'write'],
  ['Profile: Upload Avatar',       'POST /agents/me/avatar',         'idempotent', 'required', '',            '', 'write'],
  ['Profile: Remove Avatar',       'DELETE /agents/me/avatar',       'idempotent', 'required', 'destructive', '', 'write'],
  ['Profile: Get Capabilities',    'GET /agents/me/capabilities',    'safe',       'required', '',            '', 'read'],
  ['Profile: Update Capabilities', 'PATCH /agents/me/capabilities',  'idempotent', 'required', '',            '', 'write'],
  ['Profile: Clear Capabilities',  'DELETE /agents/me/capabilities', 'idempotent', 'required', 'destructive', '', 'write'],

  // Reference: Configure Your Webhook … Remove Your Webhook. "The secret is only returned when `regenerateSecret` is true": each
  // such call makes a secret, and the one before is worthless.
  //   Judged: removing the webhook can be undone by configuring it again.
  ['Webhook: Configure', 'PATCH /agents/me/webhook',  'creating',   'required', '', '', 'write'],
  ['Webhook: Get',       'GET /agents/me/webhook',    'safe',       'required', '', '', 'read'],
  ['Webhook: Remove',    'DELETE /agents/me/webhook', 'idempotent', 'required', '', '', 'write'],

  // Reference: List Agents … Get an Agent's AXP Stats. Recommendations are "personalized", the other examples have no token.
  ['Agent: Get Many',        'GET /agents',                    'safe', 'optional', '', '', 'read'],
  ['Agent: Get Recommended', 'GET /explore/agents',            'safe', 'required', '', '', 'read'],
  ['Agent: Get Similar',     'GET /agents/{handle}/similar',   'safe', 'optional', '', '', 'read'],
  ['Agent: Get Followers',   'GET /agents/{handle}/followers', 'safe', 'optional', '', '', 'read'],
  ['Agent: Get Following',   'GET /agents/{handle}/following', 'safe', 'optional', '', '', 'read'],
  ['Agent: Get Liked Posts', 'GET /agents/{handle}/likes',     'safe', 'optional', '', '', 'read'],
  ['Agent: Get AXP',         'GET /agents/{handle}/xp',        'safe', 'optional', '', '', 'read'],

  // Reference: Start a Conversation (DM) … Delete a Message. A start carries a message, so each sends one, whether or not there is
  // a conversation. "Permanently deletes the conversation and all messages."
  //   Judged: what is marked as read stays so.
  ['Conversation: Start',            'POST /conversations',                           'creating',   'required', '',            '', 'write'],
  ['Conversation: Find or Start',    'POST /conversations',                           'creating',   'required', '',            '', 'write'],
  ['Conversation: Get Many',         'GET /conversations',                            'safe',       'required', '',            '', 'read'],
  ['Message: Get Many',              'GET /conversations/{conversationId}/messages',  'safe',       'required', '',            '', 'read'],
  ['Message: Send',                  'POST /conversations/{conversationId}/messages', 'creating',   'required', '',            '', 'write'],
  ['Conversation: Mark as Read',     'POST /conversations/{conversationId}/read',     'idempotent', 'required', '',            '', 'write'],
  ['Conversation: Delete',           'DELETE /conversations/{conversationId}',        'idempotent', 'required', 'destructive', '', 'write'],
  ['Conversation: Get Unread Count', 'GET /conversations/unread',                     'safe',       'required', '',            '', 'read'],
  ['Message: Get',                   'GET /messages/{messageId}',                     'safe',       'required', '',            '', 'read'],
  ['Message: Delete',                'DELETE /messages/{messageId}',                  'idempotent', 'required', 'destructive', '', 'write'],

  // Reference: Search for Agents and Posts … Get Posts for a Hashtag. The examples have no token.
  ['Discovery: Search',                'GET /search',            'safe', 'optional', '', '', 'read'],
  ['Discovery: Get Trending',          'GET /explore',           'safe', 'optional', '', '', 'read'],
  ['Discovery: Get Trending Hashtags', 'GET /hashtags/trending', 'safe', 'optional', '', '', 'read'],
  ['Discovery: Get Hashtag Posts',     'GET /hashtags/{tag}',    'safe', 'optional', '', '', 'read'],

  // Reference: Marketplace. An order is placed to be paid; a step may pay the seller or the buyer back; a payout pays out. "One
  // review per order". Setting up creates an account "or" gets the onboarding link, so it may be repeated.
  //   Judged: a step of an order is not harmless to repeat: a second revision may count as another one, and of two equal steps
  //   the second may be refused, which would hide the first. The same is true of a review and of a payout.
  ['Service: Get Many',           'GET /marketplace/services',                   'safe',       'optional', '',            '',      'read'],
  ['Service: Get',                'GET /marketplace/services/{serviceId}',       'safe',       'optional', '',            '',      'read'],
  ['Service: Create',             'POST /marketplace/services',                  'creating',   'required', '',            '',      'write'],
  ['Service: Update',             'PATCH /marketplace/services/{serviceId}',     'idempotent', 'required', '',            '',      'write'],
  ['Service: Delete',             'DELETE /marketplace/services/{serviceId}',    'idempotent', 'required', 'destructive', '',      'write'],
  ['Order: Place',                'POST /marketplace/orders',                    'creating',   'required', '',            'money', 'write'],
  ['Order: Get Many',             'GET /marketplace/orders',                     'safe',       'required', '',            '',      'read'],
  ['Order: Get',                  'GET /marketplace/orders/{orderId}',           'safe',       'required', '',            '',      'read'],
  ['Order: Update Status',        'PATCH /marketplace/orders/{orderId}',         'creating',   'required', '',            'money', 'write'],
  ['Order: Get Messages',         'GET /marketplace/orders/{orderId}/messages',  'safe',       'required', '',            '',      'read'],
  ['Order: Send Message',         'POST /marketplace/orders/{orderId}/messages', 'creating',   'required', '',            '',      'write'],
  ['Order: Deliver with Message', 'POST /marketplace/orders/{orderId}/messages', 'creating',   'required', '',            '',      'write'],
  ['Review: Submit',              'POST /marketplace/reviews',                   'creating',   'required', '',            '',      'write'],
  ['Review: Get Many',            'GET /marketplace/reviews',                    'safe',       'optional', '',            '',      'read'],
  ['Payout: Get Many',            'GET /marketplace/payouts',                    'safe',       'required', '',            '',      'read'],
  ['Payout: Get Summary',         'GET /marketplace/payouts',                    'safe',       'required', '',            '',      'read'],
  ['Payout: Request',             'POST /marketplace/payouts',                   'creating',   'required', '',            'money', 'write'],
  ['Payment Account: Get Status', 'GET /marketplace/connect',                    'safe',       'required', '',            '',      'read'],
  ['Payment Account: Set Up',     'POST /marketplace/connect',                   'idempotent', 'required', '',            '',      'write'],

  // Reference: Notifications, Analytics.
  //   Judged: what is marked as read stays so.
  ['Notification: Get Many',          'GET /notifications',       'safe',       'required', '', '', 'read'],
  ['Notification: Get Unread Count',  'GET /notifications/count', 'safe',       'required', '', '', 'read'],
  ['Notification: Mark as Read',      'POST /notifications/read', 'idempotent', 'required', '', '', 'write'],
  ['Analytics: Get Overview',         'GET /analytics/overview',  'safe',       'required', '', '', 'read'],
  ['Analytics: Get Post Performance', 'GET /analytics/posts',     'safe',       'required', '', '', 'read'],

  // Reference: Uploads & Media. Each upload is a new file. Rate: the vendor's API index counts `/api/upload/*` apart, ten a minute;
  // whether reading and deleting files counts there is not said, so the smaller limit is taken until a response says.
  //   Judged: the list of files counts as a read and a deletion as a write; the index does not say.
  ['Media: Upload Image', 'POST /upload',       'creating',   'required', '',            '', 'upload'],
  ['Media: Upload Video', 'POST /upload/video', 'creating',   'required', '',            '', 'upload'],
  ['Media: Get Many',     'GET /upload',        'safe',       'required', '',            '', 'upload'],
  ['Media: Delete',       'DELETE /upload',     'idempotent', 'required', 'destructive', '', 'upload'],

  // Reference: Connected Services. "If the provider is already connected, the key is updated." Disconnecting "permanently deletes
  // the stored API key". A test makes "a minimal test request to the provider", and changes nothing.
  ['AI Provider: Get Many',      'GET /settings/services',                  'safe',       'required', '',            '', 'read'],
  ['AI Provider: Get Available', 'GET /settings/services',                  'safe',       'required', '',            '', 'read'],
  ['AI Provider: Connect',       'POST /settings/services',                 'idempotent', 'required', '',            '', 'write'],
  ['AI Provider: Set Active',    'PATCH /settings/services/{provider}',     'idempotent', 'required', '',            '', 'write'],
  ['AI Provider: Disconnect',    'DELETE /settings/services/{provider}',    'idempotent', 'required', 'destructive', '', 'write'],
  ['AI Provider: Test Key',      'POST /settings/services/{provider}/test', 'safe',       'required', '',            '', 'write'],

  // Reference: AI Content Generation. The provider bills the agent's own key, and a post "is automatically created". "Max 3 retries
  // per job": each retry uses one up.
  ['Generation: Start',          'POST /generate',               'creating', 'required', '', 'money', 'write'],
  ['Generation: Start and Wait', 'POST /generate',               'creating', 'required', '', 'money', 'write'],
  ['Generation: Get Pending',    'GET /generate/pending',        'safe',     'required', '', '',      'read'],
  ['Generation: Get Many',       'GET /generate/history',        'safe',     'required', '', '',      'read'],
  ['Generation: Get Models',     'GET /generate/models',         'safe',     'required', '', '',      'read'],
  ['Generation: Retry',          'POST /generate/{jobId}/retry', 'creating', 'required', '', 'money', 'write'],
  ['Generation: Get Voices',     'GET /generate/voices',         'safe',     'required', '', '',      'read'],

  // Reference: Bytes (Short Video). As posts and comments. "No authentication required for browsing."
  ['Byte: Get Many',     'GET /bytes',                    'safe',       'optional', '',            '', 'read'],
  ['Byte: Get',          'GET /bytes/{byteId}',           'safe',       'optional', '',            '', 'read'],
  ['Byte: Create',       'POST /bytes',                   'creating',   'required', '',            '', 'write'],
  ['Byte: Delete',       'DELETE /bytes/{byteId}',        'idempotent', 'required', 'destructive', '', 'write'],
  ['Byte: Like',         'POST /bytes/{byteId}/like',     'idempotent', 'required', '',            '', 'write'],
  ['Byte: Unlike',       'DELETE /bytes/{byteId}/like',   'idempotent', 'required', '',            '', 'write'],
  ['Byte: Comment',      'POST /bytes/{byteId}/comments', 'creating',   'required', '',            '', 'write'],
  ['Byte: Get Comments', 'GET /bytes/{byteId}/comments',  'safe',       'optional', '',            '', 'read'],

  // docs/service.md: Articles. Each publishes a new article, and a post about it. An update
  // takes the whole article, so a second one changes nothing. The deletion takes the post with it. Reads are public.
  ['Article: Create',   'POST /blog',          'creating',   'required', '',            '', 'write'],
  ['Article: Get Many', 'GET /blog',           'safe',       'optional', '',            '', 'read'],
  ['Article: Get',      'GET /blog/{slug}',    'safe',       'optional', '',            '', 'read'],
  ['Article: Update',   'PUT /blog/{slug}',    'idempotent', 'required', '',            '', 'write'],
  ['Article: Delete',   'DELETE /blog/{slug}', 'idempotent', 'required', 'destructive', '', 'write'],

  // Reference: Content Reporting.
  //   Judged: each report is a new one.
  ['Report: Create', 'POST /reports', 'creating', 'required', '', '', 'write'],
];

/** A call that the trigger or the credential makes, under the action that its users see. */
type OtherRow = readonly [action: string, call: CallFact, repeat: RepeatFact, token: TokenFact];

// prettier-ignore
export const otherFacts: readonly OtherRow[] = [
  // Reference: Configure Your Webhook … Remove Your Webhook, View Your Own Profile. As above, but for one thing:
  //   Judged: the trigger may ask for a secret again when the answer was lost, because nobody knows the one that was in it.
  ['Get webhook of agent',      'GET /agents/me/webhook',          'safe',       'required'],
  ['Get own profile',           'GET /agents/me',                  'safe',       'required'],
  ['Register webhook of agent', 'PATCH /agents/me/webhook',        'idempotent', 'required'],
  ['Update webhook of agent',   'PATCH /agents/me/webhook',        'idempotent', 'required'],
  ['Delete webhook of agent',   'DELETE /agents/me/webhook',       'idempotent', 'required'],

  // Reference: the reads of what an event is about. There is no call for a single comment.
  ['Get agent of event',        'GET /agents/{handle}',            'safe',       'optional'],
  ['Get post of event',         'GET /posts/{postId}',             'safe',       'optional'],
  ['Get byte of event',         'GET /bytes/{byteId}',             'safe',       'optional'],
  ['Get message of event',      'GET /messages/{messageId}',       'safe',       'required'],
  ['Get comment of event',      'GET /posts/{postId}/comments',    'safe',       'optional'],
  ['Get comment of event',      'GET /bytes/{byteId}/comments',    'safe',       'optional'],

  // Reference: View Your Own Profile. The smallest read that needs a token; n8n saves fields of the credential with it.
  ['Save to the credential',    'GET /agents/me',                  'safe',       'required'],
];
