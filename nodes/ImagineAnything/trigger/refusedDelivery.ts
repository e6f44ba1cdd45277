import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { BoundedMap, ProcessMap } from '../../../credentials/processMap';
import type { HttpRejection } from './httpRejection';
import { MAX_NODES, nodeKey, triggerName } from './nodeIdentity';

/** How often the same refusal is logged, and how often any refusal starts a workflow. */
const HOUR_MS = 3_600_000;

/** More than there are reasons, with some for each of the triggers that share a webhook. */
const MAX_REASONS = 200;
/** More than a delivery has. */
const MAX_HEADERS = 50;
const MAX_NAME_LENGTH = 100;

/** When refusals were last logged and output, by node, on the monotonic clock. */
const nodes = new ProcessMap<{ loggedAt: BoundedMap<number>; outputAt?: number }>(MAX_NODES);

function memoryOf(context: IWebhookFunctions) {
  const key = nodeKey(context);
  const memory = nodes.get(key) ?? { loggedAt: new BoundedMap<number>(MAX_REASONS) };
  nodes.set(key, memory);
  return memory;
}

/** The names of the headers of a delivery: their values may be secrets. */
function headerNames(context: IWebhookFunctions): string[] {
  return Object.keys(context.getHeaderData())
    .slice(0, MAX_HEADERS)
    .map((name) => name.slice(0, MAX_NAME_LENGTH))
    .sort();
}

/**
 * Logs a refusal, once an hour for each reason.
 *
 * @param now milliseconds on the monotonic clock, `performance.now()`
 */
export function logRefusal(
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
 * Logs a warning, once an hour for each reason.
 *
 * @param reason what tells it from others
 * @param message the rest of a sentence that begins with the trigger
 * @param now milliseconds on the monotonic clock, `performance.now()`
 */
export function warnHourly(
  context: IWebhookFunctions,
  reason: string,
  message: string,
  now: number,
): void {
  const { loggedAt } = memoryOf(context);
  if (now - (loggedAt.get(reason) ?? -Infinity) < HOUR_MS) return;
  loggedAt.set(reason, now);
  context.logger.warn(
    `${triggerName(context)} ${message} The next of this kind is logged in an hour.`,
  );
}

/**
 * Makes the item that tells a workflow of a refusal, once an hour.
 *
 * @param now milliseconds on the monotonic clock, `performance.now()`
 * @returns undefined when there was one less than an hour ago
 */
export function toRefusalItem(
  context: IWebhookFunctions,
  { status, code, message }: HttpRejection,
  now: number,
): IDataObject | undefined {
  const memory = memoryOf(context);
  if (now - (memory.outputAt ?? -Infinity) < HOUR_MS) return undefined;
  memory.outputAt = now;
  const occurredAt = new Date().toISOString();
  const refusal = { status, code, message, headers: headerNames(context) };
  const id = `refused_${occurredAt}`;
  const event = { event: 'refused', id, occurredAt, agent: null, refusal };
  return { ...event, raw: event };
}
