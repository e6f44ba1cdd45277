import {
  type ICredentialDataDecryptedObject,
  type IHttpRequestOptions,
  type INode,
  NodeApiError,
} from 'n8n-workflow';

import { authenticateRequest } from '../../../credentials/authentication';
import { identityOf, readTokenSet, type TokenSet } from '../../../credentials/tokenSet';
import { SignInError } from '../../../credentials/signInError';
import { resetProcess } from '../../../credentials/memory/processMap';
import { fieldsToStore, withTokens } from '../../../credentials/storedFields';

const BASE_URL = 'https://imagineanything.com';
const ELSEWHERE = 'https://evil.example';
const client = { baseUrl: BASE_URL, clientId: 'c', clientSecret: 'a secret of the client' };

type Asked = IHttpRequestOptions & {
  body?: Record<string, string>;
  headers?: Record<string, string>;
};

/** A service that gives out tokens, and answers all else with one status. */
function service(status: number | 'no answer', headers: Record<string, string> = {}) {
  const asked: string[] = [];
  const destroy = jest.fn();
  const httpRequest = async ({
    method,
    url,
    body,
    headers: sent,
    disableFollowRedirect,
  }: Asked) => {
    expect(disableFollowRedirect).toBe(true);
    if (url === `${BASE_URL}/api/auth/token`) {
      asked.push(body?.grant_type ?? '');
      const tokens = { access_token: `token_${asked.length}`, refresh_token: 'refresh' };
      return { statusCode: 200, headers: {}, body: tokens };
    }
    asked.push(`${method} ${url} ${sent?.Authorization}`);
    if (status === 'no answer') throw new Error('socket hang up');
    return { statusCode: status, headers, body: { destroy } };
  };
  return { asked, destroy, httpRequest: httpRequest as never };
}

function stored(changes: Partial<TokenSet> = {}): ICredentialDataDecryptedObject {
  const tokens = {
    accessToken: 'stored',
    refreshToken: 'refresh',
    expiresAt: Date.now() + 60_000,
    issuedFor: identityOf(client),
    ...changes,
  };
  return withTokens(client, tokens);
}

const read = { method: 'GET', uri: `${BASE_URL}/api/feed` } as never;
const write = { method: 'POST', uri: `${BASE_URL}/api/posts`, body: { content: 'x' } } as never;
const askRead = `GET ${BASE_URL}/api/feed Bearer stored`;
const askWrite = [
  `GET ${BASE_URL}/api/posts Bearer stored`,
  `GET ${BASE_URL}/api/agents/me Bearer stored`,
];

beforeEach(resetProcess);

