import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../transport/failure';
import {
  ACTOR_HANDLE_KEYS,
  ACTOR_ID_KEYS,
  ACTOR_KEYS,
  AGENT_HANDLE_KEYS,
  AGENT_ID_KEYS,
  AGENT_KEYS,
  BATCH_KEYS,
  DELIVERY_HEADER,
  EVENT_HEADER,
  EVENT_ID_KEYS,
  EVENT_NAME_KEYS,
  GENERAL_WORDS,
  INNER_KEYS,
  KIND_WORDS,
  TIME_KEYS,
  UNDOING_WORDS,
} from './assumptions';
import type { Headers } from './signature';

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

/** An event as it was read from a delivery. */
export interface ReadEvent {
  event: TriggerEvent;
  /**
   * What makes it the same event when it comes again. Only the body goes into it, because only the body is
   * signed: a delivery that is replayed with other headers is still the same.
   */
  key: string;
}

/** A delivery as it was read. */
export interface Delivery {
  events: ReadEvent[];
  /** The delivery's own identity, where a header gives one. */
  key?: string;
}

/**
 * Reads the events of a delivery. Nothing is left out: what is not understood is still under `raw`.
 *
 * @param body the parsed JSON of the delivery
 * @param headers its headers, for what the body does not say
 * @returns the events in their order; none when the body has no object in it. Never throws.
 */
export function readDelivery(body: unknown, headers: Headers = {}): Delivery {
  const entries = splitBatch(body);
  const keys = new Map<string, number>();
  const events = entries.map((entry) => {
    const event = readEvent(entry, entries.length === 1 ? headers : {});
    const key = keyOf(event);
    // What stands in one batch twice happened twice.
    const count = (keys.get(key) ?? 0) + 1;
    keys.set(key, count);
    return { event, key: count === 1 ? key : hash(`${key} ${count}`) };
  });
  const id = headerValue(headers, DELIVERY_HEADER);
  return { events, ...(id === undefined ? {} : { key: hash(`delivery ${id}`) }) };
}

/** Names what makes an event the same event when it comes again; see {@link ReadEvent}. */
export function keyOf({ raw, event, agent, ...subjects }: TriggerEvent): string {
  const id = firstText(outerPlaces(raw), EVENT_ID_KEYS);
  // The ID may turn out to be that of the post, so who did what belongs to it. The time does not: it may
  // be that of the delivery.
  const about = [subjects.comment, subjects.message, subjects.post, subjects.byte];
  const identity = [event, id, agent?.id, agent?.handle, ...about.map((each) => each?.id)];
  return hash(JSON.stringify(id === undefined ? raw : identity));
}

/** Says whether an event can be told for ever from another one that looks like it. */
export function isUnique({ raw, occurredAt }: TriggerEvent): boolean {
  return occurredAt !== null || firstText(outerPlaces(raw), EVENT_ID_KEYS) !== undefined;
}

function outerPlaces(entry: Members): Members[] {
  const notification = own(entry, 'notification');
  return isRecord(notification) ? [entry, notification] : [entry];
}

function splitBatch(body: unknown): Members[] {
  if (Array.isArray(body)) return body.filter(isRecord);
  if (!isRecord(body)) return [];
  for (const key of BATCH_KEYS) {
    const list = own(body, key);
    if (Array.isArray(list) && list.some(isRecord)) return list.filter(isRecord);
  }
  return [body];
}

function readEvent(entry: Members, headers: Headers): TriggerEvent {
  const outer = outerPlaces(entry);
  const inner = INNER_KEYS.map((key) => own(entry, key)).filter(isRecord);
  const places = [...new Set([...inner, ...outer])];

  const name = pickName([
    ...allTexts(outer, EVENT_NAME_KEYS),
    ...allTexts(inner, EVENT_NAME_KEYS),
    headerValue(headers, EVENT_HEADER),
  ]);
  const event = toKind(name);
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
    id:
      firstText(outer, EVENT_ID_KEYS) ??
      headerValue(headers, DELIVERY_HEADER) ??
      hash(JSON.stringify(entry)),
    occurredAt: firstTime([...outer, ...inner]),
    agent,
    ...subjects,
    raw: entry as IDataObject,
  };
}

/** The first name that says something, else the first one. */
function pickName(names: Array<string | undefined>): string | undefined {
  const given = names.filter((name) => name !== undefined);
  return (
    given.find((name) => wordsOf(name).some((word) => !GENERAL_WORDS.includes(word))) ?? given[0]
  );
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
}

