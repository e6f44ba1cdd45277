const { readFileSync, writeFileSync } = require('node:fs');
const { readdir, rm } = require('node:fs/promises');
const { join } = require('node:path');
const { dest, series, src } = require('gulp');

const DIST = join(__dirname, 'dist');
const README = join(__dirname, 'README.md');
const TABLE = /(<!-- operations:start -->\n)[^]*?(<!-- operations:end -->)/;

/** What the package consists of. `n8n-node build` also copies every picture of the checkout. */
const SHIPPED_FOLDERS = ['credentials', 'icons', 'nodes'];
const SHIPPED_FILES = /\.(js|js\.map|d\.ts|svg|node\.json)$/;

/** Copies the icons to where `file:` in the built nodes and credentials points to. */
function icons() {
  return src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));
}

/** Copies the codex files next to the built nodes, where n8n looks for them. */
function codex() {
  return src('nodes/**/*.node.json', { base: '.', encoding: false }).pipe(dest('dist'));
}

/** Removes from `dist` what is no part of the package. */
async function tidy() {
  for (const entry of await readdir(DIST)) {
    if (!SHIPPED_FOLDERS.includes(entry)) await rm(join(DIST, entry), { recursive: true });
  }
  for (const entry of await readdir(DIST, { recursive: true, withFileTypes: true })) {
    const isShipped = entry.isDirectory() || SHIPPED_FILES.test(entry.name);
    if (!isShipped) await rm(join(entry.parentPath, entry.name));
  }
}

/**
 * The README as it should be. The operations are read from their source, so that the check needs no
 * build and cannot be misled by an old one.
 */
async function expectedReadme() {
  require('tsx/cjs');
  const { operationsTable } = require('./nodes/ImagineAnything/engine/documentation');
  const { resources } = require('./nodes/ImagineAnything/resources');
  const prettier = require('prettier');

  const readme = readFileSync(README, 'utf8');
  if (!TABLE.test(readme)) {
    throw new Error('README.md has lost its markers <!-- operations:start --> and :end.');
  }
  const options = { ...(await prettier.resolveConfig(README)), parser: 'markdown' };
  const table = await prettier.format(operationsTable(resources), options);
  return readme.replace(TABLE, (_, start, end) => `${start}\n${table}\n${end}`);
}

/** Writes the table of operations into the README. */
async function documentation() {
  const expected = await expectedReadme();
  if (expected === readFileSync(README, 'utf8')) return;
  writeFileSync(README, expected);
  console.log('README.md: the table of operations was written anew. Commit it with your change.');
}

/** Fails when the table of operations in the README is not that of the operations. */
async function check() {
  if ((await expectedReadme()) === readFileSync(README, 'utf8')) return;
  throw new Error(
    'README.md is stale: its table of operations differs from the operations. Run `npx gulp documentation` and commit README.md.',
  );
}

// A build changes tracked files only where somebody can commit them.
const table = process.env.CI ? check : documentation;

module.exports = {
  icons,
  codex,
  tidy,
  documentation,
  check,
  default: series(icons, codex, tidy, table),
};
