/** Host names that only a local network or this machine resolves. */
const LOCAL_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home|test|invalid)$/i;

/**
 * Explains why the service cannot reach a URL (reference: Configure Your Webhook, "an HTTPS webhook URL").
 *
 * @param url the webhook URL that n8n gives the trigger
 * @returns the reason, as the end of a sentence that starts with the URL; undefined when it may be reachable
 */
export function unreachableReason(url: string): string | undefined {
  if (!URL.canParse(url)) return 'is not a valid URL';
  const { protocol, hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (host.includes(':')) {
    if (isPrivateIpv6(host)) return 'is in a private network';
  } else if (/^\d+(\.\d+){3}$/.test(host)) {
    if (isPrivateIpv4(host.split('.').map(Number))) return 'is in a private network';
  } else if (LOCAL_NAMES.test(host) || !host.includes('.')) {
    return 'resolves only on this machine or in its local network';
  }
  return protocol === 'https:' ? undefined : 'does not start with https://';
}

/** RFC 1918, 1122 (this host, loopback), 3927 (link-local), 6598 (carrier-grade NAT). */
function isPrivateIpv4([a, b]: number[]): boolean {
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 100 && b >= 64 && b <= 127) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168)
  );
}

/** RFC 4291 (unspecified, loopback, link-local), 4193 (unique local), and IPv4 in IPv6 form. */
function isPrivateIpv6(host: string): boolean {
  if (host === '::' || host === '::1' || /^f[cd]/i.test(host) || /^fe[89ab]/i.test(host))
    return true;
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(host);
  if (mapped === null) return false;
  const [high, low] = mapped.slice(1).map((part) => parseInt(part, 16));
  return isPrivateIpv4([high >> 8, high & 255, low >> 8, low & 255]);
}
