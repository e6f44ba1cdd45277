/**
 * Tells the sequencer which test files reach each mutant. Stryker only gives jest the names of the tests, so that jest
 * would load every test file for every mutant.
 */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** Writes `{ [mutant ID]: paths of test files, the most promising first }` to `MUTATION_COVERING_FILES`. */
class CoveringFilesReporter {
  onDryRunCompleted({ result }) {
    this.tests = new Map(result.tests.map((test) => [test.id, test]));
  }

  onMutationTestingPlanReady({ mutantPlans }) {
    const files = {};
    for (const { plan, mutant, runOptions } of mutantPlans) {
      if (plan === 'Run' && runOptions.testFilter) {
        files[mutant.id] = this.filesOf(mutant, runOptions.testFilter);
      }
    }
    writeFileSync(process.env.MUTATION_COVERING_FILES, JSON.stringify(files));
  }

  /** First the file that is named after the mutated one, then the quickest. */
  filesOf(mutant, testIds) {
    const durations = new Map();
    for (const id of testIds) {
      const { fileName, timeSpentMs } = this.tests.get(id);
      durations.set(fileName, (durations.get(fileName) ?? 0) + timeSpentMs);
    }
    const name = basename(mutant.fileName, '.ts');
    const rank = (file) => (basename(file).startsWith(name) ? 0 : 1);
    return [...durations]
      .sort(([a, timeOfA], [b, timeOfB]) => rank(a) - rank(b) || timeOfA - timeOfB)
      .map(([file]) => file);
  }
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.Reporter, 'covering-files', CoveringFilesReporter),
];
