import fc from 'fast-check';
import type { INode } from 'n8n-workflow';
import { UnreadableBodyError } from '../../../credentials/http/responseBody';
import { SignInError } from '../../../credentials/signInError';
import {
  type Failure,
  rateLimited,
  readErrorBody,
  readErrorResponse,
} from '../../../nodes/ImagineAnything/transport/failure';
import { toNodeApiError } from '../../../nodes/ImagineAnything/transport/nodeError';
import {
  type RequestProgress,
  classifyError,
} from '../../../nodes/ImagineAnything/transport/classifyError';
import { anyText, RUNS } from '../properties';

const NODE: INode = {
  id: '1',
  name: 'ImagineAnything',
  type: 'n8n-nodes-imagineanything.imagineAnything',
  typeVersion: 1,
  position: [0, 0],
  parameters: {},
};
const PROGRESS: RequestProgress = {
  isSent: true,
  timeoutMs: 5000,
  baseUrl: 'https://imagineanything.com',
};
const ATTEMPT = { action: 'Like post', creating: false, credentialName: 'My agent' };

describe('the body of an error', () => {
  it.each([
    [{ error: 'not_found', message: 'No such post' }, 'not_found', 'No such post'],
    [{ error: 'invalid_client', error_description: 'Wrong' }, 'invalid_client', 'Wrong'],
    [{ error: 'Something went wrong' }, undefined, 'Something went wrong'],
    [{ error: { code: 'bad', message: 'Nested' } }, 'bad', 'Nested'],
    [{ errors: [{ message: 'First' }, { message: 'Second' }] }, undefined, 'First'],
    [{ errors: ['Plain'] }, undefined, 'Plain'],
    [{ code: 'bad', message: 'Flat' }, 'bad', 'Flat'],
    ['<html>', undefined, undefined],
    [null, undefined, undefined],
  ])('%j', (body, code, message) => expect(readErrorBody(body)).toEqual({ code, message }));

  it('never makes the reading throw', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.anything(), fc.jsonValue()), (body) => {
        const failure = readErrorResponse(500, body);
        expect(failure.message).not.toBe('');
        expect(toNodeApiError(NODE, failure, ATTEMPT).message).toContain('Like post: ');
      }),
      RUNS,
    );
  });
});

describe('what was thrown', () => {
  const classify = (thrown: unknown, progress: Partial<RequestProgress> = {}) =>
    classifyError(thrown, { ...PROGRESS, ...progress });

  // The route to a service may also break under a request that has arrived.
  it.each([
    [{ code: 'EHOSTUNREACH', syscall: 'connect' }, 'unreachable'],
    [{ code: 'ENETUNREACH', message: 'connect ENETUNREACH 192.0.2.1:443' }, 'unreachable'],
    [{ code: 'EHOSTUNREACH', syscall: 'read' }, 'unknown'],
    [{ code: 'ENETUNREACH' }, 'unknown'],
  ])('%j is %s', (cause, kind) =>
    expect(classify(Object.assign(new Error('x'), { cause }))).toMatchObject({ kind }),
  );

  it.each([
    ['ECONNREFUSED', 'unreachable'],
    ['ENOTFOUND', 'unreachable'],
    ['ECONNRESET', 'unknown'],
    ['ETIMEDOUT', 'unknown'],
    ['ECONNABORTED', 'unknown'],
    ['ERR_BAD_RESPONSE', 'unknown'],
  ])('%s is %s', (code, kind) =>
    expect(classify(Object.assign(new Error('x'), { cause: { code } }))).toMatchObject({
      kind,
      code,
    }),
  );

  it.each([
    ['ECONNRESET', true, 'unknown'],
    ['ECONNRESET', false, 'unreachable'],
    // The last write failed, however far the file had been read.
    ['EPIPE', true, 'unreachable'],
    ['ETIMEDOUT', true, 'unknown'],
    ['ETIMEDOUT', false, 'unreachable'],
  ])('%s under a file that was read to its end (%s) is %s', (code, isSent, kind) =>
    expect(
      classify(Object.assign(new Error('x'), { cause: { code } }), { form: { isSent } }).kind,
    ).toBe(kind),
  );

  it('that the time is up says after how long, and whether anything was sent', () => {
    const timeUp = new DOMException('x', 'TimeoutError');
    expect(classify(timeUp)).toMatchObject({
      kind: 'unknown',
      message: 'no complete response arrived within 5 seconds',
    });
    expect(classify(timeUp, { isSent: false })).toMatchObject({
      kind: 'unreachable',
      message: 'the sign-in did not finish within 5 seconds',
    });
    expect(classify(timeUp, { form: { isSent: false } })).toMatchObject({
      kind: 'unreachable',
      isInterruptedUpload: true,
    });
  });

  it('because an answer is too large is not tried again', () =>
    expect(classify(new UnreadableBodyError('the response is larger than 16 MB'))).toMatchObject({
      kind: 'unknown',
      isFinal: true,
      message: 'the response is larger than 16 MB',
    }));

  it.each([
    [0, 'unreachable', undefined],
    [429, 'unreachable', 429],
    [503, 'unreachable', 503],
    [401, 'credential', undefined],
  ])('by a sign-in with status %i is %s', (status, kind, shown) => {
    const error = new SignInError({ message: 'No token', description: 'Try again', status });
    expect(classify(error)).toMatchObject({ kind, status: shown, message: 'No token' });
  });

  it('never makes the reading throw', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(classify(thrown).message).toEqual(expect.any(String));
      }),
      RUNS,
    );
  });

  it('lets nothing of the request through', () => {
    const error = classify({
      message: 'x',
      cause: {
        code: 'ECONNRESET',
        config: { headers: { Authorization: 'Bearer iat_secret' }, data: 'client_secret=hush' },
      },
    });
    expect(JSON.stringify(error)).not.toMatch(/iat_secret|hush/);
  });
});

