import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const FILES = globSync('{nodes,credentials}/**/*.ts');
const EXPORTED =
  /^export (?:abstract )?(?:async )?(?:interface|type|class|function|const|let) (\w+)/gm;

const twice = (names: readonly string[]): string[] =>
  names.filter((name, index) => names.indexOf(name) !== index);

describe('in the sources, one name is one thing', () => {
  it('for files', () => {
    expect(FILES.length).toBeGreaterThan(100);
    expect(twice(FILES.map((file) => basename(file)))).toEqual([]);
  });

  it('for what they export', () => {
    const names = FILES.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(EXPORTED)].map(([, name]) => name),
    );
    expect(names.length).toBeGreaterThan(300);
    expect(twice(names)).toEqual([]);
  });
});
