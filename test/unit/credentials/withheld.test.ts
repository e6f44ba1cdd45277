/** What n8n is told after a request that the credential withheld, or whose token was refused. */
import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { authenticateRequest } from '../../../credentials/authentication';
import { resetProcess } from '../../../credentials/memory/processMap';
import { fieldsToStore, withFieldsToStore } from '../../../credentials/storedFields';
import { identityOf } from '../../../credentials/tokenSet';

beforeEach(resetProcess);

const AGENT = { baseUrl: 'https://imagineanything.com', clientId: 'c1', clientSecret: 's1' };
const ELSEWHERE: IHttpRequestOptions = { url: 'https://elsewhere.example/api/posts' };

/** A service that gives a new token. */
function openService() {
  const asked: string[] = [];
  const httpRequest = async ({ url }: IHttpRequestOptions) => {
    asked.push(url);
    return { statusCode: 200, headers: {}, body: '{"access_token":"new","expires_in":60}' };
  };
  return { asked, httpRequest: httpRequest as never };
}

it('a request to another host causes no sign-in, also where there is no token yet', async () => {
  const credentials: ICredentialDataDecryptedObject = { ...AGENT };
  const { asked, httpRequest } = openService();

  expect(() => authenticateRequest(credentials, ELSEWHERE)).toThrow(
    'must not be sent to https://elsewhere.example',
  );
  expect(await fieldsToStore(httpRequest, credentials)).toEqual({});
  expect(asked).toEqual([]);
});

it('a token that is refused while a field is saved is replaced', async () => {
  const tokens = {
    ...{ accessToken: 'old', refreshToken: '', expiresAt: Date.now() + 60_000 },
    issuedFor: identityOf(AGENT),
  };
  const prepared = withFieldsToStore(AGENT, tokens, { webhook: '{}' });
  const { asked, httpRequest } = openService();
  const saved = await fieldsToStore(httpRequest, prepared);
  expect(saved).toMatchObject({ sessionToken: 'old', webhook: '{}' });
  expect(asked).toEqual([]);

  // n8n puts what it has saved into the same object, and asks again after a 401.
  Object.assign(prepared, saved);
  expect(await fieldsToStore(httpRequest, prepared)).toMatchObject({ sessionToken: 'new' });
  expect(asked).toEqual(['https://imagineanything.com/api/auth/token']);
});
