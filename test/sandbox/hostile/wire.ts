/** A connection on which an answer is written byte by byte, within bounds of time and size. */
import { once } from 'node:events';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface WireOptions {
  /** The pause between two pieces of an answer that is dripped. */
  everyMs: number;
  /** How long the answer may take. */
  maxMs: number;
  /** How much may be sent. */
  maxBytes: number;
  onStatus(status: number): void;
}

/** The headers of an answer; several values are several lines. */
export type WireHeaders = Record<string, string | string[] | undefined>;

export class Wire {
  /** Ends the answer: the connection is closed by the client or with the sandbox, or a bound is reached. */
  readonly signal: AbortSignal;
  readonly #stop = new AbortController();
  #left: number;

  constructor(
    readonly socket: Socket,
    private readonly options: WireOptions,
  ) {
    this.#left = options.maxBytes;
    this.signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(options.maxMs)]);
    this.signal.addEventListener('abort', () => socket.destroy(), { once: true });
    socket.once('close', () => this.#stop.abort());
    // A client that hangs up in the middle of an answer is expected here.
    socket.on('error', () => this.#stop.abort());
    if (socket.destroyed) this.#stop.abort();
  }

  /** Sends bytes as they are. @throws Error when the answer has to end */
  async send(data: string | Uint8Array): Promise<void> {
    this.signal.throwIfAborted();
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    this.#left -= bytes.length;
    if (this.#left < 0) this.#stop.abort();
    this.signal.throwIfAborted();
    if (!this.socket.write(bytes)) await once(this.socket, 'drain', { signal: this.signal });
  }

  async pause(): Promise<void> {
    await sleep(this.options.everyMs, undefined, { signal: this.signal });
  }

  /** Says nothing more. It throws when the answer has to end, and never returns. */
  async hold(): Promise<never> {
    for (;;) {
      // Without a bound of its own: the signal ends it.
      await sleep(2 ** 30, undefined, { signal: this.signal });
    }
  }

  /** Sends one byte after the other, with pauses. */
  async drip(data: string | Uint8Array): Promise<void> {
    for (const byte of typeof data === 'string' ? Buffer.from(data) : data) {
      await this.send(Uint8Array.of(byte));
      await this.pause();
    }
  }

  /** Sends the same again and again, until a bound is reached. */
  async flood(piece: string | Uint8Array): Promise<never> {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    for (;;) await this.send(bytes);
  }

  /** Sends the status line and the headers; undefined leaves out one that is there by default. */
  async head(status: number, headers: WireHeaders = {}, reason?: string): Promise<void> {
    this.options.onStatus(status);
    const all: WireHeaders = {
      'Content-Type': 'application/json; charset=utf-8',
      Date: new Date().toUTCString(),
      Connection: 'close',
      ...headers,
    };
    const lines = Object.entries(all).flatMap(([name, value]) =>
      [value ?? []].flat().map((each) => `${name}: ${each}\r\n`),
    );
    const statusLine = `HTTP/1.1 ${status} ${reason ?? STATUS_CODES[status] ?? 'Unknown'}\r\n`;
    await this.send(`${statusLine}${lines.join('')}\r\n`);
  }

  /** Sends a whole answer. */
  async answer(
    status: number,
    body: string | Uint8Array,
    headers: WireHeaders = {},
    reason?: string,
  ): Promise<void> {
    const bytes = Buffer.from(body);
    await this.head(status, { 'Content-Length': String(bytes.length), ...headers }, reason);
    await this.send(bytes);
  }

  /** Begins an answer whose length nobody knows. */
  async chunkedHead(status: number, headers: WireHeaders = {}): Promise<void> {
    await this.head(status, { 'Transfer-Encoding': 'chunked', ...headers });
  }

  async chunk(data: string | Uint8Array): Promise<void> {
    await this.send(chunkOf(data));
  }
}

/** Bytes as a chunk of a chunked answer. */
export function chunkOf(data: string | Uint8Array): Buffer {
  const bytes = Buffer.from(data);
  return Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
}
