import type { IHttpRequestMethods, RequestHelperFunctions } from 'n8n-workflow';
import { isRecord } from '../../../../credentials/http/record';
import { sleep } from '../../../../credentials/http/sleep';
import { messageOf } from '../text';

const GONE = 'HTTP 404';
const ATTEMPTS = 3;
const RETRY_MS = 1_000;
const TIMEOUT_MS = 10_000;

/** Why a delivery was not taken. */
export interface DeliveryProblem {
  /** The rest of a sentence such as "could not be delivered: HTTP 500". */
  reason: string;
  /** Whether it may be taken later. */
  isTransient: boolean;
}

/** The part of n8n's contexts that sends. */
interface Sender {
  helpers: Pick<RequestHelperFunctions, 'httpRequest'>;
}

/**
 * Sends a delivery to a trigger in this n8n instance, up to three times within half a minute.
 *
 * @param url its webhook URL, with the key that it expects
 * @returns undefined when the trigger has taken it
 */
export async function sendDelivery(
  context: Sender,
  url: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<DeliveryProblem | undefined> {
  let problem: DeliveryProblem | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await sleep(RETRY_MS);
    problem = await sendOnce(context, url, headers, body);
    if (problem === undefined || !problem.isTransient) return problem;
  }
  // n8n responds with 404 while it publishes a changed workflow, but not for so long: its workflow is gone.
  return problem?.reason === GONE ? { ...problem, isTransient: false } : problem;
}

async function sendOnce(
  context: Sender,
  url: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<DeliveryProblem | undefined> {
  const method: IHttpRequestMethods = 'POST';
  try {
    const response: unknown = await context.helpers.httpRequest({
      ...{ method, url, headers, body, timeout: TIMEOUT_MS },
      ...{ returnFullResponse: true, ignoreHttpStatusErrors: true, disableFollowRedirect: true },
    });
    const status = isRecord(response) ? Number(response.statusCode) : 0;
    if (status >= 200 && status < 300) return undefined;
    const isTransient = !(status >= 300 && status < 500) || [404, 408, 429].includes(status);
    return { reason: `HTTP ${status}`, isTransient };
  } catch (error) {
    return { reason: messageOf(error), isTransient: true };
  }
}
