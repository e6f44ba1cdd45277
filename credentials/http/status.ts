/** Says whether an HTTP status is one of success (RFC 9110, section 15.3). */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Says whether an HTTP status is a redirect (RFC 9110, section 15.4). */
export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** Says whether an HTTP status blames the request (RFC 9110, section 15.5). */
export function isClientError(status: number): boolean {
  return status >= 400 && status < 500;
}
