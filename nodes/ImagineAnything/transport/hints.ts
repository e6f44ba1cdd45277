import { isRecord } from './json';

/** Header names in lower case, as n8n's request helper gives them. */
export type Headers = Readonly<Record<string, unknown>>;

/** What the headers of an answer say about a rate limit (reference: Rate Limits). */
export interface RateReading {
  limit: number;
  remaining: number;
  /** Epoch milliseconds by this machine's clock. */
  resetAt: number;
}

/** Numbers below are seconds from now, above epoch seconds; the reference does not state the unit. */
const EARLIEST_EPOCH_SECONDS = 1e9;
const EARLIEST_EPOCH_MS = 1e12;

/** Nobody waits longer, and the end of a longer wait may be no time at all. */
const FARTHEST_MS = 365 * 24 * 3_600_000;

/** Clocks that differ by less than this count as equal: the `Date` header has whole seconds. */
const CLOCK_TOLERANCE_MS = 2000;

function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** How far this machine's clock is ahead of the service's, where they differ enough to matter. */
function clockLead(headers: Headers, now: number): number {
  const served = typeof headers.date === 'string' ? Date.parse(headers.date) : NaN;
  const lead = now - served;
  return Math.abs(lead) > CLOCK_TOLERANCE_MS ? lead : 0;
}

function bounded(waitMs: number): number {
  return Math.min(Math.max(0, waitMs), FARTHEST_MS);
}

/**
 * Reads when a window turns: epoch seconds, epoch milliseconds or seconds from now (facts file: Transport).
 *
 * @param headers the headers of the answer
 * @param now epoch milliseconds
 * @returns epoch milliseconds by this machine's clock
 */
function readReset(headers: Headers, now: number): number | undefined {
  const reset = readNumber(headers['x-ratelimit-reset']);
  if (reset === undefined || reset < 0) return undefined;
  if (reset < EARLIEST_EPOCH_SECONDS) return now + bounded(reset * 1000);
  const epochMs = reset < EARLIEST_EPOCH_MS ? reset * 1000 : reset;
  return Math.min(epochMs + clockLead(headers, now), now + FARTHEST_MS);
}

/**
 * Reads the three headers of the rate limit.
 *
 * @param headers the headers of any answer
 * @param now epoch milliseconds
 * @returns undefined unless all three are there
 */
export function readRate(headers: Headers, now: number): RateReading | undefined {
  const limit = readNumber(headers['x-ratelimit-limit']);
  const remaining = readNumber(headers['x-ratelimit-remaining']);
  const resetAt = readReset(headers, now);
  if (limit === undefined || limit < 1 || remaining === undefined || resetAt === undefined) {
    return undefined;
  }
  return { limit, remaining: Math.max(0, remaining), resetAt };
}

/**
 * Reads how long a refused request should wait: `X-RateLimit-Reset` on a 429 unless it is past, else `Retry-After`, else
 * the body's `retry_after` in seconds.
 *
 * @param status the HTTP status
 * @param headers the headers of the answer
 * @param body the body of the answer
 * @param now epoch milliseconds
 * @returns milliseconds, at least 0; undefined when the service gave no hint
 */
export function readWait(
  status: number,
  headers: Headers,
  body: unknown,
  now: number,
): number | undefined {
  const resetAt = status === 429 ? readReset(headers, now) : undefined;
  if (resetAt !== undefined && resetAt > now) return resetAt - now;
  const retryAfter = headers['retry-after'];
  const seconds = readNumber(retryAfter) ?? readNumber(isRecord(body) && body.retry_after);
  if (seconds !== undefined) return bounded(seconds * 1000);
  const date = typeof retryAfter === 'string' ? Date.parse(retryAfter) : NaN;
  if (!Number.isNaN(date)) return bounded(date + clockLead(headers, now) - now);
  return resetAt === undefined ? undefined : 0;
}
