import type { ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';
import { isOnThisMachine } from '../../../../credentials/baseUrl';
import { CREDENTIAL } from '../../transport/client';
import { formatValue } from '../../transport/formatValue';
import { nonPublicReason } from '../../transport/publicHost';
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
 * @returns no fields, and the notice that n8n shows in their place
 */
export async function showReachability(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
  // The path is below the base URL of webhooks (n8n 2.41.1, `getBase`).
  const url = this.getRestApiUrl();
  const isUrl = isHttpUrl(url);
  const isLocal = isUrl && (await isServiceLocal(this));
  const reason = isLocal ? undefined : unreachableReason(url);
  const shown = isUrl ? new URL(url).origin : formatValue(url);
  return { fields: [], emptyFieldsNotice: noticeOf(shown, isLocal, reason) };
}

function noticeOf(url: string, isLocal: boolean, reason: string | undefined): string {
  if (reason !== undefined) {
    return `ImagineAnything cannot reach n8n: ${url} ${reason}. ${PUBLIC_URL_HINT} A "Sample Event" in the options works without it.`;
  }
  return isLocal
    ? `The service runs on this machine and can reach n8n at ${url}.`
    : `ImagineAnything can reach n8n if ${url} is reachable from the internet.`;
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
