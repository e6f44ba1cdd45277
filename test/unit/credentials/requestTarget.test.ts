import fc from 'fast-check';
import { type IHttpRequestOptions, UserError } from 'n8n-workflow';

import { withToken } from '../../../credentials/requestTarget';
import { RUNS } from '../properties';
import { HOMES, anyRequest } from './anyRequest';
import { connectionsOf } from './connection';

const TOKEN = 'iat_0123456789';

beforeAll(() => {
  // A proxy of the machine is no part of the options.
  for (const name of Object.keys(process.env)) {
    if (/_proxy$/i.test(name)) delete process.env[name];
  }
});

/** Adds the token, or gives the refusal. */
function attempt(options: object, home: string): IHttpRequestOptions | UserError {
  try {
    return withToken(options as IHttpRequestOptions, home, TOKEN);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  }
}

describe('the token', () => {
  it('goes to the origin of the base URL and nowhere else, whatever the options are', async () => {
    const outcomes = { refused: 0, sent: 0 };
    await fc.assert(
      fc.asyncProperty(anyRequest, async ({ home, options }) => {
        const authenticated = attempt(options, home);
        if (authenticated instanceof UserError) {
          outcomes.refused += 1;
          expect(authenticated.message).toContain(`is for ${home} and must not be sent to `);
          expect(authenticated.message).not.toContain(TOKEN);
          return;
        }
        const { origin, host } = new URL(home);
        for (const connection of await connectionsOf(authenticated)) {
          outcomes.sent += 1;
          expect(connection).toEqual({
            origin,
            maxRedirects: 0,
            headers: expect.objectContaining({ authorization: `Bearer ${TOKEN}` }) as unknown,
          });
          expect([undefined, host]).toContain(connection.headers.host);
        }
      }),
      RUNS,
    );
    // Neither side of the guard may be out of reach of the generator.
    expect(outcomes.refused).toBeGreaterThan(RUNS.numRuns / 50);
    expect(outcomes.sent).toBeGreaterThan(RUNS.numRuns / 50);
  }, 300_000);

  it('goes with every address of the origin, in every form that n8n takes', async () => {
    const path = fc.webPath();
    const query = fc.constantFrom('', '?limit=1', '?q=http://evil.example');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...HOMES), path, query, async (home, pathname, search) => {
        const { origin } = new URL(home);
        const address = `${origin}${pathname}${search}`;
        for (const options of [
          { url: address },
          { uri: address },
          { url: new URL(address) },
          { url: address, uri: address },
          { url: `${pathname}${search}`, baseURL: home },
          { baseURL: address },
        ]) {
          const authenticated = attempt(options, home);
          // Two slashes at the beginning of a path are another host.
          if (pathname.startsWith('//') && 'baseURL' in options && 'url' in options) continue;
          expect(authenticated).not.toBeInstanceOf(UserError);
          const connections = await connectionsOf(authenticated as IHttpRequestOptions);
          expect(new Set(connections.map((each) => each.origin))).toEqual(new Set([origin]));
        }
      }),
      { numRuns: RUNS.numRuns / 50 },
    );
  }, 300_000);
});

