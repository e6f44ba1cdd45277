import type { IHttpRequestHelper } from 'n8n-workflow';
import { forgetTokens, obtainToken } from '../../../credentials/tokens';

/** An exchange that is answered with a token and these members. */
async function lifetimeOf(members: object): Promise<number> {
  const answer = { statusCode: 200, headers: {}, body: { access_token: 'iat_1', ...members } };
  const helpers = { httpRequest: async () => answer } as unknown as IHttpRequestHelper['helpers'];
  const { tokenExpiresAt } = await obtainToken(helpers, { clientId: 'id', clientSecret: 'secret' });
  return (tokenExpiresAt - Date.now()) / 1000;
}

describe('the life of a token', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    jest.useRealTimers();
    forgetTokens();
  });

  it.each([
    [{ expires_in: 60 }, 60],
    [{ expires_in: '60' }, 60],
    // Without a lifetime that can be meant, each request would exchange anew (10 a minute are allowed).
    [{}, 3600],
    [{ expires_in: null }, 3600],
    [{ expires_in: '' }, 3600],
    [{ expires_in: 0 }, 3600],
    [{ expires_in: -1 }, 3600],
    [{ expires_in: 'soon' }, 3600],
    [{ expires_in: [] }, 3600],
  ])('%j is %d seconds', async (members, seconds) => {
    expect(await lifetimeOf(members)).toBe(seconds);
  });
});
