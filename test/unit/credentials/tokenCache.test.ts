import { identityOf, readSession, type Session, toFields } from '../../../credentials/session';
import {
  fieldsToStore,
  forgetSessions,
  obtainSession,
  secretsOf,
  storing,
  using,
} from '../../../credentials/tokenCache';

const client = {
  baseUrl: 'https://imagineanything.com',
  clientId: 'c',
  clientSecret: 'a secret of the client',
};
const issuedFor = identityOf(client);

function session(accessToken: string, minutes = 60, refreshToken = `for ${accessToken}`): Session {
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

beforeEach(() => forgetSessions());

test('uses the stored token while it is good', async () => {
  const { httpRequest, asked } = service();
  const credentials = using(client, session('stored'));

  expect((await obtainSession(httpRequest, credentials)).session.accessToken).toBe('stored');
  expect(asked).toEqual([]);
});

test('exchanges an expired token, with its refresh token', async () => {
  const { httpRequest, asked } = service();
  const { session: got, isNew } = await obtainSession(
    httpRequest,
    using(client, session('old', 0)),
  );

  expect(got).toMatchObject({ accessToken: 'token_1', refreshToken: 'refresh_1' });
  expect(isNew).toBe(true);
  expect(asked).toEqual(['for old']);
});

test('uses the newer one of two good tokens', async () => {
  const { httpRequest, asked } = service();
  // This process has one that lives an hour.
  await obtainSession(httpRequest, client);

  const longer = await obtainSession(httpRequest, using(client, session('longer', 90)));
  expect(longer.session.accessToken).toBe('longer');
  const shorter = await obtainSession(httpRequest, using(client, session('shorter', 30)));
  expect(shorter.session.accessToken).toBe('token_1');
  expect(asked).toEqual(['client_credentials']);
});

test('shares one exchange, and only one of those who wait is to store it', async () => {
  const { httpRequest, asked, state, answer } = service();
  state.isHung = true;
  const all = Promise.all(Array.from({ length: 20 }, () => obtainSession(httpRequest, client)));
  await Promise.resolve();
  answer();

  const got = await all;
  expect(new Set(got.map((each) => each.session.accessToken))).toEqual(new Set(['token_1']));
  expect(got.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(asked).toHaveLength(1);
});

test('never gives out the token that was refused', async () => {
  const { httpRequest } = service();
  const stored = using(client, session('refused'));
  const first = await obtainSession(httpRequest, stored, 'refused');
  expect(first.session.accessToken).toBe('token_1');

  // Another execution still has the refused one, and gets what the first one got.
  const second = await obtainSession(httpRequest, stored, 'refused');
  expect(second).toMatchObject({ session: { accessToken: 'token_1' }, isNew: false });

  const third = await obtainSession(httpRequest, stored, 'token_1');
  expect(third.session.accessToken).toBe('token_2');
});

test('does not take an older token of this process for a newer one that was refused', async () => {
  const { httpRequest, asked } = service();
  await obtainSession(httpRequest, client);

  const { session: got } = await obtainSession(
    httpRequest,
    using(client, session('newer', 90)),
    'newer',
  );
  expect(got.accessToken).toBe('token_2');
  expect(asked).toHaveLength(2);
});

test('tries again after an exchange that failed', async () => {
  const { httpRequest, state } = service();
  state.status = 503;
  await expect(obtainSession(httpRequest, client)).rejects.toThrow('gave no token');
  state.status = 200;

  expect((await obtainSession(httpRequest, client)).session.accessToken).toBe('token_2');
});

test('n8n is given what is to be stored, without an exchange', async () => {
  const { httpRequest, asked } = service();
  const prepared = storing(client, session('current'), { webhook: '{"secret":"x"}' });

  // n8n calls `preAuthentication` only where it finds no token.
  expect(prepared.sessionToken).toBe('');
  const fields = await fieldsToStore(httpRequest, prepared);
  expect(fields).toMatchObject({ sessionToken: 'current', webhook: '{"secret":"x"}' });
  expect(readSession({ ...client, ...fields })).toMatchObject({ refreshToken: 'for current' });
  expect(asked).toEqual([]);
});

test('knows the secrets of a credential', async () => {
  const { httpRequest } = service();
  await obtainSession(httpRequest, client);
  const credentials = {
    ...client,
    ...toFields(session('stored')),
    webhook: JSON.stringify({ secret: 'of the webhook' }),
  };

  const secrets = secretsOf(credentials, { webhook: true });
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
  expect(secretsOf(credentials, { webhook: false })).not.toContain('of the webhook');
});
