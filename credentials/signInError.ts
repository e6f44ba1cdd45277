import { UserError } from 'n8n-workflow';
import type { RetryAfter } from './http/rateLimitHeaders';

/** Why there is no token. */
export interface SignInFailure {
  message: string;
  description: string;
  /** The HTTP status; 0 when there was no response. */
  status: number;
  /** When the service allows another attempt, if it said so. */
  retryAfter?: RetryAfter;
}

/**
 * The service returned no token. Nothing but these fields is attached: n8n logs what is attached to an error, and a
 * response or its headers may repeat a secret.
 */
export class SignInError extends UserError {
  /** Not under a name such as `status`: n8n would put a sentence of its own in place of the message (n8n 2.41.1). */
  readonly httpStatus: number;

  readonly retryAfter?: RetryAfter;

  constructor({ message, description, status, retryAfter }: SignInFailure) {
    super(message, { description, extra: { status } });
    this.httpStatus = status;
    this.retryAfter = retryAfter;
  }
}
