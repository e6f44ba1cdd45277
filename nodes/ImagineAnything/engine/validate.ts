import { isRecord } from '../../../credentials/http/record';
import { formatValue, shorten } from '../transport/formatValue';
import { validateChoice } from './choice';
import {
  validateHandle,
  validateId,
  validateName,
  validateUrl,
  type Fail,
  NOTHING,
} from './references';
import { toEntries, withEnough } from './entries';
import { readTime } from './time';
import { countWords } from './words';
import {
  type FileReference,
  isRequired,
  isUploadFile,
  type Parameter,
  type WireValue,
} from './parameter';

/** A value that must not be sent. The message names the field and says how to correct it. */
export class ParameterError extends Error {
  constructor(
    readonly field: string,
    problem: string,
    readonly advice = 'Correct the value of this field in the node.',
  ) {
    super(`${field}: ${problem}`);
  }
}

const segmenter = new Intl.Segmenter();

/** A text that is so much longer than allowed is refused without counting its emoji. */
const MUCH_LONGER = 64;

/**
 * Counts characters as people do: an emoji is one.
 *
 * @param text any text
 * @param most the count to stop at
 * @returns the number of grapheme clusters, at most `most`
 */
export function countCharacters(text: string, most = Infinity): number {
  let count = 0;
  const segments = segmenter.segment(text)[Symbol.iterator]();
  while (count < most && !segments.next().done) count += 1;
  return count;
}

/** How a value is validated. */
interface ValidateOptions {
  /** Whether an empty text or list clears a field, as in an update. */
  emptyMeansClear?: boolean;
  /** Tells whether a choice may have a value that its list lacks. */
  takesOther?: () => boolean;
}

/**
 * Validates one value and converts it to the form that is sent.
 *
 * @param parameter the parameter with its limits
 * @param raw the value from n8n, or `{ mode, value }` of a resource locator
 * @param options see {@link ValidateOptions}
 * @returns the value to send; undefined when there is none
 * @throws ParameterError naming the field
 */
export function validateValue(
  parameter: Parameter,
  raw: unknown,
  { emptyMeansClear = false, takesOther }: ValidateOptions = {},
): WireValue {
  const fail: Fail = (problem) => {
    throw new ParameterError(parameter.displayName, problem);
  };
  const value = locatorValue(raw);
  if (value === undefined || value === null || isBlank(value)) {
    if (isRequired(parameter)) fail(missingText(parameter));
    if (!emptyMeansClear || !isBlank(value)) return undefined;
    if (parameter.kind === 'text') {
      if (value !== '') fail('contains only spaces. Enter text or leave it empty.');
      return validateText('', parameter, fail);
    }
    if (parameter.kind === 'list') return withEnough([], parameter, fail);
    return fail('is empty. Enter a value or remove the field.');
  }
  switch (parameter.kind) {
    case 'text':
      return validateText(asText(value, fail), parameter, fail);
    case 'number':
      return validateNumber(value, parameter, fail);
    case 'flag':
      return validateFlag(value, fail) || (parameter.onlyTrue ? undefined : false);
    case 'choice':
      return validateChoice(asText(value, fail), parameter.choices, fail, takesOther);
    case 'list': {
      const entries = validateList(value, parameter, fail);
      if (entries.length === 0 && isRequired(parameter)) fail(missingText(parameter));
      return entries.length > 0 || emptyMeansClear
        ? withEnough(entries, parameter, fail)
        : undefined;
    }
    case 'url':
      return validateUrl(asText(value, fail), fail, parameter.secure === true);
    case 'id':
      return validateId(asName(value, fail), parameter, fail);
    case 'handle':
      return validateHandle(asName(value, fail), fail);
    case 'json':
      return validateJson(value, fail);
    case 'file':
      return isUploadFile(value) ? value : fail(`must be a file, but is ${formatValue(value)}.`);
  }
}

/**
 * Validates a value of a field that the user added, and rejects an empty one of an essential parameter.
 *
 * @param parameter the parameter with its limits
 * @param raw what n8n gives for a field that is there
 * @param options as for {@link validateValue}; and for a filter of a read, what tells whether an expression gave
 *   the value: an empty field is no filter, but an expression that finds nothing is a mistake
 * @throws ParameterError naming the field
 */
export function validateGiven(
  parameter: Parameter,
  raw: unknown,
  { isExpression, ...options }: ValidateOptions & { isExpression?: () => boolean } = {},
): WireValue {
  const value = validateValue(parameter, raw, options);
  if (!parameter.essential) return value;
  if (isExpression) {
    if (!isNothing(value) || !isExpression()) return value;
    throw new ParameterError(
      parameter.displayName,
      'its expression finds nothing. Give a value, or remove the filter.',
    );
  }
  if (value !== undefined) return value;
  // A field of its own is always there, and empty until something is put into it.
  if (parameter.placement === 'field' && locatorValue(raw) === '') return undefined;
  throw new ParameterError(
    parameter.displayName,
    parameter.placement === 'field'
      ? 'is empty. Check its expression, or leave the field empty.'
      : 'is empty. Enter a value or remove the field.',
  );
}

