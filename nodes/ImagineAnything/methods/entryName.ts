import { isRecord } from '../../../credentials/http/record';
import { stripAt } from '../engine/handle';
import { shorten } from '../transport/formatValue';

const MAX_TITLE_LENGTH = 60;

/** Only this much of a text is read for its title. */
const MAX_READ = 1000;

/** Puts a text on one line, without invisible characters. */
export function toLine(text: string): string {
  return text
    .slice(0, MAX_READ)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/**
 * Makes the title of an entry from one of its fields.
 *
 * @param value the field
 * @param otherwise the title when the field is neither text nor a number
 */
export function titleOf(value: unknown, otherwise: string): string {
  return (typeof value === 'string' || typeof value === 'number') && value !== ''
    ? shorten(toLine(String(value)), MAX_TITLE_LENGTH)
    : otherwise;
}

/** The handle of an agent with `@`, whether or not it came with one. */
export function handleOf(agent: unknown): string {
  const handle = isRecord(agent) ? titleOf(agent.handle, 'unknown') : 'unknown';
  return `@${stripAt(handle)}`;
}
