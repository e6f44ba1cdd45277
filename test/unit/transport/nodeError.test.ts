/** The error that a user sees: what was requested, what happened, and what to do next. */
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { Failure } from '../../../nodes/ImagineAnything/transport/failure';
import {
  type ErrorContext,
  errorFacts,
  hadNoEffect,
  missingCredential,
  toNodeApiError,
} from '../../../nodes/ImagineAnything/transport/nodeError';
import { START, useClock } from './support/clock';
import { NODE } from './support/n8n';

useClock();

const REQUEST: ErrorContext = {
  action: 'Like post',
  subject: 'post "p1"',
  credentialName: 'My agent',
  creating: false,
};

const refused = (status: number, more: Partial<Failure> = {}): Failure => ({
  kind: 'refused',
  status,
  code: 'the_code',
  message: 'The reason.',
  ...more,
});

const errorOf = (failure: Failure, request: Partial<ErrorContext> = {}) =>
  toNodeApiError(NODE, failure, { ...REQUEST, ...request });

/** What to do next. */
const nextStep = (failure: Failure, request: Partial<ErrorContext> = {}) =>
  errorOf(failure, request).description;

describe('the message', () => {
  it.each<[string, Failure, string]>([
    ['status and code', refused(400), 'Like post: The reason. (HTTP 400, the_code)'],
    ['a status', refused(400, { code: undefined }), 'Like post: The reason. (HTTP 400)'],
    [
      'a code of the connection',
      { kind: 'unknown', code: 'ECONNRESET', message: 'it broke' },
      'Like post: it broke (ECONNRESET)',
    ],
    ['neither', { kind: 'unknown', message: 'it broke' }, 'Like post: it broke'],
    [
      'what it has in it already',
      refused(429, { message: 'no more sign-ins (HTTP 429)', code: undefined }),
      'Like post: no more sign-ins (HTTP 429)',
    ],
  ])('has %s', (_, failure, message) => expect(errorOf(failure).message).toBe(message));

  it('is in the error as a warning of the node, with facts for other nodes', () => {
    const error = errorOf(refused(404));
    expect(error).toBeInstanceOf(NodeApiError);
    expect(error).toMatchObject({
      node: NODE,
      level: 'warning',
      httpCode: '404',
      context: { httpStatus: 404, errorCode: 'the_code', mayHaveHadEffect: false },
    });
  });

  it('keeps what n8n has in the context', () => {
    const { context } = errorOf({ kind: 'unknown', message: 'x' });
    expect(context).toMatchObject({ mayHaveHadEffect: true });
    expect(context).not.toHaveProperty('httpStatus');
    expect(context).not.toHaveProperty('errorCode');
  });
});

