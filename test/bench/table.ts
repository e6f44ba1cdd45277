import type { Row } from './figures';

const HEADINGS = ['row', 'figure', 'comparison', 'ratio', 'goal', 'result', 'load'];

/** Writes rows as a table in Markdown, with what else they showed below it. */
export function showTable(rows: readonly Row[]): string {
  const cells = rows.map((each) => [
    each.row,
    each.figure,
    each.comparison,
    each.ratio,
    each.goal,
    each.met ? 'met' : 'MISSED',
    String(each.load),
  ]);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...cells.map((line) => line[column].length)),
  );
  const line = (texts: readonly string[]) =>
    `| ${texts.map((text, column) => text.padEnd(widths[column])).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  const notes = rows.flatMap((each) => each.notes.map((note) => `- ${each.row}: ${note}`));
  return [line(HEADINGS), rule, ...cells.map(line), '', ...notes].join('\n');
}
