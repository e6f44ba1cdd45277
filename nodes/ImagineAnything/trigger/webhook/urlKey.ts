/**
 * The key in the registered webhook URL: a secret of this package that makes a delivery authentic, however the service
 * signs. n8n's own webhook URL is no secret, because it is part of every export of the workflow.
 */
import { createHash, randomBytes, timingSafeEqual } from 'crypto';
import { WEBHOOK_KEY } from '../../resources/webhook';

const KEY = /^[\w-]{32}$/;
const KEY_BYTES = 24;

/** Creates a key of 192 random bits. */
export function createUrlKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

/** Whether a value can be a key. */
export function isUrlKey(value: unknown): value is string {
  return typeof value === 'string' && KEY.test(value);
}

/**
 * Adds a key to a URL, in place of the one that it has.
 *
 * @param url one that n8n gave: without a fragment
 * @param key empty for none
 */
export function withUrlKey(url: string, key: string): string {
  const rest = withoutUrlKey(url);
  if (key === '') return rest;
  return `${rest}${rest.includes('?') ? '&' : '?'}${WEBHOOK_KEY}=${key}`;
}

/** The parameter {@link WEBHOOK_KEY}, with what separates it from the next one. */
const PARAMETER = /([?&])webhook_key=[^&]*(&|$)/;

/** Removes the key from a URL, and leaves the rest as it is. */
export function withoutUrlKey(url: string): string {
  return url.replace(PARAMETER, (_, before: string, after: string) => (after === '' ? '' : before));
}

/** The key in a URL; empty when it has none. */
export function urlKeyOf(url: string | undefined): string {
  const key =
    url !== undefined && URL.canParse(url) ? new URL(url).searchParams.get(WEBHOOK_KEY) : '';
  return isUrlKey(key) ? key : '';
}

/**
 * Whether the query of a delivery has one of some keys, in constant time.
 *
 * @param query the parsed query, in which a value may be anything
 * @param keys empty ones do not count
 */
export function hasUrlKey(query: unknown, keys: readonly string[]): boolean {
  const given = digest((query as Record<string, unknown> | undefined)?.[WEBHOOK_KEY]);
  const matches = keys.map((key) => isUrlKey(key) && timingSafeEqual(digest(key), given));
  return matches.includes(true);
}

function digest(value: unknown): Buffer {
  return createHash('sha256')
    .update(typeof value === 'string' ? value : '')
    .digest();
}

/** A URL as a user may see it: whatever is in its query may be a secret of its receiver. */
export function toShownUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
