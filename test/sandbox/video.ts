/** How long a video is, read while it passes by. */

/** The header of a box, with its longer size where it has one. */
const headerBytes = { short: 8, long: 16 };

/** So much of `mvhd` says how long the film is: version and flags, two times, time scale, duration. */
const movieHeaderBytes = { short: 20, long: 32 };

/**
 * Finds `moov/mvhd` in an MP4 or QuickTime file (ISO/IEC 14496-12, 8.2.2), wherever in the file it stands, and keeps no
 * more of the file than a header.
 */
export class VideoLength {
  #seconds: number | undefined;
  #kept = Buffer.alloc(0);
  /** Bytes of a box still to pass over. */
  #skip = 0;

  /** Undefined while, or when, the file does not say. */
  get seconds(): number | undefined {
    return this.#seconds;
  }

  /** The next bytes of the file. */
  push(chunk: Buffer): void {
    const skipped = Math.min(this.#skip, chunk.length);
    this.#skip -= skipped;
    if (skipped === chunk.length) return;
    this.#kept = Buffer.concat([this.#kept, chunk.subarray(skipped)]);
    while (this.#takeBox());
  }

  /** @returns whether there may be another box in what is kept */
  #takeBox(): boolean {
    const kept = this.#kept;
    if (kept.length < headerBytes.short) return false;
    const type = kept.toString('latin1', 4, 8);
    let size = kept.readUInt32BE(0);
    let header = headerBytes.short;
    if (size === 1) {
      header = headerBytes.long;
      if (kept.length < header) return false;
      size = Number(kept.readBigUInt64BE(8));
    }
    if (type === 'moov') return this.#pass(header);
    if (type === 'mvhd') {
      if (kept.length < header + movieHeaderBytes.long) return false;
      this.#seconds = secondsOf(kept.subarray(header));
      return this.#pass(Infinity);
    }
    // 0 means until the end of the file; less than a header, that this is no such file.
    return this.#pass(size < header ? Infinity : size);
  }

  #pass(bytes: number): boolean {
    this.#skip = Math.max(0, bytes - this.#kept.length);
    this.#kept = this.#kept.subarray(Math.min(bytes, this.#kept.length));
    return this.#skip === 0;
  }
}

/** @param movieHeader what follows the header of the box `mvhd` */
function secondsOf(movieHeader: Buffer): number | undefined {
  const isLong = movieHeader[0] === 1;
  const end = isLong ? movieHeaderBytes.long : movieHeaderBytes.short;
  const duration = isLong
    ? movieHeader.readBigUInt64BE(end - 8)
    : BigInt(movieHeader.readUInt32BE(end - 4));
  const timescale = movieHeader.readUInt32BE(end - (isLong ? 12 : 8));
  const isUnknown = duration === (isLong ? 0xffffffffffffffffn : 0xffffffffn);
  return timescale === 0 || isUnknown ? undefined : Number(duration) / timescale;
}
