import type { IDataObject } from 'n8n-workflow';
import { stripAt } from '../../engine/handle';
import { DELIVERY_HEADER, EVENT_HEADER } from '../assumptions';
import { eventNames, hasOwnId, readEventFields, type EventFields } from './eventFields';
import { isSpecific } from './eventType';
import type { RequestHeaders } from '../requestHeaders';
import { hash, MAX_TEXT_LENGTH } from '../text';

/**
 * The event types that the documents name: follow, like, comment and message as webhook events (reference: Configure
 * Your Webhook), the others as types of notifications (reference: Get Your Notifications). See docs/assumptions.md.
 */
export const EVENT_TYPES = [
  'follow',
  'like',
  'comment',
  'repost',
  'quote',
  'mention',
  'reply',
  'message',
] as const;

/** An event as the node outputs it. */
// A type, not an interface: an item's data wants an index signature, which types have implicitly.
export type TriggerEvent = {
  /** One of EVENT_TYPES, or the service's own name for an event type that is not documented. */
  event: string;
  id: string;
  /** ISO 8601; null when the delivery does not say. */
  occurredAt: string | null;
  /** Who did it; null when the delivery does not say. */
  agent: IDataObject | null;
  post?: IDataObject;
  byte?: IDataObject;
  comment?: IDataObject;
  message?: IDataObject;
  /** The event as it was delivered. */
  raw: IDataObject;
};

/** What the headers of a delivery say about its event. No signature covers them. */
export interface HeaderFields {
  event?: string;
  id?: string;
}

/** Reads what the headers of a delivery say about its event. */
export function readHeaderFields(headers: RequestHeaders): HeaderFields {
  return { event: headerValue(headers, EVENT_HEADER), id: headerValue(headers, DELIVERY_HEADER) };
}

function headerValue(headers: RequestHeaders, name: RegExp): string | undefined {
  const value = Object.entries(headers).find(([key]) => name.test(key))?.[1];
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_LENGTH
    ? value
    : undefined;
}

/** An event read from a delivery. */
export interface ReadEvent {
  event: TriggerEvent;
  /** The deduplication key; see {@link eventKey}. */
  key: string;
}

/**
 * Reads an event. `raw` keeps what is not understood.
 *
 * @param entry the event as it was delivered
 * @param header what the headers say about it, which completes what the entry does not say
 */
export function readEvent(entry: Record<string, unknown>, header: HeaderFields): ReadEvent {
  const names = eventNames(entry);
  const key = keyOfFields(readEventFields(entry, names), entry);
  const headerNames = header.event === undefined || names.some(isSpecific) ? [] : [header.event];
  const { event, id, ...fields } = readEventFields(entry, [...headerNames, ...names]);
  // Without an ID, the key identifies the whole entry.
  const raw = entry as IDataObject;
  return { event: { event, id: id ?? header.id ?? key, ...fields, raw }, key };
}

/**
 * Computes the deduplication key of an event, which is the same when the event is delivered again. It is made
 * from the body only: a delivery replayed with other headers is a duplicate.
 */
export function eventKey({ raw }: Pick<TriggerEvent, 'raw'>): string {
  return keyOfFields(readEventFields(raw, eventNames(raw)), raw);
}

function keyOfFields(
  { event, id, agent, ...subjects }: EventFields,
  entry: Record<string, unknown>,
): string {
  // The ID may be that of the post, so the agent and the event type are included. The time is not: it may be
  // the time of the delivery.
  const { comment, message, post, byte } = subjects;
  const subjectIds = [comment, message, post, byte].map((subject) => subject?.id);
  // As the filters compare it: `@name` is `name`.
  const handle = typeof agent?.handle === 'string' ? stripAt(agent.handle) : agent?.handle;
  const identity = [event, id, agent?.id, handle, ...subjectIds];
  return hash(JSON.stringify(id === undefined ? entry : identity));
}

/** Whether an event can always be told from another one like it, by its ID or its time. */
export function hasIdentity({
  raw,
  occurredAt,
}: Pick<TriggerEvent, 'raw' | 'occurredAt'>): boolean {
  return occurredAt !== null || hasOwnId(raw);
}
