import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { preProcessFile } from 'typescript';

const NODE = 'nodes/ImagineAnything';

/** The folders of the sources. Each may import from those after it, and from itself. */
const FOLDERS = [
  NODE,
  `${NODE}/methods`,
  `${NODE}/trigger/registration`,
  `${NODE}/trigger/execution`,
  `${NODE}/trigger/delivery`,
  `${NODE}/trigger/verification`,
  `${NODE}/trigger/parameters`,
  `${NODE}/trigger/events`,
  `${NODE}/trigger/webhook`,
  `${NODE}/trigger`,
  `${NODE}/resources`,
  `${NODE}/recipes`,
  `${NODE}/engine`,
  `${NODE}/transport`,
  'credentials',
  'credentials/http',
  'credentials/memory',
];

const IMPORTS = globSync('{nodes,credentials}/**/*.ts').flatMap((file) =>
  preProcessFile(readFileSync(file, 'utf8'))
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => ({ from: file, to: join(dirname(file), `${name}.ts`) })),
);

/** @throws Error for a file outside the folders, which the test would not look at */
function rankOf(file: string): number {
  const rank = FOLDERS.indexOf(dirname(file));
  if (rank === -1) throw new Error(`${file} is in none of the folders of this test.`);
  return rank;
}

test('imports point one way', () => {
  expect(IMPORTS.length).toBeGreaterThan(400);
  const backwards = IMPORTS.filter(({ from, to }) => rankOf(from) > rankOf(to));
  expect(backwards).toEqual([]);
});
