import { readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../..');

/** A mistake in the code that would do harm, and the test that notices it. */
export interface Slip {
  /** What goes wrong. */
  name: string;
  /** The source, from the root of the checkout. */
  file: string;
  /** A text that is exactly once in the source, and what takes its place. */
  find: string;
  replace: string;
  /** The test file that notices it, from the root of the checkout. */
  test: string;
  /** Which of its tests are run, as jest's `--testNamePattern`; all when left out. */
  only?: string;
}

/**
 * Reads the source of a slip, with the slip in it.
 *
 * @throws Error when the text to replace is not there exactly once
 */
export function sourceOf({ file, find, replace }: Slip): string {
  const parts = readFileSync(path.join(ROOT, file), 'utf8').split(find);
  if (parts.length !== 2) {
    throw new Error(
      `The text to replace is ${parts.length - 1} times in ${file}. It has to be there once: change the slip as the code has changed.\n${find}`,
    );
  }
  return parts.join(replace);
}
