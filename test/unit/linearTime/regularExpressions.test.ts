/** Every regular expression of the published code takes linear time. */
import fs from 'node:fs';
import path from 'node:path';
import { checkSync } from 'recheck';
import ts from 'typescript';
import { ROOT, SOURCES } from './sources';

interface Expression {
  file: string;
  source: string;
  flags: string;
}

/** The regular expressions of a file: its literals, and what it builds from text. */
function expressionsIn(file: string): { literals: Expression[]; built: string[] } {
  const literals: Expression[] = [];
  const built: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      literals.push({ file, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    if (ts.isIdentifier(node) && node.text === 'RegExp' && !ts.isTypeReferenceNode(node.parent)) {
      built.push(`${file}: RegExp`);
    }
    if (
      ts.isPropertyAccessExpression(node) &&
      ['match', 'matchAll', 'search'].includes(node.name.text) &&
      ts.isCallExpression(node.parent) &&
      !node.parent.arguments.every((each) => ts.isRegularExpressionLiteral(each))
    ) {
      built.push(`${file}: ${node.parent.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  const text = fs.readFileSync(path.join(ROOT, file), 'utf8');
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return { literals, built };
}

const FOUND = SOURCES.map(expressionsIn);
const LITERALS = FOUND.flatMap(({ literals }) => literals);

/**
 * Expressions that take more than linear time, but are never given a long text. Each says which bound its
 * text has, and where that is checked.
 */
const BOUNDED: ReadonlyArray<Expression & { bound: string }> = [];

const isSame = (a: Expression, b: Expression) =>
  a.file === b.file && a.source === b.source && a.flags === b.flags;

describe('regular expressions', () => {
  beforeAll(() => {
    // The other backends are programs of their own.
    process.env.RECHECK_BACKEND = 'pure';
  });

  const statusOf = ({ source, flags }: Expression) =>
    checkSync(source, flags, { timeout: 20_000 }).status;

  it('the search finds the regular expressions', () => {
    expect(SOURCES.length).toBeGreaterThan(50);
    expect(LITERALS.length).toBeGreaterThan(50);
  });

  it('no regular expression is built from text', () =>
    expect(FOUND.flatMap(({ built }) => built)).toEqual([]));

  it.each(LITERALS.filter((each) => !BOUNDED.some((known) => isSame(each, known))))(
    'takes linear time: $file /$source/$flags',
    (expression) => expect(statusOf(expression)).toBe('safe'),
  );

  it('every exception exists and needs to be one', () => {
    for (const known of BOUNDED) {
      expect(known.bound).not.toBe('');
      expect(LITERALS.some((each) => isSame(each, known))).toBe(true);
      expect(statusOf(known)).not.toBe('safe');
    }
  });

  it.each(['(a+)+$', 'a+$', '[/?#].*$', 'x*x*y'])(
    'the check finds that /%s/ does not take linear time',
    (source) => expect(statusOf({ file: '', source, flags: '' })).toBe('vulnerable'),
  );
});
