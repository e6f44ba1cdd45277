/**
 * `npm run test:mutation [-- FOLDER|FILE …]`: changes the sources a little at a time, runs the tests against each
 * change, and writes how many changes were noticed into `docs/testing.md`. What the unit tests do not notice, the
 * engine tests get to see. Lists what nothing noticed in `test/mutation/output/FOLDER.txt`.
 *
 * While you write tests: `--level unit` leaves the engine tests out, and `--tests 'transport/client'` only some of its files.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { FOLDERS, type MutatedFolder } from './folders';
import { isUnnoticed, scoreOf, updateTable } from './score';
import { mutate, type Mutant } from './stryker';

const OUTPUT = 'test/mutation/output';
const DOCUMENT = 'docs/testing.md';

/** The mutants of each folder after the unit tests. */
async function runUnitTests(folders: readonly MutatedFolder[]): Promise<Mutant[][]> {
  const results: Mutant[][] = [];
  for (const { name, files } of folders) results.push(await mutate(files, 'unit', OUTPUT, name));
  return results;
}

/** Lets the engine tests see what is left of all folders, in one run: they are slow to start. */
async function runEngineTests(results: readonly Mutant[][]): Promise<Mutant[][]> {
  const left = results.flat().filter(isUnnoticed);
  if (left.length === 0) return [...results];
  const found = await mutate(left.map(rangeOf), 'engine', OUTPUT, 'left');
  return results.map((mutants) => withResults(mutants, found));
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
    options: { level: { type: 'string' }, tests: { type: 'string' } },
    allowPositionals: true,
  });
  const level = values.level;
  if (level !== undefined && level !== 'unit') throw new Error('--level can only be unit.');
  if (values.tests !== undefined) process.env.MUTATION_TESTS = values.tests;
  await mkdir(OUTPUT, { recursive: true });
  const folders = positionals.length === 0 ? FOLDERS : positionals.map(folderOf);
  const afterUnitTests = await runUnitTests(folders);
  const results = level === 'unit' ? afterUnitTests : await runEngineTests(afterUnitTests);
  for (const [index, folder] of folders.entries()) {
    const mutants = results[index];
    const list = mutants.filter(isUnnoticed).map((mutant) => `${mutant.status} ${keyOf(mutant)}`);
    await writeFile(join(OUTPUT, `${folder.name}.txt`), `${list.sort().join('\n')}\n`);
    const score = scoreOf(mutants);
    process.stdout.write(
      `${folder.name}: ${score.noticed} of ${score.all} noticed, ${score.percent.toFixed(1)} % (goal ${folder.goal} %)\n`,
    );
    // Only a whole folder with all of its tests is a figure for the document.
    if (!FOLDERS.includes(folder) || values.tests !== undefined) continue;
    const tests = level ?? 'unit and engine';
    await writeFile(DOCUMENT, updateTable(await readFile(DOCUMENT, 'utf8'), folder, score, tests));
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
