/** The credential in n8n's own nodes for HTTP: its token goes to the service of its base URL only. */
import type { INodeParameters, NodeApiError } from 'n8n-workflow';

import type { RegisteredAgent } from '../sandbox/server';
import { type ChatModel, startChatModel, type Turn } from './chat-model';
import type { Credential, CredentialInput, CredentialTestResult, Execution } from './client';
import { failure, output } from './executions';
import { type Elsewhere, startElsewhere } from './elsewhere';
import { findTraces } from './traces';
import { useN8n } from './useN8n';
import {
  chain,
  code,
  connect,
  imagineAnything,
  MANUAL,
  manualTrigger,
  type NodeSpec,
} from './workflows';

/** The oldest that has such credentials, what most workflows have, and the newest of n8n 2.41.1. */
const VERSIONS = [3, 4.2, 4.3, 4.5];
const NEWEST = 4.5;

const AS_AGENT = {
  authentication: 'predefinedCredentialType',
  nodeCredentialType: 'imagineAnythingApi',
};

const { host, sandbox } = useN8n({
  sandbox: { limits: { reads: Infinity, writes: Infinity, auths: Infinity } },
});
let elsewhere: Elsewhere;
let model: ChatModel;
let me: RegisteredAgent;
let account: Credential;
let openAi: Credential;

beforeAll(async () => {
  [elsewhere, model] = await Promise.all([startElsewhere(), startChatModel()]);
  me = sandbox.registerAgent({ handle: 'ada', name: 'Ada' });
  account = await saved({});
  openAi = await host.client.createCredential({
    name: 'Model on this machine',
    type: 'openAiApi',
    data: { apiKey: 'sk-none', url: model.url },
  });
  // So that a sign-in further down is one too many.
  expect(failure(await run(httpRequest('HTTP', { url: ownProfile() })))).toBeUndefined();
});

beforeEach(() => {
  sandbox.requests.clear();
  elsewhere.reached.length = 0;
});

afterEach(() => {
  sandbox.faults.clear();
  // Nothing at all, so no token either.
  expect(elsewhere.reached).toEqual([]);
});

afterAll(async () => {
  await elsewhere?.close();
  await model?.close();
});

async function saved(changes: Record<string, string>, agent = me): Promise<Credential> {
  const { clientId, clientSecret } = agent;
  return await host.client.createCredential({
    name: 'ImagineAnything account',
    type: 'imagineAnythingApi',
    data: { baseUrl: sandbox.url, clientId, clientSecret, ...changes },
  });
}

/** An agent that nobody has signed in as yet, and its credential. */
async function newcomer(handle: string, changes: Record<string, string>): Promise<Credential> {
  return await saved(changes, sandbox.registerAgent({ handle, name: handle }));
}

function httpRequest(
  name: string,
  parameters: INodeParameters,
  { typeVersion = NEWEST, as = account, ...rest }: Partial<NodeSpec> & { as?: Credential } = {},
): NodeSpec {
  return {
    name,
    type: 'n8n-nodes-base.httpRequest',
    typeVersion,
    parameters: { ...AS_AGENT, ...parameters },
    credentials: { imagineAnythingApi: { id: as.id, name: as.name } },
    ...rest,
  };
}

async function run(...nodes: NodeSpec[]): Promise<Execution> {
  const { id } = await host.client.createWorkflow(chain('HTTP', manualTrigger, ...nodes));
  return await host.client.runToEnd(id, MANUAL);
}

interface Outcome {
  json: Record<string, unknown>;
  message?: string;
  description?: string | null;
}

/** What each version of the HTTP Request node makes of these parameters, one after the other. */
async function tried(
  make: INodeParameters | ((typeVersion: number) => INodeParameters),
  as = account,
): Promise<Outcome[]> {
  const nodes = VERSIONS.map((typeVersion) =>
    httpRequest(`HTTP ${typeVersion}`, typeof make === 'function' ? make(typeVersion) : make, {
      typeVersion,
      as,
      onError: 'continueRegularOutput',
    }),
  );
  const execution = await run(...nodes);
  expect(failure(execution)).toBeUndefined();
  return nodes.map(({ name }) => {
    const [{ json }] = output(execution, name);
    const error = json.error as Partial<NodeApiError> | undefined;
    return { json, message: error?.message, description: error?.description };
  });
}

