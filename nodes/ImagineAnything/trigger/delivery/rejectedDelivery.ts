import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { ProcessMap } from '../../../../credentials/memory/processMap';
import type { HttpRejection } from '../httpRejection';
import { MAX_NODES, nodeKey } from '../nodeIdentity';
import { headerNames } from '../requestHeaders';
import { HOUR_MS, warnHourly } from '../warnHourly';

/** When a rejection last started a workflow, by node, on the monotonic clock. */
const outputAt = new ProcessMap<number>(MAX_NODES);

/**
 * Logs a rejection, once an hour for each reason.
 *
 * @param now milliseconds on the monotonic clock, `performance.now()`
 */
export function logRejection(
  context: IWebhookFunctions,
  { code, message }: HttpRejection,
  now: number,
): void {
  const headers = headerNames(context).join(', ');
  warnHourly(
    context,
    code,
    `rejected a delivery: ${message} (${code}). Its headers: ${headers}.`,
    now,
  );
}

/**
 * Makes the item that tells a workflow of a rejection, once an hour.
 *
 * @param now milliseconds on the monotonic clock, `performance.now()`
 * @returns undefined when there was one less than an hour ago
 */
export function toRejectionItem(
  context: IWebhookFunctions,
  { status, code, message }: HttpRejection,
  now: number,
): IDataObject | undefined {
  const key = nodeKey(context);
  if (now - (outputAt.get(key) ?? -Infinity) < HOUR_MS) return undefined;
  outputAt.set(key, now);
  const occurredAt = new Date().toISOString();
  const rejection = { status, code, message, headers: headerNames(context) };
  const id = `rejected_${occurredAt}`;
  const event = { event: 'rejected', id, occurredAt, agent: null, rejection };
  return { ...event, raw: event };
}
