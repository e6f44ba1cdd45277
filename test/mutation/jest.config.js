const { projects, testTimeout } = require('../../jest.config');

const [unit, , engine] = projects;
const { MUTATION_LEVEL = 'unit', MUTATION_N8N_WORKFLOW, MUTATION_TESTS } = process.env;
const LEVELS = { unit: unit.testMatch, engine: engine.testMatch };

/**
 * One level of tests for Stryker, which takes one project only. n8n-core finds the sources where it would find their
 * build, so that unit and engine tests run the same mutants.
 */
module.exports = {
  ...engine,
  rootDir: `${__dirname}/../..`,
  // Jest looks through them for each mutant.
  roots: ['nodes', 'credentials', 'scripts', 'test'].map((folder) => `<rootDir>/${folder}`),
  testTimeout,
  testSequencer: `${__dirname}/coveringFilesSequencer.js`,
  testMatch: LEVELS[MUTATION_LEVEL],
  // They read sources, documents and what is packed, which no mutant changes.
  testPathIgnorePatterns: [
    '/test/unit/(docs|contributing|completeness|names|resources)',
    '/test/unit/(linearTime|scripts|package)/',
    // Their time is bounded, and a mutant is no time to measure.
    '/test/unit/trigger/linear',
    '/test/contract/',
    // `--tests` leaves those whose path contains it.
    ...(MUTATION_TESTS ? [`^(?!.*(${MUTATION_TESTS}))`] : []),
  ],
  moduleNameMapper: {
    '^.*/dist/(nodes|credentials)/(.*)\\.js$': '<rootDir>/$1/$2.ts',
    ...(MUTATION_LEVEL === 'unit' && { '^n8n-workflow$': MUTATION_N8N_WORKFLOW }),
  },
};
