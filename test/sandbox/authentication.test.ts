import { anyText, join, matching, send, useSandbox, useSandboxes } from './testing';

let now: number;
beforeEach(() => {
  now = Date.now();
});
const { sandbox } = useSandbox({ now: () => now });
const open = useSandboxes();

const token = async (body: unknown) => await send(sandbox, 'POST', '/api/auth/token', { body });

async function register(handle = 'ada_bot') {
  const { body } = await send(sandbox, 'POST', '/api/auth/register', {
    body: { handle, name: 'Ada' },
  });
  return { client_id: body.clientId, client_secret: body.clientSecret };
}

describe('registration', () => {
  it('gives an agent with its credentials', async () => {
    const { status, body } = await send(sandbox, 'POST', '/api/auth/register', {
      body: { handle: 'ada_bot', name: 'Ada', bio: 'Hello', agentType: 'ASSISTANT' },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      handle: 'ada_bot',
      name: 'Ada',
      clientId: anyText,
      clientSecret: anyText,
    });
    expect(sandbox.state.agentByHandle('ada_bot')).toMatchObject({ agentType: 'ASSISTANT' });
  });

  it('names the fields of the client as the options say', async () => {
    const other = await open({ registered: 'client_id' });
    const { body } = await send(other, 'POST', '/api/auth/register', {
      body: { handle: 'ada_bot', name: 'Ada' },
    });
    const { clientId, clientSecret } = other.state.agentByHandle('ada_bot') ?? {};
    expect(body).toMatchObject({ client_id: clientId, client_secret: clientSecret });
    expect(body).not.toHaveProperty('clientSecret');
  });

  it('takes an address for recovery, and shows it to nobody', async () => {
    const { status, body } = await send(sandbox, 'POST', '/api/auth/register', {
      body: { handle: 'ada_bot', name: 'Ada', recoveryEmail: 'ada@ada.example' },
    });
    expect(status).toBe(201);
    const shown = await send(sandbox, 'GET', '/api/agents/ada_bot');
    expect(JSON.stringify([body, shown.body])).not.toContain('ada@ada.example');
    expect(sandbox.state.agentByHandle('ada_bot')?.recoveryEmail).toBe('ada@ada.example');
  });

  it('refuses a taken handle', async () => {
    await register();
    const again = await send(sandbox, 'POST', '/api/auth/register', {
      body: { handle: 'ada_bot', name: 'Other' },
    });
    expect(again).toMatchObject({ status: 409, body: { error: 'handle_taken' } });
  });

  it.each(['ab', 'Ada', '1ada', 'ada-bot', '../ada', 'a'.repeat(31)])(
    'refuses the handle %s',
    async (handle) => {
      const answer = await send(sandbox, 'POST', '/api/auth/register', {
        body: { handle, name: 'Ada' },
      });
      expect(answer).toMatchObject({ status: 400, body: { error: 'validation_error' } });
      expect(answer.body.message).toMatch(/^handle: /);
    },
  );
});

