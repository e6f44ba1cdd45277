/** What a client sends for whom, and what comes back: responses and errors. */
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { resetProcess } from '../../../credentials/memory/processMap';
import { openClient } from '../../../nodes/ImagineAnything/transport/client';
import { finish, useClock } from './support/clock';
import { AGENT, BASE_URL, FakeN8n } from './support/n8n';
import { FEED, POST, signedIn } from './support/requests';

useClock();
beforeEach(resetProcess);

describe('a request', () => {
  it('goes out with method, path, query, body and token', async () => {
    const n8n = new FakeN8n({
      credential: signedIn(),
      service: () => ({ status: 201, body: { post: { id: 'p1' } } }),
    });
    const client = await openClient(n8n.context);
    const { value } = await finish(client.send({ ...POST, query: { a: '1 & 2', b: 'ü' } }));

    expect(value).toEqual({ status: 201, body: { post: { id: 'p1' } } });
    expect(n8n.sent).toMatchObject([
      {
        line: 'POST /api/posts?a=1+%26+2&b=%C3%BC',
        token: 'stored',
        body: { content: 'Hello' },
        options: { json: true, disableFollowRedirect: true, encoding: 'stream' },
      },
    ]);
    expect(n8n.signIns).toEqual([]);
  });

  it('without query and body has neither', async () => {
    const n8n = new FakeN8n({ credential: signedIn(), service: () => ({ body: { posts: [] } }) });
    await finish((await openClient(n8n.context)).send({ ...FEED, query: {} }));

    expect(n8n.sent[0].options.url).toBe(`${BASE_URL}/api/feed`);
    expect(n8n.sent[0].options).not.toHaveProperty('body');
  });

  it.each([
    ['never', true, undefined],
    ['optional', true, 'stored'],
    ['optional', false, undefined],
    ['never', false, undefined],
  ] as const)('with the token "%s", credential: %s, carries %s', async (token, has, carried) => {
    const n8n = new FakeN8n({ credential: has ? signedIn() : undefined });
    const { error } = await finish((await openClient(n8n.context)).send({ ...FEED, token }));

    expect(error).toBeUndefined();
    expect(n8n.sent.map((each) => each.token)).toEqual([carried]);
  });

  it('goes to the base URL of the credential, read for the item', async () => {
    const credential = { ...AGENT, baseUrl: 'http://localhost:4010/api/' };
    const n8n = new FakeN8n({ credential });
    const asked = jest.spyOn(n8n.context, 'getCredentials');
    await finish((await openClient(n8n.context, undefined, 3)).send(FEED));

    expect(asked.mock.calls).toEqual([['imagineAnythingApi', 3]]);
    expect(n8n.sent[0].options.url).toBe('http://localhost:4010/api/feed');
  });

  it('goes to nobody when the base URL is refused', async () => {
    const n8n = new FakeN8n({ credential: { ...AGENT, baseUrl: 'http://example.com' } });
    const opening = openClient(n8n.context);

    await expect(opening).rejects.toThrow(NodeOperationError);
    await expect(opening).rejects.toThrow('must start with https://');
  });
});

describe('a request that needs a credential', () => {
  const advice = { noCredential: 'Choose one.', anonymous: 'Change Authentication.' };

  it.each([
    [false, false, 'Nothing was sent. Choose one.'],
    [true, true, 'Nothing was sent. Change Authentication.'],
  ])('is not sent without: credential %s, anonymous %s', async (has, isAnonymous, description) => {
    const n8n = new FakeN8n({ credential: has ? signedIn() : undefined });
    const client = await openClient(n8n.context, { maxWaitMs: 1000, isAnonymous, advice });
    const { error } = await finish(client.send(FEED));

    expect(error).toBeInstanceOf(NodeOperationError);
    expect(error?.message).toBe('Get feed: this operation requires a credential');
    expect(error?.description).toBe(description);
    expect([...n8n.sent, ...n8n.signIns]).toEqual([]);
  });

  it('is sent without one where it need not have it, whatever the node still refers to', async () => {
    const n8n = new FakeN8n({ credential: signedIn() });
    const client = await openClient(n8n.context, { maxWaitMs: 1000, isAnonymous: true });
    const { error } = await finish(client.send({ ...FEED, token: 'optional' }));

    expect(error).toBeUndefined();
    expect(n8n.sent.map(({ token }) => token)).toEqual([undefined]);
  });
});

