import type { IExecuteFunctions } from 'n8n-workflow';
import type { UploadFile } from '../transport/multipart';
import { acceptedTypes, isWebPage, SAMPLE_BYTES, detectFileType } from '../transport/fileType';
import { formatNumber, formatValue, shorten } from '../transport/formatValue';
import { type Binary, findBinary } from './binary';
import { ParameterError } from './validate';
import type { Fail } from './references';
import type { FileReference, FileRules } from './parameter';

/**
 * The smaller of the two that are called MB: the service does not say which one it means, and a file in between might be
 * refused.
 */
export const MEGABYTE = 1_000_000;

const KIND_NAMES = { image: 'an image', video: 'a video' } as const;

/**
 * Takes a file of an item for an upload, after a look at its content and its size. The file itself is
 * not read into memory when n8n keeps its binary data elsewhere.
 *
 * @param context the functions of the running node
 * @param itemIndex which item
 * @param given the name of the item's binary field, or the file itself
 * @param rules what the file must be; several for files of different kinds
 * @throws ParameterError when there is no such file, its content is gone, or it is of another type or too
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
    throw new ParameterError(allowed[0].displayName, problem);
  };
  const binary = findBinary(context, itemIndex, given, fail);
  const { label } = binary;
  const read = async <Result>(reading: Promise<Result>): Promise<Result> =>
    await reading.catch((thrown: unknown) => fail(unreadable(label, thrown)));
  const size = await read(sizeOf(context, binary));
  if (size === 0) fail(`${label} is empty.`);
  const assertSize = (maxBytes: number) => {
    if (size > maxBytes) fail(tooLarge(label, maxBytes, size));
  };
  assertSize(Math.max(...allowed.map(({ maxBytes }) => maxBytes)));
  const start = await read(readStart(context, binary));
  const type = findType(start, allowed, label);
  if (typeof type === 'string') return fail(type);
  assertSize(type.maxBytes);
  // The name and the type that an item claims may be wrong; the content decides.
  return {
    name: binary.fileName ?? `${shorten(binary.field ?? 'file')}.${type.extension}`,
    mimeType: type.mimeType,
    size,
    open: openerOf(context, binary, label),
  };
}

/**
 * Says that a file is too large.
 *
 * @param label the file in a message
 * @param maxBytes how large it may be
 * @param bytes how large it is; undefined where only so much is known that it is larger
 */
export function tooLarge(label: string, maxBytes: number, bytes?: number): string {
  const allowed = `${maxBytes / MEGABYTE} MB (${formatNumber(maxBytes)} bytes)`;
  return bytes === undefined
    ? `${label} has more than ${allowed}, which is the most that is allowed.`
    : `${label} has ${formatNumber(bytes)} bytes, but at most ${allowed} are allowed.`;
}

/** The type of a file, and how large such a file may be. */
interface FoundType {
  mimeType: string;
  extension: string;
  maxBytes: number;
}

/**
 * Tells the type of a file.
 *
 * @param start its first bytes
 * @param allowed what it may be
 * @param label the file in a message
 * @returns its type, or a sentence that says why it is refused
 */
export function findType(
  start: Buffer,
  allowed: readonly FileRules[],
  label: string,
): FoundType | string {
  const type = detectFileType(start);
  const rule = allowed.find(({ accepts }) => accepts === type?.kind);
  if (type !== undefined && rule !== undefined) {
    return { mimeType: type.mimeType, extension: type.extension, maxBytes: rule.maxBytes };
  }
  const types = allowed.map(({ accepts }) => acceptedTypes(accepts)).join(', ');
  const other = isWebPage(start) ? 'a web page, not a file' : 'of another type';
  return `${label} is ${type ? KIND_NAMES[type.kind] : other}. Allowed are ${types}.`;
}

/** What n8n's stores say where the content of a file is no longer there (n8n-core 2.41.1). */
const GONE = /not found|no such|not exist|ENOENT|NoSuchKey/i;

function unreadable(label: string, thrown: unknown): string {
  const { message, code } = Object(thrown) as { message?: unknown; code?: unknown };
  const said = [code, message].filter((each) => typeof each === 'string').join(': ');
  if (GONE.test(said)) {
    return `${label} is gone: n8n no longer has its content. Run the node that made it again, then this one.`;
  }
  return `${label} cannot be read (${formatValue(said)}). Check where n8n stores binary data.`;
}

/**
 * Gives what opens a file of n8n again and again.
 *
 * @param context the functions of the running node
 * @param binary where the content is
 * @param label the file in a message
 * @returns a function that throws an Error with a sentence where the content is gone: minutes may have passed, with
 * other items and their waits
 */
export function openerOf(
  context: IExecuteFunctions,
  binary: Content,
  label: string,
): UploadFile['open'] {
  return async () =>
    await openContent(context, binary).catch((thrown: unknown) => {
      throw new Error(unreadable(label, thrown));
    });
}

type Content = Pick<Binary, 'id' | 'data'>;

async function openContent(
  context: IExecuteFunctions,
  { id, data }: Content,
): ReturnType<UploadFile['open']> {
  return id === undefined ? Buffer.from(data, 'base64') : await context.helpers.getBinaryStream(id);
}

async function sizeOf(context: IExecuteFunctions, { id, data }: Content): Promise<number> {
  return id === undefined
    ? Buffer.byteLength(data, 'base64')
    : (await context.helpers.getBinaryMetadata(id)).fileSize;
}

async function readStart(context: IExecuteFunctions, binary: Content): Promise<Buffer> {
  const content = await openContent(context, binary);
  if (Buffer.isBuffer(content)) return content.subarray(0, SAMPLE_BYTES);
  let start = Buffer.alloc(0);
  // Leaving the loop closes the stream.
  for await (const chunk of content) {
    start = Buffer.concat([start, chunk as Buffer]);
    if (start.length >= SAMPLE_BYTES) break;
  }
  return start.subarray(0, SAMPLE_BYTES);
}
