import type { IHookFunctions } from 'n8n-workflow';
import { PROBE_HEADER, UNSUPPORTED_MEDIA_TYPE } from '../delivery/deliveryBody';
import { START_MS } from './hookDeadline';

/** The response of a trigger of this package has about one hundred bytes. */
const MAX_RESPONSE_BYTES = 4096;

/** A response body as it arrives. */
type ResponseStream = AsyncIterable<Uint8Array> & { destroy?: () => unknown };

/**
 * Whether a trigger of this package accepts deliveries at a URL. It is sent a body that is not JSON, which the
 * trigger rejects with {@link UNSUPPORTED_MEDIA_TYPE}; nothing else answers like that.
 *
 * @returns false when nothing responds in time: a URL that is no longer served is not in use
 */
export async function isInUse(context: IHookFunctions, url: string): Promise<boolean> {
  try {
    return await probe(context, url);
  } catch {
    return false;
  }
}

async function probe(context: IHookFunctions, url: string): Promise<boolean> {
  const { statusCode, body } = (await context.helpers.httpRequest({
    method: 'POST',
    url,
    headers: { 'Content-Type': 'text/plain', [PROBE_HEADER]: '1' },
    body: 'Is anybody there?',
    // Whoever has the URL by now may respond without end.
    encoding: 'stream',
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
    disableFollowRedirect: true,
    timeout: START_MS,
    // `timeout` restarts with every byte; this one covers the whole response.
    abortSignal: AbortSignal.timeout(2 * START_MS),
  })) as { statusCode: number; body: ResponseStream };
  if (statusCode !== UNSUPPORTED_MEDIA_TYPE.status) {
    body.destroy?.();
    return false;
  }
  return (await readPrefix(body)).includes(UNSUPPORTED_MEDIA_TYPE.code);
}

async function readPrefix(body: ResponseStream): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop closes the connection.
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_RESPONSE_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
