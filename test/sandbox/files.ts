/** The files behind the addresses of media and avatars, in memory. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StoredFile {
  filename: string;
  contentType: string;
  size: number;
  /** Undefined when it made room for newer files, or is larger than all that is kept. */
  content: Buffer | undefined;
}

/** So many bytes of files an instance keeps; the oldest ones make room. */
export const maxKeptBytes = 64 * 1024 * 1024;

export class Files {
  readonly #files = new Map<string, StoredFile>();
  #keptBytes = 0;

  constructor(private readonly maxBytes = maxKeptBytes) {}

  /** @param path where it is served, as {@link filePath} gives it */
  keep(path: string, { filename, contentType, size, content }: StoredFile): void {
    const kept = content && content.length <= this.maxBytes ? content : undefined;
    this.remove(path);
    this.#files.set(path, { filename, contentType, size, content: kept });
    this.#keptBytes += kept?.length ?? 0;
    this.#makeRoom();
  }

  get(path: string): StoredFile | undefined {
    return this.#files.get(path);
  }

  remove(path: string): void {
    this.#keptBytes -= this.#files.get(path)?.content?.length ?? 0;
    this.#files.delete(path);
  }

  /** What remains of a file that made room is that it was there. */
  #makeRoom(): void {
    for (const file of this.#files.values()) {
      if (this.#keptBytes <= this.maxBytes) return;
      this.#keptBytes -= file.content?.length ?? 0;
      file.content = undefined;
    }
  }
}

/** Where the file with this `pathname` is served. A folder is free text, so it may hold any character. */
export function filePath(pathname: string): string {
  const segments = pathname.split('/').map((segment) => segment.replace(/^\.+$/, '_'));
  return `/uploads/${segments.map(encodeURIComponent).join('/')}`;
}

const samples = new Map<string, Buffer>();

/** What a generation gives, as no model is asked: a picture, a film or a second of silence. */
export function sample(extension: string): Buffer {
  let content = samples.get(extension);
  if (!content) {
    content = readFileSync(join(__dirname, 'samples', `generated.${extension}`));
    samples.set(extension, content);
  }
  return content;
}
