import { SECRET_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER } from '../assumptions';
import type { RequestHeaders } from '../requestHeaders';

/** How a sender signs: what the HMAC covers, with which key, and how the signature is written. */
interface SignatureForm {
  /** As the output of the trigger calls it. */
  name: string;
  /** Matches a signature in this form; the group is the digest. */
  pattern: RegExp;
  /** Where the signed timestamp is: in the header of the signature, as `t=`, or in a header of its own. */
  timestamp?: 'inline' | 'header';
  /** Whether the secret is base64, after its prefix if it has one. */
  hasBase64Key?: true;
  /** What is signed before the body. */
  before(timestamp: string, id: string): string;
}

const PLAIN = /^(?:(?:hmac-)?sha-?256=|v1=)?([0-9a-f]{64}|[\w+/-]{43}=?)$/i;
const V1 = /^v1=([0-9a-f]{64}|[\w+/-]{43}=?)$/i;
const V0 = /^v0=([0-9a-f]{64}|[\w+/-]{43}=?)$/i;

/** The forms that senders of webhooks use. */
const FORMS: readonly SignatureForm[] = [
  { name: 'body', pattern: PLAIN, before: () => '' },
  { name: 'stripe', pattern: V1, timestamp: 'inline', before: (timestamp) => `${timestamp}.` },
  {
    name: 'timestamp.body',
    pattern: PLAIN,
    timestamp: 'header',
    before: (timestamp) => `${timestamp}.`,
  },
  { name: 'timestamp+body', pattern: PLAIN, timestamp: 'header', before: (timestamp) => timestamp },
  { name: 'slack', pattern: V0, timestamp: 'header', before: (timestamp) => `v0:${timestamp}:` },
  {
    name: 'standard-webhooks',
    pattern: PLAIN,
    timestamp: 'header',
    hasBase64Key: true,
    before: (timestamp, id) => `${id}.${timestamp}.`,
  },
];

/** What a signature of a delivery may be: a digest, and what it would cover in one of the forms. */
export interface Candidate {
  form: string;
  digest: Buffer;
  /** The signed timestamp as text. */
  timestamp?: string;
  /** What is signed before the body. */
  before: string;
  hasBase64Key: boolean;
}

/** What the headers of a delivery say about its signature. */
export interface ReadSignatures {
  candidates: Candidate[];
  /** Values that may be the secret itself. */
  secrets: string[];
  /** Whether a header says that it is a signature. */
  isSigned: boolean;
}

const DIGEST_BYTES = 32;
/** More than an honest sender sends; bounds the work for a hostile one. */
const MAX_TOKENS = 20;
const MAX_TIMESTAMPS = 2;
const MAX_HEADER_LENGTH = 4096;

/** Collects everything in the headers that has the form of a signature. */
export function readSignatures(headers: RequestHeaders): ReadSignatures {
  const signatures = valuesOf(headers, SIGNATURE_HEADER);
  const timestamps = valuesOf(headers, TIMESTAMP_HEADER)
    .map(([, value]) => value.trim())
    .filter((value) => /^\d{1,16}$/.test(value))
    .slice(0, MAX_TIMESTAMPS);
  return {
    candidates: signatures
      .flatMap(([name, value]) => tokensOf(name, value))
      .slice(0, MAX_TOKENS)
      .flatMap((token) => candidatesOf(token, headers, timestamps)),
    secrets: valuesOf(headers, SECRET_HEADER)
      .map(([, value]) => value.replace(/^Bearer /i, '').trim())
      .slice(0, MAX_TOKENS),
    isSigned: signatures.some(([, value]) => value.trim() !== ''),
  };
}

function valuesOf(headers: RequestHeaders, names: RegExp): Array<[name: string, value: string]> {
  return Object.entries(headers)
    .filter(([name]) => names.test(name))
    .flatMap(
      ([name, value]): Array<[string, unknown]> =>
        Array.isArray(value) ? value.map((each: unknown) => [name, each]) : [[name, value]],
    )
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .map(([name, value]) => [name, value.length > MAX_HEADER_LENGTH ? 'too long' : value]);
}

/** A part of the header of a signature. */
interface Token {
  header: string;
  text: string;
  /** The timestamp in the same header, as `t=`. */
  inline: string | undefined;
}

function tokensOf(header: string, value: string): Token[] {
  const texts = value.split(/[,;\s]+/).filter((text) => text !== '');
  const inline = texts.map((text) => /^t=(\d{1,16})$/i.exec(text)?.[1]).find(Boolean);
  return texts.filter((text) => !/^t=/i.test(text)).map((text) => ({ header, text, inline }));
}

function candidatesOf(
  { header, text, inline }: Token,
  headers: RequestHeaders,
  timestamps: readonly string[],
): Candidate[] {
  return FORMS.flatMap(({ name, pattern, timestamp: place, hasBase64Key = false, before }) => {
    // A timestamp must be covered: accepting an uncovered signature next to it would lift the age limit.
    if ((inline === undefined) === (place === 'inline')) return [];
    const digest = readDigest(pattern.exec(text)?.[1]);
    if (digest === undefined) return [];
    if (place === undefined) return [{ form: name, digest, before: before('', ''), hasBase64Key }];
    // Standard Webhooks: the three headers have the same prefix.
    const id = headers[header.replace(/signature$/i, 'id')];
    if (hasBase64Key && typeof id !== 'string') return [];
    return (inline === undefined ? timestamps : [inline]).map((timestamp) => ({
      form: name,
      digest,
      timestamp,
      before: before(timestamp, String(id)),
      hasBase64Key,
    }));
  });
}

function readDigest(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const digest = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  return digest.length === DIGEST_BYTES ? digest : undefined;
}
