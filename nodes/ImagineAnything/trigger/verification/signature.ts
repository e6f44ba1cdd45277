import { createHash, createHmac, timingSafeEqual } from 'crypto';
import type { RequestHeaders } from '../requestHeaders';
import { type Candidate, readSignatures } from './signatureForms';

/**
 * - `valid`: a signature was made with the secret over exactly this body
 * - `missing`: no header contains a signature
 * - `unknown`: a header contains one in a form that is not known
 * - `invalid`: no signature matches
 * - `expired`: a signature matches, but the timestamp it covers is too far from now
 */
export type SignatureStatus = 'valid' | 'missing' | 'unknown' | 'invalid' | 'expired';

/** The result of a verification. */
export interface SignatureResult {
  status: SignatureStatus;
  /** The form of the valid signature; see `signatureForms.ts`. */
  form?: string;
}

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

/** Each costs a pass over the whole body. A delivery in a known form needs at most as many. */
const MAX_HMACS = 12;

/**
 * Verifies the signatures of a delivery in constant time, in every form of `signatureForms.ts`. A timestamp counts only
 * when it is signed.
 *
 * @returns never throws, whatever the headers and the body are
 */
export function verifySignature({
  headers,
  body,
  secret,
  maximumAge,
  now,
}: SignatureInput): SignatureResult {
  const { candidates, secrets, isSigned } = readSignatures(headers);
  const unmatched = isSigned ? 'unknown' : 'missing';
  let result: SignatureResult = { status: candidates.length > 0 ? 'invalid' : unmatched };
  const hmacOf = hmacs(body, secret);
  // Every candidate is compared, so that the duration does not reveal which one matched.
  for (const candidate of candidates) {
    const { form, digest, timestamp } = candidate;
    if (!hmacOf(candidate).some((right) => timingSafeEqual(right, digest))) continue;
    const isExpired =
      timestamp !== undefined &&
      maximumAge > 0 &&
      Math.abs(now - toMilliseconds(timestamp)) > maximumAge * 1000;
    if (!isExpired) result = { status: 'valid', form };
    else if (result.status === 'invalid') result = { status: 'expired' };
  }
  if (result.status !== 'valid' && hasSecret(secrets, secret)) {
    return { status: 'valid', form: 'secret' };
  }
  return result;
}

function hasSecret(texts: readonly string[], secret: string): boolean {
  const keys = textKeys(secret).map(sha256);
  return texts.map(sha256).some((text) => keys.some((key) => timingSafeEqual(key, text)));
}

/** A prefix that says what a secret is for, such as `whsec_`. Senders use the secret with and without it as key. */
const PREFIX = /^[a-z]{1,12}_/i;
/** Part of a secret is only a key of its own when nobody can guess it. */
const MIN_KEY_BYTES = 16;

function textKeys(secret: string): string[] {
  if (secret === '') return [];
  const rest = secret.replace(PREFIX, '');
  return rest === secret || rest.length < MIN_KEY_BYTES ? [secret] : [secret, rest];
}

function base64Keys(secret: string): Buffer[] {
  const text = secret.replace(PREFIX, '');
  const key = Buffer.from(text, 'base64');
  return /^[\w+/-]+={0,2}$/.test(text) && key.length >= MIN_KEY_BYTES ? [key] : [];
}

/** Computes the HMACs that a candidate may be, each only once. */
function hmacs(body: Uint8Array, secret: string): (candidate: Candidate) => Buffer[] {
  const texts = textKeys(secret).map((key) => Buffer.from(key));
  const decoded = base64Keys(secret);
  const computed = new Map<string, Buffer[]>();
  let count = 0;
  return ({ before, hasBase64Key }) => {
    const id = `${hasBase64Key} ${before}`;
    const known = computed.get(id);
    if (known !== undefined) return known;
    const keys = hasBase64Key ? decoded : texts;
    count += keys.length;
    const digests = count > MAX_HMACS ? [] : keys.map((key) => hmac(key, before, body));
    computed.set(id, digests);
    return digests;
  };
}

function hmac(key: Uint8Array, before: string, body: Uint8Array): Buffer {
  return createHmac('sha256', key).update(before).update(body).digest();
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Twelve digits of seconds reach the year 33658, so longer timestamps are milliseconds. */
function toMilliseconds(timestamp: string): number {
  const number = Number(timestamp);
  return timestamp.length > 12 ? number : number * 1000;
}
