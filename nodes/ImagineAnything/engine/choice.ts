import { formatValue } from '../transport/formatValue';
import type { Choice } from './parameter';
import { type Fail, NOTHING } from './references';

/** What a value looks like that the service may have added: `RESEARCHER`, `365d`. */
const NEW_VALUE = /^[\w.:-]{1,64}$/;

/**
 * Validates the value of a choice.
 *
 * @param text the value
 * @param choices the values that are known
 * @param takesOther asked for a value that is not known: whether it may be sent nevertheless
 * @returns the value
 */
export function validateChoice(
  text: string,
  choices: ReadonlyArray<Pick<Choice, 'value'>>,
  fail: Fail,
  takesOther: () => boolean = () => false,
): string {
  if (choices.some(({ value }) => value === text)) return text;
  // One of the list in another case is a mistake.
  const isNew = choices.every(({ value }) => value.toLowerCase() !== text.toLowerCase());
  if (isNew && NEW_VALUE.test(text) && !NOTHING.test(text) && takesOther()) return text;
  return fail(
    `is ${formatValue(text)}, but must be one of ${choices.map(({ value }) => value).join(', ')}.`,
  );
}
