import { createHmac, timingSafeEqual } from 'crypto';
import { SIGNATURE_HEADER } from './assumptions';

/** The headers of a delivery, with names in lower case. */
export type RequestHeaders = Readonly<Record<string, unknown>>;

/**
 * - `valid`: a signature was made with the secret over exactly this body
 * - `missing`: no header contains a signature
 * - `invalid`: no signature matches
 * - `expired`: a signature matches, but the timestamp it covers is too far from now
 */
export type SignatureStatus = 'valid' | 'missing' | 'invalid' | 'expired';

export interface SignatureInput {
  headers: RequestHeaders;
  /** The raw bytes. */
  body: Uint8Array;
  secret: string;
  /** How far a signed timestamp may be from now, in seconds; 0 for any distance. */
  maximumAge: number;
  /** Epoch milliseconds. */
  now: number;
}

interface Candidate {
  digest: Buffer;
  /** The timestamp as text when the signature covers one. */
  timestamp?: string;
}

const DIGEST_BYTES = 32;
/** More than an honest sender sends; bounds the work for a hostile one. */
const MAX_CANDIDATES = 20;
/** Each signed timestamp costs another HMAC over the whole body. */
const MAX_TIMESTAMPS = 3;
const MAX_HEADER_LENGTH = 4096;

/**
 * Verifies the signatures of a delivery in constant time. A timestamp counts only when it is signed. The accepted
 * forms are in `ASSUMPTIONS`; `t=…,v1=…` and its tolerance are Stripe's.
 *
 * @returns never throws, whatever the headers and the body are
 */
export function verifySignature({
  headers,
  body,
  secret,
  maximumAge,
  now,
}: SignatureInput): SignatureStatus {
  const candidates = readSignatures(headers);
  if (candidates.length === 0) return 'missing';
  if (secret === '') return 'invalid';
  const expected = new Map(
    [...new Set(candidates.map(({ timestamp }) => timestamp))]
      .slice(0, MAX_TIMESTAMPS)
      .map((timestamp) => [timestamp, sign(body, secret, timestamp)]),
  );
  let status: SignatureStatus = 'invalid';
  // Every candidate is compared, so that the duration does not reveal which one matched.
  for (const { digest, timestamp } of candidates) {
    const right = expected.get(timestamp);
    if (right === undefined || !timingSafeEqual(right, digest)) continue;
    const isExpired =
      timestamp !== undefined &&
      maximumAge > 0 &&
      Math.abs(now - toMilliseconds(timestamp)) > maximumAge * 1000;
    if (!isExpired) status = 'valid';
    else if (status === 'invalid') status = 'expired';
  }
  return status;
}

function sign(body: Uint8Array, secret: string, timestamp: string | undefined): Buffer {
  const hmac = createHmac('sha256', secret);
  if (timestamp !== undefined) hmac.update(`${timestamp}.`);
  return hmac.update(body).digest();
}

/** Collects everything in the headers that has the form of a signature. */
function readSignatures(headers: RequestHeaders): Candidate[] {
  return Object.entries(headers)
    .filter(([name]) => SIGNATURE_HEADER.test(name))
    .flatMap(([, value]): unknown[] => (Array.isArray(value) ? value : [value]))
    .filter((value) => typeof value === 'string')
    .flatMap(readHeader)
    .slice(0, MAX_CANDIDATES);
}

function readHeader(value: string): Candidate[] {
  if (value.length > MAX_HEADER_LENGTH) return [];
  const tokens = value.split(/[,;\s]+/).filter((token) => token !== '');
  const timestamp = tokens.map((token) => /^t=(\d{1,16})$/i.exec(token)?.[1]).find(Boolean);
  return tokens.flatMap((token) => {
    const versioned = /^v1=(.*)$/i.exec(token)?.[1];
    // A timestamp must be covered: accepting an uncovered signature next to it would lift the age limit.
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

/** Twelve digits of seconds reach the year 33658, so longer timestamps are milliseconds. */
function toMilliseconds(timestamp: string): number {
  const number = Number(timestamp);
  return timestamp.length > 12 ? number : number * 1000;
}