describe('a refusal', () => {
  it('becomes an error with what was requested, what the service said, and what to do', async () => {
    const body = { error: 'forbidden', message: 'Not yours.' };
    const n8n = new FakeN8n({ credential: signedIn(), service: () => ({ status: 403, body }) });
    const client = await openClient(n8n.context);
    const { error } = await finish(client.send({ ...POST, subject: 'post "p1"' }));

    expect(error).toBeInstanceOf(NodeApiError);
    expect(error?.message).toBe('Create post: Not yours. (HTTP 403, forbidden)');
    expect(error?.description).toBe(
      'The agent of the credential "My agent" is not allowed to do this to post "p1". Only the owner can.',
    );
    expect(error?.context).toMatchObject({
      httpStatus: 403,
      errorCode: 'forbidden',
      mayHaveHadEffect: false,
    });
    expect(n8n.sent).toHaveLength(1);
  });

  it('names the rate limit and the advice of the caller', async () => {
    const service = () => ({ status: 429, headers: { 'retry-after': '90' } });
    const n8n = new FakeN8n({ credential: signedIn(), service });
    const advice = { rateLimit: 'Wait longer.' };
    const client = await openClient(n8n.context, { maxWaitMs: 1000, advice });
    const { error } = await finish(client.send(FEED));

    expect(error?.description).toMatch(/^Too many requests\. .* Wait longer\.$/);
  });
});

describe('secrets', () => {
  const credential = {
    ...signedIn({ accessToken: 'access-token-1' }),
    webhook: JSON.stringify({ secret: 'secret-of-the-webhook' }),
    openAiApiKey: 'sk-1234567890',
  };
  const told = [
    'secret-of-the-client',
    'access-token-1',
    'refresh-stored',
    'secret-of-the-webhook',
    'sk-1234567890',
    'secret-of-the-request',
  ];
  const body = { text: told.join(' | '), names: Object.fromEntries(told.map((each) => [each, 1])) };
  const request = { ...FEED, secrets: ['secret-of-the-request'] };
  const shownIn = (value: unknown) => told.filter((each) => JSON.stringify(value).includes(each));

  it('are masked in a response', async () => {
    const n8n = new FakeN8n({ credential, service: () => ({ body }) });
    const { value } = await finish((await openClient(n8n.context)).send(request));

    expect(shownIn(value)).toEqual([]);
    expect((value?.body as typeof body).text).toMatch(/^[•| ]+$/);
  });

  it('are masked in an error', async () => {
    const said = { error: 'bad', message: told.join(' | ') };
    const n8n = new FakeN8n({ credential, service: () => ({ status: 400, body: said }) });
    const { error } = await finish((await openClient(n8n.context)).send(request));

    expect(error?.message).toContain('•');
    expect(shownIn([error, error?.message, error?.description, error?.context])).toEqual([]);
  });

  it('are masked in what something else threw', async () => {
    const n8n = new FakeN8n({ credential });
    jest.spyOn(n8n.context.helpers, 'httpRequestWithAuthentication').mockImplementation(() => {
      throw new Error(told.join(' | '));
    });
    const { error } = await finish((await openClient(n8n.context)).send(request));

    expect(error?.message).toContain('•');
    expect(shownIn([error?.message, error?.description])).toEqual([]);
  });

  it('of the webhook reach the hooks of a trigger, which need them', async () => {
    const n8n = new FakeN8n({ credential, service: () => ({ body }), isHook: true });
    const { value } = await finish((await openClient(n8n.context)).send(request));

    expect(shownIn(value)).toEqual(['secret-of-the-webhook']);
  });

  it('of a request are masked without a credential, too', async () => {
    const n8n = new FakeN8n({ service: () => ({ body: { text: 'secret-of-the-request' } }) });
    const client = await openClient(n8n.context);
    const { value } = await finish(client.send({ ...request, token: 'optional' }));

    expect(value?.body).toEqual({ text: '••••••' });
  });
});
