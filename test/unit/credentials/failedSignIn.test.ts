/** A token exchange: what is tried, what comes of it, and what is said when the service refuses it. */
import { Readable } from 'node:stream';
import { resetProcess } from '../../../credentials/memory/processMap';
import { SignInError } from '../../../credentials/signInError';
import { START, useClock } from '../transport/support/clock';
import { AGENT, BASE_URL } from '../transport/support/n8n';
import { type Answer, exchange, REFUSED, TOKENS } from './exchange';

useClock();
beforeEach(resetProcess);

describe('a refresh token', () => {
  it('is exchanged for a new pair', async () => {
    const { value, sent } = await exchange([TOKENS], 'old');

    expect(value).toMatchObject({
      accessToken: 'new',
      refreshToken: 'newer',
      expiresAt: START + 60_000,
    });
    expect(sent).toMatchObject([
      {
        method: 'POST',
        url: `${BASE_URL}/api/auth/token`,
        body: { grant_type: 'refresh_token', refresh_token: 'old' },
        json: true,
        disableFollowRedirect: true,
        ignoreHttpStatusErrors: true,
        returnFullResponse: true,
        encoding: 'stream',
        timeout: 30_000,
      },
    ]);
  });

  it.each<[string, Answer]>([
    ['is refused', REFUSED],
    ['meets 500', { status: 500 }],
    ['brings a token that cannot be used', { body: { access_token: 'ü' } }],
    ['brings no token', { body: {} }],
    ['brings no JSON', { body: '<html>' }],
  ])('that %s gives way to client ID and secret', async (_, answer) => {
    const { value, grants, sent } = await exchange([answer, TOKENS], 'old');

    expect(value?.accessToken).toBe('new');
    expect(grants).toEqual(['refresh_token', 'client_credentials']);
    expect(sent[1].body).toEqual({
      grant_type: 'client_credentials',
      client_id: 'the-client',
      client_secret: 'secret-of-the-client',
    });
  });

  it.each<[string, Answer, number]>([
    ['the limit of sign-ins', { status: 429 }, 429],
    ['a lost connection', { throws: { code: 'ECONNRESET' } }, 0],
  ])('that meets %s does not: that would meet the same', async (_, answer, status) => {
    const { error, grants } = await exchange([answer, TOKENS], 'old');

    expect(error).toBeInstanceOf(SignInError);
    expect(error?.httpStatus).toBe(status);
    expect(grants).toEqual(['refresh_token']);
  });
});

it('client ID and secret are sent without what was pasted around them', async () => {
  const pasted = { ...AGENT, clientId: ' the-client\n', clientSecret: '\tsecret-of-the-client ' };
  const { sent } = await exchange([TOKENS], '', pasted);
  expect(sent[0].body).toMatchObject({
    client_id: 'the-client',
    client_secret: 'secret-of-the-client',
  });
});

it.each([undefined, null, '', ' '])('a field that is %j sends nothing', async (value) => {
  for (const [field, name] of [
    ['clientId', 'Client ID'],
    ['clientSecret', 'Client Secret'],
  ]) {
    const { error, sent } = await exchange([TOKENS], 'old', { ...AGENT, [field]: value });
    expect(error?.message).toBe(`The "${name}" field of the ImagineAnything credential is empty`);
    expect(error?.description).toMatch(/^Nothing was sent\. Enter the client ID .*No agent yet\?/);
    expect(error?.httpStatus).toBe(400);
    expect(sent).toEqual([]);
  }
});

describe('a token set', () => {
  it.each([
    [1, 1],
    [0.5, 3600],
    [0, 3600],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    [1e300, 3600],
    ['90', 90],
    [[90], 3600],
    [{}, 3600],
    [undefined, 3600],
  ])('with a lifetime of %j lives %d seconds', async (lifetime, seconds) => {
    const { value } = await exchange([{ body: { access_token: 'new', expires_in: lifetime } }]);
    expect(value?.expiresAt).toBe(START + seconds * 1000);
  });

  it.each(['ü', '', 1, null, undefined])('has no refresh token of %j', async (refreshToken) => {
    const body = { access_token: 'new', refresh_token: refreshToken };
    expect((await exchange([{ body }])).value?.refreshToken).toBe('');
  });

  it('comes with a status of success only', async () => {
    expect((await exchange([{ ...TOKENS, status: 201 }])).value?.accessToken).toBe('new');
    expect((await exchange([{ ...TOKENS, status: 400 }])).error).toBeInstanceOf(SignInError);
  });
});

