import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const CHECKOUT = resolve(__dirname, '../..');
const FOLDERS = ['.', '.github', 'docs', 'examples'];

const documents = FOLDERS.flatMap((folder) =>
  readdirSync(join(CHECKOUT, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(CHECKOUT, folder, file)),
);

/** Markdown without what may look like a heading or a link, but is code. */
function proseOf(markdown: string): string {
  return markdown.replace(/^(```+)[^]*?^\1$/gm, '').replace(/<!--[^]*?-->/g, '');
}

/** The anchors of a document, as GitHub makes them from its headings. */
function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of proseOf(markdown).matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** The targets of the links in a document that lead to another place of the repository. */
function linksOf(markdown: string): string[] {
  return [
    ...proseOf(markdown)
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(<?([^)\s>]+)>?\)/g),
  ]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/i.test(target));
}

/** @returns why a link of a document leads nowhere; undefined when it is fine */
function problemOf(document: string, link: string): string | undefined {
  const [path, anchor] = link.split('#');
  const target = path === '' ? document : join(dirname(document), path);
  if (!existsSync(target)) return `${link}: there is no such file`;
  if (anchor === undefined) return undefined;
  return anchorsOf(readFileSync(target, 'utf8')).has(anchor)
    ? undefined
    : `${link}: there is no such heading`;
}

describe('links between documents', () => {
  it.each(documents.map((path) => [relative(CHECKOUT, path), path]))('resolve in %s', (_, path) => {
    const links = linksOf(readFileSync(path, 'utf8'));
    expect(links.flatMap((link) => problemOf(path, link) ?? [])).toEqual([]);
  });

  it('are found, with their anchors', () => {
    const markdown = [
      '# A `b`, c!',
      '## Twice',
      '## Twice',
      '```sh\n# no heading, [no](link.md)\n```',
      '[one](a.md#b), `[code](c.md)`, ![two](d.png), [out](https://example.com), [here](#twice-1)',
    ].join('\n');
    expect([...anchorsOf(markdown)]).toEqual(['a-b-c', 'twice', 'twice-1']);
    expect(linksOf(markdown)).toEqual(['a.md#b', 'd.png', '#twice-1']);
  });

  it('are refused when file or heading are missing', () => {
    const readme = join(CHECKOUT, 'README.md');
    expect(problemOf(readme, 'docs/nothing.md')).toMatch('no such file');
    expect(problemOf(readme, 'docs/trigger.md#nothing')).toMatch('no such heading');
  });
});

describe('README', () => {
  const readme = readFileSync(join(CHECKOUT, 'README.md'), 'utf8');

  it('has at most 1,500 words', () => {
    expect(readme.trim().split(/\s+/).length).toBeLessThanOrEqual(1500);
  });

  // CI runs them as they are there.
  it.each(['npm ci && npm test', 'npm ci && npm start -- --once'])('has the line %s', (command) => {
    expect(readme.split('\n')).toContain(command);
  });

  it('links every document for users, and CONTRIBUTING the one about tests', () => {
    const linkedIn = (text: string) => linksOf(text).map((link) => link.split('#')[0]);
    const contributing = readFileSync(join(CHECKOUT, 'CONTRIBUTING.md'), 'utf8');
    expect(linkedIn(contributing)).toContain('docs/testing.md');
    const linked = new Set([...linkedIn(readme), 'docs/testing.md']);
    const documents = readdirSync(join(CHECKOUT, 'docs')).map((file) => `docs/${file}`);
    expect(documents.filter((file) => !linked.has(file))).toEqual([]);
  });
});
