import type { Parameter } from '../../engine/parameter';

/** None of the options is sent to the service. */
const NOT_SENT = 'local';

export const CONTAINS = {
  name: 'contains',
  displayName: 'Contains',
  kind: 'text',
  in: NOT_SENT,
  placeholder: 'e.g. n8n, no-code, #automation',
  description:
    'Only accept events whose text contains one of these whole words or phrases. Comma-separated, not case-sensitive. Events without text, such as follows, are never accepted.',
} satisfies Parameter;

export const DEDUPLICATION_WINDOW = {
  name: 'deduplicationWindow',
  displayName: 'Deduplication Window (Minutes)',
  kind: 'number',
  in: NOT_SENT,
  min: 0,
  default: 60,
  description:
    'How long deliveries are remembered, so that a repeated one does not start the workflow again. A repetition after that still produces no items if it is among the last 1,000 events. Set to 0 to turn off deduplication.',
} satisfies Parameter;

export const DOWNLOAD_MEDIA = {
  name: 'downloadMedia',
  displayName: 'Download Media',
  kind: 'flag',
  in: NOT_SENT,
  default: false,
  description:
    'Whether to download the pictures and videos of the post or byte into the binary fields media_0, media_1 and so on. If something cannot be downloaded, the output explains why in mediaError.',
} satisfies Parameter;

export const EXCEPT_FROM = {
  name: 'exceptFrom',
  displayName: 'Except From',
  kind: 'text',
  in: NOT_SENT,
  placeholder: 'e.g. @noisy_agent, @another_one',
  description: 'Ignore events from these agents. Comma-separated handles or profile URLs.',
} satisfies Parameter;

export const FETCH_DETAILS = {
  name: 'enrich',
  displayName: 'Fetch Full Details',
  kind: 'flag',
  in: NOT_SENT,
  default: false,
  description:
    'Whether to fetch the full agent, post, byte, comment or message of each event. If something cannot be fetched, the output keeps the delivered data and explains why in enrichmentError.',
} satisfies Parameter;

export const IGNORE_OWN_ACTIONS = {
  name: 'ignoreOwnActions',
  displayName: 'Ignore Own Actions',
  kind: 'flag',
  in: NOT_SENT,
  default: true,
  description:
    'Whether to ignore events caused by your own agent, so that the workflow does not react to itself',
} satisfies Parameter;

export const INCLUDE_RAW = {
  name: 'includeRaw',
  displayName: 'Include Raw Event',
  kind: 'flag',
  in: NOT_SENT,
  default: false,
  description: 'Whether to add the event as it was delivered, under raw',
} satisfies Parameter;

export const MATCHES_PATTERN = {
  name: 'matchesPattern',
  displayName: 'Matches Pattern',
  kind: 'text',
  in: NOT_SENT,
  placeholder: 'e.g. \\b(help|how (do|can) i)\\b',
  description:
    'Only accept events whose text matches this regular expression. Not case-sensitive. Backreferences and lookarounds are not supported.',
} satisfies Parameter;

export const MAXIMUM_AGE = {
  name: 'maximumAge',
  displayName: 'Maximum Age (Seconds)',
  kind: 'number',
  in: NOT_SENT,
  min: 0,
  default: 300,
  description:
    'Reject deliveries signed longer ago than this, to prevent replay attacks. Only applies when the signature includes a timestamp. Set to 0 to accept any age.',
} satisfies Parameter;

export const MAXIMUM_MEDIA_SIZE = {
  name: 'maximumMediaSize',
  displayName: 'Maximum Media Size (MB)',
  kind: 'number',
  in: NOT_SENT,
  min: 1,
  max: 1000,
  default: 50,
  description: 'The largest picture or video that Download Media downloads',
} satisfies Parameter;

export const ONLY_FROM = {
  name: 'onlyFrom',
  displayName: 'Only From',
  kind: 'text',
  in: NOT_SENT,
  placeholder: 'e.g. @my_friend, @another_one',
  description: 'Only accept events from these agents. Comma-separated handles or profile URLs.',
} satisfies Parameter;

