import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { readDelivery } from '../events/readDelivery';
import { parseBody, PROBE_HEADER, readRawBody } from './deliveryBody';
import { type DeliveryCache, type DeliveryResponse, openDeliveryCache } from './dedupeDeliveries';
import type { ReadEvent } from '../events/event';
import { REJECTED } from '../events/eventType';
import { matchesFilter } from '../events/filter';
import { HttpRejection } from '../httpRejection';
import { nodeKey, triggerName } from '../nodeIdentity';
import { type DeliveryOptions, readDeliveryOptions, readEventTypes } from '../parameters/options';
import { isSampleDelivery } from './sampleEvent';
import { logRejection, toRejectionItem } from './rejectedDelivery';
import { isShuttingDown } from './shutdown';
import { hash, messageOf } from '../text';
import { isPassedOn, otherReceiversOf, passOn, publishedReceiversOf } from './shareDelivery';
import { endTest } from './testListener';
import {
  rememberSignature,
  type Verification,
  type VerifiedDelivery,
  verifyDelivery,
} from '../verification/verifyDelivery';
import type { WebhookState } from '../webhook/webhookState';

/** How long n8n may take to respond: until the execution is created, or until it has finished. */
const RESPONSE_TIMEOUT_MS = { onReceived: 120_000, lastNode: 3_600_000 };

/** The response of this workflow to a delivery that another one could not receive. */
const ACCEPTED: DeliveryResponse = { headersSent: true, statusCode: 200 };

/** The response to a delivery that starts no execution and need not be repeated. */
const NO_EVENTS: IWebhookResponseData = {
  webhookResponse: { message: 'Received. No event starts the workflow.', events: 0 },
};

/** The response to a delivery that a test does not take. */
const PASSED_ON: IWebhookResponseData = { webhookResponse: { message: 'Received' } };

/**
 * Handles a delivery: body → signature → events → filter → deduplication → items. n8n starts an execution even
 * when this throws, so a rejection is sent as the response instead (n8n 2.41.1, `executeWebhook`).
 *
 * @returns the items of the execution, or the response that starts none
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  try {
    return await acceptDelivery(context);
  } catch (error) {
    if (error instanceof HttpRejection) return rejectAndTell(context, error);
    context.logger.error(
      `${triggerName(context)} could not process a delivery: ${messageOf(error)}`,
    );
    // No execution was started, so the sender may retry.
    return reject(context, notReady());
  }
}

/** Rejects a delivery, and tells who wants to know, unless the sender is asked to come again or is another trigger. */
function rejectAndTell(context: IWebhookFunctions, rejection: HttpRejection): IWebhookResponseData {
  const response = reject(context, rejection);
  if (rejection.status === 503 || PROBE_HEADER in context.getHeaderData()) return response;
  const now = performance.now();
  logRejection(context, rejection, now);
  if (context.getMode() === 'manual' || !wantsRejections(context)) return response;
  const item = toRejectionItem(context, rejection, now);
  return item === undefined ? response : { ...response, workflowData: [[{ json: item }]] };
}

function wantsRejections(context: IWebhookFunctions): boolean {
  try {
    return readEventTypes(context.getNodeParameter('events', [])).has(REJECTED);
  } catch {
    return false;
  }
}

function notReady(): HttpRejection {
  return new HttpRejection(503, 'not_ready', 'The delivery cannot be processed at the moment');
}

function notForTest(): HttpRejection {
  return new HttpRejection(
    503,
    'test_running',
    'A test in the editor is running and did not take the delivery',
  );
}

function notShared(): HttpRejection {
  return new HttpRejection(503, 'not_shared', 'Another workflow could not receive the delivery');
}

function reject(
  context: IWebhookFunctions,
  { status, code, message }: HttpRejection,
): IWebhookResponseData {
  const response = context.getResponseObject();
  if (status === 503) response.setHeader('Retry-After', '5');
  response.status(status).json({ error: code, message });
  return { noWebhookResponse: true };
}

async function acceptDelivery(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  const body = readRawBody(context);
  const isTest = context.getMode() === 'manual';
  if (!isTest && isShuttingDown(context, performance.now())) {
    throw new HttpRejection(503, 'shutting_down', 'n8n is shutting down');
  }
  if (isTest && context.getWorkflowStaticData('node').isSample === true) {
    if (!isSampleDelivery(context) || !endTest(context)) throw notForTest();
    const items = toItems(readDelivery(parseBody(body)), { method: 'sample' });
    return respondNow(context, { workflowData: [items] });
  }
  const options = readDeliveryOptions(context.getNodeParameter('options', {}));
  const { state, verification } = await verifyDelivery(context, body, options);
  const { form } = verification;
  if (form !== undefined && state.signatureForm === '') rememberSignature(context, state, form);
  if (isTest) return await acceptInTest(context, body, options, { state, verification });
  const isShared = await passOn(context, body, state, otherReceiversOf);
  // What this workflow has is not started again when the delivery comes again for another one, unless it may have failed.
  const isSettled = !isShared && options.responseMode === 'onReceived';
  const response = isSettled ? ACCEPTED : context.getResponseObject();
  const result = acceptVerified(context, body, options, { state, verification }, response);
  if (isShared) return isPassedOn(context.getHeaderData()) ? respondNow(context, result) : result;
  const { noWebhookResponse } = reject(context, notShared());
  return { workflowData: result.workflowData, noWebhookResponse };
}