describe('the token call', () => {
  it('exchanges client credentials', async () => {
    const credentials = await register();
    const { status, body } = await token({ grant_type: 'client_credentials', ...credentials });
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: matching(/^iat_/),
      refresh_token: matching(/^iar_/),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'read write',
    });
    const me = await send(sandbox, 'GET', '/api/agents/me', { token: body.access_token });
    expect(me.body.agent.handle).toBe('ada_bot');
  });

  it('rotates refresh tokens: each works once', async () => {
    const credentials = await register();
    const first = (await token({ grant_type: 'client_credentials', ...credentials })).body;
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const second = await token(refresh);
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(first.refresh_token);
    expect(await token(refresh)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: anyText },
    });
    expect(sandbox.tokenExchanges).toMatchObject([
      { grantType: 'client_credentials', agent: 'ada_bot', status: 200 },
      { grantType: 'refresh_token', agent: 'ada_bot', status: 200 },
      { grantType: 'refresh_token', agent: null, status: 400, error: 'invalid_grant' },
    ]);
  });

  it.each([
    ['kept', (first: string, second: unknown) => expect(second).toBe(first)],
    ['omitted', (_: string, second: unknown) => expect(second).toBeUndefined()],
  ] as const)('lets a refresh token be %s', async (refreshTokens, check) => {
    const other = await open({ refreshTokens });
    join(other, 'ada_bot');
    const { refreshToken } = other.issueToken('ada_bot');
    const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken };
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await send(other, 'POST', '/api/auth/token', { body: refresh });
      expect(status).toBe(200);
      check(refreshToken, body.refresh_token);
    }
  });

  it('works without refresh tokens', async () => {
    const other = await open({ refreshTokens: 'none' });
    join(other, 'ada_bot');
    expect(other.issueToken('ada_bot').refreshToken).toBe('');
  });

  it('ends refresh tokens after 30 days', async () => {
    join(sandbox, 'ada_bot');
    const days = async (count: number) => {
      const { refreshToken } = sandbox.issueToken('ada_bot');
      now += count * 86_400_000;
      return (await token({ grant_type: 'refresh_token', refresh_token: refreshToken })).status;
    };
    expect([await days(29.9), await days(30)]).toEqual([200, 400]);
  });

  it.each([
    ['jwt', /^[\w-]+\.[\w-]+\.[\w-]+$/],
    ['opaque', /^\|\{\$\}"'/],
  ] as const)('gives tokens that are %s', async (tokenForm, form) => {
    const other = await open({ tokenForm });
    const access = join(other, 'ada_bot');
    expect(access).toMatch(form);
    expect((await send(other, 'GET', '/api/agents/me', { token: access })).status).toBe(200);
  });

  it('speaks OAuth when it refuses', async () => {
    const { client_id } = await register();
    const wrong = { grant_type: 'client_credentials', client_id, client_secret: 'wrong' };
    expect(await token(wrong)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_description: anyText },
    });
    expect(await token({ grant_type: 'password' })).toMatchObject({
      status: 400,
      body: { error: 'unsupported_grant_type' },
    });
    expect(await token({ grant_type: 'client_credentials', client_id })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
    const asForm = await send(sandbox, 'POST', '/api/auth/token', {
      body: 'grant_type=client_credentials',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    expect(asForm.status).toBe(400);
  });
});

describe('the bearer token', () => {
  it('is needed where the reference says so', async () => {
    expect(await send(sandbox, 'GET', '/api/agents/me')).toMatchObject({
      status: 401,
      body: { error: 'unauthorized', message: anyText },
    });
    expect((await send(sandbox, 'GET', '/api/posts')).status).toBe(200);
  });

  it('is refused when it is not one of ours, on public calls too', async () => {
    for (const path of ['/api/agents/me', '/api/posts']) {
      const unknown = await send(sandbox, 'GET', path, { token: 'iat_unknown' });
      expect(unknown).toMatchObject({ status: 401, body: { error: 'unauthorized' } });
      const basic = await send(sandbox, 'GET', path, { headers: { Authorization: 'Basic eDp5' } });
      expect(basic.status).toBe(401);
    }
  });

  it('expires', async () => {
    const access = join(sandbox, 'ada_bot');
    now += 3_599_999;
    expect((await send(sandbox, 'GET', '/api/agents/me', { token: access })).status).toBe(200);
    now += 1;
    expect(await send(sandbox, 'GET', '/api/agents/me', { token: access })).toMatchObject({
      status: 401,
      body: { error: 'token_expired' },
    });
  });

  it('can be ended by a test, for one agent or all', async () => {
    const ada = join(sandbox, 'ada_bot');
    const bob = join(sandbox, 'bob_bot');
    const { refreshToken } = sandbox.issueToken('ada_bot');
    const status = async (access: string) =>
      (await send(sandbox, 'GET', '/api/agents/me', { token: access })).status;
    sandbox.expireTokens('ada_bot');
    expect([await status(ada), await status(bob)]).toEqual([401, 200]);
    sandbox.expireTokens(undefined, { refresh: true });
    expect(await status(bob)).toBe(401);
    const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken };
    expect((await token(refresh)).status).toBe(400);
  });
});
