/**
 * The errors that the API answers with. reference: Error Handling
 * ("All errors return JSON with an `error` field and usually a `message` or `error_description`").
 */

/** An answer that refuses a request; thrown anywhere below a handler, sent as JSON by the server. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Further fields of the JSON body, e.g. `retry_after`. */
    readonly extra: Readonly<Record<string, unknown>> = {},
    /** The token call follows OAuth, which names the text `error_description`. */
    readonly textField: 'message' | 'error_description' = 'message',
    /** Headers of the answer; null removes one that it would have. */
    readonly headers: Readonly<Record<string, string | null>> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** The JSON body of the answer. */
  body(): Record<string, unknown> {
    return { error: this.code, [this.textField]: this.message, ...this.extra };
  }
}

/** 400: the request is understood but a field is not acceptable. The message names the field and why. */
export const invalid = (message: string): ApiError =>
  new ApiError(400, 'validation_error', message);

/** 401: no token, or one that was never issued. */
export const unauthorized = (message: string): ApiError =>
  new ApiError(401, 'unauthorized', message);

/** 401: a token of ours whose time is over. */
export const tokenExpired = (): ApiError =>
  new ApiError(401, 'token_expired', 'The access token has expired. Request a new one.');

/** 403: the thing exists but belongs to someone else. */
export const forbidden = (message: string): ApiError => new ApiError(403, 'forbidden', message);

/** 404: names which kind of thing is missing and the id asked for. */
export const notFound = (kind: string, id: string): ApiError =>
  new ApiError(404, 'not_found', `${kind} not found: ${id}`);

/** 409: the request contradicts what is there. */
export const conflict = (code: string, message: string): ApiError =>
  new ApiError(409, code, message);

/** Errors of `POST /api/auth/token`, in the form of OAuth (RFC 6749, 5.2). */
export const oauthError = (status: number, code: string, description: string): ApiError =>
  new ApiError(status, code, description, {}, 'error_description');
