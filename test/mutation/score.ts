import type { MutatedFolder } from './folders';
import type { Mutant } from './stryker';

export interface Score {
  readonly noticed: number;
  readonly all: number;
  readonly percent: number;
}

/** Whether no test failed: those that no test reaches count as well. */
export const isUnnoticed = ({ status }: Mutant): boolean =>
  status === 'Survived' || status === 'NoCoverage';

/** Counts as Stryker does: a mutant that does not compile, or does not run, is neither noticed nor not. */
export function scoreOf(mutants: readonly Mutant[]): Score {
  const noticed = mutants.filter(
    ({ status }) => status === 'Killed' || status === 'Timeout',
  ).length;
  const all = noticed + mutants.filter(isUnnoticed).length;
  return { noticed, all, percent: all === 0 ? 100 : (100 * noticed) / all };
}

const [START, END] = ['<!-- mutation:start -->\n', '<!-- mutation:end -->'];
const HEAD =
  '| Folder | Tests | Mutants | Noticed | Score | Goal |\n| --- | --- | --- | --- | --- | --- |\n';

/**
 * Replaces the row of a folder.
 *
 * @param document Markdown with the markers of the table
 * @param tests which tests ran
 * @throws Error when the markers are missing
 */
export function updateTable(
  document: string,
  folder: MutatedFolder,
  score: Score,
  tests: 'unit' | 'unit and engine',
): string {
  const from = document.indexOf(START);
  const to = document.indexOf(END);
  if (from < 0 || to < from) throw new Error(`The markers ${START.trim()} and ${END} are missing`);
  const rows = document
    .slice(from, to)
    .split('\n')
    .filter((line) => line.startsWith('| `') && !line.startsWith(`| \`${folder.name}\``));
  const row = `| \`${folder.name}\` | ${tests} | ${score.all} | ${score.noticed} | ${score.percent.toFixed(1)} % | ${folder.goal} % |`;
  const table = `${START}\n${HEAD}${[...rows, row].sort().join('\n')}\n\n`;
  return document.slice(0, from) + table + document.slice(to);
}
