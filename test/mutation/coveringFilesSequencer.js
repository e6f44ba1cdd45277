const { readFileSync } = require('node:fs');
const { sep } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/** The path below `test/`, which is the same in the checkout and in Stryker's copy of it. */
const below = (path) => path.slice(path.lastIndexOf(`${sep}test${sep}`));

/** Loads only the test files that reach the active mutant, in the order that `coveringFiles.mjs` wrote down. */
module.exports = class CoveringFilesSequencer extends Sequencer {
  sort(tests) {
    // Set by Stryker's jest runner.
    const mutant = process.env.__STRYKER_ACTIVE_MUTANT__;
    if (mutant === undefined) return super.sort(tests);
    const written = JSON.parse(readFileSync(process.env.MUTATION_COVERING_FILES, 'utf8'))[mutant];
    // Stryker does not know which tests reach it: all of them have to run.
    if (written === undefined) return super.sort(tests);
    const byPath = new Map(tests.map((test) => [below(test.path), test]));
    return written.map((file) => {
      const test = byPath.get(below(file));
      if (test === undefined) throw new Error(`No test file ${file} for mutant ${mutant}.`);
      return test;
    });
  }
};
