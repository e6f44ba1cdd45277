import dns from 'node:dns';
import { createFixture, shown, stored } from '../operations/fixture';
import { UNLIMITED } from '../sandbox/limitOptions';
import type { Sandbox } from '../sandbox/server';
import type { Agent } from '../sandbox/entities';
import { useN8n } from './support/useN8n';
import { startInDialect } from './support/sandbox';

describe('tokens', () => {
  const { n8n, sandbox, fixture, run } = useN8n({
    sandboxPer: 'test',
    limits: { ...UNLIMITED, auth: 10 },
  });

  const post = { resource: 'post', operation: 'create', content: '={{ $json.text }}' };
  const texts = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ json: { text: `Post ${index}` } }));

  it('carries 60 items over a token that expires after the 20th', async () => {
    sandbox.faults.add({
      match: { operationId: 'postCreate' },
      skip: 20,
      fault: { kind: 'expire-token' },
    });
    const { json, error } = await run(post, { input: texts(60) });

    expect(error).toBeUndefined();
    expect(json.map(({ content }) => content)).toEqual(texts(60).map(({ json }) => json.text));
    expect(sandbox.state.postsBy(fixture.me.id)).toHaveLength(60);
    expect(sandbox.tokenExchanges.map(({ grantType }) => grantType)).toEqual([
      'client_credentials',
      'refresh_token',
    ]);
  });

  it('keeps refresh token and expiry with the credential, and reuses the token', async () => {
    await run(post, { input: texts(1) });
    await run(post, { input: texts(1) });

    const { sessionToken, session } = n8n.credentials.read('agent');
    const sent = sandbox.requests.of('postCreate').map(({ headers }) => headers.authorization);
    const header = `Bearer ${sessionToken as string}`;
    expect(sent).toEqual([header, header]);
    expect(session).toMatch(/^\{"refreshToken":"[\w.-]+","expiresAt":\d+,/);
    expect(sandbox.tokenExchanges).toHaveLength(1);
  });

  it('takes a client ID and a secret that were pasted with a line end', async () => {
    const { clientId, clientSecret } = fixture.me;
    n8n.saveCredential('agent', {
      baseUrl: sandbox.url,
      clientId: `${clientId} `,
      clientSecret: `${clientSecret}\n`,
    });
    const { error } = await run(post, { input: texts(1) });

    expect(error).toBeUndefined();
    expect(sandbox.state.postsBy(fixture.me.id)).toHaveLength(1);
  });

  it('falls back to the client credentials when the refresh is refused', async () => {
    await run(post, { input: texts(1) });
    sandbox.expireTokens(fixture.me.handle, { refresh: true });
    const { error } = await run(post, { input: texts(1) });

    expect(error).toBeUndefined();
    expect(
      sandbox.tokenExchanges.map(({ grantType, status }) => [grantType, status < 300]),
    ).toEqual([
      ['client_credentials', true],
      ['refresh_token', false],
      ['client_credentials', true],
    ]);
  });

  it('posts for each item as the agent that the expressions of its credential name', async () => {
    n8n.saveCredential('agent', {
      baseUrl: sandbox.url,
      clientId: '={{ $json.clientId }}',
      clientSecret: '={{ $json.clientSecret }}',
    });
    const agents = [fixture.me, fixture.other, fixture.me];
    const { error } = await run(post, {
      input: agents.map(({ clientId, clientSecret }, index) => ({
        json: { clientId, clientSecret, text: `Post ${index}` },
      })),
    });

    expect(error).toBeUndefined();
    const posts = (id: string) => sandbox.state.postsBy(id).map(({ content }) => content);
    expect(posts(fixture.me.id).sort()).toEqual(['Post 0', 'Post 2']);
    expect(posts(fixture.other.id)).toContain('Post 1');
    expect(sandbox.tokenExchanges).toHaveLength(2);
    expect(n8n.credentials.read('agent')).toMatchObject({ clientId: '={{ $json.clientId }}' });
  });

  it('posts as agent two once the credential is agent two', async () => {
    await run(post, { input: texts(1) });
    // The editor saves what the form holds and keeps the hidden members, the old token among them.
    n8n.saveCredential('agent', {
      ...n8n.credentials.read('agent'),
      clientId: fixture.other.clientId,
      clientSecret: fixture.other.clientSecret,
      baseUrl: sandbox.url,
    });
    const { json } = await run(post, { input: texts(1) });

    expect(json).toMatchObject([{ agent: { handle: shown(fixture, fixture.other) } }]);
    expect(sandbox.state.postsBy(fixture.me.id)).toHaveLength(1);
    expect(sandbox.state.postsBy(fixture.other.id)).toHaveLength(1);
  });

  describe('never uses the old token again after a change of', () => {
    let elsewhere: Sandbox;

    beforeEach(async () => {
      elsewhere = await startInDialect();
    });

    afterEach(async () => await elsewhere.close());

    /** Gives an agent of a sandbox this ID and secret. */
    function identify(place: Sandbox, id: string, client: Partial<Agent>): void {
      place.state.addAgent(Object.assign(stored(place.state.agents.get(id)), client));
    }

    type Change = Partial<Record<'clientId' | 'clientSecret' | 'baseUrl', string>>;

    // Each makes a change that the service takes, so that only the old token could go wrong.
    it.each<[what: string, change: () => Change]>([
      [
        'the client ID',
        () => {
          identify(sandbox, fixture.other.id, { clientSecret: fixture.me.clientSecret });
          return { clientId: fixture.other.clientId };
        },
      ],
      [
        'the client secret',
        () => {
          identify(sandbox, fixture.me.id, { clientSecret: 'another one' });
          return { clientSecret: 'another one' };
        },
      ],
      [
        'the base URL',
        () => {
          const { clientId, clientSecret } = fixture.me;
          identify(elsewhere, createFixture(elsewhere).me.id, { clientId, clientSecret });
          return { baseUrl: elsewhere.url };
        },
      ],
    ])('%s', async (_, change) => {
      await run(post, { input: texts(1) });
      const old = n8n.credentials.read('agent');
      sandbox.requests.clear();
      n8n.credentials.save('agent', { ...old, ...change() });
      const { error } = await run(post, { input: texts(1) });

      expect(error).toBeUndefined();
      const { refreshToken } = JSON.parse(old.session as string) as { refreshToken: string };
      const sent = [...sandbox.requests, ...elsewhere.requests];
      expect(sent.map(({ operationId }) => operationId)).toEqual(['authToken', 'postCreate']);
      expect(sent[0].body).toMatchObject({ grant_type: 'client_credentials' });
      expect(sent[1].headers.authorization).not.toContain(old.sessionToken);
      expect(JSON.stringify(sent.map(({ body }) => body))).not.toContain(refreshToken);
      expect(n8n.credentials.read('agent').sessionToken).not.toBe(old.sessionToken);
    });
  });

  it("names the service's reason when it refuses the client, and not the secret", async () => {
    n8n.saveCredential('wrong', {
      ...fixture.me,
      clientSecret: 'not-the-secret',
      baseUrl: sandbox.url,
    });
    const { error, run: execution } = await n8n.run({
      credential: 'wrong',
      parameters: post,
      input: texts(1),
    });

    expect(error?.message).toContain('invalid_client');
    expect(error?.message).toContain('Check the client ID and client secret');
    expect(error?.description).toBe('Nothing was sent.');
    expect(JSON.stringify(execution)).not.toContain('not-the-secret');
    expect(sandbox.state.postsBy(fixture.me.id)).toEqual([]);
  });

  it('ends with an error that names the credential when every token is refused', async () => {
    sandbox.faults.add({
      match: { operationId: 'postCreate' },
      times: Infinity,
      fault: { kind: 'unauthorized' },
    });
    const { error } = await run(post, { input: texts(1) });

    expect(error).toMatchObject({
      httpCode: '401',
      message: expect.stringContaining('Create post: '),
      description: expect.stringContaining('the credential "agent"'),
    });
    expect(sandbox.requests.of('postCreate')).toHaveLength(2);
  });

  it('asks the public service where there is no credential', async () => {
    const { lookup } = dns;
    // The request never leaves this machine, also where there is a network.
    const asked = jest.spyOn(dns, 'lookup').mockImplementation(((
      hostname: string,
      ...rest: unknown[]
    ) => {
      const answer = rest.at(-1) as (error: Error) => void;
      if (hostname !== 'imagineanything.com') Reflect.apply(lookup, dns, [hostname, ...rest]);
      else answer(Object.assign(new Error('out of reach'), { code: 'ENOTFOUND' }));
    }) as typeof lookup);
    const { error } = await n8n.run({
      parameters: {
        ...{ authentication: 'none', resource: 'agent', operation: 'register' },
        ...{ handle: 'nobody', name: 'Nobody' },
      },
    });
    expect(error?.message).toBe(
      'Register agent: the service could not be reached: its host name could not be resolved (ENOTFOUND)',
    );
    expect(asked.mock.calls.map(([hostname]) => hostname)).toContain('imagineanything.com');
    asked.mockRestore();
  });
});