/**
 * Reduces the name of an event to its kind: `NEW_FOLLOWER`, `agent.followed` and `follow` are one.
 *
 * @returns one of EVENT_KINDS, else the name in lower case, `unknown` when there is none
 */
export function toKind(name: string | undefined): string {
  if (name === undefined) return 'unknown';
  const words = wordsOf(name);
  if (!words.some((word) => UNDOING_WORDS.includes(word))) {
    for (const [kind, telling] of KIND_WORDS) {
      if (words.some((word) => telling.includes(word))) return kind;
    }
  }
  return name.toLowerCase();
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
  if (isRecord(value)) return 'handle' in value || 'id' in value ? value : undefined;
  return typeof value === 'string' && HANDLE.test(value) ? { handle: value } : undefined;
}

/** The author of what was written is who did it; the post that was liked is not the liker's. */
function authorOf(written: IDataObject | undefined): IDataObject | null {
  if (written === undefined) return null;
  return readActor([written], ACTOR) ?? readActor([written], AGENT);
}

function withPlainHandle(agent: Members): IDataObject {
  return (
    typeof agent.handle === 'string' ? { ...agent, handle: agent.handle.replace(/^@/, '') } : agent
  ) as IDataObject;
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

function allTexts(places: Members[], keys: readonly string[]): string[] {
  return places
    .flatMap((place) => keys.map((key) => toText(own(place, key))))
    .filter((text) => text !== undefined);
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  // A whole number beyond that has lost its last digits, and would be the same for two.
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

function firstTime(places: Members[]): string | null {
  return firstOf(places, TIME_KEYS, toTime) ?? null;
}

/** What a date must at least have, and one without a zone, which is then UTC. */
const DATE = /\d{4}/;
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/;

/** Reads ISO 8601 and epoch numbers, in seconds or milliseconds. */
function toTime(value: unknown): string | undefined {
  const isNumber =
    typeof value === 'number' || (typeof value === 'string' && /^\d{9,16}$/.test(value));
  if (!isNumber && !(typeof value === 'string' && DATE.test(value))) return undefined;
  const number = Number(value);
  const text = WITHOUT_ZONE.test(String(value)) ? `${String(value).replace(' ', 'T')}Z` : value;
  const date = new Date(isNumber ? (number < 1e11 ? number * 1000 : number) : String(text));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function headerValue(headers: Headers, name: RegExp): string | undefined {
  const value = Object.entries(headers).find(([key]) => name.test(key))?.[1];
  return typeof value === 'string' && value !== '' && value.length <= 200 ? value : undefined;
}

/** 120 bits: enough that two events never meet, short enough to remember a thousand. */
const HASH_LENGTH = 20;

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, HASH_LENGTH);
}

/** Which events a workflow wants. */
export interface EventFilter {
  /** Kinds; `*` for all, unknown ones included. */
  events: readonly string[];
  /** Handles; empty for everybody. */
  only: readonly string[];
  except: readonly string[];
  /** The agent whose own actions are left out. */
  ignore?: { id: string; handle: string };
}

/**
 * Says whether an event passes a filter. An event whose agent is not known passes no `only`.
 */
export function passes(event: TriggerEvent, filter: EventFilter): boolean {
  const { events, only, except, ignore } = filter;
  if (!events.includes('*') && !events.includes(event.event)) return false;
  const handle = toHandle(event.agent?.handle);
  if (only.length > 0 && !only.includes(handle)) return false;
  if (handle !== '' && except.includes(handle)) return false;
  if (ignore === undefined) return true;
  // An ID that came as a text of its own was taken for a handle.
  const isOwn =
    (ignore.id !== '' && [event.agent?.id, event.agent?.handle].includes(ignore.id)) ||
    (ignore.handle !== '' && handle === toHandle(ignore.handle));
  return !isOwn;
}

/** Brings `@Name`, `name` and the address of a profile into one form. */
export function toHandle(value: unknown): string {
  return typeof value === 'string'
    ? value
        .trim()
        .replace(/^https?:\/\/[^/]+\/agent\//i, '')
        .replace(/^@/, '')
        .replace(/[/?#].*$/, '')
        .toLowerCase()
    : '';
}

/** Reads handles that the user separated by commas, spaces or lines. */
export function toHandles(text: unknown): string[] {
  return String(text ?? '')
    .split(/[\s,;]+/)
    .map(toHandle)
    .filter((handle) => handle !== '');
}
