import path from 'node:path';
import ts from 'typescript';
import { ROOT, type Slip, sourceOf } from './slip';

/** A slip may leave behind what nothing uses any more. */
const LENIENT = { noEmit: true, noUnusedLocals: false, noUnusedParameters: false };

/**
 * Checks the types of sources with their slips in them. Where they are wrong, a test that fails shows nothing: the
 * compiler would have noticed it.
 *
 * @returns the errors of each slip that has any, by its name
 */
export function typeErrors(slips: readonly Slip[]): Map<string, string[]> {
  const config = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const host = ts.createCompilerHost({ ...options, ...LENIENT });
  // Each source with a slip is a module of its own, next to the one that it was made of.
  const sources = new Map(slips.map((slip, index) => [pathOf(slip, index), sourceOf(slip)]));
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.getSourceFile = (file, ...rest) => {
    const source = sources.get(file);
    return source === undefined
      ? getSourceFile(file, ...rest)
      : ts.createSourceFile(file, source, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...sources.keys()], { ...options, ...LENIENT }, host);
  const errors = new Map<string, string[]>();
  for (const [index, slip] of slips.entries()) {
    const file = program.getSourceFile(pathOf(slip, index));
    const found = [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    if (found.length > 0) errors.set(slip.name, found);
  }
  return errors;
}

function pathOf({ file }: Slip, index: number): string {
  return path.join(ROOT, file).replace(/\.ts$/, `.slip${index}.ts`);
}
