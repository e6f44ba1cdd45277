import type { IDataObject } from 'n8n-workflow';
import { ParameterError } from '../../engine/validate';
import { formatValue } from '../../transport/formatValue';
import { TEXT_KEYS } from '../assumptions';
import type { TriggerEvent } from './event';
import { compilePattern, MAX_SEARCHED_LENGTH } from './patternMatcher';
import { PatternError } from './patternParser';

/** Whether a text passes a filter. */
export type TextFilter = (text: string) => boolean;

/** More than anybody lists. */
const MAX_WORDS = 100;

const WORD_CHARACTER = /[\p{L}\p{N}_]/u;

/**
 * Reads words and phrases separated by commas.
 *
 * @param option the display name of the option
 * @param value its value; an empty string for none
 * @returns whether the first 5,000 characters of a text contain one of them as a whole word, in upper or lower case;
 *   undefined for any text
 * @throws ParameterError when it is not text, or too long: a filter that cannot be read must not let events through
 */
export function readWords(option: string, value: unknown): TextFilter | undefined {
  const words = toText(option, value)
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
  if (words.length > MAX_WORDS) {
    throw new ParameterError(option, `has more than ${MAX_WORDS} entries.`);
  }
  if (words.length === 0) return undefined;
  return (text) => {
    const lower = text.slice(0, MAX_SEARCHED_LENGTH).toLowerCase();
    return words.some((word) => hasWord(lower, word));
  };
}

/**
 * Reads a regular expression.
 *
 * @param option the display name of the option
 * @param value its value; an empty string for none
 * @returns whether a text contains a match; undefined for any text
 * @throws ParameterError when it is not valid or not supported
 */
export function readPattern(option: string, value: unknown): TextFilter | undefined {
  const pattern = toText(option, value);
  if (pattern === '') return undefined;
  try {
    return compilePattern(pattern);
  } catch (error) {
    throw toParameterError(option, error);
  }
}

function toParameterError(option: string, error: unknown): unknown {
  return error instanceof PatternError ? new ParameterError(option, `${error.message}.`) : error;
}

function toText(option: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new ParameterError(option, `must be text, but is ${formatValue(value)}.`);
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (isEdge(text, word, at) && isEdge(text, word, at + word.length)) return true;
  }
  return false;
}

/** Whether a word ends at a place in a text; a word that begins with `#` may follow anything. */
function isEdge(text: string, word: string, at: number): boolean {
  const isStart = text.startsWith(word, at);
  const inside = isStart ? word.charAt(0) : word.charAt(word.length - 1);
  const outside = isStart ? text.charAt(at - 1) : text.charAt(at);
  return !WORD_CHARACTER.test(inside) || !WORD_CHARACTER.test(outside);
}

/** The text of what an event is about; undefined when it has none, like a follow. */
export function textOf({ comment, message, post, byte }: TriggerEvent): string | undefined {
  const subjects = [comment, message, post, byte].filter((each) => each !== undefined);
  return subjects.flatMap(textsIn)[0];
}

function textsIn(subject: IDataObject): string[] {
  return TEXT_KEYS.map((key) => subject[key]).filter((value) => typeof value === 'string');
}
