import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { generate, replaceParts } from '../../../scripts/generate';

const CHECKOUT = resolve(__dirname, '../../..');
const SCHEMA = 'nodes/ImagineAnything/__schema__/v1.0.0.json';

let copy: string;

beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), 'generate-'));
  for (const part of ['README.md', 'docs', SCHEMA]) {
    await cp(join(CHECKOUT, part), join(copy, part), { recursive: true });
  }
  await generate(copy, false);
});

afterEach(async () => await rm(copy, { recursive: true, force: true }));

test('files that are up to date are left alone', async () => {
  expect(await generate(copy, false)).toEqual([]);
});

test('stale files are named by the check and written without it', async () => {
  const operations = join(copy, 'docs/operations.md');
  const expected = await readFile(operations, 'utf8');
  const stale = expected.replace('Like a post', 'Love a post');
  expect(stale).not.toBe(expected);
  await writeFile(operations, stale);
  await writeFile(join(copy, SCHEMA), '{}');

  expect(await generate(copy, true)).toEqual(['docs/operations.md', SCHEMA]);
  expect(await readFile(operations, 'utf8')).toBe(stale);
  expect(await generate(copy, false)).toEqual(['docs/operations.md', SCHEMA]);
  expect(await readFile(operations, 'utf8')).toBe(expected);
  expect(await generate(copy, true)).toEqual([]);
});

test('a part is replaced between its markers', () => {
  const document = 'Before\n<!-- a:start -->\nold\n<!-- a:end -->\nAfter\n';
  expect(replaceParts(document, { a: 'new\n' })).toBe(
    'Before\n<!-- a:start -->\n\nnew\n\n<!-- a:end -->\nAfter\n',
  );
});

test.each([
  ['no markers', 'Text'],
  ['no end', '<!-- a:start -->\nold'],
  ['an end before its start', '<!-- a:end -->\n<!-- a:start -->\n'],
])('a document with %s is an error', (_, document) => {
  expect(() => replaceParts(document, { a: 'new' })).toThrow('<!-- a:start --> and <!-- a:end -->');
});
