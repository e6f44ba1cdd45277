import type { IWebhookFunctions } from 'n8n-workflow';
import { MAX_DELIVERY_BYTES, MAX_JSON_DEPTH, MAX_JSON_VALUES } from '../deliveryLimits';
import { HttpRejection, tooDeeplyNested, tooManyValues } from '../httpRejection';

/** How a body that is not JSON is rejected, before anything else is checked. `webhookProbe.ts` relies on it. */
export const UNSUPPORTED_MEDIA_TYPE = { status: 415, code: 'unsupported_media_type' };

/** Marks the request of `webhookProbe.ts`, so that the trigger does not report it as a rejected delivery. */
export const PROBE_HEADER = 'x-imagineanything-probe';

/**
 * Reads the raw bytes of a delivery.
 *
 * @throws HttpRejection when the content type is not JSON, or the body is too large
 * @throws Error when n8n does not provide them: the signature could not be verified
 */
export function readRawBody(context: IWebhookFunctions): Buffer {
  const { 'content-type': type = '' } = context.getHeaderData();
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) {
    const { status, code } = UNSUPPORTED_MEDIA_TYPE;
    throw new HttpRejection(status, code, 'A delivery must be application/json');
  }
  const body: unknown = context.getRequestObject().rawBody;
  if (!Buffer.isBuffer(body)) throw new Error('n8n did not provide the raw body to verify');
  if (body.length > MAX_DELIVERY_BYTES) {
    throw new HttpRejection(413, 'payload_too_large', 'A delivery must not exceed 1 MiB');
  }
  return body;
}

/**
 * Parses a delivery.
 *
 * @throws HttpRejection when it is not a JSON object or array, nests too deep or has too many values
 */
export function parseBody(body: Buffer): object {
  const { depth, values } = measure(body);
  if (depth > MAX_JSON_DEPTH) throw tooDeeplyNested();
  if (values > MAX_JSON_VALUES) throw tooManyValues();
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new HttpRejection(400, 'invalid_json', 'The delivery is not a JSON object or array');
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPENING_BRACKET, CLOSING_BRACKET, OPENING_BRACE, CLOSING_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Measures the depth of JSON text and an upper bound of its values, before any of it is parsed. */
function measure(json: Uint8Array): { depth: number; values: number } {
  let level = 0;
  let depth = 0;
  let values = 1;
  let isText = false;
  for (let index = 0; index < json.length; index++) {
    const byte = json[index];
    if (isText) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) {
      isText = true;
    } else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) {
      level += 1;
      values += 1;
      if (level > depth) depth = level;
    } else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) {
      level -= 1;
    } else if (byte === COMMA) {
      values += 1;
    }
  }
  return { depth, values };
}