describe('the next step', () => {
  it.each<[string, Failure, Partial<ErrorContext>, string]>([
    ['a description of its own', refused(400, { description: 'Do this.' }), {}, 'Do this.'],
    [
      'nothing was sent',
      { kind: 'unreachable', message: 'x' },
      {},
      'Nothing was sent. Check the network and the base URL of the credential "My agent", then run it again.',
    ],
    [
      'nothing was sent, without a credential',
      { kind: 'unreachable', message: 'x' },
      { credentialName: undefined },
      'Nothing was sent. Check the network and the base URL of the credential, then run it again.',
    ],
    [
      '503 with a time',
      refused(503, { retryAfter: { ms: 9001, isPlausible: true } }),
      { creating: true },
      'The service is temporarily unavailable. Try again in 10 seconds.',
    ],
    [
      '503 with a time that is over',
      refused(503, { retryAfter: { ms: 0, isPlausible: true } }),
      {},
      'The service is temporarily unavailable. Try again in 1 seconds.',
    ],
    [
      '503',
      refused(503),
      {},
      'ImagineAnything could not process the request. Try again later. Your workflow does not need to change.',
    ],
    [
      '500 of a write that creates something',
      refused(500),
      { creating: true },
      'The service may have completed this request, so it was not sent again. Check the agent on ImagineAnything before you run it again.',
    ],
    [
      '400 of a write that creates something',
      refused(400),
      { creating: true },
      'Check the parameters of the operation.',
    ],
    [
      'a lost response',
      { kind: 'unknown', message: 'x' },
      {},
      'Run it again. Repeating it is safe.',
    ],
    [
      '401',
      refused(401),
      {},
      'The service rejected the credential "My agent". Check its client ID and client secret, then test it.',
    ],
    [
      '401 without a credential',
      refused(401),
      { credentialName: undefined },
      'This operation requires authentication.',
    ],
    [
      '403',
      refused(403),
      {},
      'The agent of the credential "My agent" is not allowed to do this to post "p1". Only the owner can.',
    ],
    [
      '403 of no subject',
      refused(403),
      { subject: undefined },
      'The agent of the credential "My agent" is not allowed to do this. Only the owner can.',
    ],
    ['404', refused(404), {}, 'The post "p1" was not found. It may have been deleted.'],
    [
      '404 of no subject',
      refused(404),
      { subject: undefined },
      'The requested resource was not found. It may have been deleted.',
    ],
    [
      '404 of another server',
      refused(404, { code: undefined }),
      { subject: undefined },
      'Nothing was found at this URL. Check the base URL of the credential "My agent".',
    ],
    [
      '409',
      refused(409),
      {},
      'This conflicts with the current state of the resource. Check it on ImagineAnything first.',
    ],
    ['429', refused(429), {}, 'Too many requests. Wait a minute before you run it again.'],
    [
      '302',
      refused(302),
      {},
      'The service redirected the request. Redirects are not followed, to protect the token. Check the base URL of the credential "My agent".',
    ],
    [
      '500',
      refused(500),
      {},
      'ImagineAnything could not process the request. Try again later. Your workflow does not need to change.',
    ],
    ['499', refused(499), {}, 'Check the parameters of the operation.'],
    ['422', refused(422), {}, 'Check the parameters of the operation.'],
  ])('after %s', (_, failure, request, text) => expect(nextStep(failure, request)).toBe(text));

  it.each([
    [30_000, 30],
    [30_001, 31],
    [0, 1],
  ])('after 429 says when the limit resets: in %i ms', (ms, seconds) =>
    expect(nextStep(refused(429, { retryAfter: { ms, isPlausible: true } }))).toBe(
      `Too many requests. The limit resets in ${seconds} seconds, at ${new Date(START + ms).toISOString()}. Run it again then.`,
    ),
  );

  it('has the advice of whoever opened the client, where it applies', () => {
    const advice = {
      rateLimit: 'Wait longer.',
      responseTooLarge: 'Ask for less.',
      noCredential: 'Choose one.',
      anonymous: 'Not this.',
    };
    expect(nextStep(refused(429), { advice })).toMatch(/run it again\. Wait longer\.$/);
    expect(nextStep(refused(401), { advice, credentialName: undefined })).toBe(
      'This operation requires authentication. Choose one.',
    );
    expect(
      nextStep(
        { kind: 'unknown', message: 'x', description: 'It was done.', advice: 'responseTooLarge' },
        { advice },
      ),
    ).toBe('It was done. Ask for less.');
    expect(nextStep(refused(403), { advice })).toMatch(/Only the owner can\.$/);
  });
});

describe('whether a call had no effect', () => {
  it.each<[string, unknown, boolean]>([
    ['a refusal', errorOf(refused(400)), true],
    ['an error of a gateway', errorOf(refused(502)), false],
    ['a lost response', errorOf({ kind: 'unknown', message: 'x' }), false],
    ['what was not sent', errorOf({ kind: 'unreachable', message: 'x' }), true],
    ['an error of n8n', new NodeApiError(NODE, { message: 'x' }), false],
    ['a parameter that was refused', new NodeOperationError(NODE, 'x'), true],
    ['a cancellation', new Error('x'), false],
    ['nothing', undefined, false],
  ])('%s: %s', (_, thrown, none) => expect(hadNoEffect(thrown)).toBe(none));
});

it.each([
  [
    { status: 404, code: 'not_found' },
    { httpStatus: 404, errorCode: 'not_found' },
  ],
  [{ status: 404 }, { httpStatus: 404 }],
  [{ code: 'ECONNRESET' }, { errorCode: 'ECONNRESET' }],
  [{}, {}],
])('the facts of %j are %j', (failure, facts) => expect(errorFacts(failure)).toEqual(facts));

it.each([
  [undefined, 'Nothing was sent.'],
  ['Choose one.', 'Nothing was sent. Choose one.'],
])('a missing credential is told with the advice %j', (advice, description) => {
  const error = missingCredential(NODE, 'Like post', advice);
  expect(error).toBeInstanceOf(NodeOperationError);
  expect(error).toMatchObject({
    message: 'Like post: this operation requires a credential',
    description,
    level: 'warning',
  });
});
