import { untilAborted } from './abort';
import { isRecord } from './record';

/** The largest body of a response, in bytes. A page of 100 articles has about 5 MB. */
export const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/** How deeply a response may be nested. n8n cannot store what is nested some thousand levels deep. */
const MAX_RESPONSE_DEPTH = 100;

/** A body that is too large to be read or too deeply nested to be passed on. */
export class UnreadableBodyError extends Error {}

/** The codes of Node.js for a response that is not HTTP, has too large headers, or cannot be decompressed. */
const NOT_HTTP = /^(HPE_|Z_|ERR_.*(DECOMPRESSION|BROTLI|FORMAT))/;

/**
 * Explains why a response cannot be read.
 *
 * @param thrown what was thrown while it was received or read
 * @returns undefined when there was no response, or when it was cut off
 */
export function explainUnreadable(thrown: unknown): string | undefined {
  if (thrown instanceof UnreadableBodyError) return thrown.message;
  const { code } = isRecord(thrown) ? thrown : {};
  return typeof code === 'string' && NOT_HTTP.test(code)
    ? 'the response is malformed or too large'
    : undefined;
}

interface StreamedBody extends AsyncIterable<unknown> {
  destroy?(): void;
}

function isStreamed(body: unknown): body is StreamedBody {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/**
 * Reads the body of a response and parses it when it is JSON. n8n reads bodies of any size into
 * memory unless it is asked for a stream (n8n 2.41.1, `maxContentLength: Infinity`).
 *
 * @param body a stream, or what n8n has read itself
 * @param signal ends the reading
 * @param maxBytes the largest body, after decompression
 * @returns the parsed JSON, the text when it is not JSON, undefined when there is none
 * @throws UnreadableBodyError when it is too large or nests too deeply
 */
export async function readResponseBody(
  body: unknown,
  signal: AbortSignal,
  maxBytes = MAX_RESPONSE_BYTES,
): Promise<unknown> {
  if (!isStreamed(body)) return typeof body === 'string' ? parseText(body) : validateDepth(body);
  try {
    return parseText(await untilAborted(readText(body, maxBytes), signal));
  } finally {
    body.destroy?.();
  }
}

async function readText(body: StreamedBody, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > maxBytes) {
      throw new UnreadableBodyError(`the response is larger than ${formatBytes(maxBytes)}`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function formatBytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${bytes / 1024} KB` : `${bytes / 1024 / 1024} MB`;
}

/** A whole number of this many digits may be too large for a double. */
const LONG_NUMBER = /\d{16}/;

/** What JSON.parse passes to a reviver from Node.js 21 on. */
interface ReviverContext {
  source?: string;
}

function parseText(text: string): unknown {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (plain === '') return undefined;
  let value: unknown;
  try {
    value = LONG_NUMBER.test(plain)
      ? JSON.parse(plain, keepLongIntegers as (key: string, value: unknown) => unknown)
      : JSON.parse(plain);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep();
    return plain;
  }
  return validateDepth(value);
}

/** Two long IDs must not become one by rounding: a number that cannot hold all digits stays text. */
function keepLongIntegers(_key: string, value: unknown, context?: ReviverContext): unknown {
  if (Number.isSafeInteger(value)) return value;
  return context?.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
}

function tooDeep(): UnreadableBodyError {
  return new UnreadableBodyError(
    `the response is nested more than ${MAX_RESPONSE_DEPTH} levels deep`,
  );
}

/** Level by level, because recursion would end in a stack overflow where this is to tell. */
function validateDepth(value: unknown): unknown {
  let level: Array<Readonly<Record<string, unknown>>> = [{ value }];
  // What is around the value does not count.
  for (let depth = -1; level.length > 0; depth += 1) {
    if (depth > MAX_RESPONSE_DEPTH) throw tooDeep();
    const next: typeof level = [];
    for (const container of level) {
      for (const name in container) {
        const inner = container[name];
        if (typeof inner === 'object' && inner !== null) next.push(inner as typeof container);
      }
    }
    level = next;
  }
  return value;
}
