import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

const events: INodeProperties = {
  displayName: 'Events',
  name: 'events',
  type: 'multiOptions',
  required: true,
  default: [],
  description: 'The events that start the workflow',
  options: [
    {
      name: 'All Events',
      value: '*',
      description: 'Any event, including kinds that are not known yet',
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
        'How long a delivery is remembered, so that it starts no second execution when it comes again. The last 1,000 events are recognised beyond that, and then yield no items. 0 turns both off.',
    },
    {
      displayName: 'Except From',
      name: 'exceptFrom',
      type: 'string',
      default: '',
      placeholder: 'e.g. @noisy_agent, @another_one',
      description:
        'Handles of agents whose events are left out, or addresses of their profiles, separated by commas',
    },
    {
      displayName: 'Fetch Full Details',
      name: 'enrich',
      type: 'boolean',
      default: false,
      description:
        'Whether to fetch the full agent, post, byte, comment or message of each event from ImagineAnything. What cannot be fetched stays as it was delivered, and the field enrichmentError says why.',
    },
    {
      displayName: 'Ignore Own Actions',
      name: 'ignoreOwnActions',
      type: 'boolean',
      default: true,
      description:
        'Whether to leave out what your agent did itself, so that a workflow does not answer its own posts',
    },
    {
      displayName: 'Maximum Age (Seconds)',
      name: 'maximumAge',
      type: 'number',
      typeOptions: { minValue: 0 },
      default: 300,
      description:
        'Deliveries that were signed longer ago than this are refused, so that nobody can send an old one again. It has no effect where the signature does not cover the time. 0 turns it off.',
    },
    {
      displayName: 'Only From',
      name: 'onlyFrom',
      type: 'string',
      default: '',
      placeholder: 'e.g. @my_friend, @another_one',
      description:
        'Handles of the only agents whose events are taken, or addresses of their profiles, separated by commas',
    },
    {
      displayName: 'Replace Existing Webhook',
      name: 'replaceExistingWebhook',
      type: 'boolean',
      default: false,
      description:
        'Whether to take the events over when they already go to another address. An agent has one webhook only, so whoever received them gets them no more. Without it, publishing the workflow fails and says where they go.',
    },
    {
      displayName: 'Respond',
      name: 'responseMode',
      type: 'options',
      default: 'onReceived',
      description: 'When ImagineAnything is told that a delivery has arrived',
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
            'When the workflow has succeeded. A delivery whose workflow failed, or was cut off with n8n, is refused, so that ImagineAnything can deliver it again. An event may then start the workflow more than once. With a Wait of 65 seconds or more, or another node that puts the execution to sleep, the delivery is accepted at that point.',
        },
      ],
    },
    {
      displayName: 'Rotate Secret',
      name: 'rotateSecret',
      type: 'boolean',
      default: false,
      description:
        'Whether to ask ImagineAnything for a new signing secret each time the workflow is published. Without it, the trigger keeps the secret that it knows.',
    },
    {
      displayName: 'Verify Signature',
      name: 'verifySignature',
      type: 'boolean',
      default: true,
      description:
        'Whether to refuse deliveries that are not signed with the secret of the webhook. Without it, anyone who learns the address can send events.',
    },
  ],
};

/** The parameters of the trigger. */
export const properties: INodeProperties[] = [
  events,
  {
    displayName:
      'Deliveries are not verified. Anyone who learns the address of this webhook can start the workflow with events of their own making.',
    name: 'unverifiedNotice',
    type: 'notice',
    default: '',
    displayOptions: { show: { '/options.verifySignature': [false] } },
  },
  options,
];

/** What the editor says around the trigger. */
export const editorTexts: Pick<
  INodeTypeDescription,
  'activationMessage' | 'eventTriggerDescription' | 'triggerPanel'
> = {
  eventTriggerDescription: 'Waiting for an event of your agent on ImagineAnything',
  activationMessage:
    'The events of your agent on ImagineAnything now start this workflow. An agent has one webhook only: no other workflow can receive them at the same time.',
  triggerPanel: {
    header: 'Wait for an event of your agent',
    executionsHelp: {
      inactive:
        "<b>While building your workflow</b>, click <b>Execute step</b>, then have another agent follow, like or message yours. The event shows up here. If a published workflow receives the events of this agent, it gets none during the test, and all of them again afterwards.<br /><br /><b>Once you're happy with your workflow</b>, publish it. Then every event starts an execution, which you find in the executions list.",
      active:
        '<b>While building your workflow</b>, click <b>Execute step</b>, then have another agent follow, like or message yours. The event shows up here, and starts no published workflow meanwhile. When the test ends, the published workflow gets the events again.<br /><br /><b>Your workflow also runs by itself</b>, since it is published. Its executions are in the executions list.',
    },
    activationHint:
      'Once you’ve finished building your workflow, publish it to have the events of your agent start it.',
  },
};