describe('a request with the credential of http://127.0.0.1:4010', () => {
  const home = 'http://127.0.0.1:4010';
  const there = `${home}/api/feed`;

  it.each<[what: string, options: object, words: string]>([
    [
      'another host',
      { uri: 'https://evil.example/x' },
      'must not be sent to https://evil.example.',
    ],
    ['another port', { url: 'http://127.0.0.1:4011/' }, 'sent to http://127.0.0.1:4011.'],
    ['another scheme', { uri: 'https://127.0.0.1:4010/' }, 'sent to https://127.0.0.1:4010.'],
    [
      'another name of the host',
      { uri: 'http://localhost:4010' },
      'sent to http://localhost:4010.',
    ],
    [
      'a name with a trailing dot',
      { uri: 'http://a.example.:4010' },
      'sent to http://a.example.:4010.',
    ],
    [
      'an address behind a user name',
      { uri: 'http://127.0.0.1:4010@evil.example' },
      'evil.example.',
    ],
    ['a user name', { uri: 'http://a@127.0.0.1:4010/' }, 'a URL with a user name or password.'],
    ['a password', { uri: 'http://:b@127.0.0.1:4010/' }, 'a URL with a user name or password.'],
    ['both', { uri: 'http://a:b@127.0.0.1:4010/' }, 'a URL with a user name or password.'],
    [
      'a second address',
      { url: there, uri: 'http://evil.example' },
      'sent to http://evil.example.',
    ],
    [
      'another base',
      { url: there, baseURL: 'http://evil.example' },
      'sent to http://evil.example.',
    ],
    [
      'a host without scheme',
      { url: '//evil.example', baseURL: home },
      'sent to http://evil.example.',
    ],
    ['a scheme without slashes', { url: 'http:evil.example' }, 'sent to http://evil.example.'],
    ['no address', {}, 'sent to a URL that cannot be checked.'],
    ['an empty address', { url: '', uri: null }, 'sent to a URL that cannot be checked.'],
    ['a relative address alone', { url: '/api/feed' }, 'a URL that cannot be checked.'],
    ['an object', { url: { toString: () => there } }, 'a URL that cannot be checked.'],
    ['another protocol', { url: `blob:${there}` }, 'a URL that cannot be checked.'],
    ['a file', { url: 'file:///etc/passwd' }, 'a URL that cannot be checked.'],
    [
      'an agent that goes elsewhere',
      { url: there, agentOptions: { host: 'evil.example' } },
      'checked.',
    ],
    [
      'an agent that goes elsewhere with a certificate',
      { url: there, agentOptions: { ca: 'x', host: 'evil.example' } },
      'checked.',
    ],
    ['an agent of another kind', { url: there, agentOptions: 'evil' }, 'that cannot be checked.'],
    ['a proxy', { url: there, proxy: 'http://evil.example:3128' }, 'must not be sent to a proxy.'],
    [
      'the header of another host',
      { url: there, headers: { HOST: 'evil.example' } },
      'Host header',
    ],
    [
      'the header of another host behind a space',
      { url: there, headers: { ' Host': 'evil.example' } },
      'Host header',
    ],
    ['headers of another kind', { url: there, headers: 'Host: evil.example' }, 'be checked.'],
  ])('is refused for %s', (_what, options, words) => {
    const refusal = attempt(options, home);
    expect(refusal).toBeInstanceOf(UserError);
    expect((refusal as UserError).message).toContain(words);
  });

  it.each<[what: string, options: object]>([
    ['in capitals', { uri: 'HTTP://127.0.0.1:4010/api' }],
    ['with a certificate', { uri: there, agentOptions: { ca: 'x', cert: 'x', key: 'x' } }],
    ['that names its own host', { uri: there, headers: { host: '127.0.0.1:4010' } }],
    ['with no options for the agent', { uri: there, agentOptions: {} }],
    ['without a proxy', { uri: there, proxy: false }],
    [
      'where all else is null',
      { url: null, uri: there, baseURL: null, agentOptions: null, proxy: null, headers: null },
    ],
    [
      'where all else is empty',
      { url: there, uri: '', baseURL: '', agentOptions: '', proxy: '', headers: '' },
    ],
    ['below its base', { url: '/api/feed', baseURL: home }],
  ])('goes out %s', (_what, options) => {
    expect(attempt(options, home)).toMatchObject({ headers: { Authorization: `Bearer ${TOKEN}` } });
  });

  it('is refused with advice that fits', () => {
    const adviceFor = (options: object) => (attempt(options, home) as UserError).description;
    expect(adviceFor({ url: there, proxy: 'http://evil.example:3128' })).toContain('the proxy');
    expect(adviceFor({ url: 'http://evil.example' })).toContain(`start with ${home}.`);
  });

  it('follows no redirect, whatever the node says', () => {
    const options = { uri: there, followRedirect: true, followAllRedirects: true, maxRedirects: 9 };
    expect(attempt(options, home)).toMatchObject({
      followRedirect: false,
      followAllRedirects: false,
      disableFollowRedirect: true,
      maxRedirects: 0,
    });
  });
});

it('a request goes out that names its own host in any spelling', () => {
  const options = {
    url: 'https://imagineanything.com/api/feed',
    headers: { Host: ' ImagineAnything.com ' },
  };
  expect(attempt(options, 'https://imagineanything.com')).toMatchObject(options);
});
