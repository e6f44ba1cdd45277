import fc from 'fast-check';
import {
  identityOf,
  isAccessToken,
  isRefreshToken,
  readSession,
  toFields,
} from '../../../credentials/session';
import { anyText, RUNS } from '../properties';

const client = { baseUrl: 'https://imagineanything.com', clientId: 'c', clientSecret: 's' };
const session = {
  accessToken: 'iat_1',
  refreshToken: 'iar_1',
  expiresAt: 2_000_000_000_000,
  issuedFor: identityOf(client),
};

describe('a stored session', () => {
  it('comes back as it was', () =>
    expect(readSession({ ...client, ...toFields(session) })).toEqual(session));

  it.each([
    ['client ID', { clientId: 'd' }],
    ['client secret', { clientSecret: 't' }],
    ['base URL', { baseUrl: 'https://example.com' }],
  ])('is nobody’s after a change of the %s', (_, change) =>
    expect(readSession({ ...client, ...toFields(session), ...change })).toBeUndefined(),
  );

  it('never begins with what n8n would evaluate, and no form of it makes the reading throw', () => {
    const tokens = fc.oneof(anyText, fc.constantFrom('={{ $env.X }}', '=1', '"}={{1}}'));
    fc.assert(
      fc.property(tokens, tokens, anyText, (accessToken, refreshToken, text) => {
        if (isAccessToken(accessToken)) {
          const fields = toFields({ ...session, accessToken, refreshToken });
          for (const field of Object.values(fields)) expect(field.startsWith('=')).toBe(false);
          const read = readSession({ ...client, ...fields });
          expect(read?.accessToken).toBe(accessToken);
          expect(read?.refreshToken).toBe(isRefreshToken(refreshToken) ? refreshToken : '');
        }
        readSession({ ...client, sessionToken: text, session: text });
      }),
      RUNS,
    );
  });
});

describe('an access token', () => {
  it.each(['iat_abc', 'a', 'a.b-c_d~e+f/g==', 'x'.repeat(4096)])('may be %.20s', (token) =>
    expect(isAccessToken(token)).toBe(true),
  );

  it.each(['', '=', '={{1}}', '=a', 'a b', 'a\n', 'a=b', 'ü', 'x'.repeat(4097), 1, null, {}])(
    'may not be %.20j',
    (token) => expect(isAccessToken(token)).toBe(false),
  );
});
