import { NodeApiError } from 'n8n-workflow';
import type { ClientSettings } from '../../transport/client';
import { type Deadline, remaining } from '../../../../credentials/http/deadline';
import { sleep } from '../../../../credentials/http/sleep';

/**
 * How long a webhook method may take: long enough for a rate limit to reset. n8n abandons a publication after 84
 * seconds and a test after two minutes; a method that ends later would change what n8n considers finished (n8n
 * 2.41.1, `WorkflowPublicationOutboxConsumer`, `TestWebhooks`).
 */
export const HOOK_MS = 60_000;

/** How long restoring the webhook after a test is retried. Meanwhile, the user may start another test. */
export const RESTORE_MS = 30_000;

/** How long a service that does not respond may delay the start of n8n. */
export const START_MS = 5_000;

/** The timeout of one request, sign-in not included. A request sent just before the deadline may exceed it by this. */
const REQUEST_MS = 15_000;

/**
 * Creates client settings with a deadline that all requests of the client share.
 *
 * @param deadline when the last wait ends; the last response may arrive 15 seconds later
 */
export function clientSettingsFor(deadline: Deadline): ClientSettings {
  return {
    maxWaitMs: HOOK_MS,
    lastWait: deadline,
    timeoutMs: REQUEST_MS,
    deadline: { at: deadline.at + REQUEST_MS },
  };
}

const FIRST_RETRY_MS = 1_000;

/**
 * Retries a task with exponential backoff while it fails for a transient reason: no connection, a status of 5xx
 * or the rate limit.
 *
 * @param deadline when the last attempt may start; the first one always does
 * @param task what to do
 * @throws the last error
 */
export async function retryUntil<Result>(
  deadline: Deadline,
  task: () => Promise<Result>,
): Promise<Result> {
  const attempt = async (delay: number): Promise<Result> =>
    await task().catch(async (error: unknown) => {
      if (!isTransient(error) || delay > remaining(deadline)) throw error;
      await sleep(delay);
      return await attempt(2 * delay);
    });
  return await attempt(FIRST_RETRY_MS);
}

function isTransient(error: unknown): boolean {
  if (!(error instanceof NodeApiError)) return false;
  const status = Number(error.httpCode ?? 0);
  return status === 0 || status === 429 || status >= 500;
}
