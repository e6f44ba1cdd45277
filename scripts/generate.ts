/**
 * Everything in the repository that is written from the source of the nodes: parts of documents, and the output
 * schema that the editor shows. `npm run generate` writes it, `npm run generate -- --check` compares it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describeResources } from '../nodes/ImagineAnything/engine/properties';
import { resources } from '../nodes/ImagineAnything/resources';
import { REGISTER_HINT } from '../nodes/ImagineAnything/resources/agent';
import { properties as triggerProperties } from '../nodes/ImagineAnything/trigger/parameters/description';
import { DELIVERY_ASSUMPTIONS, RESPONSE_ASSUMPTIONS } from './assumptions';
import {
  assumptionsTable,
  factSections,
  operationSections,
  optionsTable,
  resourceLinks,
} from './documentation';
import { outputSchema } from './eventSamples';
import { SERVICE_FACTS } from './serviceFacts';

/** Makes the text of a file from its current one. */
type Generator = (current: string) => string;

const FILES: Readonly<Record<string, Generator>> = {
  'README.md': (current) =>
    replaceParts(current, {
      register: `${REGISTER_HINT}\n`,
      resources: resourceLinks(resources, 'docs/operations.md'),
    }),
  'docs/assumptions.md': (current) =>
    replaceParts(current, {
      responses: assumptionsTable(RESPONSE_ASSUMPTIONS),
      deliveries: assumptionsTable(DELIVERY_ASSUMPTIONS),
    }),
  'docs/items-and-errors.md': (current) =>
    replaceParts(current, { options: optionsTable(describeResources(resources, 'Post')) }),
  'docs/operations.md': (current) =>
    replaceParts(current, {
      resources: resourceLinks(resources, ''),
      operations: operationSections(resources),
    }),
  'docs/service.md': (current) => replaceParts(current, { facts: factSections(SERVICE_FACTS) }),
  'docs/trigger.md': (current) =>
    replaceParts(current, {
      options: optionsTable(triggerProperties),
    }),
  'nodes/ImagineAnything/__schema__/v1.0.0.json': () =>
    `${JSON.stringify(outputSchema(), null, 2)}\n`,
};

/**
 * Brings the generated files up to date.
 *
 * @param root the folder of the checkout
 * @param isCheck whether to leave the files alone
 * @returns the files that are not as they should be, or were not
 * @throws Error when a document has lost the markers of a part
 */
export async function generate(root: string, isCheck: boolean): Promise<string[]> {
  const changed: string[] = [];
  for (const [file, generator] of Object.entries(FILES)) {
    const path = join(root, file);
    const current = await readFile(path, 'utf8');
    const expected = generator(current);
    if (expected === current) continue;
    changed.push(file);
    if (!isCheck) await writeFile(path, expected);
  }
  return changed;
}

/**
 * Replaces what is between `<!-- NAME:start -->` and `<!-- NAME:end -->`.
 *
 * @param text a Markdown document
 * @param parts the new text of each part, by its name
 * @throws Error naming the markers that are missing
 */
export function replaceParts(text: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((document, [name, part]) => {
    const [start, end] = [`<!-- ${name}:start -->\n`, `<!-- ${name}:end -->`];
    const from = document.indexOf(start) + start.length;
    const to = document.indexOf(end);
    if (from < start.length || to < from) {
      throw new Error(`The markers ${start.trim()} and ${end} are missing`);
    }
    return `${document.slice(0, from)}\n${part}\n${document.slice(to)}`;
  }, text);
}
