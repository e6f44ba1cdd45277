/** Lists what no test noticed while a run still goes on: it takes long, and Stryker writes its results at the end. */
import { appendFileSync, rmSync } from 'node:fs';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** Appends a line for each such mutant to `MUTATION_UNNOTICED`. */
class UnnoticedReporter {
  constructor() {
    rmSync(process.env.MUTATION_UNNOTICED, { force: true });
  }

  onMutantTested({ status, fileName, location, mutatorName, replacement }) {
    if (status !== 'Survived' && status !== 'NoCoverage' && status !== 'Timeout') return;
    const { line, column } = location.start;
    const where = `${fileName}:${line}:${column}`;
    const change = `${mutatorName} ${JSON.stringify(replacement)}`;
    appendFileSync(process.env.MUTATION_UNNOTICED, `${status} ${where} ${change}\n`);
  }
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.Reporter, 'unnoticed', UnnoticedReporter),
];
