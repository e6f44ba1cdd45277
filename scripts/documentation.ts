/** Turns what the nodes declare into Markdown. Pure functions: `generate.ts` knows the files. */
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { callsOf, type Operation, type Resource } from '../nodes/ImagineAnything/engine/operation';
import { type Assumption, type Source, SOURCES } from './assumptions';
import type { Proof, ServiceFact } from './serviceFacts';

const CREDENTIAL: Record<NonNullable<Operation['token']> | 'required', string> = {
  required: 'yes',
  optional: 'optional',
  never: 'no',
};

/**
 * Writes a section for each resource, with a table of its operations, in the order of the editor.
 *
 * @param resources everything that the node offers, in any order
 */
export function operationSections(resources: readonly Resource[]): string {
  return [...resources]
    .sort(byName)
    .map(({ name, operations }) => {
      const rows = [...operations]
        .sort(byName)
        .map((operation) => [
          operation.name,
          operation.description,
          callsIn(operation).join('<br>'),
          CREDENTIAL[operation.token ?? 'required'],
        ]);
      return `## ${name}\n\n${table(['Operation', 'What it does', 'Calls', 'Credential'], rows)}`;
    })
    .join('\n');
}

/**
 * Writes the names of the resources as links to their sections.
 *
 * @param resources everything that the node offers, in any order
 * @param file the document with the sections, relative to the one with the links
 */
export function resourceLinks(resources: readonly Resource[], file: string): string {
  const links = [...resources]
    .sort(byName)
    .map(({ name }) => `[${name}](${file}#${name.toLowerCase().replaceAll(' ', '-')})`);
  return `${links.join(',\n')}.\n`;
}

/**
 * Writes a table of the options that users can add to a node.
 *
 * @param properties the properties of the node, of which one is the collection `options`
 * @throws Error when there is no such collection
 */
export function optionsTable(properties: readonly INodeProperties[]): string {
  const options = properties.find(({ name }) => name === 'options')?.options as
    | INodeProperties[]
    | undefined;
  if (options === undefined) throw new Error('The node has no collection named options');
  const rows = options.map(({ displayName, description, ...option }) => [
    displayName,
    defaultOf(option),
    [description, ...choicesOf(option)].map(asSentence).join(' '),
  ]);
  return table(['Option', 'Default', 'What it does'], rows);
}

/** Writes a table of what the documents of the service leave open, what is assumed, and who says it. */
export function assumptionsTable(assumptions: readonly Assumption[]): string {
  return table(
    ['Open', 'Assumption', 'Said by'],
    assumptions.map(({ about, assumed, saidBy }) => [about, assumed, sourcesOf(saidBy)]),
  );
}

/**
 * Writes a section for each part of what is known about the service, with a table of facts.
 *
 * @param facts by heading; a test is linked by its file, relative to `docs/`
 */
export function factSections(facts: Readonly<Record<string, readonly ServiceFact[]>>): string {
  return Object.entries(facts)
    .map(([heading, rows]) => `## ${heading}\n\n${factsTable(rows)}`)
    .join('\n');
}

function factsTable(facts: readonly ServiceFact[]): string {
  return table(
    ['Fact', 'Said by', 'Shown by'],
    facts.map(([fact, saidBy, shownBy]) => [fact, sourcesOf(saidBy), linkTo(shownBy)]),
  );
}

function linkTo(proof: Proof): string {
  if ('assumption' in proof) return '[Assumptions](assumptions.md)';
  const [file] = proof;
  return `[${file}](../test/${file})`;
}

function sourcesOf(saidBy: readonly Source[]): string {
  return saidBy.map((source) => SOURCES[source]).join(', ');
}

/** The calls that an operation may make, as `GET /api/posts`. */
function callsIn(operation: Operation): string[] {
  return callsOf(operation).map((call) => `\`${call.replace(' ', ' /api')}\``);
}

function defaultOf({
  type,
  default: value,
  options,
}: Omit<INodeProperties, 'displayName'>): string {
  if (type === 'boolean') return value === true ? 'on' : 'off';
  const choice = options?.find((option) => 'value' in option && option.value === value);
  return choice?.name ?? (typeof value === 'object' ? JSON.stringify(value) : `${value}`);
}

/** What the choices of an option mean, where they say it. */
function choicesOf({ options = [] }: Omit<INodeProperties, 'displayName'>): string[] {
  return options.filter(isDescribed).map(({ name, description }) => `**${name}**: ${description}`);
}

function asSentence(text = ''): string {
  return text.replace(/\.?$/, '.');
}

function isDescribed(
  option: INodePropertyOptions | INodeProperties | INodePropertyCollection,
): option is INodePropertyOptions & { description: string } {
  return 'value' in option && option.description !== undefined;
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name.localeCompare(b.name);
}

function table(headings: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  return [headings, headings.map(() => '---'), ...rows].map(toRow).join('\n') + '\n';
}

function toRow(cells: readonly string[]): string {
  return `| ${cells.map(escapeCell).join(' | ')} |`;
}

/** A line break or a bar would end the cell. */
function escapeCell(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(/\|/g, '\\|');
}
