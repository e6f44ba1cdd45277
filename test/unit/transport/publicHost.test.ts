import fc from 'fast-check';
import {
  isPrivateAddress,
  nonPublicReason,
} from '../../../nodes/ImagineAnything/transport/publicHost';

const PRIVATE = 'is in a private network';
const LOCAL = 'resolves only on this machine or in its local network';

/** What `URL` makes of a host. */
const hostnameOf = (host: string) => new URL(`https://${host}/`).hostname;

test.each([
  'example.com',
  'example.com.',
  'localhost.example.com',
  '10.example.com',
  '8.8.8.8',
  '100.63.0.1',
  '100.128.0.1',
  '172.15.0.1',
  '172.32.0.1',
  '192.1.0.1',
  '198.20.0.1',
  '223.255.255.255',
  // They differ from a private address in one number.
  ...['99.64.0.1', '101.127.0.1', '168.254.0.1', '169.253.0.1', '171.16.0.1', '173.31.0.1'],
  ...['191.168.0.1', '192.167.0.1', '191.0.0.1', '191.0.2.1', '192.0.1.1', '192.1.2.1'],
  ...['197.18.0.1', '197.19.0.1', '198.17.0.1', '197.51.100.1', '198.50.100.1', '198.51.99.1'],
  ...['202.0.113.1', '203.1.113.1', '203.0.112.1'],
  '[2606:0:1::1]',
  '[2606:db8::1]',
  '[2001:1::1]',
  '[2606:4700::1111]',
  '[::ffff:8.8.8.8]',
  '[64:ff9b::8.8.8.8]',
  '[2002:808:808::1]',
  '[2001:4860:4860::8888]',
])('%s is public', (host) => {
  expect(nonPublicReason(hostnameOf(host))).toBeUndefined();
});

test.each([
  ['localhost', LOCAL],
  ['LOCALHOST.', LOCAL],
  ['a.localhost', LOCAL],
  ['n8n', LOCAL],
  ['files.local', LOCAL],
  ['metadata.google.internal', LOCAL],
  ['router.home.arpa', LOCAL],
  ['127.0.0.1', PRIVATE],
  ['127.1', PRIVATE],
  ['2130706433', PRIVATE],
  ['0x7f.0.0.1', PRIVATE],
  ['0177.0.0.1', PRIVATE],
  ['127.0.0.1.', PRIVATE],
  ['%31%32%37.0.0.1', PRIVATE],
  ['１２７.0.0.1', PRIVATE],
  ['0.0.0.0', PRIVATE],
  ['10.1.2.3', PRIVATE],
  ['100.64.0.1', PRIVATE],
  ['100.127.255.255', PRIVATE],
  ['169.254.169.254', PRIVATE],
  ['172.16.0.1', PRIVATE],
  ['172.31.255.255', PRIVATE],
  ['192.168.1.1', PRIVATE],
  ['192.0.0.8', PRIVATE],
  ['192.0.2.1', PRIVATE],
  ['198.18.0.1', PRIVATE],
  ['198.19.255.255', PRIVATE],
  ['198.51.100.1', PRIVATE],
  ['203.0.113.1', PRIVATE],
  ['224.0.0.1', PRIVATE],
  ['239.255.255.250', PRIVATE],
  ['240.0.0.1', PRIVATE],
  ['255.255.255.255', PRIVATE],
  ['[::]', PRIVATE],
  ['[::1]', PRIVATE],
  ['[0:0:0:0:0:0:0:1]', PRIVATE],
  ['[::7f00:1]', PRIVATE],
  ['[::ffff:127.0.0.1]', PRIVATE],
  ['[::ffff:a00:1]', PRIVATE],
  ['[64:ff9b::10.0.0.1]', PRIVATE],
  ['[64:ff9b:1::1]', PRIVATE],
  ['[100::1]', PRIVATE],
  ['[2002:7f00:1::]', PRIVATE],
  ['[2001::1]', PRIVATE],
  ['[2001:db8::1]', PRIVATE],
  ['[fc00::1]', PRIVATE],
  ['[fd12:3456::1]', PRIVATE],
  ['[fe80::1]', PRIVATE],
  ['[fec0::1]', PRIVATE],
  ['[ff02::1]', PRIVATE],
])('%s is not public: it %s', (host, reason) => {
  expect(nonPublicReason(hostnameOf(host))).toBe(reason);
});

test.each(['::ffff:127.0.0.1', 'fe80::1%eth0', '', 'example.com', '1.2.3', '999.1.1.1'])(
  'takes %p, as name resolution may give it, for private',
  (address) => expect(isPrivateAddress(address)).toBe(true),
);

test('judges an IPv4 address the same in every form that IPv6 has for it', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const isPrivate = isPrivateAddress(address);
      expect(isPrivateAddress(`::ffff:${address}`)).toBe(isPrivate);
      expect(isPrivateAddress(`64:ff9b::${address}`)).toBe(isPrivate);
    }),
  );
});

test('gives an answer for every IPv6 address', () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const isGlobalUnicast = /^[23][0-9a-f]{3}:/i.test(address);
      if (!isGlobalUnicast && !/^(0*:|64:)/i.test(address)) {
        expect(isPrivateAddress(address)).toBe(true);
      } else expect(typeof isPrivateAddress(address)).toBe('boolean');
    }),
  );
});
