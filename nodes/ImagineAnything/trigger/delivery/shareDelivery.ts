import type { IWebhookFunctions } from 'n8n-workflow';
import { warnHourly } from '../warnHourly';
import { includesUrl } from '../webhook/sameUrl';
import type { RequestHeaders } from '../requestHeaders';
import { loadState, STATE_REFRESH_MS } from '../webhook/storedState';
import { toShownUrl, urlKeyOf, withUrlKey } from '../webhook/urlKey';
import { sendDelivery } from './sendDelivery';
import type { WebhookState } from '../webhook/webhookState';

/** Says that another trigger has passed the delivery on, so that it is not passed on again. */
const SHARED_HEADER = 'x-imagineanything-shared';

/**
 * Headers about a connection; those of the next one are its own. The body is passed on decompressed, as n8n gives it
 * (n8n 2.41.1, `rawBodyReader`).
 */
const CONNECTION_HEADERS =
  /^(host|connection|content-(length|encoding)|transfer-encoding|accept-encoding|te|upgrade|keep-alive|expect)$/;

/** What happens, or what to do, when another trigger did not take a delivery. */
const DELIVERED_AGAIN = 'ImagineAnything is asked to deliver it again.';
const CHECK_WORKFLOW = 'Check the workflow with this URL, and publish it again.';

/** Whether another trigger has passed a delivery on. */
export function isPassedOn(headers: RequestHeaders): boolean {
  return headers[SHARED_HEADER] !== undefined;
}

/** Reads from a state the URLs of the triggers that a delivery is passed on to; undefined when it cannot be. */
type ReceiversOf = (context: IWebhookFunctions, state: WebhookState) => string[] | undefined;

/** The URLs of the other triggers that a delivery is also for; none when it was passed on. */
export function otherReceiversOf(context: IWebhookFunctions, state: WebhookState): string[] {
  if (state.receivers.length === 0 || isPassedOn(context.getHeaderData())) return [];
  const ownPath = pathOf(context.getNodeWebhookUrl('default') ?? '');
  return [state.webhookUrl, ...state.receivers].filter((url) => {
    const path = pathOf(url);
    return path !== '' && path !== ownPath;
  });
}

/**
 * The URLs of the published triggers that get what a test in the editor does not take.
 *
 * @returns undefined when the webhook belongs to another receiver, to which only the service delivers
 */
export function publishedReceiversOf(
  context: IWebhookFunctions,
  { webhookUrl, receivers, urlKey }: WebhookState,
): string[] | undefined {
  // A trigger with another credential has another key.
  if (webhookUrl !== '' && urlKeyOf(webhookUrl) !== urlKey) return undefined;
  // It is below the base URL of production webhooks (n8n 2.41.1, `getBase`).
  const { origin } = new URL(context.getRestApiUrl());
  const urls = [webhookUrl, ...receivers].filter((url) => url !== '');
  return urls.every((url) => new URL(url).origin === origin) ? urls : undefined;
}

/** The path of a webhook URL, which has the random ID of its node: the origin changes when n8n moves. */
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : '';
}

/**
 * Passes a delivery on to other triggers as it came. Each verifies and filters it for itself, and recognizes a repetition.
 *
 * @param body the bytes
 * @param state with the key that they expect
 * @param receiversOf reads the URLs of the other triggers from a state; undefined when it cannot be passed on
 * @returns whether each of them has taken it or will never do so; if not, the service should deliver it again
 */
export async function passOn(
  context: IWebhookFunctions,
  body: Buffer,
  state: WebhookState,
  receiversOf: ReceiversOf,
): Promise<boolean> {
  const { urlKey } = state;
  const urls = receiversOf(context, state);
  if (urls === undefined) return false;
  const headers: Record<string, string> = { [SHARED_HEADER]: '1' };
  for (const [name, value] of Object.entries(context.getHeaderData())) {
    if (typeof value === 'string' && !CONNECTION_HEADERS.test(name)) headers[name] = value;
  }
  const outcomes = await Promise.all(
    urls.map(async (url) => {
      const first = await sendDelivery(context, withUrlKey(url, urlKey), headers, body);
      if (first === undefined) return true;
      const fresh = await loadState(context, STATE_REFRESH_MS);
      // It may have ended since the state was read.
      if (!includesUrl(receiversOf(context, fresh) ?? [], url)) return true;
      const problem =
        fresh.urlKey === urlKey
          ? first
          : await sendDelivery(context, withUrlKey(url, fresh.urlKey), headers, body);
      if (problem === undefined) return true;
      const advice = problem.isTransient ? DELIVERED_AGAIN : CHECK_WORKFLOW;
      const what = `could not pass a delivery on to ${toShownUrl(url)}: ${problem.reason}. ${advice}`;
      warnHourly(context, `${url} ${problem.reason}`, what, performance.now());
      return !problem.isTransient;
    }),
  );
  return !outcomes.includes(false);
}
