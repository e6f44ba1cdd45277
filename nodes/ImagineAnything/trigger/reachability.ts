/** Names that only a local network or this machine resolves. */
const LOCAL_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home|test|invalid)$/i;

/**
 * Says why the service cannot reach an address. reference: Configure Your Webhook ("an HTTPS webhook URL")
 *
 * @param address the address that n8n gives for the webhook
 * @returns the reason, as the rest of a sentence that starts with the address; undefined when nothing speaks against it
 */
export function whyUnreachable(address: string): string | undefined {
  if (!URL.canParse(address)) return 'is not a web address';
  const { protocol, hostname } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (host.includes(':')) {
    if (isPrivateIpv6(host)) return 'is in a private network';
  } else if (/^\d+(\.\d+){3}$/.test(host)) {
    if (isPrivateIpv4(host.split('.').map(Number))) return 'is in a private network';
  } else if (LOCAL_NAMES.test(host) || !host.includes('.')) {
    return 'is known only on this machine or in its network';
  }
  return protocol === 'https:' ? undefined : 'does not start with https://';
}

/** RFC 1918, 1122 (this host, loopback), 3927 (link-local), 6598 (shared by carriers). */
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
