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
import { help, properties } from './trigger/description';
import { passOn } from './trigger/enrich';
import { receive } from './trigger/receive';
import { isRegistered, register, unregister } from './trigger/registration';
import { openSession } from './trigger/shutdown';

/**
 * The option *Respond*, which n8n 2.41 reads in this form without starting its expression engine for each
 * delivery. Versions that do not know the form read the text.
 */
const respond = webhookDescriptionFields?.({
  responseMode: fromParameter(['options', 'responseMode'], 'onReceived'),
}) ?? { responseMode: '={{$parameter["options"]["responseMode"] || "onReceived"}}' };

/** Starts a workflow with what happens to an agent on ImagineAnything. */
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
    ...help,
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'imagineAnythingApi', required: true }],
    webhooks: [
      {
        name: 'default',
        httpMethod: 'POST',
        path: 'webhook',
        ...respond,
        // What the workflow put out is nothing for the service.
        responseData: 'noData',
      },
    ],
    properties,
  };

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
   * Tells when n8n begins and ends. It also has to be there: when n8n starts, it sets up nodes anew that
   * live in its memory, and only then asks `checkExists` (n8n 2.41.1, `getTriggerKinds`). Without it, nobody
   * would notice that n8n died while a test had the webhook, or that its address is another one now.
   */
  async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
    return openSession(this);
  }

  /** Without it, n8n would wait for `trigger` to bring the event of a test (n8n 2.41.1, `runNode`). */
  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return [await passOn(this)];
  }
}