/** Which requests reached the service, as in `GET /api/feed 200`. */
function served(): string[] {
  return sandbox.requests.map(({ method, path, status }) => `${method} ${path} ${status}`);
}

const ownProfile = () => `${sandbox.url}/api/agents/me`;

function forbidden(where: string, home = sandbox.url): string {
  return `The ImagineAnything credential is for ${home} and must not be sent to ${where}.`;
}

describe('the service of the base URL', () => {
  test('is asked with the token, by every version of the HTTP Request node', async () => {
    const outcomes = await tried({ url: ownProfile() });

    expect(outcomes.map(({ json }) => json)).toEqual(
      VERSIONS.map(() => ({ agent: expect.objectContaining({ handle: 'ada' }) as unknown })),
    );
    expect(sandbox.requests.of('profileGet').map(({ agent }) => agent)).toEqual(
      VERSIONS.map(() => 'ada'),
    );
  });

  test('is the same in capitals', async () => {
    const as = await saved({ baseUrl: sandbox.url.replace('127.0.0.1', 'LocalHost') });
    const url = `http://LOCALHOST:${new URL(sandbox.url).port}/api/agents/me`;
    const outcomes = await tried({ url }, as);

    expect(outcomes.map(({ message }) => message)).toEqual(VERSIONS.map(() => undefined));
    expect(sandbox.requests.of('profileGet').map(({ agent }) => agent)).toEqual(
      VERSIONS.map(() => 'ada'),
    );
  });
});

