import { nonPublicReason } from '../../transport/publicHost';

/**
 * Explains why the service cannot reach a URL (reference: Configure Your Webhook, "an HTTPS webhook URL").
 *
 * @param url the webhook URL that n8n gives the trigger
 * @returns the reason, as the end of a sentence that starts with the URL; undefined when it may be reachable
 */
export function unreachableReason(url: string): string | undefined {
  if (!URL.canParse(url)) return 'is not a valid URL';
  const { protocol, hostname } = new URL(url);
  return (
    nonPublicReason(hostname) ??
    (protocol === 'https:' ? undefined : 'does not start with https://')
  );
}
