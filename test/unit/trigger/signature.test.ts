import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { verifySignature } from '../../../nodes/ImagineAnything/trigger/verification/signature';
import type { RequestHeaders } from '../../../nodes/ImagineAnything/trigger/requestHeaders';
import { RUNS } from '../properties';

const SECRET = 'whsec_1234567890abcdef';
const NOW = Date.parse('2026-01-02T08:00:00Z');
const NOW_SECONDS = String(NOW / 1000);
const BODY = '{"id":"evt_1","event":"follow"}';

function hmac(body: string | Uint8Array, encoding: 'hex' | 'base64', secret = SECRET): string {
  return createHmac('sha256', secret).update(body).digest(encoding);
}

function verify(headers: RequestHeaders, body: string | Uint8Array = BODY, maximumAge = 300) {
  return verifySignature({
    headers,
    body: typeof body === 'string' ? Buffer.from(body) : body,
    secret: SECRET,
    maximumAge,
    now: NOW,
  }).status;
}

function timed(seconds: string, body = BODY): string {
  return `t=${seconds},v1=${hmac(`${seconds}.${body}`, 'hex')}`;
}

/** Every form that is taken, of a body. */
const FORMS: ReadonlyArray<[name: string, make: (body: string) => string]> = [
  ['hex', (body) => hmac(body, 'hex')],
  ['hex in capitals', (body) => hmac(body, 'hex').toUpperCase()],
  ['base64', (body) => hmac(body, 'base64')],
  ['sha256=hex', (body) => `sha256=${hmac(body, 'hex')}`],
  ['sha256=base64', (body) => `sha256=${hmac(body, 'base64')}`],
  ['SHA-256=hex', (body) => `SHA-256=${hmac(body, 'hex')}`],
  ['v1=hex', (body) => `v1=${hmac(body, 'hex')}`],
  ['t,v1', (body) => timed(NOW_SECONDS, body)],
  ['t, v1 with a space', (body) => timed(NOW_SECONDS, body).replace(',', ', ')],
  ['t in milliseconds', (body) => timed(String(NOW), body)],
  ['several', (body) => `sha256=${'0'.repeat(64)}, sha256=${hmac(body, 'hex')}`],
  [
    'several under one time',
    (body) => timed(NOW_SECONDS, body).replace('v1=', `v1=${'0'.repeat(64)},v1=`),
  ],
];

describe('Valid signatures', () => {
  test.each(FORMS)('A signature is accepted as %s', (_, make) => {
    expect(verify({ 'x-imagineanything-signature': make(BODY) })).toBe('valid');
  });

  test.each(['X-Signature', 'x-hub-signature-256', 'Webhook-Signature', 'signature'])(
    'A signature is found in %s',
    (name) => {
      expect(verify({ [name]: hmac(BODY, 'hex') })).toBe('valid');
    },
  );

  test('A signature is found among several headers, and several values of one header', () => {
    const wrong = hmac('another', 'hex');
    expect(verify({ 'x-signature': wrong, 'x-signature-256': hmac(BODY, 'hex') })).toBe('valid');
    expect(verify({ 'x-signature': [wrong, hmac(BODY, 'hex')] })).toBe('valid');
  });

  test('A signature of any bytes is accepted in every form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...FORMS), (body, [, make]) => {
        expect(verify({ 'x-signature': make(body) }, body)).toBe('valid');
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (body) => {
        expect(verify({ 'x-signature': hmac(body, 'base64') }, body)).toBe('valid');
      }),
    );
  });
});

describe('Signed timestamps', () => {
  const at = (seconds: number) => verify({ 'x-signature': timed(String(NOW / 1000 + seconds)) });

  test('A timestamp may be as far from now as allowed, and no farther', () => {
    expect([at(-300), at(-301), at(300), at(301)]).toEqual([
      'valid',
      'expired',
      'valid',
      'expired',
    ]);
  });

  test('Any timestamp is accepted without a maximum age', () => {
    expect(verify({ 'x-signature': timed('1') }, BODY, 0)).toBe('valid');
  });

  test('A timestamp cannot be replaced by a newer one', () => {
    const old = timed('1');
    expect(verify({ 'x-signature': old.replace('t=1', `t=${NOW_SECONDS}`) })).toBe('invalid');
    expect(verify({ 'x-signature': old.replace('t=1,', '') })).toBe('invalid');
    expect(verify({ 'x-signature': `${old},t=${NOW_SECONDS}` })).toBe('expired');
  });

  test('A signature that does not cover its timestamp is not accepted', () => {
    expect(verify({ 'x-signature': `t=${NOW_SECONDS},${hmac(BODY, 'hex')}` })).toBe('unknown');
    expect(verify({ 'x-signature': `t=${NOW_SECONDS},v1=${hmac(BODY, 'hex')}` })).toBe('invalid');
  });

  test('An expired signature does not invalidate another one in time', () => {
    expect(verify({ 'x-signature': timed('1'), 'x-other-signature': timed(NOW_SECONDS) })).toBe(
      'valid',
    );
  });
});

