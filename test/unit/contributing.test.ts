import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const CHECKOUT = resolve(__dirname, '../..');
const contributing = readFileSync(join(CHECKOUT, 'CONTRIBUTING.md'), 'utf8');

/** The first block of TypeScript in a section of CONTRIBUTING.md. */
function firstBlockOf(section: string): string {
  const text = contributing.split(`\n## ${section}\n`)[1];
  return /^```ts\n([^]*?)^```$/m.exec(text)?.[1] ?? '';
}

/** @returns what the compiler objects to in each of some files next to this one, which exist only in memory */
function diagnose(sources: readonly string[]): string[][] {
  const { config } = ts.readConfigFile(join(CHECKOUT, 'tsconfig.json'), ts.sys.readFile) as {
    config: { compilerOptions: object };
  };
  const options = ts.convertCompilerOptionsFromJson(config.compilerOptions, CHECKOUT).options;
  const host = ts.createCompilerHost(options);
  const files = new Map(
    sources.map((text, index) => [join(__dirname, `example${index}.ts`), text]),
  );
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) => {
    const text = files.get(name);
    return text === undefined
      ? getSourceFile(name, ...rest)
      : ts.createSourceFile(name, text, rest[0]);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].map((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
}

const asOperation = (literal: string): string => `
import { resources } from '../../nodes/ImagineAnything/resources';
import { POST } from '../../nodes/ImagineAnything/resources/parameters';
type Operation = (typeof resources)[number]['operations'][number];
export const operations: Operation[] = [${literal}];
`;

it('shows an operation that compiles under "Add an endpoint"', () => {
  const literal = firstBlockOf('Add an endpoint');
  expect(literal).toContain("endpoint: 'POST /posts/{postId}/pin'");
  const wrong = literal.replace('repeat:', 'repeats:');
  expect(diagnose([literal, wrong].map(asOperation))).toEqual([
    [],
    [expect.stringContaining("'repeats'")],
  ]);
});