describe('the error that the user meets', () => {
  const says = (status: number, more = {}) =>
    toNodeApiError(
      NODE,
      { kind: 'refused', status, code: 'the_code', message: 'The reason.', ...more },
      { ...ATTEMPT, subject: 'post "p1"' },
    );

  it.each([
    [400, 'Check the parameters'],
    [403, 'The agent of the credential "My agent" is not allowed to do this to post "p1".'],
    [404, 'The post "p1" was not found. It may have been deleted.'],
    [409, 'This conflicts with the current state'],
    [429, 'Wait a minute before you run it again.'],
    [302, 'Redirects are not followed'],
    [500, 'Try again later'],
  ])('says after %i what to do', (status, next) => {
    const error = says(status);
    expect(error.message).toBe(`Like post: The reason. (HTTP ${status}, the_code)`);
    expect(error.description).toContain(next);
    expect(error.httpCode).toBe(String(status));
    expect(error.context).toMatchObject({ httpStatus: status, errorCode: 'the_code' });
  });

  it('says when the limit resets', () =>
    expect(says(429, { retryAfter: { ms: 30_000, isPlausible: true } }).description).toContain(
      'The limit resets in 30 seconds',
    ));

  it('advises what the caller knows, and nothing where the caller has no advice', () => {
    const advice = { rateLimit: 'Raise the limit.', responseTooLarge: 'Ask for less.' };
    const descriptionOf = (failure: Failure, more = {}) =>
      toNodeApiError(NODE, failure, { ...ATTEMPT, ...more }).description;
    const limited: Failure = { kind: 'refused', status: 429, message: 'x' };
    expect(descriptionOf(limited, { advice })).toMatch(/ Raise the limit\.$/);
    expect(descriptionOf(limited)).toMatch(/before you run it again\.$/);
    const tooLarge = classifyError(new UnreadableBodyError('x'), PROGRESS);
    expect(descriptionOf(tooLarge, { advice })).toMatch(/ Ask for less\.$/);
    expect(descriptionOf(tooLarge)).toMatch(/cannot be used\.$/);
    expect(descriptionOf(rateLimited(undefined), { advice })).toMatch(/ Raise the limit\.$/);
  });

  it.each<[Failure, creating: boolean, next: string]>([
    [{ kind: 'unknown', message: 'x' }, false, 'Repeating it is safe.'],
    [{ kind: 'unknown', message: 'x' }, true, 'The service may have completed this request'],
    [{ kind: 'refused', status: 502, message: 'x' }, false, 'Try again later'],
    [
      { kind: 'refused', status: 502, message: 'x' },
      true,
      'The service may have completed this request',
    ],
    [{ kind: 'refused', status: 429, message: 'x' }, true, 'Wait a minute'],
    [
      { kind: 'refused', status: 503, retryAfter: { ms: 9500, isPlausible: true }, message: 'x' },
      true,
      'Try again in 10 seconds',
    ],
  ])('tells after %j (creating: %s) whether it may be done twice', (failure, creating, next) =>
    expect(toNodeApiError(NODE, failure, { ...ATTEMPT, creating }).description).toContain(next),
  );

  it('does not blame a credential that is not there', () => {
    const failure: Failure = { kind: 'credential', status: 401, message: 'x' };
    const nobody = {
      ...ATTEMPT,
      credentialName: undefined,
      advice: { noCredential: 'Choose one.' },
    };
    expect(toNodeApiError(NODE, failure, nobody).description).toBe(
      'This operation requires authentication. Choose one.',
    );
    expect(toNodeApiError(NODE, failure, ATTEMPT).description).toContain('Check its client ID');
  });

  it.each([
    ['not_found', 'The requested resource was not found'],
    [undefined, 'Check the base URL'],
  ])('blames the base URL for a 404 only without a code (%s)', (code, next) =>
    expect(
      toNodeApiError(
        NODE,
        { kind: 'refused', status: 404, code, message: 'x' },
        { ...ATTEMPT, subject: undefined },
      ).description,
    ).toContain(next),
  );
});
