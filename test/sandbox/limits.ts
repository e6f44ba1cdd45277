/** Rate limits: sliding or fixed windows per caller and bucket. docs/service.md: Rate limits */
import { ApiError } from './errors';
import { type Bucket, type BucketName, type HintOptions, type ResetForm } from './limitOptions';
import type { SandboxSettings } from './options';

/** What is left of a caller's budget in one bucket. */
export interface Budget {
  bucket: string;
  limit: number;
  remaining: number;
  /** When more of it is free, in milliseconds since the epoch. */
  resetAt: number;
}

export class RateLimits {
  /** When the requests were counted that the current windows hold, the oldest first. */
  readonly #counted = new Map<string, number[]>();
  /** How many requests were refused. */
  refused = 0;

  constructor(private readonly settings: Pick<SandboxSettings, 'window' | 'windowMs' | 'now'>) {}

  /** Spends one request of the caller's budget. A refused request does not count. */
  take(caller: string, bucket: Bucket): Budget & { allowed: boolean } {
    const now = this.settings.now();
    const counted = this.#current(caller, bucket, now);
    const allowed = counted.length < bucket.limit;
    if (!allowed) this.refused += 1;
    // Nothing is kept of what is never refused.
    else if (bucket.limit !== Infinity) counted.push(now);
    this.#counted.set(keyOf(caller, bucket), counted);
    return { ...this.#budget(bucket, counted, now), allowed };
  }

  /** The caller's budget as it stands, spending nothing. */
  peek(caller: string, bucket: Bucket): Budget {
    const now = this.settings.now();
    return this.#budget(bucket, this.#current(caller, bucket, now), now);
  }

  /** Forgets every window: all budgets are whole again. */
  clear(): void {
    this.#counted.clear();
  }

  /** What the window of this moment holds. */
  #current(caller: string, bucket: Bucket, now: number): number[] {
    const counted = this.#counted.get(keyOf(caller, bucket)) ?? [];
    const isOver = (at: number) => now >= at + this.settings.windowMs;
    if (this.settings.window === 'sliding') return counted.filter((at) => !isOver(at));
    return counted.length > 0 && isOver(counted[0]) ? [] : counted;
  }

  #budget({ name, limit }: Bucket, counted: number[], now: number): Budget {
    return {
      bucket: name,
      limit,
      remaining: Math.max(0, limit - counted.length),
      // Of a sliding window, only the oldest request is free then.
      resetAt: (counted.at(0) ?? now) + this.settings.windowMs,
    };
  }
}

const keyOf = (caller: string, { name }: Bucket): string => `${name} ${caller}`;

/**
 * The bucket that a call counts in by the pages of the vendor. They do not say whether a GET of `/api/upload` is an
 * upload; here all methods are.
 */
export function publishedBucketOf(method: string, path: string): BucketName {
  if (path.startsWith('/api/auth/')) return 'auth';
  if (path === '/api/upload' || path.startsWith('/api/upload/')) return 'upload';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}

/** The bucket that a call counts in by the settings, with its limit. */
export function bucketOf(
  { limits, bucketOf: chosen }: Pick<SandboxSettings, 'limits' | 'bucketOf'>,
  method: string,
  path: string,
): Bucket {
  const bucket = chosen(method, path) ?? publishedBucketOf(method, path);
  return typeof bucket === 'string' ? { name: bucket, limit: limits[bucket] } : bucket;
}

/** A moment in the chosen form. Whole seconds are rounded up: who waits until then never comes too early. */
export function formatReset(resetAt: number, form: ResetForm, now: number): number {
  switch (form) {
    case 'epoch-milliseconds':
      return Math.ceil(resetAt);
    case 'seconds':
      return secondsUntil(resetAt, now);
    default:
      return Math.ceil(resetAt / 1000);
  }
}

/** The headers of every answer. `Infinity` as a limit shows none, since there is nothing to tell. */
export function limitHeaders(
  budget: Budget,
  form: ResetForm,
  hints: HintOptions,
  now: number,
): Record<string, string> {
  if (budget.limit === Infinity) return {};
  return {
    'X-RateLimit-Limit': String(budget.limit),
    'X-RateLimit-Remaining': String(budget.remaining),
    ...(hints.reset && {
      'X-RateLimit-Reset': String(formatReset(budget.resetAt, form, now)),
    }),
    ...(hints.endpointType && { 'X-RateLimit-Endpoint-Type': budget.bucket }),
  };
}

/** What else the headers of a 429 say. */
export function refusalHeaders(
  budget: Budget,
  hints: HintOptions,
  now: number,
): Record<string, string> {
  return hints.retryAfterHeader ? { 'Retry-After': String(secondsUntil(budget.resetAt, now)) } : {};
}

/** What the body of a 429 says besides code and message. docs/service.md: Rate limits */
export function refusalFields(
  budget: Budget,
  form: ResetForm,
  hints: HintOptions,
  now: number,
): Record<string, number> {
  return {
    limit: budget.limit,
    ...(hints.reset && { reset: formatReset(budget.resetAt, form, now) }),
    ...(hints.retryAfterBody && { [hints.retryAfterBody]: secondsUntil(budget.resetAt, now) }),
  };
}

/** The refusal of a request over the limit. The reference names the status, the vendor's pages the code. */
export function rateLimited(budget: Budget, fields: Record<string, number>): ApiError {
  const message = `Too many ${budget.bucket} requests: ${budget.limit} per window`;
  return new ApiError(429, 'rate_limit_exceeded', message, fields);
}

/** Whole seconds until a moment, at least one. */
export function secondsUntil(at: number, now: number): number {
  return Math.max(1, Math.ceil((at - now) / 1000));
}
