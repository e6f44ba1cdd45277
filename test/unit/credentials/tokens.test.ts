/** Which token is used, and for whom: what is stored, what this process holds, what was refused. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { authenticateRequest } from '../../../credentials/authentication';
import { resetProcess } from '../../../credentials/memory/processMap';
import { SignInError } from '../../../credentials/signInError';
import { fieldsToStore, withFieldsToStore, withTokens } from '../../../credentials/storedFields';
import { credentialSecrets, obtainTokens } from '../../../credentials/tokenCache';
import {
  identityOf,
  isRefreshToken,
  isUnexpired,
  readTokenSet,
  type TokenSet,
  toTokenFields,
} from '../../../credentials/tokenSet';
import { finish, follow, pass, START, useClock } from '../transport/support/clock';
import { AGENT, BASE_URL } from '../transport/support/n8n';
import { signedIn } from '../transport/support/requests';

useClock();
beforeEach(resetProcess);

interface Exchange {
  status?: number;
  lifetime?: number;
  after?: number;
}

/** A service that issues numbered tokens, and notes what they were exchanged for. */
function service(...exchanges: Exchange[]) {
  const asked: string[] = [];
  const httpRequest = async ({ body }: { body: Record<string, string> }) => {
    asked.push(body.refresh_token ?? `${body.client_id}: ${body.client_secret}`);
    const number = asked.length;
    const { status = 200, lifetime = 3600, after = 0 } = exchanges[number - 1] ?? {};
    if (after > 0) await new Promise((next) => setTimeout(next, after));
    const tokens = { access_token: `token-${number}`, refresh_token: `refresh-${number}` };
    return { statusCode: status, headers: {}, body: { ...tokens, expires_in: lifetime } };
  };
  return { asked, httpRequest: httpRequest as never };
}

const SIGN_IN = 'the-client: secret-of-the-client';
const accessToken = async (work: ReturnType<typeof obtainTokens>) =>
  (await work).tokens.accessToken;

describe('a token that has expired', () => {
  it.each([
    [1, 'stored', []],
    [0, 'token-1', ['refresh-stored']],
    [-1, 'token-1', ['refresh-stored']],
  ])('%i ms from now: %s is used', async (ms, used, exchanged) => {
    const { httpRequest, asked } = service();
    const stored = signedIn({ expiresAt: START + ms });
    expect(await accessToken(obtainTokens(httpRequest, stored))).toBe(used);
    expect(asked).toEqual(exchanged);
  });

  it('in this process is not used either', async () => {
    const { httpRequest, asked } = service({ lifetime: 10 });
    await obtainTokens(httpRequest, { ...AGENT });
    await pass(9999);
    expect(await accessToken(obtainTokens(httpRequest, { ...AGENT }))).toBe('token-1');
    await pass(1);
    expect(await accessToken(obtainTokens(httpRequest, { ...AGENT }))).toBe('token-2');
    expect(asked).toEqual([SIGN_IN, 'refresh-1']);
  });

  it('goes with no request', () => {
    const request = { url: `${BASE_URL}/api/feed` };
    expect(() => authenticateRequest(signedIn({ expiresAt: START }), request)).toThrow(
      'has no access token',
    );
    expect(authenticateRequest(signedIn(), request).headers?.Authorization).toBe('Bearer stored');
  });

  it.each([
    [undefined, false],
    [{ accessToken: '', expiresAt: START + 1 }, false],
    [{ accessToken: 'a', expiresAt: START }, false],
    [{ accessToken: 'a', expiresAt: START + 1 }, true],
  ])('%j counts as good: %s', (tokens, isGood) =>
    expect(isUnexpired(tokens as TokenSet | undefined)).toBe(isGood),
  );
});

describe('of two tokens that are good', () => {
  it.each([
    ['the stored one, which lasts longer', 7200, 'stored'],
    ['the one of this process, which lasts longer', 1800, 'token-1'],
  ])('%s is used', async (_, seconds, used) => {
    const { httpRequest } = service();
    await obtainTokens(httpRequest, { ...AGENT });
    const stored = signedIn({ expiresAt: START + seconds * 1000 });
    expect(await accessToken(obtainTokens(httpRequest, stored))).toBe(used);
  });
});

