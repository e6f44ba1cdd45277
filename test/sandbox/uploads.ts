/** Receiving a file: counted and hashed while it passes, and kept unless it is too large. reference: Uploads & Media */
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import type { AcceptOptions } from './acceptOptions';
import { ApiError, invalid } from './errors';
import { maxKeptBytes } from './files';
import type { FileLimit, FileRules, Operation } from './validate';
import { VideoLength } from './video';

export interface ReceivedFile {
  /** The other parts of the form, e.g. `purpose`. */
  fields: Record<string, string>;
  filename: string;
  contentType: string;
  size: number;
  /** Hex. */
  sha256: string;
  /** Undefined when it is larger than all files that are kept together. */
  content: Buffer | undefined;
}

/** What clients declare who do not know the type (curl, for a video): the content alone decides. */
const undeclared = 'application/octet-stream';

/** What was read of a file, to judge it by. */
interface ReadFile {
  file: Omit<ReceivedFile, 'fields'>;
  head: Buffer;
  /** Length of a video that states it. */
  seconds: number | undefined;
}

/** The types of video that {@link VideoLength} can read. */
const measured = ['video/mp4', 'video/quicktime'];

/** So much of the beginning is kept to tell the type. */
const headBytes = 64;

/**
 * Reads a multipart upload.
 *
 * The whole body is read even when it is refused, so that the client sees the answer instead of a broken connection.
 * @throws ApiError 400 when the form is not what the call accepts, the content is not of its declared type or the video
 * is too long, 413 when the file is too large
 */
export async function receiveUpload(
  request: FastifyRequest,
  operation: Operation,
  rules: FileRules,
  { purposes }: AcceptOptions,
): Promise<ReceivedFile> {
  if (!request.isMultipart()) {
    throw invalid('body: must be multipart/form-data with a part named file');
  }
  const fields: Record<string, string> = {};
  const problems: string[] = [];
  let read: ReadFile | undefined;
  try {
    for await (const part of request.parts({ limits: { fileSize: Infinity } })) {
      if (part.type === 'field') {
        if (part.fieldname in fields) problems.push(`${part.fieldname}: is given twice`);
        fields[part.fieldname] = String(part.value);
      } else if (part.fieldname !== 'file' || read) {
        problems.push(
          read && part.fieldname === 'file'
            ? 'file: only one file is taken'
            : `${part.fieldname}: unknown field`,
        );
        part.file.resume();
      } else {
        read = await readFile(part);
      }
    }
  } catch (error) {
    throw invalid(
      `body: is not a complete multipart form (${error instanceof Error ? error.message : ''})`,
    );
  }
  if (problems.length > 0) throw invalid(problems.join('; '));
  operation.checkForm({ ...fields, ...(read && { file: '' }) });
  if (!read) throw invalid('file: is required');
  // The limits of the endpoint are those of the reference for a post.
  const limitedBy = purposes === 'alike' ? 'post' : fields.purpose;
  return { ...read.file, fields, contentType: checkFile(read, rules, limitedBy) };
}

async function readFile(part: MultipartFile): Promise<ReadFile> {
  const hash = createHash('sha256');
  const length = new VideoLength();
  let size = 0;
  let head = Buffer.alloc(0);
  let chunks: Buffer[] = [];
  for await (const chunk of part.file as AsyncIterable<Buffer>) {
    hash.update(chunk);
    length.push(chunk);
    size += chunk.length;
    if (size <= maxKeptBytes) chunks.push(chunk);
    else chunks = [];
    if (head.length < headBytes) head = Buffer.concat([head, chunk.subarray(0, headBytes)]);
  }
  return {
    file: {
      filename: part.filename,
      contentType: part.mimetype.toLowerCase(),
      size,
      sha256: hash.digest('hex'),
      content: size <= maxKeptBytes ? Buffer.concat(chunks) : undefined,
    },
    head,
    seconds: length.seconds,
  };
}

/** @returns the type of the content */
function checkFile(
  { file, head, seconds = 0 }: ReadFile,
  rules: FileRules,
  purpose: string | undefined,
): string {
  const maxBytes = limitFor(rules.maxBytes, purpose);
  if (file.size === 0) throw invalid('file: is empty');
  if (file.size > maxBytes) {
    throw new ApiError(
      413,
      'file_too_large',
      `file: ${file.size} bytes are more than the ${maxBytes} allowed`,
    );
  }
  const allowed = rules.types.join(', ');
  const actual = typeOf(head);
  const declared = file.contentType;
  if (declared !== undeclared && !rules.types.includes(declared)) {
    throw badType(`${declared} is not accepted, only ${allowed}`);
  }
  if (actual === undefined || !rules.types.includes(actual)) {
    throw badType(`declared as ${declared}, but the content is ${actual ?? `none of ${allowed}`}`);
  }
  if (declared !== undeclared && declared !== actual) {
    throw badType(`declared as ${declared}, but the content is ${actual}`);
  }
  const maxSeconds = limitFor(rules.maxSeconds, purpose);
  if (measured.includes(actual) && seconds > maxSeconds) {
    throw new ApiError(
      400,
      'video_too_long',
      `file: ${seconds} seconds are more than the ${maxSeconds} allowed`,
    );
  }
  return actual;
}

const limitFor = (limit: FileLimit, purpose = ''): number =>
  typeof limit === 'number' ? limit : (limit[purpose] ?? Math.max(...Object.values(limit)));

const badType = (why: string): ApiError => new ApiError(400, 'invalid_file_type', `file: ${why}`);

/**
 * The type of the seven accepted kinds of file, from their first bytes. (The package that knows hundreds is published
 * as an ES module only, which the tests' CommonJS cannot load.)
 */
export function typeOf(head: Buffer): string | undefined {
  const text = (from: number, to: number) => head.subarray(from, to).toString('latin1');
  if (head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a') return 'image/gif';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp';
  if (text(0, 4) === '\x1aE\xdf\xa3' && head.includes('webm')) return 'video/webm';
  // ISO base media: the brand after `ftyp` tells QuickTime from MP4.
  if (text(4, 8) === 'ftyp') return text(8, 12) === 'qt  ' ? 'video/quicktime' : 'video/mp4';
  // QuickTime from before there were brands.
  if (['moov', 'mdat', 'wide', 'free', 'skip'].includes(text(4, 8))) return 'video/quicktime';
  return undefined;
}
