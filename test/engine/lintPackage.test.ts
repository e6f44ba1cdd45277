import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const CHECKOUT = resolve(__dirname, '../..');
const TSX = createRequire(__filename).resolve('tsx/cli');

/** What the package is made of and packed from. */
const PARTS = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'dist'];
const SOURCES = ['nodes', 'credentials', 'icons'];

let copy: string;

beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), 'n8n-copy-'));
  for (const part of [...PARTS, ...SOURCES]) {
    await cp(join(CHECKOUT, part), join(copy, part), { recursive: true });
  }
  await symlink(join(CHECKOUT, 'node_modules'), join(copy, 'node_modules'));
});

afterEach(async () => await rm(copy, { recursive: true, force: true }));

/** Puts a defect into a file of the copy. */
async function spoil(file: string, change: (text: string) => string): Promise<void> {
  const path = join(copy, file);
  const text = await readFile(path, 'utf8');
  const spoilt = change(text);
  expect(spoilt).not.toBe(text);
  await writeFile(path, spoilt);
}

/** Runs `npm run lint:package` on the copy. */
async function lint(): Promise<{ code: number; said: string }> {
  return await new Promise((done) => {
    const args = [TSX, join(CHECKOUT, 'test', 'package', 'main.ts'), copy];
    // Its rules take what runs in a test for one of their own examples, whatever its file is called.
    const env = { ...process.env, NODE_ENV: undefined };
    execFile(process.execPath, args, { env }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), said: stdout + stderr });
    });
  });
}

test('a defect of the source, of the package and of a generated field are found', async () => {
  await spoil(
    'nodes/ImagineAnything/engine/mapConcurrent.ts',
    (text) => `console.log('mapConcurrent');\n${text}`,
  );
  await spoil('dist/nodes/ImagineAnything/engine/names.js', (text) => `require('fs');\n${text}`);
  await spoil('dist/nodes/ImagineAnything/engine/operation.js', (text) =>
    text.replace('fallback: 50,', 'fallback: 10,'),
  );
  await spoil('dist/credentials/aiProviderKeys.js', (text) =>
    text.replace('typeOptions: { password: true },', ''),
  );
  const { code, said } = await lint();

  expect(code).toBe(1);
  expect(said).toMatch(
    /objects to the source: [^]*engine\/mapConcurrent\.ts\n.*Unexpected console/,
  );
  expect(said).toMatch(/objects to the package: [^]*engine\/names\.js\n.*Require of 'fs'/);
  expect(said).toMatch(/ImagineAnything\.node\.ts: Set 50 as default/);
  expect(said).toMatch(/ImagineAnythingApi\.credentials\.ts: Field 'openAiApiKey' .* password/);
  expect(said).toMatch(/^[1-9]\d* findings in source, package and descriptions$/m);
}, 120_000);

test('a package whose files are not found does not pass', async () => {
  await rm(join(copy, 'credentials'), { recursive: true });
  await rm(join(copy, 'nodes'), { recursive: true });
  await rm(join(copy, 'dist', 'credentials'), { recursive: true });

  expect((await lint()).code).toBe(1);
}, 120_000);