/** A test takes the first delivery that starts its workflow. All others are for the published workflows. */
async function acceptInTest(
  context: IWebhookFunctions,
  body: Buffer,
  options: DeliveryOptions,
  verified: VerifiedDelivery,
): Promise<IWebhookResponseData> {
  const result = acceptVerified(context, body, options, verified, context.getResponseObject());
  // Should the response be late, or an error, the delivery would come again and start the published workflows.
  if (result.workflowData !== undefined && endTest(context)) return respondNow(context, result);
  const { state, verification } = verified;
  const isVerified = verification.method !== 'none';
  if (isVerified && (await passOn(context, body, state, publishedReceiversOf))) return PASSED_ON;
  throw notForTest();
}

/** Responds before the workflow runs, for whoever does not wait for its end. */
function respondNow(
  context: IWebhookFunctions,
  { workflowData, webhookResponse }: IWebhookResponseData,
): IWebhookResponseData {
  if (workflowData === undefined) return { webhookResponse };
  context.getResponseObject().status(200).json({ message: 'Received' });
  return { workflowData, noWebhookResponse: true };
}

function acceptVerified(
  context: IWebhookFunctions,
  body: Buffer,
  options: DeliveryOptions,
  { state, verification }: VerifiedDelivery,
  response: DeliveryResponse,
): IWebhookResponseData {
  const isTest = context.getMode() === 'manual';
  const windowMs = options.deduplicationWindowMs;
  // Users who test resend the same event.
  const cache =
    isTest || windowMs === 0
      ? undefined
      : openDeliveryCache(nodeKey(context), performance.now(), windowMs);
  const delivery = hash(body);
  if (cache?.hasDelivery(delivery) === true) return NO_EVENTS;
  // Without a key in the URL, only the signature makes a delivery authentic, and it does not cover the headers.
  const headers = state.urlKey === '' ? {} : context.getHeaderData();
  const read = readDelivery(parseBody(body), headers);
  const matching = filterEvents(context, read, state, options);
  const events = cache === undefined ? matching : withoutDuplicates(matching, cache);
  if (events.length === 0) return NO_EVENTS;
  const keys = events.map(({ key }) => key);
  const timeoutMs = RESPONSE_TIMEOUT_MS[options.responseMode];
  if (cache?.add(delivery, keys, response, timeoutMs) === false) {
    throw new HttpRejection(503, 'busy', 'Too many deliveries are being processed');
  }
  return { workflowData: [toItems(events, verification)] };
}

function toItems(
  events: readonly ReadEvent[],
  verification: Verification,
): Array<{ json: IDataObject }> {
  return events.map(({ event: { raw, ...fields } }) => ({
    json: { ...fields, verification, raw },
  }));
}

function filterEvents(
  context: IWebhookFunctions,
  read: readonly ReadEvent[],
  { id, handle }: WebhookState,
  { onlyFrom, exceptFrom, texts, ignoreOwnActions }: DeliveryOptions,
): ReadEvent[] {
  if (ignoreOwnActions && id === '' && handle === '') {
    context.logger.warn(
      `${triggerName(context)} cannot tell which actions are its own agent's. Unpublish the workflow and publish it again, or turn off "Ignore Own Actions".`,
    );
    throw notReady();
  }
  const events = readEventTypes(context.getNodeParameter('events', []));
  const ignoredAgent = ignoreOwnActions ? { id, handle } : undefined;
  const isListening = context.getMode() === 'manual';
  const filter = { events, onlyFrom, exceptFrom, texts, ignoredAgent, isListening };
  return read.filter(({ event }) => matchesFilter(event, filter));
}

function withoutDuplicates(
  events: readonly ReadEvent[],
  cache: DeliveryCache,
): readonly ReadEvent[] {
  const fresh = events.filter(({ key }) => cache.eventState(key) !== 'processed');
  if (fresh.some(({ key }) => cache.eventState(key) === 'pending')) {
    throw new HttpRejection(503, 'in_progress', 'The same delivery is already being processed');
  }
  return fresh;
}
