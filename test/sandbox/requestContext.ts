/** What the server knows of a request besides what Fastify does. */
import type { FastifyRequest } from 'fastify';
import type { Fault } from './faults';
import { isHostileCursor } from './hostile/lists';
import type { RequestRecord } from './requests';
import type { Agent } from './entities';
import type { Operation } from './validate';

/** What the hooks of a request leave for its handler. */
export interface RequestContext {
  /** Null for the requests of `Sandbox.as`. */
  record: RequestRecord | null;
  operation: Operation | undefined;
  viewer: Agent | undefined;
  /** Still to apply, after the request has been handled. */
  fault: Fault | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    sandbox: RequestContext | null;
  }
  interface FastifyContextConfig {
    operation?: Operation;
  }
}

/** The token of the header, also one without the right scheme: then no token is known by it. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** The path of a request without its query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0];
}

/** Handlers see the request for the first page: a hostile list makes the others of that one. */
export function forgetHostileCursor({ query }: FastifyRequest): void {
  const asked = query as { cursor?: unknown };
  if (isHostileCursor(asked.cursor)) delete asked.cursor;
}

/** The record of a request that has just arrived. */
export function recordOf(
  request: FastifyRequest,
  operation: Operation | undefined,
  agent: Agent | undefined,
  at: number,
): RequestRecord {
  return {
    at,
    operationId: operation?.id ?? null,
    method: request.method,
    path: pathOf(request),
    query: { ...(request.query as Record<string, unknown>) },
    headers: { ...request.headers },
    agent: agent?.handle ?? null,
    status: null,
    error: null,
    applied: false,
    contentType: request.headers['content-type'] ?? null,
    body: undefined,
    bodySize: Number(request.headers['content-length'] ?? 0),
    fault: null,
  };
}
