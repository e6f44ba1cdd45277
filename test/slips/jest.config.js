const path = require('node:path');
const { projects, testTimeout } = require('../../jest.config.js');

/** What run.ts asks for: the level of the test, and the slip if there is one. */
const { level: name, slip } = JSON.parse(process.env.SLIP_RUN ?? '{}');

const level = projects.find(({ displayName }) => displayName === name);
if (level === undefined) throw new Error(`No level of tests is called "${name}"`);

/** The source of the slip and what was built of it, as the end of a regular expression. */
function filesOf({ file }) {
  const { dir, name: stem } = path.parse(file);
  return `/${path.posix.join(dir, stem)}\\.(ts|js)$`;
}

const withSlip = slip && {
  [filesOf(slip)]: [
    '<rootDir>/test/slips/transform.js',
    { ...slip, source: path.join(level.rootDir, slip.file) },
  ],
};

module.exports = {
  ...level,
  testTimeout,
  // Without `node_modules`, which takes longer to look through than most tests take.
  roots: ['nodes', 'credentials', 'dist', 'scripts', 'test'].map((each) => `<rootDir>/${each}`),
  // The first pattern that fits counts.
  transform: { ...withSlip, ...level.transform },
};
