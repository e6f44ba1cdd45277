/** Names that only a local network or this machine resolves. */
const LOCAL_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home|home\.arpa|test|invalid)$/i;

const PRIVATE = 'is in a private network';

/**
 * Says why a host cannot be reached from everywhere. Of a name, only its form is examined; what it resolves to is
 * for {@link isPrivateAddress}.
 *
 * @param hostname as `URL.hostname` gives it, IPv6 in brackets
 * @returns the reason, as the rest of a sentence that starts with the URL; undefined for a public host
 */
export function nonPublicReason(hostname: string): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isLiteral(host)) return isPrivateAddress(host) ? PRIVATE : undefined;
  return LOCAL_NAMES.test(host) || !host.includes('.')
    ? 'resolves only on this machine or in its local network'
    : undefined;
}

/** Whether a host is an IP address and not a name. `URL` brings every form of IPv4 into the usual one. */
export function isLiteral(host: string): boolean {
  return host.includes(':') || IPV4.test(host);
}

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/**
 * Says whether an IP address belongs to a private network, this machine, or nobody in particular.
 *
 * @param address IPv4 or IPv6, without brackets; what is neither counts as private
 */
export function isPrivateAddress(address: string): boolean {
  if (IPV4.test(address)) return isPrivateIpv4(address.split('.').map(Number));
  // `URL` brings every form of IPv6 into one, and takes no zone as in fe80::1%eth0.
  const literal = `http://[${address}]/`;
  if (!URL.canParse(literal)) return true;
  return isPrivateIpv6(groupsOf(new URL(literal).hostname.slice(1, -1)));
}

/**
 * What the IANA registry of special addresses calls not globally reachable, and multicast: RFC 1122 (this host,
 * loopback), 1918 (private), 6598 (shared by carriers), 3927 (link-local), 6890 (protocol assignments), 5737
 * (documentation), 2544 (benchmarks), 1112 (multicast, reserved, broadcast).
 */
function isPrivateIpv4([a, b, c]: number[]): boolean {
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 100 && b >= 64 && b <= 127) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 192 && b === 0 && (c === 0 || c === 2)) ||
    (a === 198 && (b === 18 || b === 19)) ||
    (a === 198 && b === 51 && c === 100) ||
    (a === 203 && b === 0 && c === 113) ||
    a >= 224
  );
}

/**
 * Global unicast is 2000::/3 (RFC 4291). What has an IPv4 address in it is classified by that: mapped (RFC 4291),
 * NAT64 (RFC 6052) and 6to4 (RFC 3056). Teredo (RFC 4380) hides one, and 2001:db8::/32 is for documentation.
 */
function isPrivateIpv6(groups: number[]): boolean {
  const [first, second] = groups;
  const startsWith = (...prefix: number[]) => prefix.every((each, index) => each === groups[index]);
  if (startsWith(0, 0, 0, 0, 0, 0xffff) || startsWith(0x64, 0xff9b, 0, 0, 0, 0)) {
    return isPrivateIpv4(bytesOf(groups.slice(6)));
  }
  if (first === 0x2002) return isPrivateIpv4(bytesOf(groups.slice(1, 3)));
  return (
    first >> 13 !== 1 ||
    (first === 0x2001 && second === 0) ||
    (first === 0x2001 && second === 0xdb8)
  );
}

/** The eight numbers of an IPv6 address in the form that `URL` gives it. */
function groupsOf(host: string): number[] {
  const [before, after = []] = host.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].map((group) => parseInt(group, 16));
}

function bytesOf(groups: number[]): number[] {
  return groups.flatMap((group) => [group >> 8, group & 255]);
}
