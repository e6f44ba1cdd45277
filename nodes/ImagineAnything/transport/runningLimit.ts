import type { ResponseHeaders } from '../../../credentials/http/rateLimitHeaders';
import { isClientError } from '../../../credentials/http/status';
import type { RunningLimit } from './apiRequest';
import type { Failure } from './failure';

/** Words of a limit of requests, and of the limit of retries. */
const OTHER_LIMITS = /\brequests\b|\bper (second|minute|hour|day)\b|retr(y|ied|ies)/i;

/** Codes that name the rate limit (vendor's pages: `rate_limit_exceeded`). */
const RATE_LIMIT_CODE = /^(rate_?limit|too_?many_?requests)/i;

/**
 * Tells a refusal because as much is running as may, from one because of too many requests. Neither status nor code of
 * the first are documented. It is one when code and message speak of that limit; and a 429 is one when its headers say
 * that the rate limit has room. A 429 that says nothing is the rate limit.
 *
 * @param failure what the service refused
 * @param headers the headers of the response
 * @param limit the limit on what the request starts
 */
export function meetsRunningLimit(
  { kind, status = 0, code = '', message }: Failure,
  headers: ResponseHeaders,
  { things, amount }: RunningLimit,
): boolean {
  if (kind !== 'refused' || !isClientError(status)) return false;
  const text = `${code.replaceAll(/[_-]/g, ' ')} ${message}`;
  if (things.test(text) && amount.test(text) && !OTHER_LIMITS.test(text)) return true;
  if (status !== 429 || RATE_LIMIT_CODE.test(code)) return false;
  return Number(headers['x-ratelimit-remaining'] ?? 0) > 0;
}
