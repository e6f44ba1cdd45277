const transform = {
  '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/test/tsconfig.json' }],
};

/**
 * One project a level of test. Levels differ in what is real, not in what they check:
 * unit runs pure functions, sandbox runs the simulated service and the commands that start it, engine runs n8n-core
 * on the built package, host runs a real n8n,
 * browser looks at its editor, queue spreads it over processes. slips runs unit and engine tests on code with mistakes.
 */
const level = (name, testMatch) => ({
  displayName: name,
  rootDir: __dirname,
  testEnvironment: 'node',
  transform,
  testMatch,
  modulePathIgnorePatterns: ['<rootDir>/dist/package.json', '<rootDir>/test/host/package'],
});

/** The level engine, with a sandbox that answers in one of the forms of `test/sandbox/dialects.ts`. */
const engine = (dialect) => ({
  ...level(dialect === 'keyed' ? 'engine' : `engine-${dialect}`, [
    '<rootDir>/test/engine/**/*.test.ts',
  ]),
  setupFiles: ['<rootDir>/test/engine/support/environment.ts'],
  globals: { sandboxDialect: dialect },
});

module.exports = {
  // Long enough for a busy machine: a deadline is for what hangs, and no test asserts a duration.
  testTimeout: 60_000,
  // A worker keeps what the files before have loaded, and grew to 8 GB: a new one takes over between two files.
  workerIdleMemoryLimit: '2GB',
  // Unit tests run the sources, engine tests the build of them; source maps bring both together.
  coverageProvider: 'v8',
  collectCoverageFrom: [
    'nodes/**/*.ts',
    'credentials/**/*.ts',
    'dist/nodes/**/*.js',
    'dist/credentials/**/*.js',
    // Types only, nothing that runs.
    '!**/types.{ts,js}',
  ],
  // No report in HTML: the linter of strict mode would find its scripts.
  coverageReporters: ['text', 'text-summary'],
  coverageThreshold: { global: { lines: 90, branches: 90 } },
  projects: [
    level('unit', ['<rootDir>/test/unit/**/*.test.ts', '<rootDir>/test/contract/**/*.test.ts']),
    level('sandbox', ['<rootDir>/test/sandbox/**/*.test.ts', '<rootDir>/test/start/**/*.test.ts']),
    engine('keyed'),
    engine('bare'),
    engine('sdk'),
    level('host', ['<rootDir>/test/host/**/*.test.ts']),
    level('browser', ['<rootDir>/test/browser/**/*.test.ts']),
    level('queue', ['<rootDir>/test/queue/**/*.test.ts']),
    level('slips', ['<rootDir>/test/slips/**/*.test.ts']),
  ],
};