describe('Missing and invalid signatures', () => {
  test('A missing signature is told apart from an unknown and an invalid one', () => {
    expect(verify({})).toBe('missing');
    expect(verify({ 'x-signature': '' })).toBe('missing');
    expect(verify({ 'x-signature': 'sha256=abc' })).toBe('unknown');
    expect(verify({ authorization: hmac(BODY, 'hex') })).toBe('missing');
    expect(verify({ 'x-signature': hmac(BODY, 'hex', 'another secret') })).toBe('invalid');
    expect(verify({ 'x-signature': hmac(`${BODY} `, 'hex') })).toBe('invalid');
    expect(verify({ 'x-signature': `sha1=${hmac(BODY, 'hex').slice(0, 40)}` })).toBe('unknown');
  });

  test('Without a secret no signature is valid, not even one made with an empty secret', () => {
    const headers = { 'x-signature': hmac(BODY, 'hex', '') };
    const check = { headers, body: Buffer.from(BODY), secret: '', maximumAge: 0, now: NOW };
    expect(verifySignature(check).status).toBe('invalid');
  });

  const hex = fc.string({
    unit: fc.constantFrom(...'0123456789abcdef'),
    minLength: 64,
    maxLength: 64,
  });
  const digest = fc.oneof(
    hex,
    hex.map((text) => Buffer.from(text, 'hex').toString('base64')),
    fc.string({ unit: 'binary' }),
  );
  const value = fc.oneof(
    digest,
    digest.map((text) => `sha256=${text}`),
    fc.tuple(fc.nat(), digest).map(([time, text]) => `t=${time},v1=${text}`),
    fc.array(digest).map((texts) => texts.join(',')),
    // Signatures of this body with other secrets, and of other bodies with this one.
    fc.string().map((secret) => `sha256=${hmac(BODY, 'hex', `${SECRET}${secret}x`)}`),
    fc.string().map((text) => hmac(`${BODY}${text}x`, 'hex')),
  );
  const headers = fc.dictionary(
    fc.constantFrom('x-signature', 'signature', 'x-imagineanything-signature', 'x-other'),
    fc.oneof(value, fc.array(value), fc.constant(undefined)),
  );

  test('No random header is accepted as a signature', () => {
    fc.assert(
      fc.property(headers, (some) => {
        expect(verify(some)).toMatch(/^(missing|unknown|invalid)$/);
      }),
      RUNS,
    );
  });

  test('No body that differs from the signed one is accepted', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom(...FORMS), (body, [, make]) => {
        fc.pre(Buffer.compare(body, Buffer.from(BODY)) !== 0);
        expect(verify({ 'x-signature': make(BODY) }, body)).toBe('invalid');
      }),
      RUNS,
    );
  });

  test('One different bit in the signature or the body invalidates it', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(Buffer.byteLength(BODY) * 8 - 1), (inDigest, inBody) => {
        const signature = Buffer.from(hmac(BODY, 'hex'), 'hex');
        signature[inDigest >> 3] ^= 1 << (inDigest & 7);
        expect(verify({ 'x-signature': signature.toString('hex') })).toBe('invalid');
        const body = Buffer.from(BODY);
        body[inBody >> 3] ^= 1 << (inBody & 7);
        expect(verify({ 'x-signature': hmac(BODY, 'hex') }, body)).toBe('invalid');
      }),
    );
  });

  test('Many signatures cost no more than a few', () => {
    const many = Array.from({ length: 60 }, () => '0'.repeat(64)).join(',');
    expect(verify({ 'x-signature': `${many},${hmac(BODY, 'hex')}` })).toBe('invalid');
    expect(verify({ 'x-signature': `${'x'.repeat(10_000)},${hmac(BODY, 'hex')}` })).toBe('unknown');
  });
});
