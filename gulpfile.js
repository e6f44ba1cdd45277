const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { readdir, rm } = require('node:fs/promises');
const { join, posix } = require('node:path');

const DIST = join(__dirname, 'dist');

/** What the package consists of. `n8n-node build` also copies every picture of the checkout. */
const SHIPPED_FOLDERS = ['credentials', 'icons', 'nodes'];
const SHIPPED_FILES = /\.(js|svg|node\.json)$|\/__schema__\/.+\.json$/;
/** Source maps stay in `dist` for the coverage of tests; package.json keeps them out of the package. */
const BUILT_FILES = new RegExp(`${SHIPPED_FILES.source}|\\.js\\.map$`);
const BESIDE_DIST = ['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json'];

/** Removes from `dist` what is not part of the package. */
async function tidy() {
  for (const entry of await readdir(DIST)) {
    if (!SHIPPED_FOLDERS.includes(entry)) await rm(join(DIST, entry), { recursive: true });
  }
  for (const entry of await readdir(DIST, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !BUILT_FILES.test(path)) await rm(path);
  }
}

/**
 * Writes everything that is generated from the source of the nodes. With `--check` it only compares, and fails
 * when a file is stale. It reads the source, so that it needs no build and an old build cannot mislead it.
 */
async function generate() {
  require('tsx/cjs');
  const generated = require('./scripts/generate');
  const isCheck = process.argv.includes('--check');
  const files = await generated.generate(__dirname, isCheck);
  if (files.length === 0) return;
  const names = files.join(', ');
  if (isCheck) {
    throw new Error(`Not up to date: ${names}. Run \`npm run generate\` and commit the result.`);
  }
  console.log(`Updated ${names}. Commit with your change.`);
}

/** Fails when the package that npm would publish holds too much, lacks something, or has a dependency. */
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

// `n8n-node build` compiles the nodes and copies codex files, icons and schemas; gulp tidies up after it.
module.exports = { tidy, generate, packed, default: tidy };
