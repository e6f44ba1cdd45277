/** An example of an event, which the trigger delivers to itself while the editor listens for a test event. */
import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { sleep } from '../../../../credentials/http/sleep';
import { type EventType, sampleDelivery } from '../events/samples';
import { triggerName } from '../nodeIdentity';
import { hasUrlKey, withUrlKey } from '../webhook/urlKey';
import { sendDelivery } from './sendDelivery';
import { hasEnded, LISTENING_MS, testKeyOf } from './testListener';

/**
 * Delivers a sample to a trigger when n8n listens. Nobody waits for it, so a failure is logged.
 *
 * @param url the test URL of the trigger
 * @param type the event
 */
export function deliverSample(context: IHookFunctions, url: string, type: EventType): void {
  const key = testKeyOf(context);
  const body = Buffer.from(JSON.stringify(sampleDelivery(type)));
  const headers = { 'content-type': 'application/json' };
  const deliver = async () => {
    await sleep(LISTENING_MS);
    if (hasEnded(key)) return;
    const problem = await sendDelivery(context, withUrlKey(url, key), headers, body);
    if (problem === undefined || hasEnded(key)) return;
    context.logger.warn(
      `${triggerName(context)} could not show the sample event: a request to ${url} failed (${problem.reason})`,
    );
  };
  void deliver();
}

/** Whether a delivery is the sample that the trigger sends to itself: nobody else knows the key of the test. */
export function isSampleDelivery(context: IWebhookFunctions): boolean {
  return hasUrlKey(context.getQueryData(), [testKeyOf(context)]);
}
