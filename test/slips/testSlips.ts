import { isFailed, run, RUN_TIMEOUT_MS, type TestResult } from './run';
import type { Slip } from './slip';

/**
 * Tests that each slip is noticed, by a test that passes without it.
 *
 * @param slips the slips of one folder
 */
export function testSlips(slips: readonly Slip[]): void {
  test.each([...new Set(slips.map((slip) => slip.test))])(
    '%s passes without a slip',
    async (file) => {
      const asked = slips.filter((slip) => slip.test === file).map(({ only }) => only);
      const names = asked.filter((only) => only !== undefined);
      const all = names.length < asked.length ? undefined : names.join('|');
      const results = await run(file, all);
      expect(results.filter(isFailed)).toEqual([]);
      for (const name of names) requireTest(results, file, name);
    },
    RUN_TIMEOUT_MS,
  );

  test.each(slips.map((slip) => [slip.name, slip] as const))(
    '%s',
    async (_name, slip) => {
      const results = await run(slip.test, slip.only, slip);
      requireTest(results, slip.test, slip.only ?? '');
      if (!results.some(isFailed)) {
        const count = results.filter(({ status }) => status === 'passed').length;
        throw new Error(`Not noticed: all ${count} tests of ${slip.test} that were run pass`);
      }
    },
    RUN_TIMEOUT_MS,
  );
}

/** A name that no test has any more would have nothing run. */
function requireTest(results: readonly TestResult[], file: string, name: string): void {
  const meant = new RegExp(name, 'i');
  if (!results.some(({ fullName, status }) => status !== 'pending' && meant.test(fullName))) {
    throw new Error(`No test of ${file} is called "${name}"`);
  }
}
