import { callsOf, type Operation, type Resource } from './operation';

const HEADINGS = ['Resource', 'Operation', 'What it does', 'Call', 'Credential'];

const CREDENTIAL_NEED: Record<NonNullable<Operation['token']> | 'required', string> = {
  required: 'yes',
  optional: 'optional',
  never: 'no',
};

/**
 * Writes the table of all operations for the README.
 *
 * @param resources everything that the node offers, in any order
 * @returns a Markdown table with a row for each operation, sorted as in the editor
 */
export function operationsTable(resources: readonly Resource[]): string {
  const rows = [...resources]
    .sort(byName)
    .flatMap(({ name, operations }) =>
      [...operations].sort(byName).map((operation) => describe(name, operation)),
    );
  return toTable(HEADINGS, rows);
}

/**
 * Writes the table of what the service's reference leaves open for the README.
 *
 * @param assumptions what is left open, and what is taken for it, in Markdown
 * @returns a Markdown table with a row for each of them
 */
export function assumptionsTable(
  assumptions: ReadonlyArray<{ about: string; assumed: string }>,
): string {
  return toTable(
    ['Left open', 'Taken for it'],
    assumptions.map(({ about, assumed }) => [about, assumed]),
  );
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name.localeCompare(b.name);
}

function describe(resource: string, operation: Operation): string[] {
  return [
    resource,
    operation.name,
    operation.description,
    callsOf(operation)
      .map((call) => `\`${call.replace(' ', ' /api')}\``)
      .join(', '),
    CREDENTIAL_NEED[operation.token ?? 'required'],
  ];
}

function toTable(headings: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  return [headings, headings.map(() => '---'), ...rows].map(toRow).join('\n') + '\n';
}

function toRow(cells: readonly string[]): string {
  return `| ${cells.map(escapeCell).join(' | ')} |`;
}

/** A line break or a bar would end the cell. */
function escapeCell(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(/\|/g, '\\|');
}
