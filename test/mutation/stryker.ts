import { join, resolve } from 'node:path';
import type { PartialStrykerOptions } from '@stryker-mutator/api/core';
import { bundleN8nWorkflow } from './bundleN8nWorkflow';

/** The tests that mutants are run against; see `jest.config.js`. */
export type Level = 'unit' | 'engine';

/** One change to the sources and what became of it. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly mutator: string;
  readonly replacement: string;
  readonly status: Status;
}

type Status =
  | 'Killed'
  | 'Survived'
  | 'NoCoverage'
  | 'Timeout'
  | 'RuntimeError'
  | 'CompileError'
  | 'Ignored';

interface Position {
  readonly line: number;
  readonly column: number;
}

/** What the code uses of Stryker's `MutantResult`. */
interface StrykerResult {
  readonly fileName: string;
  readonly location: { readonly start: Position; readonly end: Position };
  readonly mutatorName: string;
  readonly replacement: string;
  readonly status: Status;
}

interface StrykerModule {
  Stryker: new (options: PartialStrykerOptions) => {
    runMutationTest: () => Promise<StrykerResult[]>;
  };
}

/** An ES module, whose types TypeScript does not find from CommonJS. */
async function loadStryker(): Promise<StrykerModule> {
  const name: string = '@stryker-mutator/core';
  return (await import(name)) as StrykerModule;
}

/**
 * Mutates sources and runs a level of tests against each mutant that its tests reach.
 *
 * @param files globs, or `file:line:column-line:column`
 * @param level which tests
 * @param output the folder for the report and for what an incremental run starts from
 * @param name how the files in that folder are called
 * @returns all mutants, those that no test reaches among them
 * @throws Error when the tests fail without a mutant
 */
export async function mutate(
  files: readonly string[],
  level: Level,
  output: string,
  name: string,
): Promise<Mutant[]> {
  const { Stryker } = await loadStryker();
  // Stryker's workers inherit these.
  process.env.MUTATION_N8N_WORKFLOW = resolve(await bundleN8nWorkflow(output));
  process.env.MUTATION_LEVEL = level;
  process.env.MUTATION_COVERING_FILES = resolve(output, `${name}-${level}.files.json`);
  process.env.MUTATION_UNNOTICED = resolve(output, `${name}-${level}.unnoticed.txt`);
  const options: PartialStrykerOptions = {
    mutate: [...files],
    testRunner: 'jest',
    jest: {
      configFile: 'test/mutation/jest.config.js',
      // Engine tests reach the sources through n8n-core, which jest cannot see.
      enableFindRelatedTests: false,
    },
    coverageAnalysis: 'perTest',
    // What runs once, when a module is loaded, is reached by every test: too slow to try here.
    ignoreStatic: true,
    checkers: ['typescript'],
    tsconfigFile: 'test/mutation/tsconfig.json',
    incremental: true,
    incrementalFile: join(output, `${name}-${level}.incremental.json`),
    plugins: [
      '@stryker-mutator/*',
      './test/mutation/coveringFiles.mjs',
      './test/mutation/unnoticed.mjs',
    ],
    reporters: ['html', 'progress-append-only', 'covering-files', 'unnoticed'],
    htmlReporter: { fileName: join(output, `${name}-${level}.html`) },
    tempDirName: join(output, 'sandbox'),
    ignorePatterns: ['/coverage', '/docs', '/examples', '/test/{bench,host,browser,queue}'],
    timeoutMS: 15_000,
    // Jest does not free all that a run has loaded.
    maxTestRunnerReuse: 100,
    concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 2),
    allowConsoleColors: false,
  };
  const results = await new Stryker(options).runMutationTest();
  return results.map(
    ({ fileName, location: { start, end }, mutatorName, replacement, status }) => ({
      file: fileName.slice(process.cwd().length + 1),
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
      mutator: mutatorName,
      replacement,
      status,
    }),
  );
}
