import fc from 'fast-check';
import { readRateLimit, readRetryAfter } from '../../../../credentials/http/rateLimitHeaders';
import { anyText, RUNS } from '../../properties';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const rate = (reset: unknown, more = {}) => ({
  'x-ratelimit-limit': '30',
  'x-ratelimit-remaining': '7',
  'x-ratelimit-reset': reset,
  ...more,
});

describe('the three headers', () => {
  it.each([
    ['epoch seconds', String((NOW + 20_000) / 1000)],
    ['epoch milliseconds', String(NOW + 20_000)],
    ['seconds from now', '20'],
    ['a number', 20],
  ])('give the reset in %s', (_, reset) =>
    expect(readRateLimit(rate(reset), NOW)).toEqual({
      limit: 30,
      remaining: 7,
      reset: { ms: 20_000, isPlausible: true },
    }),
  );

  it('are read by the clock of the service', () => {
    const serviceIsBehind = { date: new Date(NOW - 90_000).toUTCString() };
    const reset = String((NOW - 90_000 + 20_000) / 1000);
    expect(readRateLimit(rate(reset, serviceIsBehind), NOW)?.reset.ms).toBe(20_000);
  });

  it.each(['0', String((NOW - 1000) / 1000)])('may state a reset that is past: %j', (reset) =>
    expect(readRateLimit(rate(reset), NOW)).toEqual({
      limit: 30,
      remaining: 7,
      reset: { ms: 0, isPlausible: true },
    }),
  );

  it.each([undefined, '', 'soon', '-1', 'Infinity'])('say nothing with the reset %j', (reset) =>
    expect(readRateLimit(rate(reset), NOW)).toBeUndefined(),
  );
});

describe('a hint that the published window rules out', () => {
  const year9999 = String(Date.parse('9999-01-01T00:00:00Z') / 1000);

  it.each([
    ['a reset in the year 9999', rate(year9999)],
    ['a reset 60,000 seconds ahead', rate('60000')],
    [
      'a Date header a day behind',
      rate(String(NOW / 1000), { date: new Date(NOW - 864e5).toUTCString() }),
    ],
    ['a Retry-After of a year', { 'retry-after': '31536000' }],
  ])('%s means one window', (_, headers) => {
    expect(readRetryAfter(429, headers, {}, NOW)).toEqual({ ms: 60_000, isPlausible: false });
    if ('x-ratelimit-reset' in headers) {
      expect(readRateLimit(headers, NOW)?.reset).toEqual({ ms: 60_000, isPlausible: false });
    }
  });

  it('may be longer where the service is closed for another reason', () =>
    expect(readRetryAfter(503, { 'retry-after': '3600' }, {}, NOW)).toEqual({
      ms: 3_600_000,
      isPlausible: true,
    }));
});

