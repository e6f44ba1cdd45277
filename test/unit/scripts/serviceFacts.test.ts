/** What is known about the service has a test or an assumption, and comments name sections that exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DELIVERY_ASSUMPTIONS, RESPONSE_ASSUMPTIONS } from '../../../scripts/assumptions';
import { SERVICE_FACTS } from '../../../scripts/serviceFacts';

const CHECKOUT = resolve(__dirname, '../../..');
const assumptions = [...RESPONSE_ASSUMPTIONS, ...DELIVERY_ASSUMPTIONS];
const facts = Object.values(SERVICE_FACTS).flat();

/** Whether a file below `test/` has a test or a group of tests of this name. */
function hasTest(file: string, name: string): boolean {
  const path = join(CHECKOUT, 'test', file);
  if (!existsSync(path)) return false;
  const quoted = [`'${name}'`, `"${name}"`, `\`${name}\``];
  const source = readFileSync(path, 'utf8');
  return quoted.some((text) => source.includes(`(${text}`) || source.includes(`  ${text},\n`));
}

it.each(facts)('%s', (_, saidBy, shownBy) => {
  expect(saidBy).not.toEqual([]);
  if ('assumption' in shownBy) {
    expect(assumptions.map(({ about }) => about)).toContain(shownBy.assumption);
  } else {
    expect([shownBy, hasTest(...shownBy)]).toEqual([shownBy, true]);
  }
});

it('a test that does not exist is noticed', () => {
  expect(
    hasTest('unit/scripts/serviceFacts.test.ts', 'a test that does not exist is noticed'),
  ).toBe(true);
  expect(hasTest('unit/scripts/serviceFacts.test.ts', 'that does not exist')).toBe(false);
  expect(hasTest('unit/scripts/nothing.test.ts', 'a test')).toBe(false);
});

it('every assumption says by whom it is said, and each of them once', () => {
  for (const { about, saidBy } of assumptions) {
    expect([about, saidBy.length]).not.toEqual([about, 0]);
    expect([about, new Set(saidBy).size]).toEqual([about, saidBy.length]);
  }
});

describe('comments', () => {
  const FOLDERS = ['nodes', 'credentials', 'scripts', 'test'];
  const sources = FOLDERS.flatMap((folder) =>
    readdirSync(join(CHECKOUT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|yaml)$/.test(file) && !file.includes('node_modules'))
      .map((file) => join(folder, file)),
  ).map((file) => ({ file, text: readFileSync(join(CHECKOUT, file), 'utf8') }));

  it('name sections of docs/service.md that are there', () => {
    const headings = Object.keys(SERVICE_FACTS);
    const named = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/docs\/service\.md: ([A-Z][a-z]+(?:[ -][a-z]+)*)/g)].map(
        ([, section]) => `${file}: ${section}`,
      ),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(
      named.filter((each) => !headings.some((heading) => each.endsWith(`: ${heading}`))),
    ).toEqual([]);
  });
});
