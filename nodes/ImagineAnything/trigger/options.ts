import { isRecord } from '../transport/failure';
import { readHandles } from './handle';

/** The options of the node that concern deliveries. */
export interface TriggerOptions {
  verifySignature: boolean;
  /** Seconds; 0 for any. */
  maximumAge: number;
  /** Handles; empty for everybody. */
  onlyFrom: ReadonlySet<string>;
  exceptFrom: ReadonlySet<string>;
  ignoreOwnActions: boolean;
  /** How long a delivery is remembered, in milliseconds; 0 for not at all. */
  deduplicationWindowMs: number;
  responseMode: 'onReceived' | 'lastNode';
}

/**
 * Reads the options that concern deliveries. What an expression gives in place of a number or a switch does not
 * turn a check off.
 *
 * @param options the parameter of the node
 * @throws Error when a list of handles cannot be read
 */
export function readTriggerOptions(options: unknown): TriggerOptions {
  const given = isRecord(options) ? options : {};
  return {
    verifySignature: given.verifySignature !== false,
    maximumAge: readNumber(given.maximumAge, 300),
    onlyFrom: handles('Only From', given, 'onlyFrom'),
    exceptFrom: handles('Except From', given, 'exceptFrom'),
    ignoreOwnActions: given.ignoreOwnActions !== false,
    deduplicationWindowMs: readWindowMs(given.deduplicationWindow),
    responseMode: given.responseMode === 'lastNode' ? 'lastNode' : 'onReceived',
  };
}

/** Reads the option *Deduplication Window*, in milliseconds. */
export function readWindowMs(minutes: unknown): number {
  return readNumber(minutes, 60) * 60_000;
}

/** An option that is there but has no value is one whose expression failed. */
function handles(option: string, given: Record<string, unknown>, name: string): Set<string> {
  return readHandles(option, Object.hasOwn(given, name) ? given[name] : '');
}

function readNumber(value: unknown, usual: number): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : usual;
}

/**
 * Reads the parameter *Trigger On*.
 *
 * @throws Error when it is no list
 */
export function readEventTypes(events: unknown): ReadonlySet<string> {
  const kinds: unknown[] = typeof events === 'string' ? events.split(/[\s,;]+/) : toList(events);
  return new Set(kinds.map(String));
}

function toList(events: unknown): unknown[] {
  if (Array.isArray(events)) return events;
  throw new Error('"Trigger On" must be a list of events');
}
