import type { Failure } from '../../../nodes/ImagineAnything/transport/failure';
import { retryDelay, wasAlreadyDone } from '../../../nodes/ImagineAnything/transport/retry';

const failure = (more: Partial<Failure>): Failure => ({ kind: 'refused', message: 'x', ...more });
const FIRST = { faults: 1, limited: 0 };

describe('what is sent again', () => {
  it.each([
    ['a broken read', failure({ kind: 'unknown' }), 'safe', true],
    ['a broken idempotent write', failure({ kind: 'unknown' }), 'idempotent', true],
    ['a broken creating write', failure({ kind: 'unknown' }), 'creating', false],
    ['what never arrived', failure({ kind: 'unreachable' }), 'creating', true],
    ['a creating write after 500', failure({ status: 500 }), 'creating', false],
    ['a creating write after a bare 503', failure({ status: 503 }), 'creating', false],
    [
      'one told to come back',
      failure({ status: 503, retryAfter: { ms: 10, isPlausible: true } }),
      'creating',
      true,
    ],
    ['one after 429', failure({ status: 429 }), 'creating', true],
    ['a refused credential', failure({ kind: 'credential', status: 401 }), 'safe', false],
    ['a refused value', failure({ status: 400 }), 'safe', false],
  ] as const)('%s: %s', (_, what, repeat, again) =>
    expect(retryDelay(what, repeat, FIRST) !== undefined).toBe(again),
  );

  it('not what would fail in the same way', () =>
    expect(retryDelay(failure({ kind: 'unknown', isFinal: true }), 'safe', FIRST)).toBeUndefined());

  it('not for ever', () =>
    expect(
      retryDelay(failure({ kind: 'unreachable' }), 'safe', { faults: 4, limited: 0 }),
    ).toBeUndefined());

  it('after growing pauses that are not the same for all', () => {
    const pauses = [1, 2, 3].map((faults) =>
      retryDelay(failure({ status: 500 }), 'safe', { faults, limited: 0 }, 1),
    );
    expect(pauses).toEqual([300, 600, 1200]);
    expect(retryDelay(failure({ status: 500 }), 'safe', FIRST, 0)).toBe(150);
  });

  it('after the wait that the service asked for', () =>
    expect(
      retryDelay(
        failure({ status: 429, retryAfter: { ms: 1234, isPlausible: true } }),
        'creating',
        {
          faults: 0,
          limited: 1,
        },
      ),
    ).toBe(1234));

  it('after growing pauses where the hint is over and the service still refuses', () => {
    const pauses = [1, 2, 3].map((limited) =>
      retryDelay(
        failure({ status: 429, retryAfter: { ms: 0, isPlausible: true } }),
        'safe',
        { faults: 0, limited },
        1,
      ),
    );
    expect(pauses).toEqual([300, 600, 1200]);
  });
});

describe('what an earlier attempt had done already', () => {
  it.each([
    ['DELETE', 'idempotent', 404, true],
    ['DELETE', 'idempotent', 403, false],
    ['POST', 'idempotent', 409, true],
    ['POST', 'idempotent', 404, false],
    ['POST', 'creating', 409, false],
    ['PATCH', 'idempotent', 409, false],
  ] as const)('%s, %s, %i: %s', (method, repeat, status, done) =>
    expect(wasAlreadyDone(failure({ status, isDocumented: true }), { method, repeat })).toBe(done),
  );

  it.each([
    ['DELETE', 404],
    ['POST', 409],
  ])('not where a proxy refuses a %s with %i', (method, status) =>
    expect(wasAlreadyDone(failure({ status }), { method, repeat: 'idempotent' })).toBe(false),
  );

  it('not where the conflict may be over what was sent', () =>
    expect(
      wasAlreadyDone(failure({ status: 409, isDocumented: true }), {
        method: 'POST',
        repeat: 'idempotent',
        body: {},
      }),
    ).toBe(false));
});
