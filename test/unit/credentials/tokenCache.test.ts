import { identityOf, type TokenSet, toTokenFields } from '../../../credentials/tokenSet';
import { resetProcess } from '../../../credentials/memory/processMap';
import { withTokens } from '../../../credentials/storedFields';
import { credentialSecrets, obtainTokens } from '../../../credentials/tokenCache';

const client = {
  baseUrl: 'https://imagineanything.com',
  clientId: 'c',
  clientSecret: 'a secret of the client',
};
const issuedFor = identityOf(client);

function tokens(accessToken: string, minutes = 60, refreshToken = `for ${accessToken}`): TokenSet {
  return { accessToken, refreshToken, expiresAt: Date.now() + minutes * 60_000, issuedFor };
}

/** A service that gives out tokens, and notes how they were asked for. */
function service() {
  const asked: string[] = [];
  const waiting: Array<() => void> = [];
  const state = { status: 200, isHung: false };
  const httpRequest = async ({ body }: { body: Record<string, string> }) => {
    asked.push(body.refresh_token ?? body.grant_type);
    if (state.isHung) await new Promise<void>((answer) => waiting.push(answer));
    return {
      statusCode: state.status,
      headers: {},
      body: { access_token: `token_${asked.length}`, refresh_token: `refresh_${asked.length}` },
    };
  };
  const answer = () => waiting.splice(0).forEach((each) => each());
  return { asked, state, answer, httpRequest: httpRequest as never };
}

beforeEach(resetProcess);

test('uses the stored token while it is good', async () => {
  const { httpRequest, asked } = service();
  const credentials = withTokens(client, tokens('stored'));

  expect((await obtainTokens(httpRequest, credentials)).tokens.accessToken).toBe('stored');
  expect(asked).toEqual([]);
});

test('exchanges an expired token, with its refresh token', async () => {
  const { httpRequest, asked } = service();
  const { tokens: got, isNew } = await obtainTokens(
    httpRequest,
    withTokens(client, tokens('old', 0)),
  );

  expect(got).toMatchObject({ accessToken: 'token_1', refreshToken: 'refresh_1' });
  expect(isNew).toBe(true);
  expect(asked).toEqual(['for old']);
});

test('uses the newer one of two good tokens', async () => {
  const { httpRequest, asked } = service();
  // This process has one that lives an hour.
  await obtainTokens(httpRequest, client);

  const longer = await obtainTokens(httpRequest, withTokens(client, tokens('longer', 90)));
  expect(longer.tokens.accessToken).toBe('longer');
  const shorter = await obtainTokens(httpRequest, withTokens(client, tokens('shorter', 30)));
  expect(shorter.tokens.accessToken).toBe('token_1');
  expect(asked).toEqual(['client_credentials']);
});

test('shares one exchange, and only one of those who wait is to store it', async () => {
  const { httpRequest, asked, state, answer } = service();
  state.isHung = true;
  const all = Promise.all(Array.from({ length: 20 }, () => obtainTokens(httpRequest, client)));
  // By then it has had its turn.
  await new Promise(setImmediate);
  answer();

  const got = await all;
  expect(new Set(got.map((each) => each.tokens.accessToken))).toEqual(new Set(['token_1']));
  expect(got.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(asked).toHaveLength(1);
});

test('never gives out the token that was refused', async () => {
  const { httpRequest } = service();
  const stored = withTokens(client, tokens('refused'));
  const first = await obtainTokens(httpRequest, stored, 'refused');
  expect(first.tokens.accessToken).toBe('token_1');

  // Another execution still has the refused one, and gets what the first one got.
  const second = await obtainTokens(httpRequest, stored, 'refused');
  expect(second).toMatchObject({ tokens: { accessToken: 'token_1' }, isNew: false });

  const third = await obtainTokens(httpRequest, stored, 'token_1');
  expect(third.tokens.accessToken).toBe('token_2');
});

test('does not take an older token of this process for a newer one that was refused', async () => {
  const { httpRequest, asked } = service();
  await obtainTokens(httpRequest, client);

  const { tokens: got } = await obtainTokens(
    httpRequest,
    withTokens(client, tokens('newer', 90)),
    'newer',
  );
  expect(got.accessToken).toBe('token_2');
  expect(asked).toHaveLength(2);
});

test('tries again after an exchange that failed', async () => {
  const { httpRequest, state } = service();
  state.status = 503;
  await expect(obtainTokens(httpRequest, client)).rejects.toThrow('returned no token');
  state.status = 200;

  expect((await obtainTokens(httpRequest, client)).tokens.accessToken).toBe('token_2');
});

test('hides no ordinary word where a credential has no client secret', () =>
  expect(credentialSecrets({ clientId: 'c' }, { webhook: false })).toEqual([]));

test('knows the secrets of a credential', async () => {
  const { httpRequest } = service();
  await obtainTokens(httpRequest, client);
  const credentials = {
    ...client,
    ...toTokenFields(tokens('stored')),
    webhook: JSON.stringify({ secret: 'of the webhook' }),
  };

  const secrets = credentialSecrets(credentials, { webhook: true });
  expect(secrets).toEqual(
    expect.arrayContaining([
      'a secret of the client',
      'stored',
      'for stored',
      'token_1',
      'refresh_1',
      'of the webhook',
    ]),
  );
  expect(credentialSecrets(credentials, { webhook: false })).not.toContain('of the webhook');
});
