/** When the credential signs in for n8n's own nodes for HTTP, what it does with a token that fails, and what n8n forbids it. */
import type { Credential, CredentialInput, CredentialTestResult } from './client';
import { failure } from './executions';
import { findTraces } from './traces';
import { useHttpRequest } from './useHttpRequest';
import { imagineAnything, type NodeSpec } from './workflows';

const use = useHttpRequest();
const { host, sandbox, saved, httpRequest, run, served, ownProfile, forbidden } = use;

/** An agent that nobody has signed in as yet, and its credential. */
async function newcomer(handle: string, changes: Record<string, string>): Promise<Credential> {
  return await saved(changes, sandbox.registerAgent({ handle, name: handle }));
}

describe('a request that fails', () => {
  const post = (content: string): NodeSpec =>
    httpRequest('HTTP', {
      method: 'POST',
      url: `${sandbox.url}/api/posts`,
      sendBody: true,
      specifyBody: 'json',
      jsonBody: JSON.stringify({ content }),
    });

  test('is not sent again, because it may have had its effect', async () => {
    sandbox.faults.add({
      match: { operationId: 'postCreate' },
      times: Infinity,
      fault: { kind: 'status', status: 500, body: { error: 'internal_error' }, apply: true },
    });
    const execution = await run(post('Only once'));

    expect(execution.status).toBe('error');
    expect(sandbox.requests.of('postCreate')).toHaveLength(1);
    const posts = sandbox.state.postsBy(use.me.id).map(({ content }) => content);
    expect(posts.filter((content) => content === 'Only once')).toHaveLength(1);
  });

  test('costs no sign-in', async () => {
    const execution = await run(httpRequest('HTTP', { url: `${sandbox.url}/api/agents/nobody` }));

    expect(failure(execution)).toBe('The resource you are requesting could not be found');
    expect(sandbox.requests.of('authToken')).toEqual([]);
  });

  test.each<[what: string, node: () => NodeSpec, operationId: string]>([
    ['a read', () => httpRequest('HTTP', { url: ownProfile() }), 'profileGet'],
    ['a write', () => post('After a new token'), 'postCreate'],
  ])('for its token is sent again with a new one: %s', async (_what, node, operationId) => {
    sandbox.expireTokens();
    const execution = await run(node());

    expect(failure(execution)).toBeUndefined();
    expect(sandbox.requests.of('authToken').map(({ body }) => body)).toMatchObject([
      { grant_type: 'refresh_token' },
    ]);
    expect(sandbox.requests.of(operationId).at(-1)).toMatchObject({ agent: 'ada' });
    expect(sandbox.requests.applied('postCreate')).toHaveLength(
      operationId === 'postCreate' ? 1 : 0,
    );
  });

  test('does not go out as nobody once the credential is another agent’s', async () => {
    const as = await newcomer('first', {});
    await run(httpRequest('HTTP', { url: ownProfile() }, { as }));
    const { clientId, clientSecret } = sandbox.registerAgent({ handle: 'second', name: 'Second' });
    await host.client.changeCredential(as.id, { clientId, clientSecret });
    // Public, so that it would be answered.
    const execution = await run(
      httpRequest('HTTP', { url: `${sandbox.url}/api/agents/ada` }, { as }),
    );

    expect(failure(execution)).toBeUndefined();
    expect(sandbox.requests.of('agentGet').map(({ agent }) => agent)).toEqual(['second']);
  });
});

describe("n8n's own limit of the credential, Allowed HTTP Request Domains", () => {
  const profile = (as: Credential): NodeSpec =>
    imagineAnything('Own node', {
      parameters: { resource: 'profile', operation: 'get' },
      credentials: { imagineAnythingApi: { id: as.id, name: as.name } },
    });

  const blocked = () =>
    `n8n blocked the sign-in at ${sandbox.url}: the "Allowed Domains" of the credential do not include 127.0.0.1`;

  test.each([
    ['other ones', 'limited', 'example.com'],
    ['none', 'unlisted', ''],
  ])('says so when it blocks the sign-in: %s', async (_what, handle, allowedDomains) => {
    const limits = { allowedHttpRequestDomains: 'domains', allowedDomains };
    const as = await newcomer(handle, limits);
    const { clientId, clientSecret } = sandbox.state.agentByHandle(handle) ?? {};
    const data = { baseUrl: sandbox.url, clientId, clientSecret, ...limits };

    expect(await host.client.testCredential(as, data as Record<string, string>)).toEqual({
      status: 'Error',
      message: blocked(),
    });
    const own = await run(profile(as));
    expect(failure(own)).toBe(`Get profile: ${blocked()}`);
    expect(own.data.resultData.error).toMatchObject({
      description: expect.stringContaining('Add 127.0.0.1 to the "Allowed Domains"') as unknown,
    });
    const other = await run(httpRequest('HTTP', { url: ownProfile() }, { as }));
    expect(failure(other)).toBe(
      allowedDomains === ''
        ? 'No allowed domains specified. Configure allowed domains or change restriction setting.'
        : blocked(),
    );
    expect(served()).toEqual([]);
  });

  test('names hosts only, so that the port is still this credential’s to check', async () => {
    const as = await newcomer('listed', {
      allowedHttpRequestDomains: 'domains',
      allowedDomains: '127.0.0.1',
    });

    expect(failure(await run(profile(as)))).toBeUndefined();
    expect(failure(await run(httpRequest('HTTP', { url: use.elsewhere.url }, { as })))).toBe(
      forbidden(use.elsewhere.url),
    );
  });

  test('does not touch the own node when it keeps the credential from other nodes', async () => {
    const as = await newcomer('kept', { allowedHttpRequestDomains: 'none' });

    expect(failure(await run(profile(as)))).toBeUndefined();
    expect(failure(await run(httpRequest('HTTP', { url: ownProfile() }, { as })))).toContain(
      'configured to prevent use within an HTTP Request',
    );
  });
});

describe('a test of a credential that has a token', () => {
  /** Presses the test button, with what the form shows and these changes. */
  async function tested(changes: Record<string, string>): Promise<CredentialTestResult> {
    const { data } = await host.client.request<CredentialInput>(
      'GET',
      `/rest/credentials/${use.account.id}?includeData=true`,
    );
    return await host.client.testCredential(use.account, { ...data, ...changes });
  }

  test('asks with the token, and costs no sign-in', async () => {
    expect(await tested({})).toMatchObject({ status: 'OK' });
    expect(served()).toEqual(['GET /api/agents/me 200']);
  });

  test('signs in with another secret', async () => {
    expect(await tested({ clientSecret: 'another' })).toEqual({
      status: 'Error',
      message: expect.stringContaining(
        'rejected the credential: invalid_client: Invalid client credentials. Check the client ID',
      ) as unknown,
    });
    expect(served()).toEqual(['POST /api/auth/token 401']);
  });
});

// Last, so that everything above has happened.
test('no token is found in what n8n keeps', async () => {
  expect(
    await findTraces(host.n8n.userFolder, {
      'a token': /ia[tr]_[0-9a-f]{16}/,
      'the client secret': use.me.clientSecret,
    }),
  ).toEqual([]);
});
