/** What a response means, and how long a request may take. */
import { Readable } from 'node:stream';
import type { ApiRequest } from '../../../nodes/ImagineAnything/transport/apiRequest';
import {
  defaultTimeout,
  interpretResponse,
  type RawResponse,
  sendOnce,
  timeoutFor,
} from '../../../nodes/ImagineAnything/transport/sendOnce';
import { finish, START, useClock } from './support/clock';
import { BASE_URL, FakeN8n } from './support/n8n';
import { FEED, POST, upload } from './support/requests';

useClock();

const response = (statusCode: number, body?: unknown, more: Partial<RawResponse> = {}) => ({
  statusCode,
  headers: {},
  body,
  ...more,
});

describe('a response with a status of success', () => {
  it.each([
    ['GET', 200, { posts: [] }],
    ['GET', 200, [1]],
    ['GET', 299, {}],
    ['POST', 201, { post: {} }],
  ] as const)('of %s with %i and a body of JSON is a result', (method, status, body) =>
    expect(interpretResponse(response(status, body), { method })).toEqual({
      response: { status, body },
    }),
  );

  it.each([
    ['POST', 200, undefined],
    ['DELETE', 204, undefined],
    ['PATCH', 202, ''],
    ['PUT', 200, null],
    ['GET', 204, undefined],
  ] as const)('of %s with %i and no body (%j) is one, too', (method, status, body) =>
    expect(interpretResponse(response(status, body), { method })).toEqual({
      response: { status, body: undefined },
    }),
  );

  it.each([
    ['GET', 200, undefined, 'the response is empty'],
    ['GET', 200, null, 'the response is empty'],
    ['GET', 200, 'hello', 'the response is not JSON'],
    ['GET', 200, 1, 'the service gave no reason'],
    ['POST', 201, '<html>', 'the response is a web page instead of JSON, probably from a proxy'],
    ['POST', 201, true, 'the service gave no reason'],
  ] as const)('of %s with %i and %j leaves the outcome unknown', (method, status, body, message) =>
    expect(interpretResponse(response(status, body), { method })).toEqual({
      failure: { kind: 'unknown', message },
    }),
  );

  it('and an error in it leaves the outcome unknown, for good', () =>
    expect(
      interpretResponse(response(200, { error: 'busy', message: 'No' }), { method: 'POST' }),
    ).toEqual({ failure: { kind: 'unknown', code: 'busy', message: 'No', isFinal: true } }));
});

describe('a response with another status', () => {
  it.each([199, 300, 400, 404, 500])('%i is a refusal', (status) =>
    expect(
      interpretResponse(response(status, { error: 'no', message: 'No' }), { method: 'GET' }),
    ).toMatchObject({ failure: { kind: 'refused', status, code: 'no', message: 'No' } }),
  );

  it.each([
    [{ headers: { 'retry-after': '3' } }, 3000],
    [{ headers: { 'retry-after': new Date(START + 4000).toUTCString() } }, 4000],
  ])('has the wait that it asks for: %j', (more, ms) =>
    expect(interpretResponse(response(503, {}, more), { method: 'GET' })).toMatchObject({
      failure: { retryAfter: { ms, isPlausible: true } },
    }),
  );

  it('says when its body could not be read', () =>
    expect(
      interpretResponse(response(500, undefined, { unreadable: 'it is cut off' }), FEED),
    ).toMatchObject({ failure: { kind: 'refused', status: 500, message: 'it is cut off' } }));
});

describe('a body of a response', () => {
  const context = (status: number, body: unknown) => {
    const n8n = new FakeN8n();
    jest
      .spyOn(n8n.context.helpers, 'httpRequest')
      .mockResolvedValue({ statusCode: status, headers: { a: 'b' }, body });
    return { context: n8n.context, baseUrl: BASE_URL };
  };
  const send = async (status: number, body: unknown, timeoutMs = 1000) => {
    const options = { timeoutMs, refusedToken: '', progress: {} };
    return await finish(sendOnce(context(status, body), FEED, options));
  };
  const text = (length: number) => Readable.from([Buffer.alloc(length, 'x')]);

  it('is read as JSON, with status and headers', async () =>
    expect((await send(200, Readable.from([Buffer.from('{"a":1}')]))).value).toEqual({
      statusCode: 200,
      headers: { a: 'b' },
      body: { a: 1 },
    }));

  it('may be larger than a megabyte where the request succeeded', async () =>
    expect((await send(200, text(2_000_000))).value?.body).toHaveLength(2_000_000));

  it('is not read past a megabyte where it failed, and the status stays', async () =>
    expect((await send(500, text(2_000_000))).value).toEqual({
      statusCode: 500,
      headers: { a: 'b' },
      body: undefined,
      unreadable: 'the response is larger than 1 MB',
    }));

  it('that is cut off leaves the status of a failure', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('{');
        throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
      })(),
    );
    expect((await send(404, broken)).value).toMatchObject({
      statusCode: 404,
      unreadable: 'the response is incomplete',
    });
  });

  it('that is cut off is thrown where the request succeeded', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('{');
        throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
      })(),
    );
    expect((await send(200, broken)).error).toMatchObject({ code: 'ECONNRESET' });
  });

  it('that hangs ends with the time', async () => {
    const { error, at } = await send(200, new Readable({ read() {} }), 2500);
    expect(error?.name).toBe('TimeoutError');
    expect(at).toBe(2500);
  });
});

it('a request without a token follows no redirect either', async () => {
  const n8n = new FakeN8n();
  const options = { timeoutMs: 1000, refusedToken: '', progress: {} };
  await finish(sendOnce({ context: n8n.context, baseUrl: BASE_URL }, FEED, options));
  expect(n8n.sent[0].options).toMatchObject({
    disableFollowRedirect: true,
    ignoreHttpStatusErrors: true,
    returnFullResponse: true,
  });
});

it('a request that n8n holds back, whatever the signal says, ends with the time', async () => {
  const { context } = new FakeN8n();
  jest.spyOn(context.helpers, 'httpRequest').mockReturnValue(new Promise(() => {}));
  const options = { timeoutMs: 1000, refusedToken: '', progress: {} };
  const { error, at } = await finish(sendOnce({ context, baseUrl: BASE_URL }, FEED, options));
  expect(error?.name).toBe('TimeoutError');
  expect(at).toBe(1000);
});

describe('the default timeout', () => {
  it.each<[string, ApiRequest, number]>([
    ['a read', FEED, 60_000],
    ['a write', POST, 60_000],
    ['an upload', upload(1000), 60_008],
  ])('of %s', (_, request, ms) => expect(defaultTimeout(request)).toBe(ms));

  it('of a file grows with its size', () => expect(timeoutFor(125_000)).toBe(61_000));
});
