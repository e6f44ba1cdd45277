/** How it is found out whether a request of n8n's HTTP Request node failed because of its token. */
import type { IHttpRequestOptions } from 'n8n-workflow';
import {
  authenticateRequest,
  lastRequestOf,
  type SentRequest,
  wasTokenRefused,
} from '../../../credentials/authentication';
import { resetProcess } from '../../../credentials/memory/processMap';
import { fieldsToStore } from '../../../credentials/storedFields';
import { finish, useClock } from '../transport/support/clock';
import { AGENT, BASE_URL } from '../transport/support/n8n';
import { signedIn } from '../transport/support/requests';

useClock();
beforeEach(resetProcess);

interface Answer {
  status?: unknown;
  location?: unknown;
  after?: number;
}

/** Asks about a request at a service that answers one thing after the other. */
async function ask(options: SentRequest['options'], ...answers: Answer[]) {
  const asked: IHttpRequestOptions[] = [];
  const httpRequest = async (request: IHttpRequestOptions) => {
    asked.push(request);
    const { status, location, after = 0 } = answers[asked.length - 1];
    if (after > 0) await new Promise((next) => setTimeout(next, after));
    return { statusCode: status, headers: { location }, body: {} };
  };
  const sent = { baseUrl: BASE_URL, accessToken: 'stored', options };
  const outcome = await finish(wasTokenRefused(httpRequest as never, sent));
  return { ...outcome, asked, urls: asked.map(({ url }) => url) };
}

const READ = { method: 'GET', url: `${BASE_URL}/api/feed` } as const;
const WRITE = { method: 'POST', url: `${BASE_URL}/api/posts` } as const;

it.each([
  ['a read', READ],
  ['a read of n8n’s older helper', { uri: READ.url } as never],
  ['a read in lower case', { ...READ, method: 'get' } as never],
])('%s is asked again', async (_, options) => {
  const { value, asked, urls } = await ask(options, { status: 401 });
  expect(value).toBe(true);
  expect(urls).toEqual([READ.url]);
  expect(asked).toMatchObject([
    {
      method: 'GET',
      headers: { Authorization: 'Bearer stored' },
      encoding: 'stream',
      returnFullResponse: true,
      ignoreHttpStatusErrors: true,
      disableFollowRedirect: true,
      timeout: 15_000,
    },
  ]);
});

it('a write is not sent again: its address is read, and the profile decides', async () => {
  const headers = { 'Content-Type': 'text/plain' };
  const sent = { ...WRITE, headers, body: { content: 'Hello' } };
  // Its address may not be one that can be read.
  const { value, asked } = await ask(sent, { status: 401 }, { status: 200 });
  expect(value).toBe(false);
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `GET ${BASE_URL}/api/posts`,
    `GET ${BASE_URL}/api/agents/me`,
  ]);
  for (const request of asked) {
    expect(request.headers).toEqual({ Authorization: 'Bearer stored' });
    expect(request).not.toHaveProperty('body');
  }
  expect((await ask(WRITE, { status: 404 }, { status: 401 })).value).toBe(true);
});

it.each([200, 300, 304, 305, 306, 400, 403, 404, 429, 500, '401', undefined])(
  'a status of %j is no refusal of the token',
  async (status) => {
    expect((await ask(READ, { status })).value).toBe(false);
    expect((await ask(WRITE, { status }, { status })).value).toBe(false);
  },
);

it('what cannot be found out within 15 seconds, both requests together, is none', async () => {
  const read = await ask(READ, { status: 401, after: 16_000 });
  expect(read).toMatchObject({ value: false, at: 15_000 });
  const write = await ask(WRITE, { status: 404, after: 10_000 }, { status: 401, after: 10_000 });
  expect(write).toMatchObject({ value: false, at: 30_000 });
});

it.each([301, 302, 303, 307, 308])('a redirect of %i is told', async (status) => {
  for (const options of [READ, WRITE]) {
    const { error, asked } = await ask(options, { status, location: 'https://www.example/x?t=1' });
    expect(error?.message).toBe(
      `${BASE_URL} redirected the request to https://www.example (HTTP ${status})`,
    );
    expect(error?.description).toContain('Redirects are not followed, to protect the token.');
    expect(asked).toHaveLength(1);
  }
});

it.each([undefined, 1, '/there', `${BASE_URL}/there`, 'data:x', 'https://'])(
  'a redirect to %j is to another URL',
  async (location) => {
    const { error } = await ask(READ, { status: 302, location });
    expect(error?.message).toContain('redirected the request to another URL (HTTP 302)');
  },
);

describe('what happened to a request', () => {
  it('is known of the credential that n8n handed over for it', () => {
    const credentials = signedIn();
    expect(lastRequestOf(credentials)).toBeUndefined();
    authenticateRequest(credentials, { ...READ });
    expect(lastRequestOf(credentials)).toEqual({
      baseUrl: BASE_URL,
      accessToken: 'stored',
      options: READ,
    });
    expect(lastRequestOf(signedIn())).toBeUndefined();
  });

  it.each([
    ['another origin', signedIn(), { url: 'https://evil.example' }, 'withheld'],
    ['another origin, without a token', { ...AGENT }, { url: 'https://evil.example' }, 'withheld'],
    [
      'a base URL that is refused',
      { ...signedIn(), baseUrl: 'http://a.example' },
      READ,
      'withheld',
    ],
    ['no token', { ...AGENT }, READ, 'without a token'],
  ])('%s is noted, and only what lacks a token gets one', async (_, credentials, options, what) => {
    authenticateOnce(credentials, options);
    expect(lastRequestOf(credentials)).toBe(what);
    const httpRequest = jest.fn(async () => ({
      statusCode: 200,
      headers: {},
      body: { access_token: 'new' },
    }));
    const fields = await fieldsToStore(httpRequest as never, credentials);
    expect(fields.sessionToken).toBe(what === 'withheld' ? undefined : 'new');
    expect(httpRequest).toHaveBeenCalledTimes(what === 'withheld' ? 0 : 1);
  });

  it('that went out after one that was withheld is asked about again', async () => {
    const credentials = signedIn();
    authenticateOnce(credentials, { url: 'https://evil.example' });
    authenticateRequest(credentials, { ...READ });
    const httpRequest = jest.fn(async () => ({ statusCode: 200, headers: {}, body: {} }));
    expect(await fieldsToStore(httpRequest as never, credentials)).toEqual({});
    expect(httpRequest).toHaveBeenCalledTimes(1);
  });
});

function authenticateOnce(...args: Parameters<typeof authenticateRequest>): void {
  expect(() => authenticateRequest(...args)).toThrow();
}
