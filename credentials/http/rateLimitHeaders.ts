import { isRecord } from './record';

/** Header names in lower case, as n8n's request helper gives them. */
export type ResponseHeaders = Readonly<Record<string, unknown>>;

/** The window in which the service counts (reference: Rate Limits, "100/minute"). */
export const WINDOW_MS = 60_000;

/** How far a reset may lie behind the end of a window: clocks differ, and numbers are rounded up. */
const TOLERANCE_MS = 5_000;

/** The longest pause that a service is asked for without a rate limit, such as its maintenance. */
const MAX_PAUSE_MS = 24 * 3_600_000;

/** How long to wait. */
export interface RetryAfter {
  /** Milliseconds from now, at least 0. */
  ms: number;
  /**
   * False when the service said something that its published window rules out, such as a reset in
   * the year 9999. Then `ms` is one window, after which one request should find out.
   */
  isPlausible: boolean;
}

/** The rate limit in the headers of a response (reference: Rate Limits). */
export interface RateLimitState {
  limit: number;
  remaining: number;
  /** Until the limit resets. */
  reset: RetryAfter;
}

/** Numbers below are seconds from now, above epoch seconds; the reference does not state the unit. */
const EARLIEST_EPOCH_SECONDS = 1e9;
const EARLIEST_EPOCH_MS = 1e12;

/** Clocks that differ by less than this count as equal: the `Date` header has whole seconds. */
const CLOCK_TOLERANCE_MS = 2000;

function parseNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** How far this machine's clock is ahead of the service's, where they differ enough to matter. */
function clockSkew(headers: ResponseHeaders, now: number): number {
  const served = typeof headers.date === 'string' ? Date.parse(headers.date) : NaN;
  const lead = now - served;
  return Math.abs(lead) > CLOCK_TOLERANCE_MS ? lead : 0;
}

function withinWindow(ms: number): RetryAfter {
  const isPlausible = ms <= WINDOW_MS + TOLERANCE_MS;
  return { ms: isPlausible ? Math.max(0, ms) : WINDOW_MS, isPlausible };
}

/**
 * Reads when a limit resets: epoch seconds, epoch milliseconds or seconds from now.
 *
 * @param value the header, or what the body says in its place
 * @returns milliseconds from now, negative when it is past; undefined when it says nothing
 */
function readReset(
  headers: ResponseHeaders,
  now: number,
  value = headers['x-ratelimit-reset'],
): number | undefined {
  const reset = parseNumber(value);
  if (reset === undefined || reset < 0) return undefined;
  if (reset < EARLIEST_EPOCH_SECONDS) return reset * 1000;
  const epochMs = reset < EARLIEST_EPOCH_MS ? reset * 1000 : reset;
  return epochMs + clockSkew(headers, now) - now;
}

/**
 * Reads the three headers of the rate limit.
 *
 * @param headers the headers of any response
 * @param now epoch milliseconds
 * @returns undefined unless all three are there
 */
export function readRateLimit(headers: ResponseHeaders, now: number): RateLimitState | undefined {
  const limit = parseNumber(headers['x-ratelimit-limit']);
  const remaining = parseNumber(headers['x-ratelimit-remaining']);
  const resetMs = readReset(headers, now);
  if (limit === undefined || limit < 1 || remaining === undefined || resetMs === undefined) {
    return undefined;
  }
  return { limit, remaining: Math.max(0, remaining), reset: withinWindow(resetMs) };
}

/**
 * Reads how long a refused request should wait: the header `Retry-After`, else `retryAfter` or `retry_after` of the
 * body in seconds (the service's API index shows the one, its SDK reads the other), and on a 429 else the reset, of the
 * header or of the body. A time that is past counts only if nothing else is said.
 *
 * @param status the HTTP status
 * @param headers the headers of the response
 * @param body the body of the response
 * @param now epoch milliseconds
 * @returns undefined when the response does not say
 */
export function readRetryAfter(
  status: number,
  headers: ResponseHeaders,
  body: unknown,
  now: number,
): RetryAfter | undefined {
  const fields = isRecord(body) ? body : {};
  const hints = [
    readRetryAfterHeader(headers, now),
    ...[fields.retryAfter, fields.retry_after].map(readSeconds),
    ...(status === 429
      ? [readReset(headers, now), readReset(headers, now, fields.reset ?? null)]
      : []),
  ].filter((each) => each !== undefined);
  const ms = hints.find((each) => each > 0) ?? hints.at(0);
  if (ms === undefined) return undefined;
  if (status === 429) return withinWindow(ms);
  return { ms: Math.min(Math.max(0, ms), MAX_PAUSE_MS), isPlausible: ms <= MAX_PAUSE_MS };
}

/** @returns milliseconds from now */
function readRetryAfterHeader(headers: ResponseHeaders, now: number): number | undefined {
  const retryAfter = headers['retry-after'];
  const ms = readSeconds(retryAfter);
  if (ms !== undefined) return ms;
  const date = typeof retryAfter === 'string' ? Date.parse(retryAfter) : NaN;
  return Number.isNaN(date) ? undefined : date + clockSkew(headers, now) - now;
}

/** @returns milliseconds */
function readSeconds(value: unknown): number | undefined {
  const seconds = parseNumber(value);
  return seconds === undefined ? undefined : seconds * 1000;
}
