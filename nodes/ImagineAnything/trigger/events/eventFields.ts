import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../../../../credentials/http/record';
import {
  ACTOR_HANDLE_KEYS,
  ACTOR_ID_KEYS,
  ACTOR_KEYS,
  AGENT_HANDLE_KEYS,
  AGENT_ID_KEYS,
  AGENT_KEYS,
  ENVELOPE_KEY,
  EVENT_ID_KEYS,
  EVENT_NAME_KEYS,
  PAYLOAD_KEYS,
  SUBJECT_ID_SUFFIXES,
  SUBJECT_KEYS,
  SUBJECT_OF_EVENT,
  TIME_KEYS,
} from '../assumptions';
import type { TriggerEvent } from './event';
import { pickName, toEventType } from './eventType';
import { toText, toTime } from '../text';

type JsonObject = Record<string, unknown>;
type Subject = keyof typeof SUBJECT_KEYS;

/** The fields of an event that are read from its body. */
export type EventFields = Omit<TriggerEvent, 'id' | 'raw'> & { id?: string };

/** The objects that may have the ID of the event. */
function envelopes(entry: JsonObject): JsonObject[] {
  const inner = ownValue(entry, ENVELOPE_KEY);
  return isRecord(inner) ? [entry, inner] : [entry];
}

/** The objects inside an entry that may have the fields of the event. */
function payloads(entry: JsonObject): JsonObject[] {
  return PAYLOAD_KEYS.map((key) => ownValue(entry, key)).filter(isRecord);
}

/** Collects the names that an event may have, the outer ones first. */
export function eventNames(entry: JsonObject): string[] {
  return [...envelopes(entry), ...payloads(entry)]
    .flatMap((object) => EVENT_NAME_KEYS.map((key) => toText(ownValue(object, key))))
    .filter((name) => name !== undefined);
}

/** Whether an entry has an ID of its own. */
export function hasOwnId(entry: JsonObject): boolean {
  return firstText(envelopes(entry), EVENT_ID_KEYS) !== undefined;
}

/**
 * Reads the fields of an event.
 *
 * @param entry the event as it was delivered
 * @param names its names, as {@link eventNames} gives them
 */
export function readEventFields(entry: JsonObject, names: readonly string[]): EventFields {
  const outer = envelopes(entry);
  const inner = payloads(entry);
  const objects = [...new Set([...inner, ...outer])];
  const event = toEventType(pickName(names));
  const subjects = readSubjects(event, objects, inner);
  return {
    event,
    id: firstText(outer, EVENT_ID_KEYS),
    occurredAt: firstMatch([...outer, ...inner], TIME_KEYS, toTime) ?? null,
    agent: readActor(event, objects, subjects),
    ...subjects,
  };
}

type Subjects = Partial<Record<Subject, IDataObject>>;

function readSubjects(event: string, objects: JsonObject[], inner: JsonObject[]): Subjects {
  const subjects: Subjects = {};
  for (const [subject, keys] of Object.entries(SUBJECT_KEYS) as Array<
    [Subject, readonly string[]]
  >) {
    const value =
      firstMatch(objects, keys, (candidate) => (isRecord(candidate) ? candidate : undefined)) ??
      fromId(
        firstText(
          objects,
          SUBJECT_ID_SUFFIXES.map((suffix) => subject + suffix),
        ),
      );
    if (value !== undefined) subjects[subject] = value as IDataObject;
  }
  const expected = SUBJECT_OF_EVENT[event];
  if (expected !== undefined && Object.keys(subjects).length === 0) {
    // An inner object with content is the subject itself.
    const payload = inner.find((object) => typeof object.content === 'string');
    if (payload !== undefined) subjects[expected] = payload as IDataObject;
  }
  return subjects;
}

function fromId(id: string | undefined): JsonObject | undefined {
  return id === undefined ? undefined : { id };
}

/** The keys of an agent: as an object or a handle, by ID only, by handle only. */
type AgentKeys = Readonly<Record<'keys' | 'ids' | 'handles', readonly string[]>>;

const BY_ACTOR: AgentKeys = { keys: ACTOR_KEYS, ids: ACTOR_ID_KEYS, handles: ACTOR_HANDLE_KEYS };
const BY_AGENT: AgentKeys = { keys: AGENT_KEYS, ids: AGENT_ID_KEYS, handles: AGENT_HANDLE_KEYS };

/** Where the actor of an event may be, in the order of trust. */
const ACTOR_SOURCES: ReadonlyArray<{
  /** The event types that it applies to; all when absent. */
  events?: readonly string[];
  read(objects: JsonObject[], subjects: Subjects): IDataObject | null;
}> = [
  { read: (objects) => findAgent(objects, BY_ACTOR) },
  { events: ['comment', 'reply', 'mention'], read: (_, { comment }) => readAuthor(comment) },
  { events: ['message'], read: (_, { message }) => readAuthor(message) },
  // `agent` may also be the agent that the event happened to, so the author comes first.
  { read: (objects) => findAgent(objects, BY_AGENT) },
  // The author of a post that was liked or reposted is not who did it.
  { events: ['quote', 'mention', 'reply'], read: (_, { post }) => readAuthor(post) },
];

function readActor(event: string, objects: JsonObject[], subjects: Subjects): IDataObject | null {
  for (const { events, read } of ACTOR_SOURCES) {
    if (events !== undefined && !events.includes(event)) continue;
    const actor = read(objects, subjects);
    if (actor !== null) return actor;
  }
  return null;
}

function readAuthor(subject: IDataObject | undefined): IDataObject | null {
  if (subject === undefined) return null;
  return findAgent([subject], BY_ACTOR) ?? findAgent([subject], BY_AGENT);
}

function findAgent(objects: JsonObject[], { keys, ids, handles }: AgentKeys): IDataObject | null {
  const agent = keys.map((key) => firstMatch(objects, [key], toAgent)).find(isRecord);
  if (agent !== undefined) return agent as IDataObject;
  const id = firstText(objects, ids);
  const handle = firstText(objects, handles);
  if (id === undefined && handle === undefined) return null;
  return { ...fromId(id), ...(handle === undefined ? {} : { handle }) };
}

const HANDLE_TEXT = /^@?\w{3,30}$/;

function toAgent(value: unknown): JsonObject | undefined {
  if (isRecord(value)) {
    return Object.hasOwn(value, 'handle') || Object.hasOwn(value, 'id') ? value : undefined;
  }
  return typeof value === 'string' && HANDLE_TEXT.test(value) ? { handle: value } : undefined;
}

/** Inherited properties do not count, whatever the key. */
function ownValue(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function firstMatch<T>(
  objects: JsonObject[],
  keys: readonly string[],
  read: (value: unknown) => T | undefined,
): T | undefined {
  for (const object of objects) {
    for (const key of keys) {
      const value = read(ownValue(object, key));
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

function firstText(objects: JsonObject[], keys: readonly string[]): string | undefined {
  return firstMatch(objects, keys, toText);
}