describe('a request that failed', () => {
  it.each<[what: string, request: never, status: number | 'no answer', asks: string[]]>([
    ['a read', read, 200, [askRead]],
    ['a read', read, 404, [askRead]],
    ['a read', read, 500, [askRead]],
    ['a read', read, 304, [askRead]],
    ['a read', read, 'no answer', [askRead]],
    ['a write', write, 200, askWrite],
    ['a write', write, 403, askWrite],
    ['a write', write, 503, askWrite],
    ['a write', write, 'no answer', askWrite],
  ])(
    'for another reason than its token gets none: %s, asked again with %s',
    async (_what, request, status, asks) => {
      const { httpRequest, asked, destroy } = service(status);
      const credentials = stored();
      authenticateRequest(credentials, request);

      expect(await fieldsToStore(httpRequest, credentials)).toEqual({});
      expect(asked).toEqual(asks);
      expect(destroy).toHaveBeenCalledTimes(status === 'no answer' ? 0 : asks.length);
    },
  );

  it.each([
    ['a read', read, [askRead]],
    ['a write', write, askWrite],
  ])('for its token gets a new one: %s', async (_what, request, asks) => {
    const { httpRequest, asked } = service(401);
    const credentials = stored();
    authenticateRequest(credentials, request);

    const fields = await fieldsToStore(httpRequest, credentials);
    expect(asked).toEqual([...asks, 'refresh_token']);
    Object.assign(credentials, fields);
    expect(authenticateRequest(credentials, request).headers?.Authorization).toBe(
      `Bearer token_${asked.length}`,
    );
  });

  it.each([
    ['a read', read],
    ['a write', write],
  ])('for a redirect says where to: %s', async (_what, request) => {
    const { httpRequest, asked } = service(302, { location: `${ELSEWHERE}/there?token=1` });
    const credentials = stored();
    authenticateRequest(credentials, request);

    await expect(fieldsToStore(httpRequest, credentials)).rejects.toThrow(
      new RegExp(`^${BASE_URL} redirected the request to ${ELSEWHERE} \\(HTTP 302\\)$`),
    );
    expect(asked).toHaveLength(1);
  });

  it.each([undefined, '/there', 'http://', 'javascript:alert(1)'])(
    'for a redirect to %s says so too',
    async (location) => {
      const { httpRequest } = service(308, location === undefined ? {} : { location });
      const credentials = stored();
      authenticateRequest(credentials, read);

      await expect(fieldsToStore(httpRequest, credentials)).rejects.toThrow(
        `${BASE_URL} redirected the request to another URL (HTTP 308)`,
      );
    },
  );

  it('because it was not for this service costs nothing', async () => {
    const { httpRequest, asked } = service(200);
    const credentials = stored();
    expect(() => authenticateRequest(credentials, { url: ELSEWHERE })).toThrow(
      `must not be sent to ${ELSEWHERE}`,
    );

    expect(await fieldsToStore(httpRequest, credentials)).toEqual({});
    expect(asked).toEqual([]);
  });

  it('is asked about with its own query and headers, and not without end', async () => {
    const asked: IHttpRequestOptions[] = [];
    const over = new AbortController();
    jest.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(over.signal);
    const httpRequest = async (options: IHttpRequestOptions) => {
      asked.push(options);
      over.abort(new Error('too late'));
      return await new Promise(() => {});
    };
    const credentials = stored();
    const options = { url: '/api/feed', baseURL: BASE_URL, qs: { limit: 1 }, headers: { a: 'b' } };
    authenticateRequest(credentials, options);

    expect(await fieldsToStore(httpRequest as never, credentials)).toEqual({});
    expect(asked).toMatchObject([
      { ...options, headers: { a: 'b', Authorization: 'Bearer stored' }, maxRedirects: 0 },
    ]);
  });

  it('is asked about at its base URL where it has no other', async () => {
    const httpRequest = jest.fn(async () => ({ statusCode: 200, headers: {}, body: '' }));
    const credentials = stored();
    const baseURL = `${BASE_URL}/api/feed`;
    authenticateRequest(credentials, { baseURL } as never);

    expect(await fieldsToStore(httpRequest as never, credentials)).toEqual({});
    expect(httpRequest.mock.calls).toMatchObject([[{ url: '', baseURL }]]);
  });
});

describe('a credential without a token that can be used', () => {
  it.each<[what: string, credentials: () => ICredentialDataDecryptedObject, asks: string]>([
    ['none', () => ({ ...client, sessionToken: '' }), 'client_credentials'],
    ['one that has ended', () => stored({ expiresAt: Date.now() - 1 }), 'refresh_token'],
    ['one of another client', () => stored({ issuedFor: 'another' }), 'client_credentials'],
    [
      'one that an earlier version stored',
      () => ({ ...client, sessionToken: '', accessToken: 'old', refreshToken: '={{$json.x}}' }),
      'client_credentials',
    ],
  ])('sends nothing, and gets one first: %s', async (_what, make, asks) => {
    const { httpRequest, asked } = service(200);
    const credentials = make();
    // What n8n takes for an answer of 401, after which it calls `preAuthentication`.
    expect(() => authenticateRequest(credentials, write)).toThrow(
      expect.objectContaining({ response: { status: 401 } }) as unknown as Error,
    );

    const fields = await fieldsToStore(httpRequest, credentials);
    expect(asked).toEqual([asks]);
    Object.assign(credentials, fields);
    expect(readTokenSet(credentials)?.accessToken).toBe('token_1');
  });
});

describe('a sign-in that failed', () => {
  // n8n has sentences of its own for a status that it finds in an error.
  it.each([400, 401, 404, 429, 500])('is told in our words, with status %i', (status) => {
    const failure = { status, message: 'What happened', description: 'What to do' };
    const shown = new NodeApiError({} as INode, new SignInError(failure) as never);

    expect(shown).toMatchObject({ message: 'What happened', description: 'What to do' });
  });
});
