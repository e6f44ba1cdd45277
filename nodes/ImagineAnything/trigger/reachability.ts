import { whyNotPublic } from '../transport/publicHost';

/**
 * Says why the service cannot reach an address. reference: Configure Your Webhook ("an HTTPS webhook URL")
 *
 * @param address the address that n8n gives for the webhook
 * @returns the reason, as the rest of a sentence that starts with the address; undefined when nothing speaks against it
 */
export function whyUnreachable(address: string): string | undefined {
  if (!URL.canParse(address)) return 'is not a web address';
  const { protocol, hostname } = new URL(address);
  return (
    whyNotPublic(hostname) ?? (protocol === 'https:' ? undefined : 'does not start with https://')
  );
}