describe.each(['prefixed', 'jwt', 'opaque'] as const)('%s tokens', (tokenForm) => {
  const CLIENT = 'client_credentials';
  const REFRESH = 'refresh_token';

  describe.each([
    ['rotated', [CLIENT, REFRESH, REFRESH]],
    ['kept', [CLIENT, REFRESH, REFRESH]],
    ['omitted', [CLIENT, REFRESH, REFRESH]],
    ['none', [CLIENT, CLIENT, CLIENT]],
  ] as const)('with a refresh token that is %s', (refreshTokens, grants) => {
    const { n8n, sandbox, fixture, run } = useN8n({ tokenForm, refreshTokens });

    it('carry on after each expires, and are stored as no expression', async () => {
      const before = sandbox.tokenExchanges.length;
      for (const text of ['One', 'Two', 'Three']) {
        const { error } = await run({ resource: 'post', operation: 'create', content: text });
        expect(error).toBeUndefined();
        const { sessionToken, session } = n8n.credentials.read('agent');
        expect([sessionToken, session].map((each) => JSON.stringify(each)[1])).not.toContain('=');
        sandbox.expireTokens(fixture.me.handle);
      }
      const exchanges = sandbox.tokenExchanges.slice(before);
      expect(exchanges.map(({ grantType }) => grantType)).toEqual(grants);
      expect(exchanges.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(sandbox.state.postsBy(fixture.me.id)).toHaveLength(3);
    });
  });
});
