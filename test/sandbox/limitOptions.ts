/** What can be set about rate limits. docs/service.md: Rate limits */

/** The buckets of the service. Each has a limit of its own. */
export const BUCKETS = ['auth', 'read', 'write', 'upload'] as const;

export type BucketName = (typeof BUCKETS)[number];

/** How many requests of each bucket a window allows. The pages of the vendor have `upload`, the reference does not. */
export interface LimitNumbers {
  /** Everything under `/api/auth/`: registrations and token exchanges. Default 10. */
  auth: number;
  /** Other GET requests. Default 100. */
  read: number;
  /** Other POST, PUT, PATCH and DELETE requests. Default 30. */
  write: number;
  /** Everything under `/api/upload`. Default 10. */
  upload: number;
}

/** Rate limits that nothing meets. */
export const UNLIMITED: Readonly<LimitNumbers> = {
  auth: Infinity,
  read: Infinity,
  write: Infinity,
  upload: Infinity,
};

/** A bucket, with its limit. */
export interface Bucket {
  /** What `X-RateLimit-Endpoint-Type` says. */
  name: string;
  limit: number;
}

/**
 * Counts a call in another bucket than the service's pages say, or in one that no client knows.
 * @returns undefined for calls that count as the pages say
 */
export type BucketOf = (method: string, path: string) => BucketName | Bucket | undefined;

/**
 * When counted requests are free again: `sliding` (default), each a window's length after it was counted; `fixed`,
 * all of them a window's length after the first.
 */
export type WindowForm = 'sliding' | 'fixed';

/** The unit of `X-RateLimit-Reset`: a "Unix timestamp" on the vendor's pages, not stated in the reference. */
export type ResetForm = 'epoch-seconds' | 'epoch-milliseconds' | 'seconds';

/** Which hints answers carry. */
export interface HintOptions {
  /** `X-RateLimit-Reset` on every answer, and `reset` in the body of a 429. Default true. */
  reset: boolean;
  /** `X-RateLimit-Endpoint-Type` on every answer, which the reference does not name. Default true. */
  endpointType: boolean;
  /** `Retry-After` in seconds on a 429, which the reference does not name. Default true. */
  retryAfterHeader: boolean;
  /** The field with the seconds in the body of a 429; the vendor's SDK reads `retry_after`. Default `retryAfter`. */
  retryAfterBody: 'retryAfter' | 'retry_after' | null;
}

/** How a generation is refused while three jobs run. The reference only says that no more do. */
export interface JobLimitOptions {
  /** Default 409. */
  status: 400 | 403 | 409 | 429;
  /** What the headers of the rate limit say: how many `requests` are left (default), how many `jobs`, or nothing. */
  headers: 'requests' | 'jobs' | 'none';
}
