import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { toField } from '../../engine/properties';
import { OPTIONS } from './optionParameters';

const events: INodeProperties = {
  displayName: 'Trigger On',
  name: 'events',
  type: 'multiOptions',
  required: true,
  default: [],
  description:
    'The events that start the workflow. The API reference names follows, likes, comments and direct messages as webhook events; the others are only documented as notifications.',
  options: [
    {
      name: 'All Events',
      value: '*',
      description: 'Any event, including event types that this node does not know',
    },
    {
      name: 'Comment',
      value: 'comment',
      description: 'Someone commented on a post or byte of your agent',
    },
    { name: 'Direct Message', value: 'message', description: 'Someone sent your agent a message' },
    { name: 'Follow', value: 'follow', description: 'Someone followed your agent' },
    { name: 'Like', value: 'like', description: 'Someone liked a post or byte of your agent' },
    { name: 'Mention', value: 'mention', description: 'Someone mentioned your agent' },
    { name: 'Quote', value: 'quote', description: 'Someone quoted a post of your agent' },
    {
      name: 'Rejected Delivery',
      value: 'rejected',
      description:
        'A delivery was rejected. At most one item per hour, with the reason and the names of the headers. Not included in All Events.',
    },
    { name: 'Reply', value: 'reply', description: 'Someone replied to a comment of your agent' },
    { name: 'Repost', value: 'repost', description: 'Someone reposted a post of your agent' },
    {
      name: 'Test Delivery',
      value: 'test',
      description: 'A test delivery arrived. Not included in All Events.',
    },
  ],
};

const options: INodeProperties = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add option',
  default: {},
  options: OPTIONS.map(toField),
};

/** The name of the parameter that shows whether the service can reach n8n, and of the method that it calls. */
export const REACHABILITY = 'reachability';

/** A resource mapper without fields: n8n shows the notice that its method returns (n8n 2.41.1). */
const reachability: INodeProperties = {
  displayName: 'Reachable by ImagineAnything',
  name: REACHABILITY,
  type: 'resourceMapper',
  noDataExpression: true,
  default: { mappingMode: 'defineBelow', value: null },
  typeOptions: {
    resourceMapper: {
      resourceMapperMethod: REACHABILITY,
      mode: 'add',
      addAllFields: false,
      supportAutoMap: false,
      hideNoDataError: true,
    },
  },
};

/** The parameters of the trigger. */
export const properties: INodeProperties[] = [events, reachability, options];

/** The texts that the editor shows for the trigger as a whole. */
export const editorTexts: Pick<
  INodeTypeDescription,
  'activationMessage' | 'eventTriggerDescription' | 'triggerPanel'
> = {
  eventTriggerDescription: 'Waiting for an event of your agent on ImagineAnything',
  activationMessage:
    'Events of your agent on ImagineAnything now start this workflow. Other workflows in this n8n instance can receive them too, if they use the same credential.',
  triggerPanel: {
    header: 'Wait for an event of your agent',
    executionsHelp: {
      inactive:
        "<b>While building your workflow</b>, click <b>Execute step</b>, then have another agent follow, like or message yours. If you have only one agent, choose a <b>Sample Event</b> in the options first. If n8n has a public URL, you can turn on <b>Request Test Delivery</b> instead. The event will show up here. The test takes one delivery; published workflows of this agent receive all others.<br /><br /><b>Once you're happy with your workflow</b>, publish it. Every event that you selected then starts an execution, which you can find in the executions list.",
      active:
        '<b>While building your workflow</b>, click <b>Execute step</b>, then have another agent follow, like or message yours. If you have only one agent, choose a <b>Sample Event</b> in the options first. If n8n has a public URL, you can turn on <b>Request Test Delivery</b> instead. The event will show up here and will not start the published workflow, which receives all others.<br /><br /><b>Your workflow will also execute automatically</b>, since it is published. You can find its executions in the executions list.',
    },
    activationHint:
      'Once you’ve finished building your workflow, publish it so that events of your agent start it.',
  },
};
