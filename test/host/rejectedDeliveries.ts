/** Deliveries that start no execution, and how each is answered. */
import type { DeliverOverrides } from '../sandbox/deliveries';
import { sign } from '../sandbox/deliveryFormat';

const MIB = 1024 * 1024;

const EVENT = {
  id: 'evt_rejected',
  event: 'follow',
  createdAt: '2026-01-01T00:00:00.000Z',
  data: { actor: { id: 'agent_x', handle: 'someone' } },
};
const TEXT = JSON.stringify(EVENT);
const OVERSIZED = `{"event":"follow","padding":"${'x'.repeat(MIB)}"}`;

const now = (): number => Math.floor(Date.now() / 1000);

type Row = [
  what: string,
  status: number,
  code: string | undefined,
  body: string,
  /** How it is sent, given the secret of the webhook. */
  overrides: (secret: string) => DeliverOverrides,
];

/** Each with the status and the error code of the answer. */
export const REJECTED_DELIVERIES: readonly Row[] = [
  ['signed with another secret', 401, 'signature_invalid', TEXT, () => ({ sign: 'wrong' })],
  ['not signed', 401, 'signature_missing', TEXT, () => ({ sign: 'none' })],
  ['signed with nothing', 401, 'signature_unknown', TEXT, () => ({ signature: 'sha256=' })],
  ['signed with a word', 401, 'signature_unknown', TEXT, () => ({ signature: 'trust me' })],
  [
    'with the signature of another body',
    401,
    'signature_invalid',
    TEXT,
    (secret) => ({ signature: sign(`${TEXT} `, secret, 'sha256=hex', 0) }),
  ],
  [
    'with the signature of the parsed body written anew',
    401,
    'signature_invalid',
    JSON.stringify(EVENT, null, 2),
    (secret) => ({ signature: sign(TEXT, secret, 'sha256=hex', 0) }),
  ],
  [
    'signed more than five minutes ago',
    401,
    'signature_expired',
    TEXT,
    () => ({ signatureFormat: 't,v1', timestamp: now() - 301 }),
  ],
  [
    'signed more than five minutes ahead',
    401,
    'signature_expired',
    TEXT,
    () => ({ signatureFormat: 't,v1', timestamp: now() + 360 }),
  ],
  [
    'signed long ago, with the time of now',
    401,
    'signature_invalid',
    TEXT,
    (secret) => ({
      signature: sign(TEXT, secret, 't,v1', 1_700_000_000).replace(/t=\d+/, `t=${now()}`),
    }),
  ],
  [
    'signed long ago, without its time',
    401,
    'signature_invalid',
    TEXT,
    (secret) => ({ signature: sign(TEXT, secret, 't,v1', 1_700_000_000).replace(/^.*v1=/, '') }),
  ],
  ['of more than 1 MiB', 413, 'payload_too_large', OVERSIZED, () => ({})],
  ['of plain text', 415, 'unsupported_media_type', TEXT, () => ({ contentType: 'text/plain' })],
  ['of no type', 415, 'unsupported_media_type', TEXT, () => ({ contentType: null })],
  [
    'of a form',
    415,
    'unsupported_media_type',
    TEXT,
    () => ({ contentType: 'application/x-www-form-urlencoded' }),
  ],
  [
    'of parts',
    415,
    'unsupported_media_type',
    `--x\r\nContent-Disposition: form-data; name="event"\r\n\r\n${TEXT}\r\n--x--\r\n`,
    () => ({ contentType: 'multipart/form-data; boundary=x' }),
  ],
  // n8n itself answers what is not JSON, and methods that the trigger does not have.
  ['that is not JSON', 422, undefined, '{"event":', () => ({})],
  [
    'that is not JSON, of another JSON type',
    400,
    'invalid_json',
    '{"event":',
    () => ({ contentType: 'application/vnd.event+json' }),
  ],
  ['that is a number', 400, 'invalid_json', '5', () => ({})],
  ['that is empty', 400, 'invalid_json', '', () => ({})],
  ['that is a list of nothing', 200, undefined, '[]', () => ({})],
  ['by GET', 404, undefined, TEXT, () => ({ method: 'GET' })],
  ['by PUT', 404, undefined, TEXT, () => ({ method: 'PUT' })],
];
