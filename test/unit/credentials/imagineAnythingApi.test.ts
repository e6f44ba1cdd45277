/** The credential as n8n calls it: its fields, its two functions, and its test. */
import { runInNewContext } from 'node:vm';
import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import {
  AI_PROVIDER_KEYS,
  aiProviderKeyFields,
  aiProviderKeysOf,
  ENTER_KEY,
  keyFieldName,
} from '../../../credentials/aiProviderKeys';
import { PUBLIC_BASE_URL, readBaseUrl } from '../../../credentials/baseUrl';
import { ImagineAnythingApi } from '../../../credentials/ImagineAnythingApi.credentials';
import { resetProcess } from '../../../credentials/memory/processMap';
import { AGENT, BASE_URL } from '../transport/support/n8n';
import { signedIn } from '../transport/support/requests';
import { useClock } from '../transport/support/clock';

useClock();
beforeEach(resetProcess);

const type = new ImagineAnythingApi();
const property = (name: string) => type.properties.find((each) => each.name === name);

describe('the fields', () => {
  it('are asked for, or are filled in', () => {
    expect(property('clientId')).toMatchObject({ type: 'string', required: true, default: '' });
    expect(property('clientSecret')).toMatchObject({ type: 'string', required: true, default: '' });
    expect(property('baseUrl')).toMatchObject({ type: 'string', default: PUBLIC_BASE_URL });
  });

  it('that hold a secret are not shown', () => {
    const hidden = type.properties.filter(({ typeOptions }) => typeOptions?.password === true);
    expect(hidden.map(({ name }) => name)).toEqual([
      'clientSecret',
      ...AI_PROVIDER_KEYS.map(({ field }) => field),
      'sessionToken',
      'session',
      'webhook',
    ]);
  });

  it('that n8n fills in are hidden, and one of them is what it asks for again', () => {
    for (const name of ['sessionToken', 'session', 'webhook']) {
      expect(property(name)).toMatchObject({ type: 'hidden', default: '' });
    }
    const expirable = type.properties.filter(({ typeOptions }) => typeOptions?.expirable === true);
    expect(expirable.map(({ name }) => name)).toEqual(['sessionToken']);
  });
});

describe('a token', () => {
  const request = { method: 'GET', url: `${BASE_URL}/api/feed` } as const;

  it('goes with a request to the service', async () => {
    const { headers, disableFollowRedirect } = await type.authenticate(signedIn(), request);
    expect(headers).toEqual({ Authorization: 'Bearer stored' });
    expect(disableFollowRedirect).toBe(true);
  });

  it.each([
    'https://evil.example/api/feed',
    'http://imagineanything.com/api/feed',
    'https://imagineanything.com:8443/api/feed',
    'https://imagineanything.com.evil.example/api/feed',
    'https://imagineanything.com@evil.example/api/feed',
    '//evil.example/api/feed',
    '/api/feed',
  ])('goes to no other origin: %s', async (url) => {
    // With a token and without one: it is refused before n8n would ask for one.
    for (const credentials of [signedIn(), { ...AGENT }]) {
      const refused = type.authenticate(credentials, { ...request, url });
      await expect(refused).rejects.toThrow(UserError);
      await expect(refused).rejects.toThrow('must not be sent to');
    }
  });

  it('that is missing sends nothing', async () => {
    const refused = type.authenticate({ ...AGENT }, request);
    await expect(refused).rejects.toMatchObject({
      message: 'The ImagineAnything credential has no access token',
      description: 'Open the credential and test it to get one.',
      response: { status: 401 },
    });
  });

  it('is what client ID and secret are exchanged for', async () => {
    const sent: IHttpRequestOptions[] = [];
    const httpRequest = async (options: IHttpRequestOptions) => {
      sent.push(options);
      return { statusCode: 200, headers: {}, body: { access_token: 'new', expires_in: 60 } };
    };
    const context = { helpers: { httpRequest } } as never;
    const fields: IDataObject = await type.preAuthentication.call(context, { ...AGENT });

    expect(fields.sessionToken).toBe('new');
    expect(sent).toMatchObject([
      {
        method: 'POST',
        url: `${BASE_URL}/api/auth/token`,
        body: {
          grant_type: 'client_credentials',
          client_id: 'the-client',
          client_secret: 'secret-of-the-client',
        },
      },
    ]);
    const { headers } = await type.authenticate({ ...AGENT, ...fields }, request);
    expect(headers?.Authorization).toBe('Bearer new');
  });
});

describe('the test of a credential', () => {
  /** What n8n makes of the expression. */
  function baseUrlOf(baseUrl: string): unknown {
    const expression = String(type.test.request.baseURL);
    const [, code] = /^=\{\{ (.*) \}\}$/.exec(expression) ?? ['', ''];
    return runInNewContext(code, { $credentials: { baseUrl } });
  }

  it.each([
    ['', PUBLIC_BASE_URL],
    ['  ', PUBLIC_BASE_URL],
    [' https://a.example ', 'https://a.example'],
    ['https://a.example/api', 'https://a.example'],
    ['https://a.example/api//', 'https://a.example'],
    ['https://a.example/apis', 'https://a.example/apis'],
    ['https://a.example/ia/en/api/', 'https://a.example/ia'],
    ['https://a.example/token', 'https://a.example/token'],
    ['https://api', 'https://api'],
    ['https://imagineanything.com/pt-BR/api', 'https://imagineanything.com'],
    ['https://imagineanything.com.evil.example/x', 'https://imagineanything.com.evil.example/x'],
  ])('with the base URL %j asks %s', (given, asked) => {
    expect(baseUrlOf(given)).toBe(asked);
    // The sign-in before it goes to the same service.
    expect(readBaseUrl(given)).toBe(asked);
  });

  it('asks for what needs a token, and explains a refusal', () => {
    expect(type.test.request.url).toBe('/api/agents/me');
    expect(type.test.rules).toMatchObject([
      { type: 'responseCode', properties: { value: 401, message: expect.stringMatching(/\.$/) } },
    ]);
  });
});

describe('the keys of AI providers', () => {
  it('have a field each, which a switch shows', () => {
    const [useKeys, ...fields] = aiProviderKeyFields;
    expect(useKeys).toMatchObject({ type: 'boolean', default: false });
    expect(ENTER_KEY).toContain(useKeys.displayName);
    expect(fields.map(({ name }) => name)).toEqual([
      'elevenLabsApiKey',
      'googleGeminiApiKey',
      'openAiApiKey',
      'runwareApiKey',
    ]);
    expect(fields.map(({ displayName }) => displayName)).toEqual(
      ['ElevenLabs', 'Google Gemini', 'OpenAI', 'Runware'].map(keyFieldName),
    );
    for (const { displayOptions, description } of fields) {
      expect(displayOptions).toEqual({ show: { [useKeys.name]: [true] } });
      expect(description).toMatch(/^Your .+ API key\. Only the AI Provider: Connect operation/);
    }
  });

  it.each([
    [{ openAiApiKey: ' sk-12345 ', runwareApiKey: '12345678' }, ['sk-12345', '12345678']],
    // Shorter text may be an ordinary word.
    [{ openAiApiKey: '1234567' }, []],
    [{ openAiApiKey: '  1234567  ' }, []],
    [{ openAiApiKey: '', clientSecret: 'secret-of-the-client' }, []],
    [{}, []],
    [undefined, []],
  ])('of %j are %j', (credentials, keys) => expect(aiProviderKeysOf(credentials)).toEqual(keys));
});
