import { hostileGroups, type HostileBehaviour } from '../hostile';
import { namesOf, useHostileSandbox } from './useHostileSandbox';

const hostile = useHostileSandbox();

/** What the answer to a sign-in matches, with SECRET for the client secret. */
const secrets: Record<keyof typeof hostileGroups.secrets, RegExp> = {
  'error-repeats-secrets': /^HTTP\/1\.1 400 [^]*"message":"Not good: SECRET"/,
  'server-error-repeats-secrets': /^HTTP\/1\.1 500 [^]*"message":"Not good: SECRET"/,
  'error-is-a-secret': /^HTTP\/1\.1 400 [^]*"error":"SECRET"/,
  'error-repeats-secrets-at-length': /^HTTP\/1\.1 400 [^]*"message":"(SECRET){2000}"/,
  'error-repeats-request': /^HTTP\/1\.1 400 [^]*"secrets":\{[^}]*"SECRET"/,
  'error-text-repeats-secrets': /text\/plain[^]*\r\n\r\nNot good: SECRET$/,
  'error-headers-repeat-secrets':
    /^HTTP\/1\.1 400 [^]*X-Debug: SECRET\r\nSet-Cookie: session=SECRET\r\nWWW-Authenticate: Bearer error="SECRET"/,
  'server-error-headers-repeat-secrets': /^HTTP\/1\.1 503 [^]*X-Debug: SECRET\r\n/,
  'reason-repeats-secrets': /^HTTP\/1\.1 400 SECRET\r\n/,
  'redirect-repeats-secrets': /^HTTP\/1\.1 302 [^]*Location: http:\/\/localhost:9\/\?SECRET\r\n/,
  'unauthorized-repeats-secrets': /^HTTP\/1\.1 401 [^]*"message":"Not good: SECRET"/,
  'answer-repeats-secrets':
    /^HTTP\/1\.1 200 [^]*"debug":\{"headers":\{"authorization":\["Bearer SECRET"/,
  'answer-is-named-by-secrets':
    /^HTTP\/1\.1 200 [^]*"debug":\{"SECRET":1,"deep":\[\{"SECRET":"xSECRET"/,
  'answer-joins-secrets': /^HTTP\/1\.1 200 [^]*"debug":\{"xSECRETx":"xSECRETxxSECRETx"/,
  'token-is-an-expression': /"access_token":"=\{\{JSON\.stringify\(\$input\.all\(\)\)\}\}"/,
  'refresh-token-is-an-expression':
    /"access_token":"iat_\w+"[^]*"refresh_token":"=\{\{\$json\.password\}\}"/,
  'token-breaks-the-header': /"access_token":"iat_1\\r\\nX-Forged: 1"/,
  'token-is-an-object': /"access_token":\{"toString":1\}/,
  'token-is-unknown': /"access_token":"iat_unknown"/,
  'token-lives-for-ever': /"expires_in":1e\+300/,
  'token-is-over': /"expires_in":-5/,
  'token-lives-oddly': /"expires_in":"soon"/,
};

const repeating = namesOf(hostileGroups.secrets).filter((name) => !name.includes('token-'));

describe('secrets', () => {
  it.each(Object.entries(secrets) as Array<[HostileBehaviour, RegExp]>)(
    '%s answers a sign-in as described',
    async (behaviour, shown) => {
      const { text } = await hostile.openHostile(behaviour, hostile.signIn()).untilClosed();
      expect(text.replaceAll(hostile.agent.clientSecret, 'SECRET')).toMatch(shown);
    },
  );

  it.each(repeating)(
    '%s repeats the token of a call and the secret of its agent',
    async (behaviour) => {
      const { text } = await hostile.openHostile(behaviour).untilClosed();
      expect(text).toContain(hostile.token);
      if (behaviour !== 'error-is-a-secret') expect(text).toContain(hostile.agent.clientSecret);
    },
  );

  it('answer-repeats-secrets repeats the token within the objects of an answer', async () => {
    const { body } = await hostile.openHostile('answer-repeats-secrets').untilClosed();
    const { posts } = JSON.parse(body.toString()) as { posts: unknown[] };
    for (const post of posts) expect(JSON.stringify(post)).toContain(hostile.token);
  });

  it('error-repeats-secrets repeats a refresh token', async () => {
    const { refreshToken } = hostile.sandbox.issueToken('ada_bot');
    const body = JSON.stringify({ grant_type: 'refresh_token', refresh_token: refreshToken });
    const { text } = await hostile
      .openHostile('error-repeats-secrets', { ...hostile.signIn(), body })
      .untilClosed();
    expect(text).toContain(refreshToken);
  });
});