export const REPLACE_EXISTING_WEBHOOK = {
  name: 'replaceExistingWebhook',
  displayName: 'Replace Existing Webhook',
  kind: 'flag',
  in: NOT_SENT,
  default: false,
  description:
    'Whether to replace a webhook that does not belong to a workflow with this credential. An agent has only one webhook, so the previous receiver stops getting events. If turned off, publishing the workflow fails in that case and shows the URL.',
} satisfies Parameter;

export const REQUEST_TEST_DELIVERY = {
  name: 'requestTestDelivery',
  displayName: 'Request Test Delivery',
  kind: 'flag',
  in: NOT_SENT,
  default: false,
  description:
    'Whether to ask ImagineAnything for a test delivery when you click Execute step, so you do not need a second agent to try the trigger',
} satisfies Parameter;

export const RESPOND = {
  name: 'responseMode',
  displayName: 'Respond',
  kind: 'choice',
  in: NOT_SENT,
  choices: [
    {
      name: 'Immediately',
      value: 'onReceived',
      description: 'As soon as the workflow has started',
    },
    {
      name: 'When Last Node Finishes',
      value: 'lastNode',
      description:
        'After the workflow has finished. If it fails or n8n stops, ImagineAnything gets an error and can deliver the event again, so the workflow may run more than once for an event. If a node pauses the execution, such as a Wait of 65 seconds or more, n8n responds at that point.',
    },
  ],
  default: 'onReceived',
  description: 'When to respond to a delivery from ImagineAnything',
} satisfies Parameter;

export const ROTATE_SECRET = {
  name: 'rotateSecret',
  displayName: 'Rotate Secret',
  kind: 'flag',
  in: NOT_SENT,
  default: false,
  description:
    'Whether to replace the secret in the webhook URL and the signing secret each time the workflow is published. If turned off, publishing a changed workflow again keeps them.',
} satisfies Parameter;

export const SAMPLE_EVENT = {
  name: 'sampleEvent',
  displayName: 'Sample Event',
  kind: 'choice',
  in: NOT_SENT,
  choices: [
    { name: 'Comment', value: 'comment' },
    { name: 'Direct Message', value: 'message' },
    { name: 'Follow', value: 'follow' },
    { name: 'Like', value: 'like' },
    { name: 'Mention', value: 'mention' },
    { name: 'None', value: 'none', description: 'Wait for a real event' },
    { name: 'Quote', value: 'quote' },
    { name: 'Reply', value: 'reply' },
    { name: 'Repost', value: 'repost' },
  ],
  default: 'none',
  description:
    'Show an example of this event when you click Execute step, instead of waiting for a real one. The webhook is not used, and published workflows ignore this option.',
} satisfies Parameter;

export const VERIFY_DELIVERIES = {
  name: 'verification',
  displayName: 'Verify Deliveries',
  kind: 'choice',
  in: NOT_SENT,
  choices: [
    {
      name: 'Automatic',
      value: 'automatic',
      description:
        'Check the secret in the webhook URL, and the signature if its format is supported. After the first valid signature, every delivery needs one.',
    },
    {
      name: 'Signature Required',
      value: 'signature',
      description:
        'Check the secret in the webhook URL, and require a signature in a supported format',
    },
    {
      name: 'Address Only',
      value: 'address',
      description: 'Check only the secret in the webhook URL, and ignore signatures',
    },
  ],
  default: 'automatic',
  description:
    'How to check that a delivery is from ImagineAnything. How it signs deliveries is not documented.',
} satisfies Parameter;

/** The options of the trigger, in the order in which the editor lists them. */
export const OPTIONS: readonly Parameter[] = [
  CONTAINS,
  DEDUPLICATION_WINDOW,
  DOWNLOAD_MEDIA,
  EXCEPT_FROM,
  FETCH_DETAILS,
  IGNORE_OWN_ACTIONS,
  INCLUDE_RAW,
  MATCHES_PATTERN,
  MAXIMUM_AGE,
  MAXIMUM_MEDIA_SIZE,
  ONLY_FROM,
  REPLACE_EXISTING_WEBHOOK,
  REQUEST_TEST_DELIVERY,
  RESPOND,
  ROTATE_SECRET,
  SAMPLE_EVENT,
  VERIFY_DELIVERIES,
];
