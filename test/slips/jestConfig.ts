import { createRequire } from 'node:module';
import path from 'node:path';
import type { Slip } from './slip';

/** What is used of the configuration of all levels. */
interface Levels {
  testTimeout: number;
  projects: Array<{ displayName: string; rootDir: string; transform: object }>;
}

// It has no types.
const { projects, testTimeout } = createRequire(__filename)('../../jest.config') as Levels;

/** The source of a slip and what was built of it, as the end of a regular expression. */
function filesOf({ file }: Slip): string {
  const { dir, name: stem } = path.parse(file);
  return `/${path.posix.join(dir, stem)}\\.(ts|js)$`;
}

/**
 * The configuration of jest for a test file.
 *
 * @param name the level of the test
 * @param slip what is wrong in the code; undefined for nothing
 */
export function jestConfig(name: 'unit' | 'engine', slip?: Slip): object {
  const level = projects.find(({ displayName }) => displayName === name);
  if (level === undefined) throw new Error(`No level of tests is called "${name}"`);
  const withSlip = slip && {
    [filesOf(slip)]: [
      '<rootDir>/test/slips/transform.js',
      { ...slip, source: path.join(level.rootDir, slip.file) },
    ],
  };
  return {
    ...level,
    testTimeout,
    // Without `node_modules`, which takes longer to look through than most tests take.
    roots: ['nodes', 'credentials', 'dist', 'scripts', 'test'].map((each) => `<rootDir>/${each}`),
    // The first pattern that fits counts.
    transform: { ...withSlip, ...level.transform },
  };
}