/** Whether a validated value is what an expression leaves that finds nothing. */
function isNothing(value: WireValue): boolean {
  return [value].flat().every((each) => NOTHING.test(String(each)));
}

/** Takes the value out of a resource locator. */
export function locatorValue(raw: unknown): unknown {
  return isRecord(raw) && Object.hasOwn(raw, '__rl') ? raw.value : raw;
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}

function missingText(parameter: Parameter): string {
  if (parameter.kind === 'handle') return 'is empty. Enter a handle, such as @my_agent.';
  if (parameter.kind === 'id') {
    return `is empty. Enter ${parameter.noun ? `a ${parameter.noun}` : 'an ID'} or the URL of its page.`;
  }
  return 'is required and must not be empty.';
}

function asText(value: unknown, fail: Fail): string {
  if (typeof value === 'string') return value;
  if (Number.isFinite(value) || typeof value === 'boolean') return String(value);
  return readTime(value) ?? fail(`must be text, but is ${formatValue(value)}.`);
}

/** A text that refers to one thing. */
function asName(value: unknown, fail: Fail): string {
  if (typeof value === 'boolean' || isRecord(value)) {
    return fail(`must be text, but is ${formatValue(value)}.`);
  }
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    // It has already lost its last digits, and would refer to something else.
    return fail(`is a number with too many digits (${value}). Enter it as text.`);
  }
  return validateName(asText(value, fail), fail);
}

function validateText(
  text: string,
  { minLength = 0, maxLength = Infinity, minWords = 0, form }: Extract<Parameter, { kind: 'text' }>,
  fail: Fail,
): string {
  if (text.length > maxLength) fail(`has ${tooLong(text, maxLength)}.`);
  const least = countCharacters(text, minLength);
  if (least < minLength) fail(`has ${least} characters, but at least ${minLength} are needed.`);
  const words = countWords(text, minWords);
  if (words < minWords) fail(`has ${words} words, but at least ${minWords} are needed.`);
  if (form && !form.pattern.test(text)) fail(form.says);
  return text;
}

/**
 * Says that a text is too long. Its UTF-16 units are counted, as most programs do: the service only says "characters",
 * and every other count of them is lower. Bytes are not characters.
 */
function tooLong(text: string, most: number): string {
  const isPlain = text.length > most * MUCH_LONGER || countCharacters(text) === text.length;
  const counted = isPlain ? '' : ' (emoji and some letters count as two or more)';
  return `${text.length} characters${counted}, but at most ${most} are allowed`;
}

function validateNumber(
  value: unknown,
  { integer, min = -Infinity, max = Infinity }: Extract<Parameter, { kind: 'number' }>,
  fail: Fail,
): number {
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    return fail(`must be a number, but is ${formatValue(value)}.`);
  }
  if (integer && !Number.isInteger(number)) fail(`must be a whole number, but is ${number}.`);
  if (number < min) fail(`is ${number}, but must be at least ${min}.`);
  if (number > max) fail(`is ${number}, but must be at most ${max}.`);
  return number;
}

function validateFlag(value: unknown, fail: Fail): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  if (value === 'false') return false;
  return fail(`must be true or false, but is ${formatValue(value)}.`);
}

function validateList(
  value: unknown,
  {
    maxItems = Infinity,
    maxEntryLength = Infinity,
    urls,
    ids,
    files,
  }: Extract<Parameter, { kind: 'list' }>,
  fail: Fail,
): string[] | FileReference[] {
  const given = toEntries(value, fail);
  if (files) {
    return given.map((entry) => validateFileReference(entry, fail)).filter((entry) => entry !== '');
  }
  const entries = given
    .map((entry) => (ids ? asName(entry, fail) : asText(entry, fail).trim()))
    .filter((entry) => entry !== '');
  if (entries.length > maxItems) {
    fail(`has ${entries.length} entries, but at most ${maxItems} are allowed.`);
  }
  for (const entry of entries) {
    if (entry.length > maxEntryLength) {
      fail(`has an entry of ${tooLong(entry, maxEntryLength)}: ${formatValue(entry)}.`);
    }
  }
  return urls ? entries.map((entry) => validateUrl(entry, fail, false)) : entries;
}

/**
 * Validates a reference to a file of the item; the file itself is validated in `files.ts`.
 *
 * @returns the name of the binary field without surrounding spaces, or the file object
 */
export function validateFileReference(value: unknown, fail: Fail): FileReference {
  if (isRecord(value)) return value;
  if (typeof value === 'string' || Number.isFinite(value)) return String(value).trim();
  return fail(`must be the name of a binary field or a file, but is ${formatValue(value)}.`);
}

function validateJson(value: unknown, fail: Fail): object {
  if (readTime(value) !== undefined) return fail('must be a JSON object, but is a date.');
  if (isRecord(value)) return value;
  let parsed: unknown;
  try {
    parsed = typeof value === 'string' ? JSON.parse(value) : value;
  } catch (error) {
    // The message of the parser contains the text.
    return fail(`is not valid JSON: ${shorten((error as Error).message)}.`);
  }
  return isRecord(parsed) ? parsed : fail(`must be a JSON object, but is ${formatValue(parsed)}.`);
}
