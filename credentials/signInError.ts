import { UserError } from 'n8n-workflow';
import type { Wait } from './http/rateLimitHeaders';

/** Why there is no token. */
export interface SignInFailure {
  message: string;
  description: string;
  /** The HTTP status; 0 when no answer came. */
  status: number;
  /** How long the service said to wait. */
  wait?: Wait;
}

/**
 * The service gave no token. Only what was chosen for it is attached: n8n logs the attachments of an
 * error, and an answer or its headers may repeat a secret.
 */
export class SignInError extends UserError {
  /** Not `status`: n8n would put its own sentence on that status in place of the message (n8n 2.41.1, `NodeApiError`). */
  readonly httpStatus: number;

  readonly wait?: Wait;

  constructor({ message, description, status, wait }: SignInFailure) {
    super(message, { description, extra: { status } });
    this.httpStatus = status;
    this.wait = wait;
  }
}