describe('the wait after a refusal', () => {
  it.each([
    ['Retry-After', 429, rate('20', { 'retry-after': '5' }), { retryAfter: 6 }, 5000],
    ['retryAfter in the body', 429, rate('20'), { retryAfter: 6, retry_after: 7, reset: 8 }, 6000],
    ['retry_after in the body', 429, rate('20'), { retry_after: 7, reset: 8 }, 7000],
    ['the reset', 429, rate('20'), { reset: 8 }, 20_000],
    ['the reset in the body', 429, {}, { reset: NOW / 1000 + 8 }, 8000],
    ['no reset in the body of a 503', 503, {}, { reset: 8 }, undefined],
    ['retryAfter as text', 503, {}, { retryAfter: '6' }, 6000],
    ['the reset beside a Retry-After of 0', 429, rate('20', { 'retry-after': '0' }), {}, 20_000],
    ['a Retry-After of 0 alone', 429, { 'retry-after': '0' }, {}, 0],
    [
      'Retry-After as a date',
      503,
      { 'retry-after': new Date(NOW + 7000).toUTCString() },
      undefined,
      7000,
    ],
    ['nothing', 429, {}, 'busy', undefined],
    ['no reset on a 503', 503, rate('20'), undefined, undefined],
    ['a reset in the past', 429, rate(String((NOW - 5000) / 1000)), undefined, 0],
    [
      'Retry-After beside a reset in the past',
      429,
      rate(String((NOW - 5000) / 1000), { 'retry-after': '30' }),
      undefined,
      30_000,
    ],
  ])('comes from %s', (_, status, headers, body, wait) =>
    expect(readRetryAfter(status, headers, body, NOW)?.ms).toBe(wait),
  );

  it('ends some day, no number is absurd, and nothing makes the reading throw', () => {
    const text = fc.oneof(fc.double(), fc.integer(), fc.bigInt()).map(String);
    const any = fc.oneof(text, anyText, fc.anything());
    const isTime = (ms: number) => !Number.isNaN(new Date(ms).getTime());
    fc.assert(
      fc.property(any, any, any, any, any, any, (limit, remaining, reset, later, date, body) => {
        const headers = {
          ...rate(reset, { 'retry-after': later, date }),
          'x-ratelimit-limit': limit,
          'x-ratelimit-remaining': remaining,
        };
        for (const status of [429, 503]) {
          const wait = readRetryAfter(status, headers, body, NOW)?.ms ?? 0;
          expect(wait).toBeGreaterThanOrEqual(0);
          // The error that names the wait gives the time at which it ends, by its own clock.
          expect(isTime(NOW + wait + 60_000)).toBe(true);
        }
        const reading = readRateLimit(headers, NOW);
        if (!reading) return;
        expect(reading.reset.ms).toBeGreaterThanOrEqual(0);
        expect(reading.reset.ms).toBeLessThanOrEqual(65_000);
        expect(reading.limit).toBeGreaterThanOrEqual(1);
        expect(reading.remaining).toBeGreaterThanOrEqual(0);
        expect([reading.limit, reading.remaining].every(Number.isFinite)).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('at the edges', () => {
  const state = (changes: object) => readRateLimit({ ...rate('20'), ...changes }, NOW);
  const msOf = (reset: unknown, more = {}) => readRateLimit(rate(reset, more), NOW)?.reset;

  it.each([
    [{ 'x-ratelimit-limit': '1' }, true],
    [{ 'x-ratelimit-limit': '0' }, false],
    [{ 'x-ratelimit-limit': undefined }, false],
    [{ 'x-ratelimit-remaining': undefined }, false],
    [{ 'x-ratelimit-remaining': ' ' }, false],
    [{ 'x-ratelimit-remaining': NaN }, false],
  ])('%j say something: %s', (changes, has) => expect(state(changes) !== undefined).toBe(has));

  it.each([
    ['0', 0],
    ['-3', 0],
  ])('%s requests remain as %i', (remaining, left) =>
    expect(state({ 'x-ratelimit-remaining': remaining })?.remaining).toBe(left),
  );

  it.each([
    ['65', 65_000, true],
    ['65.001', 60_000, false],
    ['999999999', 60_000, false],
    ['0.001', 1, true],
    [String(NOW + 1), 1, true],
  ])('a reset of %s is %i ms away, plausible: %s', (reset, ms, isPlausible) =>
    expect(msOf(reset)).toEqual({ ms, isPlausible }),
  );

  it.each([
    [1e9, 'seconds', 1e12],
    [1e12, 'milliseconds', 1e12],
  ])('%d is read as epoch %s', (reset, _, epochMs) =>
    expect(readRateLimit(rate(reset), epochMs - 5000)?.reset.ms).toBe(5000),
  );

  it.each([
    [2000, 20_000],
    [3000, 23_000],
    [-2000, 20_000],
    [-3000, 17_000],
  ])('a clock that is %i ms ahead of the service: %i ms', (lead, ms) => {
    const date = new Date(NOW - lead).toUTCString();
    expect(msOf(String((NOW + 20_000) / 1000), { date })?.ms).toBe(ms);
    // Seconds from now know no clock.
    expect(msOf('20', { date })?.ms).toBe(20_000);
  });

  it('a date counts by the clock of the service', () => {
    const headers = {
      date: new Date(NOW - 90_000).toUTCString(),
      'retry-after': new Date(NOW - 80_000).toUTCString(),
    };
    expect(readRetryAfter(503, headers, {}, NOW)?.ms).toBe(10_000);
  });

  it.each([
    [503, '86400', 86_400_000, true],
    [503, '86401', 86_400_000, false],
    [503, '-1', 0, true],
    [503, '0', 0, true],
    [429, '65', 65_000, true],
    [429, '66', 60_000, false],
  ])('%i with Retry-After: %s', (status, hint, ms, isPlausible) =>
    expect(readRetryAfter(status, { 'retry-after': hint }, {}, NOW)).toEqual({ ms, isPlausible }),
  );

  it.each(['soon', '', [], undefined])('Retry-After: %j says nothing', (hint) =>
    expect(readRetryAfter(503, { 'retry-after': hint }, [], NOW)).toBeUndefined(),
  );
});
