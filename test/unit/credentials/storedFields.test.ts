import { fieldsToStore, withFieldsToStore } from '../../../credentials/storedFields';
import { identityOf, readTokenSet } from '../../../credentials/tokenSet';

const credentials = { baseUrl: '', clientId: 'c', clientSecret: 'a secret of the client' };
const tokens = {
  accessToken: 'current',
  refreshToken: 'for current',
  expiresAt: Date.now() + 60_000,
  issuedFor: identityOf(credentials),
};

test('n8n gets the fields to store from the credential, without a sign-in', async () => {
  const httpRequest = jest.fn();
  const prepared = withFieldsToStore(credentials, tokens, { webhook: '{"secret":"x"}' });

  // n8n calls `preAuthentication` only where it finds no token.
  expect(prepared.sessionToken).toBe('');
  const fields = await fieldsToStore(httpRequest as never, prepared);
  expect(fields).toMatchObject({ sessionToken: 'current', webhook: '{"secret":"x"}' });
  expect(readTokenSet({ ...credentials, ...fields })).toEqual(tokens);
  expect(httpRequest).not.toHaveBeenCalled();
});
