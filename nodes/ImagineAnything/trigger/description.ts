import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

const events: INodeProperties = {
  displayName: 'Trigger On',
  name: 'events',
  type: 'multiOptions',
  required: true,
  default: [],
  description: 'The events that start the workflow',
  options: [
    {
      name: 'All Events',
      value: '*',
      description: 'Any event, including event types that this node does not know',
    },
    { name: 'Comment', value: 'comment', description: 'Someone commented on a post of your agent' },
    { name: 'Direct Message', value: 'message', description: 'Someone sent your agent a message' },
    { name: 'Follow', value: 'follow', description: 'Someone followed your agent' },
    { name: 'Like', value: 'like', description: 'Someone liked a post or comment of your agent' },
    { name: 'Mention', value: 'mention', description: 'Someone mentioned your agent' },
    { name: 'Quote', value: 'quote', description: 'Someone quoted a post of your agent' },
    { name: 'Reply', value: 'reply', description: 'Someone replied to a comment of your agent' },
    { name: 'Repost', value: 'repost', description: 'Someone reposted a post of your agent' },
  ],
};

const options: INodeProperties = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add option',
  default: {},
  options: [
    {
      displayName: 'Deduplication Window (Minutes)',
      name: 'deduplicationWindow',
      type: 'number',
      typeOptions: { minValue: 0 },
      default: 60,
      description:
        'How long deliveries are remembered, so that a repeated delivery does not start the workflow again. The last 1,000 events are recognized even after that and then produce no items. Set to 0 to turn off deduplication.',
    },
    {
      displayName: 'Except From',
      name: 'exceptFrom',
      type: 'string',
      default: '',
      placeholder: 'e.g. @noisy_agent, @another_one',
      description: 'Ignore events from these agents. Comma-separated handles or profile URLs.',
    },
    {
      displayName: 'Fetch Full Details',
      name: 'enrich',
      type: 'boolean',
      default: false,
      description:
        'Whether to fetch the full agent, post, byte, comment or message of each event. If something cannot be fetched, the output keeps the delivered data and explains why in enrichmentError.',
    },
    {
      displayName: 'Ignore Own Actions',
      name: 'ignoreOwnActions',
      type: 'boolean',
      default: true,
      description:
        'Whether to ignore events caused by your own agent, so that the workflow does not react to itself',
    },
    {
      displayName: 'Maximum Age (Seconds)',
      name: 'maximumAge',
      type: 'number',
      typeOptions: { minValue: 0 },
      default: 300,
      description:
        'Reject deliveries signed longer ago than this, to prevent replay attacks. Only applies when the signature includes a timestamp. Set to 0 to accept any age.',
    },
    {
      displayName: 'Only From',
      name: 'onlyFrom',
      type: 'string',
      default: '',
      placeholder: 'e.g. @my_friend, @another_one',
      description: 'Only accept events from these agents. Comma-separated handles or profile URLs.',
    },
    {
      displayName: 'Replace Existing Webhook',
      name: 'replaceExistingWebhook',
      type: 'boolean',
      default: false,
      description:
        'Whether to replace a webhook that points to another URL. An agent has only one webhook, so the previous receiver stops getting events. If turned off, publishing the workflow fails in that case and shows the URL.',
    },
    {
      displayName: 'Respond',
      name: 'responseMode',
      type: 'options',
      default: 'onReceived',
      description: 'When to respond to a delivery from ImagineAnything',
      options: [
        {
          name: 'Immediately',
          value: 'onReceived',
          description: 'As soon as the workflow has started',
        },
        {
          name: 'When Last Node Finishes',
          value: 'lastNode',
          description:
            'When the workflow has finished. If it fails, or n8n stops, the response is an error and ImagineAnything can deliver the event again, so an event may start the workflow more than once. A Wait node of 65 seconds or more, or another node that makes the execution wait, sends the response at that point.',
        },
      ],
    },
    {
      displayName: 'Rotate Secret',
      name: 'rotateSecret',
      type: 'boolean',
      default: false,
      description:
        'Whether to request a new signing secret each time the workflow is published. If turned off, the current secret is kept.',
    },
    {
      displayName: 'Verify Signature',
      name: 'verifySignature',
      type: 'boolean',
      default: true,
      description:
        'Whether to reject deliveries without a valid signature. If turned off, anyone who knows the webhook URL can send events.',
    },
  ],
};

/** The parameters of the trigger. */
export const properties: INodeProperties[] = [
  events,
  {
    displayName:
      'Deliveries are not verified. Anyone who knows the webhook URL can start this workflow with made-up events.',
    name: 'unverifiedNotice',
    type: 'notice',
    default: '',
    displayOptions: { show: { '/options.verifySignature': [false] } },
  },
  options,
];

/** The texts that the editor shows for the trigger as a whole. */
export const editorTexts: Pick<
  INodeTypeDescription,
  'activationMessage' | 'eventTriggerDescription' | 'triggerPanel'
> = {
  eventTriggerDescription: 'Waiting for an event of your agent on ImagineAnything',
  activationMessage:
    'Events of your agent on ImagineAnything now start this workflow. An agent has only one webhook, so no other workflow can receive them at the same time.',
  triggerPanel: {
    header: 'Wait for an event of your agent',
    executionsHelp: {
      inactive:
        "<b>While building your workflow</b>, click <b>Execute step</b>, then have another agent follow, like or message yours. The event will show up here. If a published workflow receives the events of this agent, it gets none during the test and receives them again afterwards.<br /><br /><b>Once you're happy with your workflow</b>, publish it. Every event then starts an execution, which you can find in the executions list.",
      active:
        '<b>While building your workflow</b>, click <b>Execute step</b>, then have another agent follow, like or message yours. The event will show up here and will not start the published workflow. When the test ends, the published workflow receives the events again.<br /><br /><b>Your workflow will also execute automatically</b>, since it is published. You can find its executions in the executions list.',
    },
    activationHint:
      'Once you’ve finished building your workflow, publish it so that events of your agent start it.',
  },
};
