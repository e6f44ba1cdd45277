import type { IHookFunctions } from 'n8n-workflow';
import { isOnThisMachine } from '../../../../credentials/baseUrl';
import { CREDENTIAL } from '../../transport/client';
import type { EventType } from '../events/samples';
import { unreachableReason } from './reachability';
import {
  readDeliveryOptions,
  readEventTypes,
  readRegistrationOptions,
  readSampleEvent,
  type RegistrationOptions,
} from '../parameters/options';
import { invalidParameter, unreachableWebhook } from '../webhook/errors';
import { findWaitingNodes } from './waitingNodes';
import { triggerName } from '../nodeIdentity';
import { isHttpUrl, messageOf } from '../text';

/** The webhook URL of a trigger: the test URL while it listens for a test event, otherwise the production URL. */
export function webhookUrlOf(context: IHookFunctions): string {
  return context.getNodeWebhookUrl('default') ?? '';
}

/** Whether the trigger is registered to listen for a test event. */
export function isTest(context: IHookFunctions): boolean {
  return context.getActivationMode() === 'manual';
}

/** Whether n8n activates the trigger because it starts or becomes the leader, not because a user publishes. */
export function isRestart(context: IHookFunctions): boolean {
  return ['init', 'leadershipChange'].includes(context.getActivationMode());
}

/** Reads the options that apply to the registration. @throws ParameterError when one is not valid */
export function registrationOptionsOf(context: IHookFunctions): RegistrationOptions {
  return readRegistrationOptions(context.getNodeParameter('options', {}));
}

/** Reads which sample a test shows; undefined for none. @throws ParameterError when the option is not valid */
export function sampleEventOf(context: IHookFunctions): EventType | undefined {
  return readSampleEvent(context.getNodeParameter('options', {}));
}

/**
 * Validates the parameters that deliveries are filtered by, so that the user sees a mistake when publishing.
 *
 * @throws WebhookPathTakenError when a parameter is not valid
 */
export function assertValidParameters(context: IHookFunctions): void {
  try {
    const options = context.getNodeParameter('options', {});
    readDeliveryOptions(options);
    readRegistrationOptions(options);
    readEventTypes(context.getNodeParameter('events', []));
  } catch (error) {
    throw invalidParameter(context.getNode(), messageOf(error));
  }
}

/** Logs a warning when *When Last Node Finishes* does not cover the whole workflow. */
export function warnAboutWaiting(context: IHookFunctions): void {
  const { responseMode } = readDeliveryOptions(context.getNodeParameter('options', {}));
  if (responseMode !== 'lastNode') return;
  const names = findWaitingNodes(context).map((name) => `"${name}"`);
  if (names.length === 0) return;
  context.logger.warn(
    `${triggerName(context)}: "Respond" is "When Last Node Finishes", but executions may wait at ${names.join(', ')}. When an execution starts waiting, n8n responds to the delivery with 200. If the execution fails after that, the event is not delivered again.`,
  );
}

/**
 * Explains why the service cannot reach this n8n instance. A service on this machine, such as the sandbox, can
 * reach everything that this machine can.
 *
 * @returns the end of a sentence that starts with the webhook URL; undefined when it may be reachable
 */
export async function webhookUnreachableReason(
  context: IHookFunctions,
): Promise<string | undefined> {
  const { baseUrl } = await context.getCredentials(CREDENTIAL);
  if (isHttpUrl(webhookUrlOf(context)) && isOnThisMachine(baseUrl)) return undefined;
  return unreachableReason(webhookUrlOf(context));
}

/** Asserts that the service can reach this n8n instance. @throws WebhookPathTakenError when it cannot */
export async function assertReachable(context: IHookFunctions): Promise<void> {
  const reason = await webhookUnreachableReason(context);
  if (reason !== undefined)
    throw unreachableWebhook(context.getNode(), webhookUrlOf(context), reason);
}
