const Sequencer = require('@jest/test-sequencer').default;

/** Jest runs the longest test file first. With thousands of mutants, a short one should fail first and end the run. */
module.exports = class ShortestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).reverse();
  }
};
