import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { jestConfig } from './jestConfig';
import { ROOT, type Slip } from './slip';

/** What became of a test. */
export interface TestResult {
  fullName: string;
  status: 'passed' | 'failed' | 'pending';
}

/** What `runner.js` answers. */
interface Report {
  message: string;
  tests: TestResult[];
  /** Bytes that its process uses. */
  memory: number;
}

/** For what hangs. */
export const RUN_TIMEOUT_MS = 180_000;

/** Jest does not free all that a run has loaded. */
const MAX_MEMORY = 1_500_000_000;

let runner: ChildProcess | undefined;

/**
 * Runs tests of one file, one call after the other.
 *
 * @param test the file, from the root of the checkout
 * @param only which tests, as jest's `--testNamePattern`; undefined for all
 * @param slip what is wrong in the code; undefined for nothing
 * @throws Error when the file could not be loaded, so that nothing was tested
 */
export async function run(test: string, only?: string, slip?: Slip): Promise<TestResult[]> {
  const level = test.startsWith('test/engine/') ? 'engine' : 'unit';
  const { message, tests } = await ask({
    config: jestConfig(level, slip),
    rootDir: ROOT,
    test,
    only,
  });
  // A file that fails without a test that does was not run.
  if (tests.length === 0 || (message !== '' && !tests.some(isFailed))) {
    throw new Error(`${test} could not be run:\n${message}`);
  }
  return tests;
}

/** Says whether a test has failed. */
export function isFailed({ status }: TestResult): boolean {
  return status === 'failed';
}

async function ask(question: object): Promise<Report> {
  runner ??= start();
  const answering = runner;
  const signal = AbortSignal.timeout(RUN_TIMEOUT_MS);
  try {
    answering.send(question);
    const [report] = (await Promise.race([
      once(answering, 'message', { signal }),
      once(answering, 'exit', { signal }).then(([code]) => {
        throw new Error(`The process that runs the tests ended with ${code}.`);
      }),
    ])) as [Report];
    if (report.memory > MAX_MEMORY) stop();
    return report;
  } catch (error) {
    stop();
    throw error;
  }
}

function start(): ChildProcess {
  const child = fork(path.join(__dirname, 'runner.js'), {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // Jest ends when its tests have; the process that runs them sees that and ends as well.
  child.unref();
  child.channel?.unref();
  return child;
}

function stop(): void {
  runner?.kill('SIGKILL');
  runner = undefined;
}
