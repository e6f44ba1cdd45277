import type { IExecuteFunctions } from 'n8n-workflow';
import { isRecord } from '../../../credentials/http/record';
import { formatValue, shorten } from '../transport/formatValue';
import type { Fail } from './references';
import type { FileReference } from './parameter';

/** Where the content of a file is, and how it is called. */
export interface Binary {
  /** The file in a message: `the file in "data"`. */
  label: string;
  /** Where n8n stores the content; undefined for a file in memory. */
  id?: string;
  /** The content in base64, where it is in memory. */
  data: string;
  fileName?: string;
  /** The name of the field; undefined for a file that an expression gave. */
  field?: string;
}

/** A file has at least one of these fields of its own. */
const FILE_FIELDS = ['id', 'data', 'mimeType'];

/** Where n8n keeps files in the JSON of an item with the workflow setting `binaryMode: 'combined'`. */
const FILES = '_files';

/** So many names are looked at for a message, which shows fewer. */
const MAX_NAMES = 50;

/**
 * Finds a file of an item.
 *
 * @param context the functions of the running node
 * @param itemIndex which item
 * @param given the name of a binary field, a path where n8n takes one, or the file itself
 * @param fail refuses it with a sentence
 */
export function findBinary(
  context: IExecuteFunctions,
  itemIndex: number,
  given: FileReference,
  fail: Fail,
): Binary {
  const isName = typeof given === 'string';
  const file = isName ? findByName(context, itemIndex, given) : given;
  if (!isRecord(file) || (!isName && typeof file.mimeType !== 'string')) {
    return fail(
      isName
        ? noSuchField(context, itemIndex, given)
        : `must be the name of a binary field or a file, but is ${formatValue(given)}.`,
    );
  }
  const fileName = asText(file.fileName);
  const named =
    fileName === undefined ? 'the given file' : `the given file ${formatValue(fileName)}`;
  const label = isName ? `the file in ${formatValue(given)}` : named;
  const id = asText(file.id);
  if (id === undefined && typeof file.data !== 'string') {
    return fail(
      isName
        ? `${label} has no content.`
        : // As `$binary` gives it (n8n-workflow 2.41.0, `WorkflowDataProxy`).
          `${label} has no content, as n8n keeps it in memory and gives it to the expression without. Give the name of its binary field instead.`,
    );
  }
  return { label, id, data: String(file.data), fileName, ...(isName ? { field: given } : {}) };
}

/** What made the item may have put anything there. */
function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function findByName(context: IExecuteFunctions, itemIndex: number, name: string): unknown {
  return (
    ask(context, itemIndex, name) ??
    ask(context, itemIndex, pathInJson(name)) ??
    // In memory, files stay where they are even with `combined` (n8n-core 2.41.1, `convertBinaryData`).
    ownField(context.getInputData()[itemIndex].binary, name)
  );
}

/** Asks n8n, which knows whether a name is that of a field or a path in the JSON of the item. */
function ask(context: IExecuteFunctions, itemIndex: number, name: string): unknown {
  try {
    const file: unknown = context.helpers.assertBinaryData(itemIndex, name);
    // Every object has a `constructor`, which is no file of the item.
    return isRecord(file) && FILE_FIELDS.some((field) => Object.hasOwn(file, field))
      ? file
      : undefined;
  } catch {
    return undefined;
  }
}

function pathInJson(name: string): string {
  return `${FILES}[${JSON.stringify(name)}]`;
}

function ownField(object: unknown, name: string): unknown {
  return isRecord(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

function noSuchField(context: IExecuteFunctions, itemIndex: number, name: string): string {
  const { json, binary } = context.getInputData()[itemIndex];
  const inJson = Object.keys(Object(ownField(json, FILES)) as object)
    .slice(0, MAX_NAMES)
    .filter((each) => ask(context, itemIndex, pathInJson(each)) !== undefined);
  const others = [...new Set([...Object.keys(binary ?? {}), ...inJson])].join(', ');
  return `the item has no binary field ${formatValue(name)}. ${
    others === '' ? 'It has no file at all.' : `It has: ${shorten(others)}.`
  }`;
}
