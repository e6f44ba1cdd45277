/** How a refusal is put into the words of the API, whoever refuses: a handler, the contract or Fastify. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AcceptOptions } from './acceptOptions';
import { ApiError, invalid } from './errors';
import { malformedTokenRequest } from './resources/authentication';
import type { Operation } from './validate';

/** JSON bodies; an empty one is no body, whatever its type is said to be. */
export function acceptJson(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, next) => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
    if (length === '0' && encoding === undefined) delete request.headers['content-type'];
    next();
  });
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request, body, next) => {
      const record = request.sandbox?.record;
      if (record) record.bodySize = body.length;
      if (body.length === 0) return next(null, undefined);
      try {
        next(null, JSON.parse(body.toString()) as unknown);
      } catch {
        next(new ApiError(400, 'invalid_json', 'The body is not valid JSON'));
      }
    },
  );
}

/** @throws ApiError 400 in the words of the call: the token call speaks OAuth */
export function checkRequest(
  operation: Operation,
  request: FastifyRequest,
  accepts: AcceptOptions,
): void {
  try {
    if (request.isMultipart() && !operation.file) throw invalid('body: must be JSON');
    const { params, query, body } = request;
    operation.checkRequest(params as object, query as object, body, accepts.requires);
    if (operation.method === 'PATCH' && accepts.emptyValues === 'refuse') refuseEmpty(body);
  } catch (error) {
    if (operation.id === 'authToken' && error instanceof ApiError) {
      throw malformedTokenRequest(request.body, error.message);
    }
    throw error;
  }
}

function refuseEmpty(body: unknown): void {
  for (const [name, value] of Object.entries(body ?? {})) {
    const isEmpty = value === '' || (Array.isArray(value) && value.length === 0);
    if (isEmpty) throw invalid(`${name}: must not be empty`);
  }
}

/** The contract lets a service answer 400 where it does not name 409 or 413. */
export function statusOf(refusal: ApiError, operation: Operation): number {
  const narrower = refusal.status === 409 || refusal.status === 413;
  return narrower && !operation.declares(refusal.status) ? 400 : refusal.status;
}

/** What Fastify refuses before a handler is reached, in the form of the API; undefined for a defect. */
export function frameworkError(error: unknown): ApiError | undefined {
  const { statusCode, code, message } = error as {
    statusCode?: number;
    code?: string;
    message?: string;
  };
  if (statusCode === undefined || statusCode >= 500) return undefined;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new ApiError(413, 'payload_too_large', 'The body is too large');
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new ApiError(400, 'unsupported_content_type', 'The body must be application/json');
  }
  return new ApiError(400, 'bad_request', message ?? 'Bad request');
}