describe('another server never gets a request, and the user reads why', () => {
  test.each<[what: string, url: () => string, where: () => string]>([
    ['on another port', () => `${elsewhere.url}/x`, () => elsewhere.url],
    [
      'under another name of the host',
      () => ownProfile().replace('127.0.0.1', 'localhost'),
      () => sandbox.url.replace('127.0.0.1', 'localhost'),
    ],
    [
      'under another name with a trailing dot',
      () => ownProfile().replace('127.0.0.1', 'LOCALHOST.'),
      () => sandbox.url.replace('127.0.0.1', 'localhost.'),
    ],
    [
      'under another scheme',
      () => ownProfile().replace('http:', 'https:'),
      () => sandbox.url.replace('http:', 'https:'),
    ],
    [
      'behind the own host as a user name',
      () => `http://${new URL(sandbox.url).host}@${new URL(elsewhere.url).host}/x`,
      () => elsewhere.url,
    ],
    [
      'at the own address with a user name',
      () => ownProfile().replace('//', '//user:password@'),
      () => 'a URL with a user name or password',
    ],
  ])('%s', async (_what, url, where) => {
    expect(await tried({ url: url() })).toMatchObject(
      VERSIONS.map(() => ({
        message: forbidden(where()),
        description: `Use this credential only with URLs that start with ${sandbox.url}.`,
      })),
    );
    // Not even a sign-in, of which the service allows 10 a minute.
    expect(served()).toEqual([]);
  });

  test('as a proxy', async () => {
    expect(await tried({ url: ownProfile(), options: { proxy: elsewhere.url } })).toMatchObject(
      VERSIONS.map(() => ({ message: forbidden('a proxy') })),
    );
    expect(served()).toEqual([]);
  });

  test('by a header that names it', async () => {
    const headerParameters = { parameters: [{ name: 'Host', value: 'evil.example' }] };
    expect(await tried({ url: ownProfile(), sendHeaders: true, headerParameters })).toMatchObject(
      VERSIONS.map(() => ({ message: forbidden('the host named in the Host header') })),
    );
    expect(served()).toEqual([]);
  });

  test('as one item of a batch, whose other items go on', async () => {
    const urls = JSON.stringify([ownProfile(), `${elsewhere.url}/x`, ownProfile()]);
    const execution = await run(
      code('Addresses', `return ${urls}.map((url) => ({ json: { url } }));`),
      httpRequest(
        'HTTP',
        {
          url: '={{ $json.url }}',
          options: { batching: { batch: { batchSize: 1, batchInterval: 1 } } },
        },
        { onError: 'continueRegularOutput' },
      ),
    );

    expect(output(execution, 'HTTP').map(({ json }) => json)).toMatchObject([
      { agent: { handle: 'ada' } },
      { error: { message: forbidden(elsewhere.url) } },
      { agent: { handle: 'ada' } },
    ]);
    expect(served()).toEqual(['GET /api/agents/me 200', 'GET /api/agents/me 200']);
  });

  test('as the next page', async () => {
    sandbox.faults.add({
      match: { operationId: 'profileGet' },
      times: Infinity,
      fault: {
        kind: 'content-type',
        contentType: 'application/json',
        body: JSON.stringify({ next: `${elsewhere.url}/page2` }),
      },
    });
    const outcomes = await tried((typeVersion) => ({
      url: ownProfile(),
      options: {
        ...(typeVersion < 4 ? { redirect: { redirect: { followRedirects: true } } } : {}),
        pagination: {
          pagination: {
            paginationMode: 'responseContainsNextURL',
            nextURL: '={{ $response.body?.next ?? $request.url ?? $request.uri }}',
            paginationCompleteWhen: 'other',
            completeExpression: '={{ !$response.body.next }}',
            limitPagesFetched: true,
            maxRequests: 3,
          },
        },
      },
    }));

    expect(outcomes).toMatchObject(VERSIONS.map(() => ({ message: forbidden(elsewhere.url) })));
    expect(served()).toEqual(VERSIONS.map(() => 'GET /api/agents/me 200'));
  });

  test.each(
    [301, 302, 307].flatMap((status) => [
      [status as 301, 'GET', '/api/agents/me'] as const,
      [status as 301, 'POST', '/api/posts'] as const,
    ]),
  )('by a redirect: %i for a %s', async (status, method, path) => {
    sandbox.faults.add({
      match: { path },
      times: Infinity,
      fault: { kind: 'redirect', status, location: `${elsewhere.url}/there` },
    });
    const outcomes = await tried((typeVersion) => ({
      url: `${sandbox.url}${path}`,
      method,
      ...(method === 'POST'
        ? { sendBody: true, specifyBody: 'json', jsonBody: '{"content":"x"}' }
        : {}),
      options: {
        sendCredentialsOnCrossOriginRedirect: true,
        // From version 4 on it is the default.
        ...(typeVersion < 4 ? { redirect: { redirect: { followRedirects: true } } } : {}),
      },
    }));

    expect(outcomes).toMatchObject(
      VERSIONS.map(() => ({
        message: `${sandbox.url} redirected the request to ${elsewhere.url} (HTTP ${status})`,
        description: expect.stringContaining('not followed, to protect the token') as unknown,
      })),
    );
  });

  test('of which an execution that ends with the error tells, too', async () => {
    const execution = await run(httpRequest('HTTP', { url: elsewhere.url }));

    expect(execution.status).toBe('error');
    expect(failure(execution)).toBe(forbidden(elsewhere.url));
  });

  test.each<[what: string, node: (url: string) => NodeSpec]>([
    [
      'the GraphQL node',
      (endpoint) => ({
        name: 'HTTP',
        type: 'n8n-nodes-base.graphql',
        typeVersion: 1.1,
        parameters: { ...AS_AGENT, endpoint, requestMethod: 'POST', query: '{ me }' },
        credentials: { imagineAnythingApi: { id: account.id, name: account.name } },
      }),
    ],
    [
      'version 2 of the HTTP Request node',
      (url) => httpRequest('HTTP', { url }, { typeVersion: 2 }),
    ],
  ])('from %s', async (_what, node) => {
    const execution = await run(node(`${elsewhere.url}/x`));
    expect(failure(execution)).toBe(forbidden(elsewhere.url));
    expect(served()).toEqual([]);

    await run(node(ownProfile()));
    expect(sandbox.requests.map(({ agent }) => agent)).toEqual(['ada']);
  });
});

