import { readFileSync } from 'node:fs';
import { validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { type INode, isExpression, type JsonObject, NodeApiError } from 'n8n-workflow';
import { ImagineAnythingApi } from '../../../credentials/ImagineAnythingApi.credentials';
import { toTokenFields } from '../../../credentials/tokenSet';
import { SignInError } from '../../../credentials/signInError';
import { resetProcess } from '../../../credentials/memory/processMap';
import { fieldsToStore } from '../../../credentials/storedFields';
import { exchangeToken } from '../../../credentials/tokenExchange';
import { homepage } from '../../../package.json';
import { anyText, RUNS } from '../properties';

const client = { baseUrl: 'https://imagineanything.com', clientId: 'c', clientSecret: 's' };

/** Exchanges the client for a token, where the service answers this. */
async function exchanged(body: unknown, statusCode = 200) {
  const httpRequest = async () => ({ statusCode, headers: {}, body });
  // After a 429, the next exchange would wait.
  resetProcess();
  return await exchangeToken(httpRequest as never, client, '');
}

const anyToken = fc.oneof(
  anyText,
  fc
    .tuple(anyText, fc.constantFrom('\r\nX-Evil: 1', '\n', '\r', '\0', 'ü', '😀', ' '), anyText)
    .map((parts) => parts.join('')),
  fc.string({ unit: fc.constantFrom(...'AZaz09-._~+/='), minLength: 1 }),
);

describe('a token', () => {
  afterEach(() => jest.useRealTimers());

  it('goes into its header as it is, or is refused in clear words', async () => {
    await fc.assert(
      fc.asyncProperty(anyToken, async (token) => {
        const state = await exchanged({ access_token: token }).catch((error: Error) => error);
        if (state instanceof Error) {
          expect(state).toBeInstanceOf(SignInError);
          expect(state.message).toContain('access token that cannot be used');
          // RFC 6750, section 2.1
          expect(token).not.toMatch(/^[A-Za-z0-9._~+/-]+=*$/);
          return;
        }
        // n8n evaluates what it has stored.
        const fields = toTokenFields(state);
        for (const field of Object.values(fields)) expect(field).not.toMatch(/^=/);
        const { headers } = await new ImagineAnythingApi().authenticate(
          { ...client, ...fields },
          { url: `${client.baseUrl}/api/feed` },
        );
        const header = headers?.Authorization as string;
        expect(header).toBe(`Bearer ${token}`);
        validateHeaderValue('authorization', header);
        // What a server reads: spaces at the end would be lost.
        expect(header).toBe(header.trim());
      }),
      RUNS,
    );
  });

  it('is stored so that n8n evaluates nothing of what the service said', async () => {
    const said = fc.oneof(
      anyToken,
      fc
        .tuple(
          fc.constantFrom('=', '={{', ' =', '\t={{', '{{', '{"', '\uFEFF='),
          fc.constantFrom('$env.X', '$json.password', 'JSON.stringify($input.all())', 'iat_1', ''),
          fc.constantFrom('}}', '"}', ''),
        )
        .map((parts) => parts.join('')),
    );
    const value = fc.oneof(
      said,
      fc.jsonValue(),
      fc.array(said),
      fc.dictionary(fc.constantFrom('toString', 'valueOf', '=x'), said),
    );
    const answers = fc.record(
      {
        access_token: fc.oneof(fc.constant('iat_1'), value),
        refresh_token: value,
        expires_in: value,
        token_type: value,
        sessionToken: value,
        session: value,
        webhook: value,
        clientId: value,
      },
      { requiredKeys: [] },
    );
    let stored = 0;
    await fc.assert(
      fc.asyncProperty(answers, async (body) => {
        resetProcess();
        const httpRequest = async () => ({ statusCode: 200, headers: {}, body });
        const fields = await fieldsToStore(httpRequest as never, {
          ...client,
          sessionToken: '',
        }).catch((error: Error) => error);
        if (fields instanceof Error) {
          expect(fields).toBeInstanceOf(SignInError);
          return;
        }
        stored += 1;
        expect(Object.keys(fields)).toEqual(['sessionToken', 'session']);
        for (const field of Object.values(fields)) {
          expect(typeof field).toBe('string');
          expect(isExpression(field)).toBe(false);
        }
      }),
      RUNS,
    );
    expect(stored).toBeGreaterThan(RUNS.numRuns / 50);
  });

  it('comes out of any answer in its form, or a reason does', async () => {
    const members = fc.record(
      {
        access_token: fc.oneof(fc.jsonValue(), fc.constant('iat_1')),
        refresh_token: fc.jsonValue(),
        expires_in: fc.oneof(fc.jsonValue(), fc.double(), fc.constantFrom(null, '', '3600', 0, -1)),
        error: fc.jsonValue(),
        error_description: fc.jsonValue(),
        message: fc.jsonValue(),
        retry_after: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const statuses = fc.constantFrom(200, 201, 204, 301, 400, 401, 404, 429, 500, 503);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(members, fc.jsonValue(), anyText),
        statuses,
        async (body, status) => {
          const before = Date.now();
          const state = await exchanged(body, status).catch((error: Error) => error);
          if (state instanceof Error) {
            expect(state).toBeInstanceOf(SignInError);
            expect(state.message).toMatch(/^(ImagineAnything|The base URL of the credential) /);
            return;
          }
          expect(status).toBeLessThan(300);
          expect(state.accessToken).toBe((body as { access_token: unknown }).access_token);
          expect(typeof state.refreshToken).toBe('string');
          // n8n stores it as JSON, which has no Infinity.
          expect(Number.isFinite(state.expiresAt)).toBe(true);
          expect(state.expiresAt).toBeGreaterThan(before);
        },
      ),
      RUNS,
    );
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
  ])('with %j lives %d seconds', async (members, seconds) => {
    jest.useFakeTimers();
    const { expiresAt } = await exchanged({ access_token: 'iat_1', ...members });
    expect(expiresAt - Date.now()).toBe(seconds * 1000);
  });
});

describe('a sign-in that cannot work', () => {
  it.each([
    [{ clientId: ' ' }, 'The "Client ID" field of the ImagineAnything credential is empty'],
    [{ clientSecret: '' }, 'The "Client Secret" field of the ImagineAnything credential is empty'],
  ])('with %j is not sent', async (change, message) => {
    const httpRequest = jest.fn();
    await expect(exchangeToken(httpRequest, { ...client, ...change }, '')).rejects.toThrow(message);
    expect(httpRequest).not.toHaveBeenCalled();
  });

  it.each([404, 405])('blames the base URL for a %i, not the secret', async (status) => {
    await expect(exchanged({ error: 'not_found' }, status)).rejects.toMatchObject({
      message: `The base URL of the credential is not the ImagineAnything service (HTTP ${status})`,
      description: expect.not.stringContaining('secret') as unknown,
    });
  });

  it.each([
    [
      { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      /does not trust its certificate\. .*NODE_EXTRA_CA_CERTS/,
    ],
    [{ code: 'ENOTFOUND' }, /host name could not be resolved/],
    [{ code: 'ECONNREFUSED', address: '127.0.0.1', port: 3128 }, /the proxy at 127\.0\.0\.1:3128/],
    [{ message: 'Domain not allowed: x' }, /^n8n blocked the sign-in at https:/],
    [{ message: 'secret s in the request', code: 'ECONNRESET' }, /the connection was lost before/],
  ])('after %j says what it is in the message itself', async (thrown, message) => {
    const httpRequest = async () => await Promise.reject(Object.assign(new Error('x'), thrown));
    const error = await exchangeToken(httpRequest, client, '').catch((each: Error) => each);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('secret s');
  });
});

describe('a refusal', () => {
  it.each([
    [
      { error: 'invalid_client', error_description: 'Who is this?' },
      'invalid_client: Who is this?',
    ],
    [
      { error: 'invalid_client', error_description: 'Unknown client.' },
      'invalid_client: Unknown client',
    ],
    [{ error: 'invalid_client' }, 'invalid_client'],
  ])(
    'of %j says in its message what to do, because a test shows nothing else',
    async (body, said) => {
      await expect(exchanged(body, 401)).rejects.toMatchObject({
        message: `ImagineAnything rejected the credential: ${said}. Check the client ID and client secret of the credential. ImagineAnything showed both when the agent was registered. No agent yet? Run the operation Agent: Register with Authentication set to None.`,
      });
    },
  );
});

it.each([400, 401, 404, 429, 500])(
  'an error of status %i keeps its words in n8n',
  async (status) => {
    const error = (await exchanged({ error: 'oops' }, status).catch(
      (thrown: unknown) => thrown,
    )) as Error;
    // What n8n makes of it in a credential test.
    const node = { name: 'n', type: 't' } as INode;
    expect(error).toBeInstanceOf(SignInError);
    expect(new NodeApiError(node, error as unknown as JsonObject).message).toBe(error.message);
  },
);

it('the form of the credential says first how to get a client ID', () => {
  const { documentationUrl, properties } = new ImagineAnythingApi();
  const [notice] = properties;
  expect(notice).toMatchObject({ type: 'notice' });
  expect(notice.displayName).toContain('Agent: Register');
  expect(notice.displayName).toContain('Authentication set to None');
  const [address, anchor] = documentationUrl.split('#');
  expect(address).toBe(homepage);
  // A heading of the README, which has the steps.
  expect(readFileSync('README.md', 'utf8').toLowerCase()).toContain(`\n## ${anchor}\n`);
});
