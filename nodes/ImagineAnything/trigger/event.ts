import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../../../credentials/http/record';
import {
  ACTOR_HANDLE_KEYS,
  ACTOR_ID_KEYS,
  ACTOR_KEYS,
  AGENT_HANDLE_KEYS,
  AGENT_ID_KEYS,
  AGENT_KEYS,
  DELIVERY_HEADER,
  EVENT_HEADER,
  EVENT_ID_KEYS,
  EVENT_NAME_KEYS,
  INNER_KEYS,
  TIME_KEYS,
} from './assumptions';
import { isTelling, pickName, toKind } from './kind';
import type { Headers } from './signature';
import { withoutAt } from './handle';
import { hash, MAX_TEXT, toText, toTime } from './text';

/** The kinds of event that the platform is known to have (reference: Configure Your Webhook, Get Your Notifications). */
export const EVENT_KINDS = [
  'follow',
  'like',
  'comment',
  'repost',
  'quote',
  'mention',
  'reply',
  'message',
] as const;

/** One event in the form in which it leaves the node. */
// A type, not an interface: an item's data wants an index signature, which types have implicitly.
export type TriggerEvent = {
  /** One of EVENT_KINDS, or the name that the service gave to a kind that is not known here. */
  event: string;
  /** The kind that a header names where a signed body names none. Nobody signed it. */
  claimedEvent?: string;
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

/** The subjects that an event may have, and the keys under which they come. */
const SUBJECTS = {
  post: ['post'],
  byte: ['byte'],
  comment: ['comment', 'reply'],
  message: ['message', 'directMessage', 'direct_message', 'dm'],
} as const;

type Subject = keyof typeof SUBJECTS;
type Members = Record<string, unknown>;

/** The kinds whose delivery may be the subject itself, without a key of its own. */
const SUBJECT_OF_KIND: Readonly<Record<string, Subject>> = {
  like: 'post',
  repost: 'post',
  quote: 'post',
  mention: 'post',
  comment: 'comment',
  reply: 'comment',
  message: 'message',
};

/** What the headers of a delivery say about its event. No signature covers it. */
export interface Claims {
  event?: string;
  id?: string;
}

/** Reads what the headers of a delivery say about its event. */
export function readClaims(headers: Headers): Claims {
  return { event: headerValue(headers, EVENT_HEADER), id: headerValue(headers, DELIVERY_HEADER) };
}

/** An event as it was read from a delivery. */
export interface ReadEvent {
  event: TriggerEvent;
  /** What makes it the same event when it comes again; see {@link keyOf}. */
  key: string;
}

/**
 * Reads an event. What is not understood is still under `raw`.
 *
 * @param entry the event as it was delivered
 * @param claims what the headers say of it
 * @param isSigned whether a signature covers the entry: then it alone says what happened, and what a header says
 *   is kept apart; else a header may fill in what the entry does not say
 */
export function readEvent(entry: Members, claims: Claims, isSigned: boolean): ReadEvent {
  const names = namesOf(entry);
  const signed = readParts(entry, names);
  const key = keyOfParts(signed, entry);
  const claimed = names.some(isTelling) ? undefined : claims.event;
  const isFilledIn = claimed !== undefined && !isSigned;
  const { event, id, ...parts } = isFilledIn ? readParts(entry, [claimed, ...names]) : signed;
  return {
    event: {
      event,
      ...(claimed !== undefined && isSigned ? { claimedEvent: toKind(claimed) } : {}),
      // Without an ID, the key stands for all of the entry.
      id: id ?? (isSigned ? undefined : claims.id) ?? key,
      ...parts,
      raw: entry as IDataObject,
    },
    key,
  };
}

/**
 * Names what makes an event the same event when it comes again. Only the body goes into it: a delivery that is
 * replayed with other headers is still the same.
 */
export function keyOf({ raw }: Pick<TriggerEvent, 'raw'>): string {
  return keyOfParts(readParts(raw, namesOf(raw)), raw);
}

function keyOfParts({ event, id, agent, ...subjects }: Parts, entry: Members): string {
  // The ID may turn out to be that of the post, so who did what belongs to it. The time does not: it may
  // be that of the delivery.
  const about = [subjects.comment, subjects.message, subjects.post, subjects.byte];
  const identity = [event, id, agent?.id, agent?.handle, ...about.map((each) => each?.id)];
  return hash(JSON.stringify(id === undefined ? entry : identity));
}

/** Says whether an event can be told for ever from another one that looks like it. */
export function isUnique({ raw, occurredAt }: Pick<TriggerEvent, 'raw' | 'occurredAt'>): boolean {
  return occurredAt !== null || firstText(outerPlaces(raw), EVENT_ID_KEYS) !== undefined;
}

function outerPlaces(entry: Members): Members[] {
  const notification = own(entry, 'notification');
  return isRecord(notification) ? [entry, notification] : [entry];
}

function innerPlaces(entry: Members): Members[] {
  return INNER_KEYS.map((key) => own(entry, key)).filter(isRecord);
}

/** The names that an event may have, the outer ones first. */
function namesOf(entry: Members): string[] {
  return [...outerPlaces(entry), ...innerPlaces(entry)]
    .flatMap((place) => EVENT_NAME_KEYS.map((key) => toText(own(place, key))))
    .filter((name) => name !== undefined);
}

type Parts = Omit<TriggerEvent, 'id' | 'raw'> & { id?: string };

function readParts(entry: Members, names: readonly string[]): Parts {
  const outer = outerPlaces(entry);
  const inner = innerPlaces(entry);
  const places = [...new Set([...inner, ...outer])];
  const event = toKind(pickName(names));
  const subjects = readSubjects(event, places, inner);
  const { comment, message, post } = subjects;
  // `agent` may be the agent to whom it happened, and the author of a post that is quoted as well.
  const agent =
    readActor(places, ACTOR) ??
    (['comment', 'reply', 'mention'].includes(event) ? authorOf(comment) : null) ??
    (event === 'message' ? authorOf(message) : null) ??
    readActor(places, AGENT) ??
    (['quote', 'mention', 'reply'].includes(event) ? authorOf(post) : null);
  return {
    event,
    id: firstText(outer, EVENT_ID_KEYS),
    occurredAt: firstTime([...outer, ...inner]),
    agent,
    ...subjects,
  };
}

function readSubjects(
  event: string,
  places: Members[],
  inner: Members[],
): Partial<Record<Subject, IDataObject>> {
  const found: Partial<Record<Subject, IDataObject>> = {};
  for (const [subject, keys] of Object.entries(SUBJECTS) as Array<[Subject, readonly string[]]>) {
    const value =
      firstOf(places, keys, (candidate) => (isRecord(candidate) ? candidate : undefined)) ??
      fromId(firstText(places, [`${subject}Id`, `${subject}_id`]));
    if (value !== undefined) found[subject] = value as IDataObject;
  }
  const own = SUBJECT_OF_KIND[event];
  if (own !== undefined && Object.keys(found).length === 0) {
    // Without a subject under its key, an inner object with a content is the subject.
    const itself = inner.find((place) => typeof place.content === 'string');
    if (itself !== undefined) found[own] = itself as IDataObject;
  }
  return found;
}

function fromId(id: string | undefined): Members | undefined {
  return id === undefined ? undefined : { id };
}

/** Names of an agent: whole, by ID only, by handle only. */
type Names = Readonly<Record<'keys' | 'ids' | 'handles', readonly string[]>>;

const ACTOR: Names = { keys: ACTOR_KEYS, ids: ACTOR_ID_KEYS, handles: ACTOR_HANDLE_KEYS };
const AGENT: Names = { keys: AGENT_KEYS, ids: AGENT_ID_KEYS, handles: AGENT_HANDLE_KEYS };

function readActor(places: Members[], { keys, ids, handles }: Names): IDataObject | null {
  const actor = keys.map((key) => firstOf(places, [key], toAgent)).find(isRecord);
  if (actor !== undefined) return withPlainHandle(actor);
  const id = firstText(places, ids);
  const handle = firstText(places, handles);
  if (id === undefined && handle === undefined) return null;
  return withPlainHandle({ ...fromId(id), ...(handle === undefined ? {} : { handle }) });
}

const HANDLE = /^@?\w{3,30}$/;

function toAgent(value: unknown): Members | undefined {
  if (isRecord(value)) return hasName(value) ? value : undefined;
  return typeof value === 'string' && HANDLE.test(value) ? { handle: value } : undefined;
}

function hasName(agent: Members): boolean {
  return Object.hasOwn(agent, 'handle') || Object.hasOwn(agent, 'id');
}

/** The author of what was written is who did it; the post that was liked is not the liker's. */
function authorOf(written: IDataObject | undefined): IDataObject | null {
  if (written === undefined) return null;
  return readActor([written], ACTOR) ?? readActor([written], AGENT);
}

function withPlainHandle(agent: Members): IDataObject {
  const { handle } = agent;
  const isPlain = typeof handle !== 'string' || withoutAt(handle) === handle;
  return (isPlain ? agent : { ...agent, handle: withoutAt(handle) }) as IDataObject;
}

/** Only members that came with the body count, whatever their name. */
function own(members: Members, key: string): unknown {
  return Object.hasOwn(members, key) ? members[key] : undefined;
}

function firstOf<T>(
  places: Members[],
  keys: readonly string[],
  read: (value: unknown) => T | undefined,
): T | undefined {
  for (const place of places) {
    for (const key of keys) {
      const value = read(own(place, key));
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

function firstText(places: Members[], keys: readonly string[]): string | undefined {
  return firstOf(places, keys, toText);
}

function firstTime(places: Members[]): string | null {
  return firstOf(places, TIME_KEYS, toTime) ?? null;
}

function headerValue(headers: Headers, name: RegExp): string | undefined {
  const value = Object.entries(headers).find(([key]) => name.test(key))?.[1];
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT ? value : undefined;
}
