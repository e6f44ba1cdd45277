/** An example of an event, which the trigger delivers to itself while the editor listens for a test event. */
import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { ProcessMap } from '../../../../credentials/memory/processMap';
import { sleep } from '../../../../credentials/http/sleep';
import { type EventType, sampleDelivery } from '../events/samples';
import { MAX_NODES, nodeKey, triggerName } from '../nodeIdentity';
import { createUrlKey, hasUrlKey, withUrlKey } from '../webhook/urlKey';
import { sendDelivery } from './sendDelivery';

/** How long n8n may take until it accepts deliveries to the test URL. */
export const LISTENING_MS = 1_000;

/** The key of the sample that each node waits for: nobody else can deliver one. */
const keys = new ProcessMap<string>(MAX_NODES);

/**
 * Delivers a sample to a trigger when n8n listens. Nobody waits for it, so a failure is logged.
 *
 * @param url the test URL of the trigger
 * @param type the event
 */
export function deliverSample(context: IHookFunctions, url: string, type: EventType): void {
  const key = createUrlKey();
  keys.set(nodeKey(context), key);
  const deliver = async () => {
    await sleep(LISTENING_MS);
    const body = Buffer.from(JSON.stringify(sampleDelivery(type)));
    const headers = { 'content-type': 'application/json' };
    const problem = await sendDelivery(context, withUrlKey(url, key), headers, body);
    if (problem === undefined || keys.get(nodeKey(context)) !== key) return;
    context.logger.warn(
      `${triggerName(context)} could not show the sample event, because n8n cannot reach its own URL ${url}: ${problem.reason}`,
    );
  };
  void deliver();
}

/** Expects no sample any more: the test has ended. */
export function cancelSample(context: IHookFunctions): void {
  keys.delete(nodeKey(context));
}

/** Whether a delivery is the sample that this process sends to the node. */
export function isSample(context: IWebhookFunctions): boolean {
  return hasUrlKey(context.getQueryData(), [keys.get(nodeKey(context)) ?? '']);
}
