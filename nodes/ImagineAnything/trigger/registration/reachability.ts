import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { isOnThisMachine } from '../../../../credentials/baseUrl';
import { CREDENTIAL } from '../../transport/client';
import { nonPublicReason } from '../../transport/publicHost';
import { REACHABILITY } from '../parameters/description';
import { isHttpUrl } from '../text';
import { PUBLIC_URL_HINT } from '../webhook/errors';

/**
 * Explains why the service cannot reach a URL (reference: Configure Your Webhook, "an HTTPS webhook URL").
 *
 * @param url the webhook URL that n8n gives the trigger
 * @returns the reason, as the end of a sentence that starts with the URL; undefined when it may be reachable
 */
export function unreachableReason(url: string): string | undefined {
  if (!isHttpUrl(url)) return 'is not a valid URL';
  const { protocol, hostname } = new URL(url);
  return (
    nonPublicReason(hostname) ??
    (protocol === 'https:' ? undefined : 'does not start with https://')
  );
}

/**
 * Says in the editor whether the service can reach n8n, before a workflow is published.
 *
 * @returns the one choice of a field that only shows something
 */
export async function listReachability(
  this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
  // The path is below the base URL of webhooks (n8n 2.41.1, `getBase`).
  const url = this.getRestApiUrl();
  const isUrl = isHttpUrl(url);
  const isLocal = isUrl && (await isServiceLocal(this));
  const reason = isLocal ? undefined : unreachableReason(url);
  const shown = isUrl ? new URL(url).origin : url;
  if (reason !== undefined) {
    return choice(`No: ${shown}`, `The URL of n8n ${reason}. ${PUBLIC_URL_HINT}`);
  }
  return isLocal
    ? choice(`Yes: ${shown}`, 'The service runs on this machine and can reach this URL')
    : choice(
        `Probably: ${shown}`,
        'ImagineAnything can deliver events to this URL if it is reachable from the internet',
      );
}

function choice(name: string, description: string): INodePropertyOptions[] {
  return [{ name, value: REACHABILITY, description }];
}

/** Whether the service, such as the sandbox, runs on the same machine. Without a credential, it does not. */
async function isServiceLocal(context: ILoadOptionsFunctions): Promise<boolean> {
  try {
    const { baseUrl } = await context.getCredentials(CREDENTIAL);
    return isOnThisMachine(baseUrl);
  } catch {
    return false;
  }
}
