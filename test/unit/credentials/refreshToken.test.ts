import type { IHttpRequestOptions } from 'n8n-workflow';
import { resetProcess } from '../../../credentials/memory/processMap';
import { SignInError } from '../../../credentials/signInError';
import { exchangeToken } from '../../../credentials/tokenExchange';

const AGENT = { baseUrl: 'https://imagineanything.com', clientId: 'c1', clientSecret: 's1' };

beforeEach(resetProcess);

/** Exchanges a refresh token that the service answers with this; the client credentials get a token. */
async function exchange(answer: number | 'no answer') {
  const grants: unknown[] = [];
  const httpRequest = async ({ body }: IHttpRequestOptions) => {
    const { grant_type: grant } = body as { grant_type: string };
    grants.push(grant);
    if (grant === 'client_credentials') {
      return { statusCode: 200, headers: {}, body: '{"access_token":"new","expires_in":60}' };
    }
    if (answer === 'no answer') throw Object.assign(new Error('read'), { code: 'ECONNRESET' });
    return { statusCode: answer, headers: {}, body: '{"error":"invalid_grant"}' };
  };
  const result = await exchangeToken(httpRequest as never, AGENT, 'iar_1').catch(
    (error: Error) => error,
  );
  return { grants, result };
}

it.each([400, 401, 403, 500])('a %i for a refresh token has the client sign in', async (status) => {
  const { grants, result } = await exchange(status);

  expect(grants).toEqual(['refresh_token', 'client_credentials']);
  expect(result).toMatchObject({ accessToken: 'new' });
});

it.each([429, 'no answer'] as const)(
  'after %s for a refresh token, the client does not sign in as well',
  async (answer) => {
    const { grants, result } = await exchange(answer);

    expect(grants).toEqual(['refresh_token']);
    expect(result).toBeInstanceOf(SignInError);
  },
);

describe('a new access token for a refresh token', () => {
  const refreshed = async (answer: object) => {
    const body = JSON.stringify({ access_token: 'new', expires_in: 60, ...answer });
    const httpRequest = async () => ({ statusCode: 200, headers: {}, body });
    return await exchangeToken(httpRequest as never, AGENT, 'iar_1');
  };

  it.each([
    ['another', { refresh_token: 'iar_2' }, 'iar_2'],
    ['the same', { refresh_token: 'iar_1' }, 'iar_1'],
    ['none', {}, 'iar_1'],
    ['an empty', { refresh_token: '' }, 'iar_1'],
    ['an unusable', { refresh_token: 'a\nb' }, 'iar_1'],
  ])('that comes with %s refresh token', async (_, answer, refreshToken) =>
    expect(await refreshed(answer)).toMatchObject({ accessToken: 'new', refreshToken }),
  );
});

it('a refused refresh token is not kept with the tokens of the client credentials', async () => {
  const { result } = await exchange(400);
  expect(result).toMatchObject({ accessToken: 'new', refreshToken: '' });
});

it.each([
  ['ia_0123', 'ias_0123'],
  ['={{1}}', '|{$}"\'\\%&<>=:;,.#@'],
  ['7', 'ü ß'],
])('client ID %s and secret %s are sent as they are', async (clientId, clientSecret) => {
  const sent: unknown[] = [];
  const httpRequest = async ({ body }: IHttpRequestOptions) => {
    sent.push(body);
    return { statusCode: 200, headers: {}, body: '{"access_token":"new"}' };
  };
  await exchangeToken(httpRequest as never, { ...AGENT, clientId, clientSecret }, '');
  expect(sent).toMatchObject([{ client_id: clientId, client_secret: clientSecret }]);
});
