const { execFileSync } = require('node:child_process');
const { readFileSync, writeFileSync } = require('node:fs');
const { readdir, rm } = require('node:fs/promises');
const { join, posix } = require('node:path');
const { dest, series, src } = require('gulp');

const DIST = join(__dirname, 'dist');
const README = join(__dirname, 'README.md');

/** What the package consists of. `n8n-node build` also copies every picture of the checkout. */
const SHIPPED_FOLDERS = ['credentials', 'icons', 'nodes'];
const SHIPPED_FILES = /\.(js|js\.map|d\.ts|svg|node\.json)$|\/__schema__\/.+\.json$/;

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
    const path = join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !SHIPPED_FILES.test(path)) await rm(path);
  }
}

/**
 * The README as it should be. What it says about the nodes is read from their source, so that the
 * check needs no build and cannot be misled by an old one.
 */
function expectedReadme() {
  require('tsx/cjs');
  const documentation = require('./nodes/ImagineAnything/engine/documentation');
  const { resources } = require('./nodes/ImagineAnything/resources');
  const { REGISTER_HINT } = require('./nodes/ImagineAnything/resources/agent');
  const { ASSUMPTIONS } = require('./nodes/ImagineAnything/trigger/assumptions');

  const parts = {
    register: `${REGISTER_HINT}\n`,
    operations: documentation.operationsTable(resources),
    assumptions: documentation.assumptionsTable(ASSUMPTIONS),
  };
  let readme = readFileSync(README, 'utf8');
  for (const [name, text] of Object.entries(parts)) {
    const [start, end] = [`<!-- ${name}:start -->\n`, `<!-- ${name}:end -->`];
    const [from, to] = [readme.indexOf(start) + start.length, readme.indexOf(end)];
    if (from < start.length || to < from) {
      throw new Error(`README.md has lost the markers of a part: ${start.trim()} and ${end}`);
    }
    readme = `${readme.slice(0, from)}\n${text}\n${readme.slice(to)}`;
  }
  return readme;
}

/** Writes into the README what the nodes say: the tables, and the hint of Agent: Register. */
async function documentation() {
  const expected = expectedReadme();
  if (expected === readFileSync(README, 'utf8')) return;
  writeFileSync(README, expected);
  console.log('README.md: its generated parts were written anew. Commit it with your change.');
}

/** Fails when a generated part of the README is not what the source of the nodes says. */
async function check() {
  if (expectedReadme() === readFileSync(README, 'utf8')) return;
  throw new Error(
    'README.md is stale: its generated parts differ from what the nodes say. Run `npx gulp documentation` and commit README.md.',
  );
}

const BESIDE_DIST = ['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json'];

/** Fails when the package that npm would publish holds too much, lacks something, or pulls in others. */
async function packed() {
  const listing = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: __dirname,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const files = new Set(JSON.parse(listing)[0].files.map(({ path }) => path));
  const { dependencies, n8n } = JSON.parse(readFileSync(join(__dirname, 'package.json'), 'utf8'));
  const classes = [...n8n.credentials, ...n8n.nodes];
  const wanted = new Set([...classes, ...n8n.nodes.map((node) => node.replace(/\.js$/, '.json'))]);
  for (const file of classes.filter((each) => files.has(each))) {
    const icons = readFileSync(join(__dirname, file), 'utf8').matchAll(/'file:([^']+)'/g);
    for (const [, icon] of icons) wanted.add(posix.join(posix.dirname(file), icon));
  }
  const isExpected = (file) =>
    file.startsWith('dist/') ? SHIPPED_FILES.test(file) : BESIDE_DIST.includes(file);
  const problems = [
    ...[...files].filter((file) => !isExpected(file)).map((file) => `${file} is in the package`),
    ...[...wanted]
      .filter((file) => !files.has(file))
      .map((file) => `${file} is not in the package`),
    ...Object.keys(dependencies ?? {}).map((name) => `${name} is a dependency of the package`),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
  console.log(`The package holds ${files.size} files and has no dependency.`);
}

// A build changes tracked files only where somebody can commit them.
const readme = process.env.CI ? check : documentation;

module.exports = {
  icons,
  codex,
  tidy,
  documentation,
  check,
  packed,
  default: series(icons, codex, tidy, readme),
};