describe('a token that was refused', () => {
  const stored = (seconds = 3600) => signedIn({ expiresAt: START + seconds * 1000 });

  it('is not used again while it is stored, and renewed once', async () => {
    const { httpRequest, asked } = service();
    expect(await accessToken(obtainTokens(httpRequest, stored(), 'stored'))).toBe('token-1');
    expect(await accessToken(obtainTokens(httpRequest, stored(), 'stored'))).toBe('token-1');
    expect(asked).toEqual(['refresh-stored']);
  });

  it('is renewed where this process holds an older one only', async () => {
    const { httpRequest } = service({ lifetime: 1800 });
    await obtainTokens(httpRequest, { ...AGENT });
    expect(await accessToken(obtainTokens(httpRequest, stored(), 'stored'))).toBe('token-2');
  });

  it('gives way to one of this process that lasts as long', async () => {
    const { httpRequest, asked } = service();
    await obtainTokens(httpRequest, { ...AGENT });
    expect(await accessToken(obtainTokens(httpRequest, stored(), 'stored'))).toBe('token-1');
    expect(asked).toEqual([SIGN_IN]);
  });

  it('of this process gives way to the stored one', async () => {
    const { httpRequest, asked } = service();
    await obtainTokens(httpRequest, { ...AGENT });
    expect(await accessToken(obtainTokens(httpRequest, stored(7200), 'token-1'))).toBe('stored');
    expect(asked).toEqual([SIGN_IN]);
  });
});

describe('an exchange', () => {
  it('is shared by all who wait, and one of them is to store it', async () => {
    const { httpRequest, asked } = service({ after: 500 });
    const all = [1, 2, 3].map(() => follow(obtainTokens(httpRequest, { ...AGENT })));
    await pass(500);

    expect(all.map(({ value }) => value?.tokens.accessToken)).toEqual(Array(3).fill('token-1'));
    expect(all.map(({ value }) => value?.isNew)).toEqual([true, false, false]);
    expect(asked).toHaveLength(1);
  });

  it('that fails fails for all, and the next one begins anew', async () => {
    const { httpRequest, asked } = service({ status: 503, after: 500 });
    const all = [1, 2].map(() => follow(obtainTokens(httpRequest, { ...AGENT })));
    await pass(500);
    expect(all.every(({ error }) => error instanceof SignInError)).toBe(true);

    expect(await accessToken(obtainTokens(httpRequest, { ...AGENT }))).toBe('token-2');
    expect(asked).toHaveLength(2);
  });

  it('goes on for the others when one is cancelled', async () => {
    const { httpRequest, asked } = service({ after: 500 });
    const stops = [new AbortController(), new AbortController()];
    const cancelled = stops.map(({ signal }) =>
      follow(obtainTokens(httpRequest, { ...AGENT }, '', signal)),
    );
    const patient = follow(obtainTokens(httpRequest, { ...AGENT }));
    await pass(100);
    for (const stop of stops) stop.abort(new Error('cancelled'));
    await pass(0);
    expect(cancelled.map(({ error }) => error?.message)).toEqual(['cancelled', 'cancelled']);
    await pass(400);
    expect(patient.value?.tokens.accessToken).toBe('token-1');
    expect(asked).toHaveLength(1);
  });

  it.each<ICredentialDataDecryptedObject>([
    { clientId: 'another' },
    { clientSecret: 'another secret' },
    { baseUrl: 'https://other.example' },
  ])('for another credential is another one: %j', async (change) => {
    const { httpRequest, asked } = service({ after: 500 }, { after: 500 });
    const mine = follow(obtainTokens(httpRequest, { ...AGENT }));
    // Its form still has the token of the first one.
    const other = follow(obtainTokens(httpRequest, { ...signedIn(), ...change }));
    await pass(500);

    expect(mine.value?.tokens.accessToken).toBe('token-1');
    expect(other.value?.tokens.accessToken).toBe('token-2');
    expect(other.value?.isNew).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['of this process', 0, 'refresh-1'],
    // Another process has used that of this one.
    ['that is stored', 2000, 'refresh-stored'],
  ])('uses the refresh token %s, where it is the newer one', async (_, ms, used) => {
    const { httpRequest, asked } = service({ lifetime: 1 });
    await obtainTokens(httpRequest, { ...AGENT });
    await pass(3000);
    await obtainTokens(httpRequest, signedIn({ expiresAt: START + ms }));
    expect(asked).toEqual([SIGN_IN, used]);
  });
});

