import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { UploadFile } from '../transport/fileForm';
import { acceptedTypes, RECOGNISABLE_BYTES, recogniseFile } from '../transport/fileType';
import { shorten, shown } from '../transport/shown';
import { ParameterProblem } from './check';
import type { FileRules } from './types';

const MEBIBYTE = 1024 * 1024;

const KIND_NAMES = { image: 'an image', video: 'a video' } as const;

/**
 * Takes a file of an item for an upload, after a look at its content and its size. The file itself is
 * not read into memory when n8n keeps its binary data elsewhere.
 *
 * @param context the functions of the running node
 * @param itemIndex which item
 * @param field the name of the item's binary field
 * @param rules what the file must be; several for files of different kinds
 * @throws ParameterProblem when there is no such field, or the file is of another type or too large
 */
export async function takeFile(
  context: IExecuteFunctions,
  itemIndex: number,
  field: string,
  rules: FileRules | readonly FileRules[],
): Promise<UploadFile> {
  const allowed = [rules].flat();
  const fail = (problem: string): never => {
    throw new ParameterProblem(allowed[0].displayName, problem);
  };
  const binaries = context.getInputData()[itemIndex].binary ?? {};
  // Every object has a `constructor`, which is no file of the item.
  const binary = Object.hasOwn(binaries, field) ? binaries[field] : undefined;
  if (!binary) {
    const others = Object.keys(binaries).join(', ');
    return fail(
      `the item has no binary field ${shown(field)}. ${
        others === '' ? 'It has no file at all.' : `It has: ${shorten(others)}.`
      }`,
    );
  }
  if (binary.id === undefined && typeof binary.data !== 'string') {
    return fail(`the file in ${shown(field)} has no content.`);
  }
  const open = openerOf(context, binary);
  const size = await sizeOf(context, binary);
  if (size === 0) fail(`the file in ${shown(field)} is empty.`);
  const checkSize = (maxBytes: number) => {
    if (size <= maxBytes) return;
    fail(
      `the file in ${shown(field)} has ${inDigits(size)} bytes, but at most ${maxBytes / MEBIBYTE} MB (${inDigits(maxBytes)} bytes) are allowed.`,
    );
  };
  checkSize(Math.max(...allowed.map(({ maxBytes }) => maxBytes)));
  const type = recogniseFile(await readStart(open));
  const rule = allowed.find(({ accepts }) => accepts === type?.kind);
  if (type === undefined || rule === undefined) {
    const types = allowed.map(({ accepts }) => acceptedTypes(accepts)).join(', ');
    return fail(
      `the file in ${shown(field)} is ${type ? KIND_NAMES[type.kind] : 'of another type'}. Allowed are ${types}.`,
    );
  }
  checkSize(rule.maxBytes);
  // The name and the type that an item claims may be wrong; the content decides.
  return {
    name: nameOf(binary) ?? `${shorten(field)}.${type.extension}`,
    mimeType: type.mimeType,
    size,
    open,
  };
}

function inDigits(bytes: number): string {
  return bytes.toLocaleString('en-US');
}

/** What made the item may have put anything there. */
function nameOf({ fileName }: { fileName?: unknown }): string | undefined {
  return typeof fileName === 'string' && fileName.trim() !== '' ? fileName : undefined;
}

function openerOf(context: IExecuteFunctions, binary: IBinaryData): UploadFile['open'] {
  const { id } = binary;
  return id === undefined
    ? async () => Buffer.from(binary.data, 'base64')
    : async () => await context.helpers.getBinaryStream(id);
}

async function sizeOf(context: IExecuteFunctions, binary: IBinaryData): Promise<number> {
  if (binary.id !== undefined) {
    return (await context.helpers.getBinaryMetadata(binary.id)).fileSize;
  }
  return Buffer.byteLength(binary.data, 'base64');
}

async function readStart(open: UploadFile['open']): Promise<Buffer> {
  const content = await open();
  if (Buffer.isBuffer(content)) return content.subarray(0, RECOGNISABLE_BYTES);
  let start = Buffer.alloc(0);
  // Leaving the loop closes the stream.
  for await (const chunk of content) {
    start = Buffer.concat([start, chunk as Buffer]);
    if (start.length >= RECOGNISABLE_BYTES) break;
  }
  return start.subarray(0, RECOGNISABLE_BYTES);
}
