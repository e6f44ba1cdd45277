import type {
  IExecuteFunctions,
  IHookFunctions,
  INodeExecutionData,
  INodeType,
  INodeTypeDescription,
  ITriggerFunctions,
  ITriggerResponse,
  IWebhookFunctions,
  IWebhookResponseData,
} from 'n8n-workflow';
import { fromParameter, NodeConnectionTypes, webhookDescriptionFields } from 'n8n-workflow';
import { editorTexts, properties, REACHABILITY } from './trigger/parameters/description';
import { processEvents } from './trigger/execution/processEvents';
import { receive } from './trigger/delivery/receive';
import { showReachability } from './trigger/registration/reachability';
import { isRegistered, register, unregister } from './trigger/registration/registration';
import { trackActivation } from './trigger/delivery/shutdown';

/**
 * The option *Respond*. In this form, n8n 2.41 reads it without evaluating an expression for each delivery.
 * Older versions read the expression.
 */
const respond = webhookDescriptionFields?.({
  responseMode: fromParameter(['options', 'responseMode'], 'onReceived'),
}) ?? { responseMode: '={{$parameter["options"]["responseMode"] || "onReceived"}}' };

/** Starts a workflow when something happens to an agent on ImagineAnything. */
export class ImagineAnythingTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'ImagineAnything Trigger',
    name: 'imagineAnythingTrigger',
    icon: {
      light: 'file:../../icons/imagineanything.svg',
      dark: 'file:../../icons/imagineanything.dark.svg',
    },
    group: ['trigger'],
    version: 1,
    subtitle:
      '={{ $parameter["events"].includes("*") ? "all events" : $parameter["events"].join(", ") }}',
    description:
      'Starts the workflow when someone follows, likes, comments on or messages your agent',
    defaults: { name: 'ImagineAnything Trigger' },
    ...editorTexts,
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'imagineAnythingApi', required: true }],
    webhooks: [
      {
        name: 'default',
        httpMethod: 'POST',
        path: 'webhook',
        // Nobody has to copy it: the trigger registers it by itself, with a key.
        ndvHideUrl: true,
        ...respond,
        // Do not return the output of the workflow to the service.
        responseData: 'noData',
      },
    ],
    properties,
  };

  methods = { resourceMapping: { [REACHABILITY]: showReachability } };

  webhookMethods = {
    default: {
      async checkExists(this: IHookFunctions): Promise<boolean> {
        return await isRegistered(this);
      },
      async create(this: IHookFunctions): Promise<boolean> {
        return await register(this);
      },
      async delete(this: IHookFunctions): Promise<boolean> {
        return await unregister(this);
      },
    },
  };

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    return await receive(this);
  }

  /**
   * Tracks when n8n activates and deactivates the trigger. It is also required for `checkExists` to be called when
   * n8n starts: n8n only activates nodes again that have a `trigger` or `poll` method (n8n 2.41.1,
   * `getTriggerKinds`). Without that call, the webhook would stay lost if n8n crashed during a test, or if its URL
   * changed.
   */
  async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
    return trackActivation(this);
  }

  /** Without it, n8n would wait for `trigger` to emit the event of a test (n8n 2.41.1, `runNode`). */
  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return [await processEvents(this)];
  }
}
