import { ProcessMap } from '../memory/processMap';
import type { ResponseHeaders } from './rateLimitHeaders';
import type { Bucket } from './rateLimiter';

/** What a request asks for. */
export interface RequestLine {
  method: string;
  /** Below `/api`: `/posts/p1/like`. */
  path: string;
}

/** More endpoints than the service has, with room for handles that look like a part of a path. */
const MAX_ENDPOINTS = 1000;

/** The buckets that responses named for an endpoint where it is not the published one. */
const named = new ProcessMap<string>(MAX_ENDPOINTS);

/** A name as the service gives it, not text that happens to be in a header. */
const BUCKET_NAME = /^[a-z][a-z0-9_-]{0,31}$/;

/**
 * The bucket that a request is counted in: the one that the last response of its endpoint named, else the published one
 * (docs/service.md: Rate limits). They do not say in which one requests count that get or delete files.
 *
 * @param baseUrl the service
 * @param request its method and path
 */
export function bucketOf(baseUrl: string, request: RequestLine): string {
  return named.get(keyOf(baseUrl, request)) ?? publishedBucket(request);
}

/**
 * Takes over the bucket that a response names.
 *
 * @param baseUrl the service
 * @param request its method and path
 * @param headers the headers of the response
 * @returns the bucket that the request was counted in
 */
export function learnBucket(
  baseUrl: string,
  request: RequestLine,
  headers: ResponseHeaders,
): string {
  const name = headers['x-ratelimit-endpoint-type'];
  const bucket = typeof name === 'string' ? name.toLowerCase() : '';
  if (BUCKET_NAME.test(bucket) && bucket !== bucketOf(baseUrl, request)) {
    named.set(keyOf(baseUrl, request), bucket);
  }
  return bucketOf(baseUrl, request);
}

function publishedBucket({ method, path }: RequestLine): Bucket {
  if (path.startsWith('/auth/')) return 'auth';
  if (path === '/upload' || path.startsWith('/upload/')) return 'upload';
  return method === 'GET' ? 'read' : 'write';
}

/** IDs and most handles are not a part of the endpoint. */
function keyOf(baseUrl: string, { method, path }: RequestLine): string {
  const endpoint = path.replace(/[^/]+/g, (part) => (/[^a-z-]/.test(part) ? '*' : part));
  return `${method} ${baseUrl}${endpoint}`;
}
