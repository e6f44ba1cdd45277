/**
 * Certificates of X.509 (RFC 5280) for servers of a test, made while it runs: one in the repository would expire, or
 * bring a private key with it.
 */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A certificate with its private key, both in PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

export interface CertificateOptions {
  /** Names of the host, or IPv4 addresses; none for the certificate of an authority. */
  names?: string[];
  /** Days from now. */
  from?: number;
  until?: number;
}

interface Issuer {
  name: string;
  key: KeyObject;
}

/** Makes a certificate that nobody but itself vouches for. */
export function selfSigned(name: string, options: CertificateOptions): Certificate {
  return make(name, options);
}

/** Makes a certificate authority, whose certificate is in the PEM file that it is trusted by. */
export function makeAuthority(name: string): Certificate & {
  issue(options: CertificateOptions): Certificate;
} {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const own = make(name, {}, undefined, { privateKey, publicKey });
  return { ...own, issue: (options) => make('A server', options, { name, key: privateKey }) };
}

const DAY_MS = 86_400_000;

function make(
  name: string,
  { names = [], from = -2, until = 2 }: CertificateOptions,
  issuer?: Issuer,
  keys: { privateKey: KeyObject; publicKey: KeyObject } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  }),
): Certificate {
  const algorithm = sequence(ECDSA_WITH_SHA256);
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    nameOf(issuer?.name ?? name),
    sequence(time(from), time(until)),
    nameOf(name),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(names.length > 0 ? alternativeNames(names) : authority())),
  );
  const signature = sign('sha256', body, issuer?.key ?? keys.privateKey);
  const der = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** One value of DER: what it is, how long, and what is in it. */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));

const identifier = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'));

const ECDSA_WITH_SHA256 = identifier('2a8648ce3d040302');
const COMMON_NAME = identifier('550403');
const SUBJECT_ALTERNATIVE_NAME = identifier('551d11');
const BASIC_CONSTRAINTS = identifier('551d13');

function nameOf(text: string): Buffer {
  return sequence(tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from(text)))));
}

function time(days: number): Buffer {
  const text = new Date(Date.now() + days * DAY_MS).toISOString().replace(/[-:T]|\.\d+/g, '');
  return tagged(0x18, Buffer.from(text));
}

function alternativeNames(names: string[]): Buffer {
  const parts = names.map((name) =>
    /^[\d.]+$/.test(name)
      ? tagged(0x87, Buffer.from(name.split('.').map(Number)))
      : tagged(0x82, Buffer.from(name)),
  );
  return sequence(SUBJECT_ALTERNATIVE_NAME, tagged(0x04, sequence(...parts)));
}

function authority(): Buffer {
  const yes = tagged(0x01, Buffer.from([255]));
  return sequence(BASIC_CONSTRAINTS, yes, tagged(0x04, sequence(yes)));
}
