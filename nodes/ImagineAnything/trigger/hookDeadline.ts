import { NodeApiError } from 'n8n-workflow';
import type { ClientSettings } from '../transport/client';
import { sleep } from '../transport/sleep';

/**
 * How long a hook of n8n may take: long enough for a rate limit to reset. n8n gives up a publication after
 * 84 seconds, and a test after two minutes; a hook that ended later would change what n8n believes to be over
 * (n8n 2.41.1, `WorkflowPublicationOutboxConsumer`, `TestWebhooks`).
 */
export const HOOK_MS = 60_000;

/** How long giving back a webhook after a test is tried. Meanwhile, n8n may be told to listen again. */
export const RETURN_MS = 30_000;

/** How long n8n's start may be held up by a service that does not answer. */
export const START_MS = 5_000;

/** How long one answer may take, without a sign-in; what is under way when the time is up may take as much longer. */
const ANSWER_MS = 15_000;

/**
 * Makes the settings of a client that is used for a time only, by however many requests.
 *
 * @param ms how long from now, in milliseconds; the last answer may come 15 seconds later
 */
export function within(ms: number): ClientSettings {
  const end = performance.now() + ms;
  return {
    get maxWaitMs() {
      return Math.max(0, end - performance.now());
    },
    get timeoutMs() {
      return Math.min(ANSWER_MS, Math.max(1, end + ANSWER_MS - performance.now()));
    },
  };
}

const FIRST_PAUSE_MS = 1_000;

/**
 * Does again, after growing pauses, what failed for a reason that may pass: the service cannot be reached, has
 * a problem or allows no more requests.
 *
 * @param work what to do
 * @param ms how long to go on, in milliseconds; 0 for one try
 * @throws the last error
 */
export async function persistently<Result>(
  work: () => Promise<Result>,
  ms: number,
): Promise<Result> {
  const end = performance.now() + ms;
  for (let wait = FIRST_PAUSE_MS; ; wait *= 2) {
    const [outcome] = await Promise.allSettled([work()]);
    if (outcome.status === 'fulfilled') return outcome.value;
    if (!mayPass(outcome.reason) || performance.now() + wait > end) throw outcome.reason as Error;
    await sleep(wait);
  }
}

function mayPass(error: unknown): boolean {
  if (!(error instanceof NodeApiError)) return false;
  const status = Number(error.httpCode ?? 0);
  return status === 0 || status === 429 || status >= 500;
}
