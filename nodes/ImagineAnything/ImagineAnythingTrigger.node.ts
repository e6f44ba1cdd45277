import type {
  IHookFunctions,
  INodeType,
  INodeTypeDescription,
  IWebhookFunctions,
  IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { help, properties } from './trigger/description';
import { receive } from './trigger/receive';
import { isRegistered, register, unregister } from './trigger/registration';

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
    subtitle: '={{ $parameter["events"].join(", ") }}',
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
        responseMode: 'onReceived',
        path: 'webhook',
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
}
