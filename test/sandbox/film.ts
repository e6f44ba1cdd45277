/** Films that say how long they are, and contain nothing else. */
import { fileOf } from './testing';

/** A box of an MP4 or QuickTime file (ISO/IEC 14496-12, 4.2): its size, its type, and what is in it. */
export function box(type: string, ...parts: Buffer[]): Buffer<ArrayBuffer> {
  const content = Buffer.concat(parts);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + content.length);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, content]);
}

/** The header of a film that takes so many tenths of a second. */
export function movieHeader(tenths: number): Buffer {
  const content = Buffer.alloc(100);
  content.writeUInt32BE(10, 12);
  content.writeUInt32BE(tenths, 16);
  return box('mvhd', content);
}

/** An MP4 film of so many seconds. */
export function filmOf(seconds: number): Buffer<ArrayBuffer> {
  return Buffer.concat([fileOf('video/mp4', 24), box('moov', movieHeader(seconds * 10))]);
}
