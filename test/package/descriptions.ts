/**
 * n8n's linter reads source text, and most of what the nodes describe is made by code. So the descriptions
 * of the built package are written out as literals, and these are linted.
 */
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

import type { ESLint } from 'eslint';
import {
  type ICredentialType,
  type INodeType,
  type NodeConnectionType,
  NodeConnectionTypes,
} from 'n8n-workflow';

import { CHECKOUT } from '../host/paths';
import { Code, literal } from './literal';

interface Manifest {
  n8n: { nodes: string[]; credentials: string[] };
}

/** The linter, and its rules, that n8n's own command `n8n-node lint` has. */
const require = createRequire(createRequire(__filename).resolve('@n8n/node-cli/eslint'));

/**
 * Lints the descriptions of the nodes and credentials of a built checkout.
 *
 * @param checkout a built checkout
 * @param folder where the literals go; it must not exist
 * @returns the findings, warnings among them, each with the lines it is about
 */
export async function lintDescriptions(checkout: string, folder: string): Promise<string[]> {
  const manifest = await readFile(join(checkout, 'package.json'), 'utf8');
  const { n8n } = JSON.parse(manifest) as Manifest;
  await mkdir(folder);
  // For the rules that look up imports and icons.
  await symlink(join(CHECKOUT, 'node_modules'), join(folder, 'node_modules'));
  await cp(join(checkout, 'icons'), join(folder, 'icons'), { recursive: true });
  await writeFile(join(folder, 'package.json'), manifest);
  const files = await Promise.all([
    ...n8n.nodes.map(async (file) => await write(folder, file, nodeSource(checkout, file))),
    ...n8n.credentials.map(
      async (file) => await write(folder, file, credentialSource(checkout, file)),
    ),
  ]);
  const { ESLint: Linter } = require('eslint') as { ESLint: typeof ESLint };
  const { config } = require('@n8n/node-cli/eslint') as { config: ESLint.Options['baseConfig'] };
  const linter = new Linter({
    cwd: folder,
    allowInlineConfig: false,
    overrideConfigFile: true,
    overrideConfig: config,
  });
  const results = await linter.lintFiles(['package.json', ...files]);
  const findings = results.flatMap(({ filePath, messages, source }) =>
    messages.map(
      ({ line, message, ruleId }) =>
        `${basename(filePath)}: ${message} (${ruleId ?? 'no rule'})\n${excerpt(source, line)}`,
    ),
  );
  // Fields of many operations come from the same line of code.
  return [...new Set(findings)];
}

/** Some lines of what was linted, as the file is gone when somebody reads about it. */
function excerpt(source: string | undefined, line: number): string {
  return (source ?? '')
    .split('\n')
    .slice(Math.max(0, line - 4), line + 3)
    .map((text) => `    | ${text}`)
    .join('\n');
}

/** Writes a source file to where the built one came from. */
async function write(folder: string, file: string, source: string): Promise<string> {
  const path = file.replace(/^dist\//, '').replace(/\.js$/, '.ts');
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), source);
  return path;
}

function instance<Class extends object>(checkout: string, file: string): [string, Class] {
  const [name] = basename(file).split('.');
  const module = require(join(checkout, file)) as Record<string, new () => Class>;
  return [name, new module[name]()];
}

function nodeSource(checkout: string, file: string): string {
  const [name, { description, ...others }] = instance<INodeType>(checkout, file);
  const { inputs, outputs } = description;
  const described = { ...description, inputs: connections(inputs), outputs: connections(outputs) };
  const members = Object.entries(others).map(([member, value]) => classMember(member, value));
  return [
    "import type { INodeType, INodeTypeDescription } from 'n8n-workflow';",
    "import { NodeConnectionTypes } from 'n8n-workflow';",
    '',
    `export class ${name} implements INodeType {`,
    `  description: INodeTypeDescription = ${literal(described, name, '  ')};`,
    ...members,
    '}',
    '',
  ].join('\n');
}

/** The linter wants n8n's constants in place of their values. */
function connections(kinds: INodeType['description']['inputs']): unknown {
  if (!Array.isArray(kinds)) return kinds;
  const names = Object.keys(NodeConnectionTypes) as Array<keyof typeof NodeConnectionTypes>;
  const constant = (kind: NodeConnectionType): Code | undefined => {
    const name = names.find((each) => NodeConnectionTypes[each] === kind);
    return name && new Code(`NodeConnectionTypes.${name}`);
  };
  return kinds.map((kind) => (typeof kind === 'string' && constant(kind)) || kind);
}

const CREDENTIAL_TYPES: Readonly<Record<string, string>> = {
  icon: 'Icon',
  properties: 'INodeProperties[]',
  test: 'ICredentialTestRequest',
};

function credentialSource(checkout: string, file: string): string {
  const [name, credential] = instance<ICredentialType>(checkout, file);
  // Hidden ones are no fields: what the nodes keep in them is not a matter of the form.
  const properties = credential.properties.filter(({ type }) => type !== 'hidden');
  const members = Object.entries({ ...credential, properties }).map(([member, value]) =>
    classMember(member, value, CREDENTIAL_TYPES[member]),
  );
  return [
    `import type { ICredentialType, ${Object.values(CREDENTIAL_TYPES).map(bare).join(', ')} } from 'n8n-workflow';`,
    '',
    `export class ${name} implements ICredentialType {`,
    ...members,
    '}',
    '',
  ].join('\n');
}

const bare = (type: string): string => type.replace('[]', '');

function classMember(name: string, value: unknown, type?: string): string {
  return `  ${name}${type ? `: ${type}` : ''} = ${literal(value, name, '  ')};`;
}
