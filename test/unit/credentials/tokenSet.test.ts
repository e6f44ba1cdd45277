import fc from 'fast-check';
import {
  identityOf,
  isAccessToken,
  isRefreshToken,
  readTokenSet,
  toTokenFields,
} from '../../../credentials/tokenSet';
import { anyText, RUNS } from '../properties';

const client = { baseUrl: 'https://imagineanything.com', clientId: 'c', clientSecret: 's' };
const tokens = {
  accessToken: 'iat_1',
  refreshToken: 'iar_1',
  expiresAt: 2_000_000_000_000,
  issuedFor: identityOf(client),
};

describe('a stored token set', () => {
  it('comes back as it was', () =>
    expect(readTokenSet({ ...client, ...toTokenFields(tokens) })).toEqual(tokens));

  it.each([
    ['client ID', { clientId: 'd' }],
    ['client secret', { clientSecret: 't' }],
    ['base URL', { baseUrl: 'https://example.com' }],
  ])('is nobody’s after a change of the %s', (_, change) =>
    expect(readTokenSet({ ...client, ...toTokenFields(tokens), ...change })).toBeUndefined(),
  );

  it('never begins with what n8n would evaluate, and no form of it makes the reading throw', () => {
    const token = fc.oneof(anyText, fc.constantFrom('={{ $env.X }}', '=1', '"}={{1}}'));
    fc.assert(
      fc.property(token, token, anyText, (accessToken, refreshToken, text) => {
        if (isAccessToken(accessToken)) {
          const fields = toTokenFields({ ...tokens, accessToken, refreshToken });
          for (const field of Object.values(fields)) expect(field.startsWith('=')).toBe(false);
          const read = readTokenSet({ ...client, ...fields });
          expect(read?.accessToken).toBe(accessToken);
          expect(read?.refreshToken).toBe(isRefreshToken(refreshToken) ? refreshToken : '');
        }
        readTokenSet({ ...client, sessionToken: text, session: text });
      }),
      RUNS,
    );
  });
});

describe('an access token', () => {
  it.each(['iat_abc', 'a', 'a.b-c_d~e+f/g==', 'a=b', '1|{$}"\'\\%&<>=:;,#@', 'x'.repeat(4096)])(
    'may be %.20s',
    (token) => expect(isAccessToken(token)).toBe(true),
  );

  it.each(['', '=', '={{1}}', '=a', 'a b', 'a\n', 'a\u007f', 'ü', 'x'.repeat(4097), 1, null, {}])(
    'may not be %.20j',
    (token) => expect(isAccessToken(token)).toBe(false),
  );
});
