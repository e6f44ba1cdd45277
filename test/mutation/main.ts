/**
 * `npm run test:mutation [-- FOLDER|FILE …]`: changes the sources a little at a time, runs the tests against each
 * change, and writes how many changes were noticed into `docs/testing.md`. What the unit tests do not notice, the
 * engine tests get to see. Lists what nothing noticed in `test/mutation/output/FOLDER.txt`.
 *
 * While you write tests: `--level unit` runs one level, and `--tests 'transport/client'` only some of its files.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { FOLDERS, type MutatedFolder } from './folders';
import { isUnnoticed, scoreOf, updateTable } from './score';
import { type Level, mutate, type Mutant } from './stryker';

const OUTPUT = 'test/mutation/output';
const DOCUMENT = 'docs/testing.md';
const LEVELS: readonly Level[] = ['unit', 'engine'];

async function measure(
  { name, files }: MutatedFolder,
  levels: readonly Level[],
): Promise<Mutant[]> {
  let mutants: Mutant[] = [];
  for (const level of levels) {
    const left = mutants.filter(isUnnoticed);
    if (level !== levels[0] && left.length === 0) break;
    const found = await mutate(
      level === levels[0] ? files : left.map(rangeOf),
      level,
      OUTPUT,
      name,
    );
    mutants = level === levels[0] ? found : withResults(mutants, found);
  }
  return mutants;
}

const rangeOf = ({ file, line, column, endLine, endColumn }: Mutant): string =>
  `${file}:${line}:${column}-${endLine}:${endColumn}`;

const keyOf = (mutant: Mutant): string =>
  `${rangeOf(mutant)} ${mutant.mutator} ${mutant.replacement}`;

/** What a later level noticed counts; a range also has mutants in it that an earlier one noticed already. */
function withResults(mutants: readonly Mutant[], later: readonly Mutant[]): Mutant[] {
  const byKey = new Map(later.map((mutant) => [keyOf(mutant), mutant]));
  return mutants.map((mutant) =>
    isUnnoticed(mutant) ? (byKey.get(keyOf(mutant)) ?? mutant) : mutant,
  );
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { level: { type: 'string', multiple: true }, tests: { type: 'string' } },
    allowPositionals: true,
  });
  const levels = (values.level as Level[] | undefined) ?? LEVELS;
  if (values.tests !== undefined) process.env.MUTATION_TESTS = values.tests;
  await mkdir(OUTPUT, { recursive: true });
  for (const folder of positionals.length === 0 ? FOLDERS : positionals.map(folderOf)) {
    const mutants = await measure(folder, levels);
    const list = mutants.filter(isUnnoticed).map((mutant) => `${mutant.status} ${keyOf(mutant)}`);
    await writeFile(join(OUTPUT, `${folder.name}.txt`), `${list.sort().join('\n')}\n`);
    const score = scoreOf(mutants);
    process.stdout.write(
      `${folder.name}: ${score.noticed} of ${score.all} noticed, ${score.percent.toFixed(1)} % (goal ${folder.goal} %)\n`,
    );
    // Only a whole folder with all of its tests is a figure for the document.
    if (!FOLDERS.includes(folder) || values.tests !== undefined || levels.length < 2) continue;
    await writeFile(DOCUMENT, updateTable(await readFile(DOCUMENT, 'utf8'), folder, score));
  }
}

/** @param name a folder of the table, or the path of a file */
function folderOf(name: string): MutatedFolder {
  const folder = FOLDERS.find((each) => each.name === name);
  if (folder !== undefined) return folder;
  if (name.endsWith('.ts')) return { name: basename(name, '.ts'), files: [name], goal: 90 };
  const names = FOLDERS.map((each) => each.name).join(', ');
  throw new Error(`There is no folder "${name}". Name one of ${names}, or a file.`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exitCode = 1;
});
