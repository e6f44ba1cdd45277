import type { IExecuteFunctions } from 'n8n-workflow';
import type { UploadFile } from '../transport/multipart';
import { acceptedTypes, RECOGNISABLE_BYTES, recogniseFile } from '../transport/fileType';
import { shorten, shown } from '../transport/shown';
import { type Binary, findBinary } from './binary';
import { ParameterProblem } from './validate';
import type { Fail } from './references';
import type { FileReference, FileRules } from './parameter';

const MEBIBYTE = 1024 * 1024;

const KIND_NAMES = { image: 'an image', video: 'a video' } as const;

/**
 * Takes a file of an item for an upload, after a look at its content and its size. The file itself is
 * not read into memory when n8n keeps its binary data elsewhere.
 *
 * @param context the functions of the running node
 * @param itemIndex which item
 * @param given the name of the item's binary field, or the file itself
 * @param rules what the file must be; several for files of different kinds
 * @throws ParameterProblem when there is no such file, its content is gone, or it is of another type or too
 * large
 */
export async function takeFile(
  context: IExecuteFunctions,
  itemIndex: number,
  given: FileReference,
  rules: FileRules | readonly FileRules[],
): Promise<UploadFile> {
  const allowed = [rules].flat();
  const fail: Fail = (problem) => {
    throw new ParameterProblem(allowed[0].displayName, problem);
  };
  const binary = findBinary(context, itemIndex, given, fail);
  const { label } = binary;
  const open = openerOf(context, binary);
  const read = async <Result>(reading: Promise<Result>): Promise<Result> =>
    await reading.catch((thrown: unknown) => fail(unreadable(label, thrown)));
  const size = await read(sizeOf(context, binary));
  if (size === 0) fail(`${label} is empty.`);
  const checkSize = (maxBytes: number) => {
    if (size <= maxBytes) return;
    fail(
      `${label} has ${inDigits(size)} bytes, but at most ${maxBytes / MEBIBYTE} MB (${inDigits(maxBytes)} bytes) are allowed.`,
    );
  };
  checkSize(Math.max(...allowed.map(({ maxBytes }) => maxBytes)));
  const type = recogniseFile(await read(readStart(open)));
  const rule = allowed.find(({ accepts }) => accepts === type?.kind);
  if (type === undefined || rule === undefined) {
    const types = allowed.map(({ accepts }) => acceptedTypes(accepts)).join(', ');
    return fail(
      `${label} is ${type ? KIND_NAMES[type.kind] : 'of another type'}. Allowed are ${types}.`,
    );
  }
  checkSize(rule.maxBytes);
  // The name and the type that an item claims may be wrong; the content decides.
  return {
    name: binary.fileName ?? `${shorten(binary.field ?? 'file')}.${type.extension}`,
    mimeType: type.mimeType,
    size,
    open: async () =>
      await open().catch((thrown: unknown) => {
        // Minutes may have passed, with other items and their waits.
        throw new Error(unreadable(label, thrown));
      }),
  };
}

/** What n8n's stores say where the content of a file is no longer there (n8n-core 2.41.1). */
const GONE = /not found|no such|not exist|ENOENT|NoSuchKey/i;

function unreadable(label: string, thrown: unknown): string {
  const { message, code } = Object(thrown) as { message?: unknown; code?: unknown };
  const said = [code, message].filter((each) => typeof each === 'string').join(': ');
  if (GONE.test(said)) {
    return `${label} is gone: n8n no longer has its content. Run the node that made it again, then this one.`;
  }
  return `${label} cannot be read (${shown(said)}). Check where n8n stores binary data.`;
}

function inDigits(bytes: number): string {
  return bytes.toLocaleString('en-US');
}

function openerOf(context: IExecuteFunctions, { id, data }: Binary): UploadFile['open'] {
  return id === undefined
    ? async () => Buffer.from(data, 'base64')
    : async () => await context.helpers.getBinaryStream(id);
}

async function sizeOf(context: IExecuteFunctions, { id, data }: Binary): Promise<number> {
  return id === undefined
    ? Buffer.byteLength(data, 'base64')
    : (await context.helpers.getBinaryMetadata(id)).fileSize;
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