describe('a refusal', () => {
  it.each<[number, unknown, message: RegExp, description: RegExp]>([
    [
      401,
      { error: 'invalid_client', error_description: 'Who?' },
      /^ImagineAnything rejected the credential: invalid_client: Who\?\. Check the client ID and client secret/,
      /^Check the client ID/,
    ],
    [400, { message: ' Spaces. ' }, /rejected the credential: Spaces\. Check/, /No agent yet\?/],
    [400, { error: 'x', error_description: '', message: 'Why.' }, /: x: Why\. Check/, /^Check/],
    [
      400,
      { error: { code: 'x' } },
      /^ImagineAnything returned no token \(HTTP 400\)$/,
      /may be unavailable/,
    ],
    [
      400,
      '<html>',
      /^ImagineAnything returned no token \(HTTP 400\)$/,
      /may not be the ImagineAnything service/,
    ],
    [200, {}, /^ImagineAnything returned no token \(HTTP 200\)$/, /may be unavailable/],
    [
      200,
      { access_token: 'ü' },
      /^ImagineAnything returned an access token that cannot be used \(HTTP 200\)$/,
      /not a valid bearer token/,
    ],
    [
      500,
      { error: 'oops' },
      /^ImagineAnything returned no token \(HTTP 500, oops\)$/,
      /Try again later/,
    ],
    [503, '', /^ImagineAnything returned no token \(HTTP 503\)$/, /Try again later/],
    [
      429,
      {},
      /^ImagineAnything is not accepting more sign-ins right now \(429\)$/,
      /10 sign-ins per minute/,
    ],
    [429, { error: 'slow' }, /right now \(429, slow\)$/, /Try again in a minute/],
    [
      302,
      '',
      /^ImagineAnything redirected the sign-in \(HTTP 302\)$/,
      /to protect the client secret/,
    ],
    [
      404,
      '',
      /^The base URL of the credential is not the ImagineAnything service \(HTTP 404\)$/,
      /imagineanything\.com/,
    ],
    [405, '', /is not the ImagineAnything service \(HTTP 405\)$/, /does not offer a sign-in/],
    [
      407,
      '',
      /^The proxy between n8n and ImagineAnything rejected the sign-in \(HTTP 407\)$/,
      /HTTP_PROXY/,
    ],
  ])('of %i with %j is explained', async (status, body, message, description) => {
    const { error } = await exchange([{ status, body }]);
    expect(error?.message).toMatch(message);
    expect(error?.description).toMatch(description);
    expect(error?.httpStatus).toBe(status);
  });

  it.each<[number, Record<string, string>, number | undefined]>([
    [429, { 'retry-after': '7' }, 7000],
    [503, { 'retry-after': '7' }, 7000],
    [503, {}, undefined],
  ])('of %i with %j says when to come back', async (status, headers, ms) =>
    expect((await exchange([{ status, headers }])).error?.retryAfter?.ms).toBe(ms),
  );

  it('is cut where it is long', async () => {
    const { error } = await exchange([{ status: 400, body: { message: 'y'.repeat(400) } }]);
    expect(/y+/.exec(error?.message.replace(/^.*: y/, 'y') ?? '')?.[0]).toHaveLength(300);
  });

  it('that cannot be read to its end still has its status', async () => {
    const body = Readable.from([Buffer.alloc(70_000, 'x')]);
    const { error } = await exchange([{ status: 400, body }]);
    expect(error?.message).toBe('ImagineAnything returned no token (HTTP 400)');
  });
});