describe('a model that is talked into asking another server', () => {
  const AGENT = 'AI Agent';

  /** Has the model call the tool with this input, and gives what it was told. */
  async function toldAfter(
    tool: NodeSpec,
    input: Record<string, string>,
    typeVersion = 3.1,
  ): Promise<string> {
    const turns: Turn[] = [{ tool: tool.name, input }, { text: 'Done.' }];
    model.play(...turns);
    const workflow = chain('Ask', manualTrigger, {
      name: AGENT,
      type: '@n8n/n8n-nodes-langchain.agent',
      typeVersion,
      parameters: { promptType: 'define', text: 'Ask it.', options: {} },
    });
    const chatModel: NodeSpec = {
      name: 'Chat Model',
      type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
      typeVersion: 1.3,
      parameters: {
        model: { __rl: true, mode: 'id', value: 'scripted' },
        responsesApiEnabled: false,
        options: { maxRetries: 0 },
      },
      credentials: { openAiApi: openAi },
    };
    connect(workflow, chatModel, 'ai_languageModel', AGENT);
    connect(workflow, tool, 'ai_tool', AGENT);
    const { id } = await host.client.createWorkflow(workflow);
    expect(failure(await host.client.runToEnd(id, MANUAL))).toBeUndefined();
    const { messages } = model.requests[model.requests.length - 1];
    return messages.find(({ role }) => role === 'tool')?.content ?? '';
  }

  const tool = (): NodeSpec =>
    httpRequest(
      'Request',
      {
        toolDescription: 'Asks a server',
        url: "={{ $fromAI('url', 'The address', 'string') }}",
        sendHeaders: true,
        headerParameters: {
          parameters: [
            {
              name: "={{ $fromAI('header', '', 'string') }}",
              value: "={{ $fromAI('value', '', 'string') }}",
            },
          ],
        },
      },
      { type: 'n8n-nodes-base.httpRequestTool' },
    );

  const header = { header: 'X-Test', value: 'x' };

  test('gets an answer of its own service', async () => {
    expect(await toldAfter(tool(), { url: ownProfile(), ...header })).toContain('"handle":"ada"');
    expect(sandbox.requests.of('profileGet').map(({ agent }) => agent)).toEqual(['ada']);
  });

  test('is told that the credential is not for the other', async () => {
    const told = await toldAfter(tool(), { url: `${elsewhere.url}/collect`, ...header });
    expect(told).toContain(forbidden(elsewhere.url));
    expect(served()).toEqual([]);
  });

  test('does not get there by a header either', async () => {
    const input = { url: ownProfile(), header: 'host', value: new URL(elsewhere.url).host };
    expect(await toldAfter(tool(), input)).toContain(
      forbidden('the host named in the Host header'),
    );
    expect(served()).toEqual([]);
  });

  test('does not get there by what it fills in for a part of the address', async () => {
    // n8n lets no model fill in the host of this older tool, but what stands before it.
    const older: NodeSpec = {
      name: 'Request',
      type: '@n8n/n8n-nodes-langchain.toolHttpRequest',
      typeVersion: 1.1,
      parameters: {
        ...AS_AGENT,
        toolDescription: 'Asks a server',
        url: ownProfile().replace('//', '//{who}@'),
        placeholderDefinitions: { values: [{ name: 'who', description: 'Who', type: 'string' }] },
      },
      credentials: { imagineAnythingApi: { id: account.id, name: account.name } },
    };
    const who = `${new URL(elsewhere.url).host}/collect?`;
    // The newer agent does not take the older tool.
    const told = await toldAfter(older, { who }, 2.2);
    expect(told).toContain(forbidden(elsewhere.url));
    expect(served()).toEqual([]);
  });
});

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
    const posts = sandbox.state.postsBy(me.id).map(({ content }) => content);
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
    expect(failure(await run(httpRequest('HTTP', { url: elsewhere.url }, { as })))).toBe(
      forbidden(elsewhere.url),
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
      `/rest/credentials/${account.id}?includeData=true`,
    );
    return await host.client.testCredential(account, { ...data, ...changes });
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
      'the client secret': me.clientSecret,
    }),
  ).toEqual([]);
});
