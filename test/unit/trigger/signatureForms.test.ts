import fc from 'fast-check';
import { verifySignature } from '../../../nodes/ImagineAnything/trigger/verification/signature';
import { type Delivery, SIGNING_HABITS, type SigningHabit } from './signingHabits';
import { RUNS } from '../properties';

const NOW = Date.parse('2026-01-02T08:00:00Z');
const DELIVERY: Delivery = {
  body: '{"id":"evt_1","event":"follow"}',
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  at: NOW / 1000,
  id: 'msg_1',
};
const ALTERED = { ...DELIVERY, body: '{"id":"evt_2","event":"follow"}' };

/** Verifies the body and the secret of a delivery with headers that may be of another. */
function verify(headers: Record<string, string>, { body, secret } = DELIVERY) {
  return verifySignature({ headers, body: Buffer.from(body), secret, maximumAge: 300, now: NOW });
}

/** Replaces each timestamp in the headers by another one. */
function withTime(headers: Record<string, string>, seconds: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value.replace(String(DELIVERY.at), String(seconds)),
    ]),
  );
}

const habits = SIGNING_HABITS.map((habit): [string, SigningHabit] => [habit.name, habit]);
const signing = habits.filter(([, { covers }]) => covers !== 'nothing');
const timed = habits.filter(([, { covers }]) => covers === 'time and body');

describe('a signature made as by', () => {
  it.each(habits)('%s is valid, and its form is named', (_, { form, sign }) => {
    expect(verify(sign(DELIVERY))).toEqual({ status: 'valid', form });
  });

  it.each(habits)('%s is not valid with another secret', (_, { sign }) => {
    const headers = sign({ ...DELIVERY, secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' });
    expect(verify(headers).status).not.toBe('valid');
  });

  it.each(signing)('%s is not valid for another body', (_, { sign }) => {
    expect(verify(sign(DELIVERY), ALTERED)).toEqual({ status: 'invalid' });
  });

  it.each(timed)('%s is not valid with another timestamp', (_, { sign }) => {
    expect(verify(withTime(sign(DELIVERY), DELIVERY.at + 1))).toEqual({ status: 'invalid' });
  });

  it.each(timed)('%s expires', (_, { sign }) => {
    expect(verify(sign({ ...DELIVERY, at: DELIVERY.at - 301 }))).toEqual({ status: 'expired' });
    expect(verify(sign({ ...DELIVERY, at: DELIVERY.at - 300 })).status).toBe('valid');
  });
});

describe('the timestamp in a header of its own', () => {
  it('is not looked at where the signature does not cover it', () => {
    const [, { sign }] = habits[0];
    expect(verify({ ...sign(DELIVERY), 'x-timestamp': '1' })).toMatchObject({ status: 'valid' });
  });
});

describe('a part of the secret', () => {
  const sign = (secret: string, form: string) =>
    SIGNING_HABITS.find((habit) => habit.name === form)?.sign({ ...DELIVERY, secret }) ?? {};

  it('is no key when it can be guessed', () => {
    const secret = 'a_very_long_secret_whose_second_part_is_not_a_key=_x';
    const withoutPrefix = sign('whsec_short', 'the secret without its prefix as key');
    expect(verify(withoutPrefix, { ...DELIVERY, secret: 'whsec_short' }).status).toBe('invalid');
    const decoded = sign(secret, 'Standard Webhooks');
    expect(verify(decoded, { ...DELIVERY, secret }).status).toBe('invalid');
    const short = sign('whsec_AAAA', 'Standard Webhooks');
    expect(verify(short, { ...DELIVERY, secret: 'whsec_AAAA' }).status).toBe('invalid');
  });
});

describe('any headers and any body', () => {
  const anyDelivery = fc.record({
    body: fc.string({ unit: 'binary' }),
    secret: fc
      .uint8Array({ minLength: 24, maxLength: 64 })
      .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`),
    at: fc.constant(DELIVERY.at),
    id: fc.stringMatching(/^[\w.-]{1,40}$/),
  });

  it('are valid when they belong together, and not when they do not', () => {
    fc.assert(
      fc.property(
        anyDelivery,
        anyDelivery,
        fc.constantFrom(...SIGNING_HABITS),
        (delivery, other, { form, covers, sign }) => {
          expect(verify(sign(delivery), delivery)).toEqual({ status: 'valid', form });
          fc.pre(other.body !== delivery.body && other.secret !== delivery.secret);
          expect(verify(sign(other), delivery).status).not.toBe('valid');
          if (covers === 'nothing') return;
          const moved = { ...delivery, body: other.body };
          expect(verify(sign(delivery), moved)).toEqual({ status: 'invalid' });
        },
      ),
      RUNS,
    );
  });
});
