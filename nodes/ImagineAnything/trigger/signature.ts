import { createHmac, timingSafeEqual } from 'crypto';
import { SIGNATURE_HEADER } from './assumptions';

/** A delivery's headers, as Node.js gives them. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * - `valid`: a signature was made with the secret over exactly this body
 * - `missing`: there is nothing that could be a signature
 * - `invalid`: none of the signatures fits
 * - `late`: a signature fits, but the time that it covers is too far from now
 */
export type Verdict = 'valid' | 'missing' | 'invalid' | 'late';

export interface SignatureCheck {
  headers: Headers;
  /** The bytes as they came. */
  body: Uint8Array;
  secret: string;
  /** Seconds that a signed timestamp may be away from now; 0 for any time. */
  maximumAge: number;
  /** Epoch milliseconds. */
  now: number;
}

interface Candidate {
  digest: Buffer;
  /** The timestamp as text where the signature covers one. */
  timestamp?: string;
}

const DIGEST_BYTES = 32;
/** More than any honest sender gives; keeps the work for a hostile one small. */
const MAX_CANDIDATES = 20;
/** Each time that is signed makes another HMAC over the whole body. */
const MAX_TIMES = 3;
const MAX_HEADER_LENGTH = 4096;

/**
 * Checks the signatures of a delivery in constant time. A timestamp counts only where it is signed.
 * Forms: see ASSUMPTIONS; the idea of `t=…,v1=…` and its tolerance is Stripe's.
 *
 * @returns never throws, whatever the headers and the body are
 */
export function verifySignature({
  headers,
  body,
  secret,
  maximumAge,
  now,
}: SignatureCheck): Verdict {
  const candidates = readSignatures(headers);
  if (candidates.length === 0) return 'missing';
  if (secret === '') return 'invalid';
  const expected = new Map(
    [...new Set(candidates.map(({ timestamp }) => timestamp))]
      .slice(0, MAX_TIMES)
      .map((timestamp) => [timestamp, sign(body, secret, timestamp)]),
  );
  let verdict: Verdict = 'invalid';
  // Every candidate is looked at, so that the time says nothing about which one fitted.
  for (const { digest, timestamp } of candidates) {
    const right = expected.get(timestamp);
    if (right === undefined || !timingSafeEqual(right, digest)) continue;
    const isLate =
      timestamp !== undefined &&
      maximumAge > 0 &&
      Math.abs(now - toMilliseconds(timestamp)) > maximumAge * 1000;
    if (!isLate) verdict = 'valid';
    else if (verdict === 'invalid') verdict = 'late';
  }
  return verdict;
}

function sign(body: Uint8Array, secret: string, timestamp: string | undefined): Buffer {
  const hmac = createHmac('sha256', secret);
  if (timestamp !== undefined) hmac.update(`${timestamp}.`);
  return hmac.update(body).digest();
}

/** Collects everything in the headers that has the form of a signature. */
function readSignatures(headers: Headers): Candidate[] {
  return Object.entries(headers)
    .filter(([name]) => SIGNATURE_HEADER.test(name))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value ?? '']))
    .flatMap(readHeader)
    .slice(0, MAX_CANDIDATES);
}

function readHeader(value: string): Candidate[] {
  if (value.length > MAX_HEADER_LENGTH) return [];
  const tokens = value.split(/[,;\s]+/).filter((token) => token !== '');
  const timestamp = tokens.map((token) => /^t=(\d{1,16})$/i.exec(token)?.[1]).find(Boolean);
  return tokens.flatMap((token) => {
    const versioned = /^v1=(.*)$/i.exec(token)?.[1];
    // Where a time is given it must be covered: taking such a signature without would lift the limit.
    if (timestamp !== undefined && versioned === undefined) return [];
    const digest = readDigest(versioned ?? token.replace(/^(hmac-)?sha-?256=/i, ''));
    return digest === undefined ? [] : [{ digest, timestamp }];
  });
}

function readDigest(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (!/^[\w+/-]{43}=?$/.test(text)) return undefined;
  const digest = Buffer.from(text, 'base64');
  return digest.length === DIGEST_BYTES ? digest : undefined;
}

/** Twelve digits of seconds reach to the year 33658, so what is longer is milliseconds. */
function toMilliseconds(timestamp: string): number {
  const number = Number(timestamp);
  return timestamp.length > 12 ? number : number * 1000;
}
