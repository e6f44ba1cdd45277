/** What was thrown instead of a response: whether the request arrived, and what to say. */
import { NodeApiError } from 'n8n-workflow';
import { UnreadableBodyError } from '../../../credentials/http/responseBody';
import { SignInError } from '../../../credentials/signInError';
import {
  classifyError,
  type RequestProgress,
} from '../../../nodes/ImagineAnything/transport/classifyError';
import { NODE } from './support/n8n';

const PROGRESS: RequestProgress = {
  isSent: true,
  timeoutMs: 5000,
  baseUrl: 'https://imagineanything.com',
};
const classify = (thrown: unknown, progress: Partial<RequestProgress> = {}) =>
  classifyError(thrown, { ...PROGRESS, ...progress });

const withCode = (code: string, more: object = {}) =>
  Object.assign(new Error(`read ${code}`), { code, ...more });

/** As n8n hands it over. */
const wrapped = (error: Error) => new NodeApiError(NODE, error as never);

describe('an error code of the connection', () => {
  const connecting = [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ECONNREFUSED',
  ];

  it.each(connecting)('%s says that nothing was sent', (code) => {
    for (const error of [withCode(code), wrapped(withCode(code))]) {
      const failure = classify(error);
      expect(failure).toMatchObject({ kind: 'unreachable', code });
      expect(failure.message).toMatch(/^the service could not be reached: ./);
      expect(failure.description).toMatch(/^Nothing was sent\. ./);
    }
  });

  it('EPROTO may come on a connection that was open, and promises nothing', () => {
    const failure = classify(withCode('EPROTO'));
    expect(failure).toMatchObject({ kind: 'unknown', code: 'EPROTO' });
    expect(failure.message).toBe('the service could not be reached: the TLS connection failed');
    expect(failure.description).not.toContain('Nothing was sent');
  });

  it.each([
    [withCode('EHOSTUNREACH', { syscall: 'connect' }), 'unreachable'],
    [withCode('ENETUNREACH', { message: 'connect ENETUNREACH 192.0.2.1:443' }), 'unreachable'],
    [withCode('EHOSTUNREACH', { syscall: 'read' }), 'unknown'],
    [withCode('ENETUNREACH', { message: 'cannot connect ENETUNREACH' }), 'unknown'],
    // Connecting, but with another code.
    [withCode('ECONNRESET', { syscall: 'connect' }), 'unknown'],
  ])('of a route counts as not sent while connecting only: %o', (error, kind) =>
    expect(classify(error).kind).toBe(kind),
  );

  it('of a route says so', () =>
    expect(classify(withCode('EHOSTUNREACH', { syscall: 'connect' }))).toEqual({
      kind: 'unreachable',
      code: 'EHOSTUNREACH',
      message: 'the service could not be reached',
    }));

  it.each(['ECONNRESET', 'EPIPE', 'ERR_BAD_RESPONSE', 'EHOSTUNREACH', 'UND_ERR_SOCKET'])(
    '%s leaves open whether the request arrived',
    (code) => {
      for (const error of [withCode(code), wrapped(withCode(code))]) {
        expect(classify(error)).toEqual({
          kind: 'unknown',
          code,
          message: 'the connection was lost before the response was complete',
        });
      }
    },
  );

  it.each(['HPE_INVALID_CONSTANT', 'Z_DATA_ERROR', 'ERR_DECOMPRESSION', 'ERR_BROTLI_FORMAT'])(
    '%s says that the response is malformed',
    (code) =>
      expect(classify(withCode(code))).toEqual({
        kind: 'unknown',
        code,
        message: 'the response is malformed or too large',
      }),
  );
});

describe('a time that is up', () => {
  it.each(['ETIMEDOUT', 'ECONNABORTED', 'ESOCKETTIMEDOUT'])('%s', (code) => {
    expect(classify(withCode(code))).toEqual({
      kind: 'unknown',
      code,
      message: 'no complete response arrived within 5 seconds',
    });
  });

  it.each([
    ['TimeoutError', new DOMException('x', 'TimeoutError')],
    ['a cancelled request', withCode('ERR_CANCELED')],
    ['a cancelled request, in an error of n8n', wrapped(withCode('ERR_CANCELED'))],
  ])('%s', (_, error) => {
    expect(classify(error)).toEqual({
      kind: 'unknown',
      code: 'ETIMEDOUT',
      message: 'no complete response arrived within 5 seconds',
    });
    expect(classify(error, { isSent: false })).toEqual({
      kind: 'unreachable',
      message: 'the sign-in did not finish within 5 seconds',
      description: 'Nothing was sent. Check the base URL of the credential, or try again later.',
    });
  });

  it.each([
    [0, '0.1'],
    [149, '0.1'],
    [150, '0.2'],
    [1234, '1.2'],
    [60_000, '60'],
  ])('after %i ms is shown as %s seconds', (timeoutMs, seconds) =>
    expect(classify(withCode('ETIMEDOUT'), { timeoutMs }).message).toBe(
      `no complete response arrived within ${seconds} seconds`,
    ),
  );
});

