import type { IWebhookFunctions } from 'n8n-workflow';
import { MAX_BODY_BYTES, MAX_DEPTH, MAX_VALUES } from './limits';
import { HttpRejection, tooDeep, tooMuch } from './refusal';

/** How what is not JSON is refused, whatever else it is. */
export const NOT_JSON = { status: 415, code: 'unsupported_media_type' };

/**
 * Gives the bytes of a delivery as they came.
 *
 * @throws Refusal when they are not called JSON, or are too many
 * @throws Error when n8n does not hand them over: nothing could be verified
 */
export function readBody(context: IWebhookFunctions): Buffer {
  const { 'content-type': type = '' } = context.getHeaderData();
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) {
    throw new HttpRejection(NOT_JSON.status, NOT_JSON.code, 'A delivery must be application/json');
  }
  const body: unknown = context.getRequestObject().rawBody;
  if (!Buffer.isBuffer(body)) throw new Error('n8n gave no body to verify');
  if (body.length > MAX_BODY_BYTES) {
    throw new HttpRejection(413, 'payload_too_large', 'A delivery must not be larger than 1 MiB');
  }
  return body;
}

/**
 * Parses a delivery.
 *
 * @throws Refusal when it is no JSON object or list, is nested too deep or holds too much
 */
export function parseBody(body: Buffer): object {
  const { depth, values } = measure(body);
  if (depth > MAX_DEPTH) throw tooDeep();
  if (values > MAX_VALUES) throw tooMuch();
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new HttpRejection(400, 'invalid_json', 'The delivery is not a JSON object or list');
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPENING_BRACKET, CLOSING_BRACKET, OPENING_BRACE, CLOSING_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Counts in the bytes how deep JSON is nested and how many values it has at most, before any of it is built. */
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
