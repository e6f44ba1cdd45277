/** A file that can be read again and again from its start. */
export interface UploadFile {
  name: string;
  mimeType: string;
  /** Bytes. */
  size: number;
  /** Where it was downloaded from. What is there may be another file, of another size, each time. */
  source?: string;
  /** Opens the file anew each time it is called. */
  open(): Promise<AsyncIterable<unknown> | Buffer>;
}

/** The HTTP library quotes the name, but does not escape most of what could end the quotes. */
const UNFIT_FOR_NAME = /[\p{Cc}\p{Cs}"\\]/gu;

/** The limit of common file systems. The beginning is cut off, to keep the extension. */
const MAX_NAME_LENGTH = 255;

const SLICE_BYTES = 64 * 1024;

/** A file as the HTTP library wants the parts of a form: like a `Blob`, but read when it is sent. */
class FilePart {
  readonly name: string;

  readonly type: string;

  readonly size: number;

  readonly source?: string;

  /** Whether the file was read to its end when it was sent last. */
  isSent = false;

  constructor(private readonly file: UploadFile) {
    // A part without a file name would be a field.
    this.name = file.name.slice(-MAX_NAME_LENGTH).replace(UNFIT_FOR_NAME, '_') || 'file';
    this.type = file.mimeType;
    this.size = file.size;
    this.source = file.source;
  }

  async *stream(): AsyncGenerator<Buffer> {
    this.isSent = false;
    const content = await this.file.open();
    for await (const chunk of Buffer.isBuffer(content) ? slicesOf(content) : content) {
      yield chunk as Buffer;
    }
    this.isSent = true;
  }
}

/** A file in one piece would count as sent as soon as its sending begins. */
function* slicesOf(content: Buffer): Generator<Buffer> {
  for (let start = 0; start < content.length; start += SLICE_BYTES) {
    yield content.subarray(start, start + SLICE_BYTES);
  }
}

type FormPart = string | FilePart;

/**
 * A multipart body that is streamed, and that can be sent again after a 401 because each sending opens
 * the file anew. It behaves like `FormData`, which would hold the whole file in memory
 * (n8n-core 2.41.1 hands such an object to its HTTP library as it is).
 */
export class MultipartBody {
  readonly [Symbol.toStringTag] = 'FormData';

  /** An own property, because n8n drops a body that has none. */
  readonly parts: Array<[string, FormPart]> = [];

  append(name: string, value: string | UploadFile): void {
    this.parts.push([name, typeof value === 'string' ? value : new FilePart(value)]);
  }

  /** False when sending stopped within a file, so that the form cannot have been received. */
  get isSent(): boolean {
    return this.parts.every(([, part]) => typeof part === 'string' || part.isSent);
  }

  /** The bytes of its files. */
  get size(): number {
    return this.parts.reduce(
      (sum, [, part]) => sum + (typeof part === 'string' ? part.length : part.size),
      0,
    );
  }

  /** What the user wants sent: its fields, and the source, or name, type and size, of its files. */
  get summary(): unknown[] {
    return this.parts.map(([name, part]) => {
      if (typeof part === 'string') return [name, part];
      return part.source === undefined
        ? [name, part.name, part.type, part.size]
        : [name, { source: part.source }];
    });
  }

  entries(): IterableIterator<[string, FormPart]> {
    return this.parts.values();
  }

  [Symbol.iterator](): IterableIterator<[string, FormPart]> {
    return this.entries();
  }
}
