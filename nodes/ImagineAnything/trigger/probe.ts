import type { IHookFunctions } from 'n8n-workflow';
import { NOT_JSON } from './body';
import { START_MS } from './hookDeadline';

/** The answer of such a node has a hundred bytes. */
const MAX_ANSWER_BYTES = 4096;

/** A body as it arrives. */
type Arriving = AsyncIterable<Uint8Array> & { destroy?: () => unknown };

/**
 * Whether a node of this kind takes deliveries at an address. What it is sent is no delivery, and refused in a
 * way that only such a node has; see `receive`.
 *
 * @returns false when nothing answers there in time: an address that is not served any more is not in use
 */
export async function isInUse(context: IHookFunctions, address: string): Promise<boolean> {
  try {
    return await ask(context, address);
  } catch {
    return false;
  }
}

async function ask(context: IHookFunctions, address: string): Promise<boolean> {
  const { statusCode, body } = (await context.helpers.httpRequest({
    method: 'POST',
    url: address,
    headers: { 'Content-Type': 'text/plain' },
    body: 'Is anybody there?',
    // Whoever has the address by now may answer without end.
    encoding: 'stream',
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
    disableFollowRedirect: true,
    timeout: START_MS,
    // For all of it: the other one counts from byte to byte.
    abortSignal: AbortSignal.timeout(2 * START_MS),
  })) as { statusCode: number; body: Arriving };
  if (statusCode !== NOT_JSON.status) {
    body.destroy?.();
    return false;
  }
  return (await readBeginning(body)).includes(NOT_JSON.code);
}

async function readBeginning(body: Arriving): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop ends the connection.
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