describe('an upload', () => {
  const half = { form: { isSent: false } };
  const whole = { form: { isSent: true } };
  const interrupted = {
    kind: 'unreachable',
    description: 'The service did not receive the whole file. Run it again.',
    isInterruptedUpload: true,
  };

  it.each([
    ['ECONNRESET', half],
    ['ERR_BAD_REQUEST', half],
    // The end of the form is written last.
    ['EPIPE', half],
    ['EPIPE', whole],
  ])('that broke off with %s (%j) did not arrive', (code, progress) =>
    expect(classify(withCode(code), progress)).toEqual({
      ...interrupted,
      code,
      message: 'the connection was lost before the whole file was sent',
    }),
  );

  it('that took too long did not arrive', () =>
    expect(classify(new DOMException('x', 'TimeoutError'), half)).toEqual({
      ...interrupted,
      message: 'the file could not be sent within 5 seconds',
    }));

  it.each([
    ['ECONNRESET', 'the connection was lost before the response was complete'],
    ['ETIMEDOUT', 'no complete response arrived within 5 seconds'],
  ])('that was sent to its end may have arrived: %s', (code, message) =>
    expect(classify(withCode(code), whole)).toEqual({ kind: 'unknown', code, message }),
  );

  it('that could not connect says that', () =>
    expect(classify(withCode('ECONNREFUSED'), half)).toMatchObject({
      kind: 'unreachable',
      message: 'the service could not be reached: the connection was refused',
    }));
});

describe('a sign-in', () => {
  const failed = (status: number, description = 'Do this.', message = 'No token') =>
    classify(
      new SignInError({
        status,
        message,
        description,
        retryAfter: { ms: 3000, isPlausible: true },
      }),
    );

  it.each([
    [0, undefined],
    [429, 429],
    [500, 500],
    [503, 503],
  ])('that failed with %i may work later', (status, shown) =>
    expect(failed(status)).toEqual({
      kind: 'unreachable',
      status: shown,
      message: 'No token',
      description: 'Do this.',
      retryAfter: { ms: 3000, isPlausible: true },
      advice: status === 429 ? 'rateLimit' : undefined,
    }),
  );

  it.each([302, 400, 401, 404, 428, 430, 499])('that failed with %i will not', (status) =>
    expect(failed(status)).toEqual({
      kind: 'credential',
      status: undefined,
      message: 'No token',
      description: 'Do this.',
      retryAfter: undefined,
    }),
  );

  it.each([
    ['No token. Do this.', 'Do this.', 'Nothing was sent.'],
    ['No token', '', 'Nothing was sent.'],
    ['No token', 'Do this.', 'Do this.'],
  ])('gives its advice once: %j, %j', (message, description, shown) =>
    expect(failed(401, description, message).description).toBe(shown),
  );
});

it('a response that is too large has succeeded, and is not asked for again', () =>
  expect(classify(new UnreadableBodyError('the response is larger than 16 MB'))).toEqual({
    kind: 'unknown',
    message: 'the response is larger than 16 MB',
    description: 'The service completed the request, but its response cannot be used.',
    advice: 'responseTooLarge',
    isFinal: true,
  }));

describe('anything else', () => {
  it.each([
    ['an error', new Error('Refused here'), 'Refused here', undefined],
    ['text', 'Refused here', 'Refused here', undefined],
    ['nothing', undefined, 'an unknown error occurred', undefined],
    ['an empty object', {}, 'an unknown error occurred', undefined],
    [
      'an error with advice, in another one',
      { message: 'Outer', cause: { message: 'Inner', description: 'Do this.' } },
      'Inner',
      'Do this.',
    ],
  ])('was not sent, and is told as it is: %s', (_, thrown, message, description) =>
    expect(classify(thrown)).toEqual({ kind: 'credential', message, description }),
  );

  it('of which the code is a sentence has no code', () =>
    expect(classify({ message: 'x', code: 'not a code' })).toMatchObject({ kind: 'credential' }));
});
