import type { IHookFunctions } from 'n8n-workflow';
import { isLoopback, readBaseUrl } from '../../../credentials/baseUrl';
import { CREDENTIAL } from '../transport/client';
import { whyUnreachable } from './reachability';
import { readKinds, readTriggerOptions } from './options';
import { unusable } from './errors';
import { sleepingNodes } from './sleeping';
import { isWebAddress } from './text';

/** The address of a trigger: n8n gives the test address to a test listener, else the production one. */
export function addressOf(context: IHookFunctions): string {
  return context.getNodeWebhookUrl('default') ?? '';
}

/**
 * Has the user see what would keep the trigger from taking deliveries.
 *
 * @throws WebhookPathTakenError when a parameter cannot be read
 */
export function checkParameters(context: IHookFunctions): void {
  try {
    readTriggerOptions(context.getNodeParameter('options', {}));
    readKinds(context.getNodeParameter('events', []));
  } catch (error) {
    throw unusable(context.getNode(), (error as Error).message);
  }
}

/** Warns in n8n's log where *When Last Node Finishes* cannot keep what it promises. */
export function warnOfSleep(context: IHookFunctions): void {
  const { responseMode } = readTriggerOptions(context.getNodeParameter('options', {}));
  if (responseMode !== 'lastNode') return;
  const names = sleepingNodes(context).map((name) => `"${name}"`);
  if (names.length === 0) return;
  context.logger.warn(
    `ImagineAnything Trigger "${context.getNode().name}": "Respond" is "When Last Node Finishes", but n8n may put executions to sleep at ${names.join(', ')}. It answers a delivery with 200 as soon as it does, and what fails afterwards is not delivered again.`,
  );
}

/**
 * Says why the service cannot reach this n8n. A service on this machine, such as the sandbox, reaches whatever
 * this machine reaches.
 *
 * @returns the rest of a sentence that starts with the address; undefined when nothing speaks against it
 */
export async function whyOutOfReach(context: IHookFunctions): Promise<string | undefined> {
  const { baseUrl } = await context.getCredentials(CREDENTIAL);
  if (!isWebAddress(addressOf(context))) return 'is not a web address';
  if (isLoopback(new URL(readBaseUrl(baseUrl)).hostname)) return undefined;
  return whyUnreachable(addressOf(context));
}
