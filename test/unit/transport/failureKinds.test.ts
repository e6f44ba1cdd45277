/** What a failure says of itself: its texts, and whether the request may have had an effect. */
import {
  deadlineExceeded,
  describeBody,
  errorCode,
  type Failure,
  mayHaveHadEffect,
  rateLimited,
  readableText,
  readErrorBody,
  readErrorResponse,
  readErrorWithSuccessStatus,
} from '../../../nodes/ImagineAnything/transport/failure';

describe('text for a message', () => {
  it.each([
    [' hello \n', 'hello'],
    ['', undefined],
    [' \t', undefined],
    [1, undefined],
    [null, undefined],
    [['a'], undefined],
    ['x'.repeat(500), 'x'.repeat(500)],
    ['x'.repeat(501), `${'x'.repeat(500)}…`],
    // What is far too long is not looked at as a whole.
    [`${' '.repeat(1000)}x`, undefined],
    [`${' '.repeat(999)}x`, 'x'],
  ])('%#', (value, text) => expect(readableText(value)).toBe(text));
});

describe('a code', () => {
  it.each([
    ['not_found', 'not_found'],
    ['E-1.2', 'E-1.2'],
    ['x'.repeat(100), 'x'.repeat(100)],
    ['x'.repeat(101), undefined],
    ['not found', undefined],
    ['', undefined],
    ['a!', undefined],
    ['!a', undefined],
    [404, undefined],
    [undefined, undefined],
  ])('%#', (value, code) => expect(errorCode(value)).toBe(code));
});

describe('the body of an error', () => {
  it.each([
    // The reference's own form goes before all others.
    [{ error: 'a', code: 'b', message: 'c', error_description: 'd' }, 'a', 'c'],
    [{ error: 'a', error_description: 'd', errors: ['e'] }, 'a', 'd'],
    [{ error: { code: 'n', message: 'm' }, code: 'b' }, 'b', 'm'],
    [{ error: { message: 'm' }, errors: ['e'] }, undefined, 'm'],
    [{ error: 'A sentence.', errors: [{ message: 'e' }] }, undefined, 'e'],
    [{ error: 'a', errors: [] }, 'a', undefined],
    [{ error: 'a', errors: 'e' }, 'a', undefined],
    [[{ message: 'm' }], undefined, undefined],
    ['text', undefined, undefined],
  ])('%j', (body, code, message) => expect(readErrorBody(body)).toEqual({ code, message }));
});

describe('an error status', () => {
  it.each([
    [400, { error: 'bad_request', message: 'No' }, 'refused', 'No'],
    [401, { error: 'invalid_token', message: 'No' }, 'credential', 'No'],
    [403, {}, 'refused', 'the service gave no reason'],
    [502, '<html>', 'refused', expect.stringContaining('a web page instead of JSON')],
    [500, 'oops', 'refused', 'the response is not JSON'],
    [500, undefined, 'refused', 'the response is empty'],
    [302, undefined, 'refused', 'the service redirected the request'],
    [307, '<html>', 'refused', 'the service redirected the request'],
    [301, { message: 'Moved' }, 'refused', 'Moved'],
  ])('%i with %j', (status, body, kind, message) =>
    expect(readErrorResponse(status, body)).toMatchObject({ kind, status, message }),
  );
});

describe('an error with a status of success', () => {
  it.each([
    [{ error: 'busy' }, 'busy', 'the service gave no reason'],
    [{ error: 'Try later.' }, undefined, 'Try later.'],
    [
      { error: 'busy', message: 'No', code: 1, status: 2, details: {}, error_description: 'x' },
      'busy',
      'No',
    ],
  ])('is recognised: %j', (body, code, message) =>
    expect(readErrorWithSuccessStatus(body)).toEqual({
      kind: 'unknown',
      code,
      message,
      isFinal: true,
    }),
  );

  it.each([
    {},
    { error: '' },
    { error: null },
    { error: { message: 'x' } },
    { message: 'x' },
    // A resource that has a field of this name.
    { error: 'x', id: 'g1' },
    ['error'],
    'error',
    undefined,
  ])('is not: %j', (body) => expect(readErrorWithSuccessStatus(body)).toBeUndefined());
});

it.each([
  [undefined, 'the response is empty'],
  [null, 'the response is empty'],
  ['', 'the response is empty'],
  [{}, 'the service gave no reason'],
  [0, 'the service gave no reason'],
  ['hello', 'the response is not JSON'],
  ['a < b', 'the response is not JSON'],
  ['<html>', 'the response is a web page instead of JSON, probably from a proxy'],
  [' \n<!doctype', 'the response is a web page instead of JSON, probably from a proxy'],
])('the body %j is described as "%s"', (body, text) => expect(describeBody(body)).toBe(text));

describe('an effect', () => {
  it.each<[Failure['kind'], number | undefined, boolean]>([
    ['unknown', undefined, true],
    ['unknown', 200, true],
    ['unreachable', undefined, false],
    ['unreachable', 503, false],
    ['credential', 401, false],
    ['credential', undefined, false],
    ['refused', 100, true],
    ['refused', 199, true],
    ['refused', 302, false],
    ['refused', 400, false],
    ['refused', 429, false],
    ['refused', 499, false],
    ['refused', 500, true],
    ['refused', 503, true],
    ['refused', undefined, false],
  ])('of what failed as %s with %s: %s', (kind, status, isPossible) =>
    expect(mayHaveHadEffect({ kind, status, message: '' })).toBe(isPossible),
  );
});

it('a limit that is used up is told like the refusal that it saves', () => {
  expect(rateLimited(5000)).toEqual({
    kind: 'refused',
    status: 429,
    message: "the agent's rate limit is used up, so nothing was sent",
    retryAfter: { ms: 5000, isPlausible: true },
  });
  expect(rateLimited(0).status).toBe(429);
});

it('requests that nobody answers are told apart from a limit', () =>
  expect(rateLimited(undefined)).toEqual({
    kind: 'unreachable',
    message: "too many of the agent's requests are waiting for a response, so nothing was sent",
    description: 'The service is not responding to earlier requests. Try again later.',
    advice: 'rateLimit',
    isFinal: true,
  }));

it('a deadline that has passed is final, and nothing was sent', () =>
  expect(deadlineExceeded()).toEqual({
    kind: 'unreachable',
    message: 'time ran out before the request was sent',
    description: 'Nothing was sent. Allow more time for the operation.',
    isFinal: true,
  }));
