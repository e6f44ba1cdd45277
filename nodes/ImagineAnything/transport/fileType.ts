/** What a file must be for an upload. */
export type FileKind = 'image' | 'video';

interface FileType {
  kind: FileKind;
  mimeType: string;
  extension: string;
  matches(start: Buffer): boolean;
}

const ascii = (start: Buffer, from: number, to: number) => start.toString('latin1', from, to);

/** How QuickTime films begin that are from before there were brands. */
const OLD_QUICKTIME = /^(moov|mdat|wide|free|skip)$/;

/** The name comes after the size, which is far below what four letters would be: a text may say "The free …". */
const isOldQuickTime = (start: Buffer) => start[0] < 0x20 && OLD_QUICKTIME.test(ascii(start, 4, 8));

/** The types that the service takes, told apart by their first bytes (reference: Uploads & Media). */
const FILE_TYPES: readonly FileType[] = [
  {
    kind: 'image',
    mimeType: 'image/jpeg',
    extension: 'jpg',
    matches: (start) => start[0] === 0xff && start[1] === 0xd8 && start[2] === 0xff,
  },
  {
    kind: 'image',
    mimeType: 'image/png',
    extension: 'png',
    matches: (start) => ascii(start, 0, 8) === '\x89PNG\r\n\x1a\n',
  },
  {
    kind: 'image',
    mimeType: 'image/gif',
    extension: 'gif',
    matches: (start) => ['GIF87a', 'GIF89a'].includes(ascii(start, 0, 6)),
  },
  {
    kind: 'image',
    mimeType: 'image/webp',
    extension: 'webp',
    matches: (start) => ascii(start, 0, 4) === 'RIFF' && ascii(start, 8, 12) === 'WEBP',
  },
  {
    kind: 'video',
    mimeType: 'video/quicktime',
    extension: 'mov',
    matches: (start) =>
      (ascii(start, 4, 8) === 'ftyp' && ascii(start, 8, 12) === 'qt  ') || isOldQuickTime(start),
  },
  {
    kind: 'video',
    mimeType: 'video/mp4',
    extension: 'mp4',
    // HEIC and AVIF pictures share the box, and differ in the brand.
    matches: (start) =>
      ascii(start, 4, 8) === 'ftyp' && !/^(qt {2}|hei|hev|mif1|msf1|avi)/.test(ascii(start, 8, 12)),
  },
  {
    kind: 'video',
    mimeType: 'video/webm',
    extension: 'webm',
    matches: (start) => start.readUInt32BE(0) === 0x1a45dfa3 && start.includes('webm'),
  },
];

/** How many bytes `detectFileType` needs. */
export const SAMPLE_BYTES = 64;

/**
 * Tells the type of a file by its content; its name and the type it claims are not asked.
 *
 * @param start the first bytes of the file
 * @returns the type, or undefined when the service takes no such file
 */
export function detectFileType(start: Buffer): Omit<FileType, 'matches'> | undefined {
  const padded = Buffer.concat([start, Buffer.alloc(12)]);
  return FILE_TYPES.find((type) => type.matches(padded));
}

/** The MIME types of a kind, as a request asks for them (RFC 9110, Accept). */
export function acceptHeader(kind: FileKind): string {
  return FILE_TYPES.filter((type) => type.kind === kind)
    .map(({ mimeType }) => mimeType)
    .join(', ');
}

/** Says whether a file is a web page, which many a URL returns instead of the file. */
export function isWebPage(start: Buffer): boolean {
  return /^[\ufeff\s]*<(!doctype html|html|head|body|script|!--)/i.test(start.toString('utf8'));
}

/**
 * Names the accepted types of a kind for an error message.
 *
 * @returns for example `JPG, PNG, GIF, WEBP`
 */
export function acceptedTypes(kind: FileKind): string {
  return FILE_TYPES.filter((type) => type.kind === kind)
    .map((type) => type.extension.toUpperCase())
    .join(', ');
}
