import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT, type Slip } from './slip';

/** What became of a test. */
export interface TestResult {
  fullName: string;
  status: 'passed' | 'failed' | 'pending';
}

/** The part of the report of `jest --json` that is read. */
interface Report {
  testResults: Array<{ message: string; status: string; assertionResults: TestResult[] }>;
}

/** For what hangs. */
export const RUN_TIMEOUT_MS = 180_000;

/**
 * Runs tests of one file in a process of their own.
 *
 * @param test the file, from the root of the checkout
 * @param only which tests, as jest's `--testNamePattern`; undefined for all
 * @param slip what is wrong in the code; undefined for nothing
 * @throws Error when the file could not be loaded, so that nothing was tested
 */
export async function run(test: string, only?: string, slip?: Slip): Promise<TestResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'slip-'));
  try {
    const file = path.join(folder, 'report.json');
    const said = await jest(
      [
        ...['--config', path.join(__dirname, 'jest.config.js')],
        ...['--runInBand', '--ci', '--silent', '--json', '--outputFile', file],
        ...(only === undefined ? [] : ['--testNamePattern', only]),
        ...['--runTestsByPath', test],
      ],
      { level: test.startsWith('test/engine/') ? 'engine' : 'unit', slip },
    );
    const report = await readFile(file, 'utf8').catch(() => '{"testResults":[]}');
    const [result] = (JSON.parse(report) as Report).testResults;
    // A file that fails without a test that does was not run.
    const tests = result?.assertionResults ?? [];
    if (!result || (result.status === 'failed' && !tests.some(isFailed))) {
      throw new Error(`${test} could not be run:\n${result?.message ?? said}`);
    }
    return tests;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Says whether a test has failed. */
export function isFailed({ status }: TestResult): boolean {
  return status === 'failed';
}

/** @returns what it said; whether tests failed is in its report */
async function jest(options: string[], asked: { level: string; slip?: Slip }): Promise<string> {
  const child = spawn(process.execPath, [require.resolve('jest/bin/jest'), ...options], {
    cwd: ROOT,
    env: { ...process.env, SLIP_RUN: JSON.stringify(asked) },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: RUN_TIMEOUT_MS,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(said));
  });
}