describe('what is stored', () => {
  it('is the token set, for the agent it was issued for only', () => {
    const fields = toTokenFields(readTokenSet(signedIn()) as TokenSet);
    expect(Object.keys(fields)).toEqual(['sessionToken', 'session']);
    expect(readTokenSet({ ...AGENT, ...fields })?.accessToken).toBe('stored');
    expect(readTokenSet({ ...AGENT, ...fields, clientId: 'x' })).toBeUndefined();
    expect(JSON.stringify(fields)).not.toContain(AGENT.clientSecret);
  });

  it.each<[string, object, Partial<TokenSet>]>([
    ['an access token', { sessionToken: '={{1}}' }, { accessToken: '' }],
    ['a refresh token', { refreshToken: 'ü' }, { refreshToken: '' }],
    ['an expiry', { expiresAt: '9999999999999' }, { expiresAt: 0 }],
  ])('in another form is no %s', (_, change, read) => {
    const stored = signedIn();
    const session = JSON.parse(stored.session as string) as object;
    const changed = { ...stored, ...change, session: JSON.stringify({ ...session, ...change }) };
    expect(readTokenSet(changed)).toMatchObject(read);
  });

  it.each([
    ['a b', true],
    ['~'.repeat(4096), true],
    ['~'.repeat(4097), false],
    ['', false],
    ['a\n', false],
    ['\x7f', false],
    ['ü', false],
    [1, false],
  ])('a refresh token may be %.10j: %s', (token, may) => expect(isRefreshToken(token)).toBe(may));

  it('comes from a prepared credential, once', async () => {
    const { httpRequest, asked } = service();
    const tokens = readTokenSet(signedIn()) as TokenSet;
    const prepared = withFieldsToStore(AGENT, tokens, { webhook: 'w' });
    expect(prepared.webhook).toBe('w');
    const fields = await fieldsToStore(httpRequest, prepared);
    expect(fields).toEqual({ ...toTokenFields(tokens), webhook: 'w' });
    expect(asked).toEqual([]);

    // n8n has put them in place; after a failure it asks for another token.
    Object.assign(prepared, fields);
    expect(await fieldsToStore(httpRequest, prepared)).toMatchObject({ sessionToken: 'token-1' });
  });

  it('is a new token, where the credential says that it was refused', async () => {
    const { httpRequest } = service();
    expect(await fieldsToStore(httpRequest, signedIn())).toMatchObject({ sessionToken: 'token-1' });
  });

  it('is nothing more than tokens where nothing else is to be stored', async () => {
    const tokens = readTokenSet(signedIn()) as TokenSet;
    const fields = await fieldsToStore(service().httpRequest, withFieldsToStore(AGENT, tokens));
    expect(fields).toEqual(toTokenFields(tokens));
    expect(withTokens(AGENT, tokens)).toEqual({ ...AGENT, ...toTokenFields(tokens) });
  });
});

it('the secrets of a credential are those it has, and those of this process', async () => {
  const { httpRequest } = service();
  const secretsOf = (more: ICredentialDataDecryptedObject, webhook = false) =>
    credentialSecrets({ ...AGENT, ...more }, { webhook });
  expect(secretsOf({ clientSecret: '' })).toEqual([]);
  expect(secretsOf({ clientSecret: ' s ' })).toEqual([' s ', 's']);
  expect(secretsOf({ webhook: '{"secret":"w"}' })).not.toContain('w');
  expect(secretsOf({ webhook: '{"secret":"w"}' }, true)).toContain('w');
  expect(secretsOf({ webhook: '{"secret":1}' }, true)).not.toContain(1);
  expect(secretsOf({ webhook: '{"urlKey":"k","nextUrlKey":"n"}' }, true)).toEqual(
    expect.arrayContaining(['k', 'n']),
  );
  await finish(obtainTokens(httpRequest, { ...AGENT }));
  expect(secretsOf({})).toEqual([
    ...Array<string>(2).fill(AGENT.clientSecret),
    'token-1',
    'refresh-1',
  ]);
  expect(secretsOf(signedIn())).toEqual(expect.arrayContaining(['stored', 'refresh-stored']));
});

it.each([
  [{ clientId: 'x' }, false],
  [{ clientSecret: 'x' }, false],
  [{ baseUrl: 'https://other.example' }, false],
  [{ baseUrl: `${BASE_URL}/api/` }, true],
  [{ session: 'x' }, true],
])('a credential with %j is the same agent: %s', (change, isSame) => {
  const identity = identityOf({ ...AGENT, ...change });
  expect(identity === identityOf(AGENT)).toBe(isSame);
  expect(identity).toMatch(/^[0-9a-f]{64}$/);
});
