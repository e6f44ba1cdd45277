/** The credential in n8n's own nodes for HTTP: its token goes to the service of its base URL only. */
import type { INodeParameters, NodeApiError } from 'n8n-workflow';

import { failure, output } from './executions';
import { OTHER_SERVERS } from './otherServers';
import { findTraces } from './traces';
import { NEWEST_AI_AGENT, useAiAgent } from './useAiAgent';
import { AS_AGENT, useHttpRequest } from './useHttpRequest';
import { code, type NodeSpec } from './workflows';

/** The oldest that has such credentials, what most workflows have, and the newest of n8n 2.41.1. */
const VERSIONS = [3, 4.2, 4.3, 4.5];

const use = useHttpRequest();
const { host, sandbox, saved, httpRequest, run, served, ownProfile, forbidden } = use;
const ai = useAiAgent(use);

interface Outcome {
  json: Record<string, unknown>;
  message?: string;
  description?: string | null;
}

/** What each version of the HTTP Request node makes of these parameters, one after the other. */
async function tried(
  make: INodeParameters | ((typeVersion: number) => INodeParameters),
  as = use.account,
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
  test.each(OTHER_SERVERS)('$what', async ({ url, where }) => {
    const servers = [sandbox.url, use.elsewhere.url] as const;
    expect(await tried({ url: url(...servers) })).toMatchObject(
      VERSIONS.map(() => ({
        message: forbidden(where(...servers)),
        description: `Use this credential only with URLs that start with ${sandbox.url}.`,
      })),
    );
    // Not even a sign-in, of which the service allows 10 a minute.
    expect(served()).toEqual([]);
  });

  test('as a proxy', async () => {
    expect(await tried({ url: ownProfile(), options: { proxy: use.elsewhere.url } })).toMatchObject(
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
    const urls = JSON.stringify([ownProfile(), `${use.elsewhere.url}/x`, ownProfile()]);
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
      { error: { message: forbidden(use.elsewhere.url) } },
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
        body: JSON.stringify({ next: `${use.elsewhere.url}/page2` }),
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

    expect(outcomes).toMatchObject(VERSIONS.map(() => ({ message: forbidden(use.elsewhere.url) })));
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
      fault: { kind: 'redirect', status, location: `${use.elsewhere.url}/there` },
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
        message: `${sandbox.url} redirected the request to ${use.elsewhere.url} (HTTP ${status})`,
        description: expect.stringContaining('not followed, to protect the token') as unknown,
      })),
    );
  });

  test('of which an execution that ends with the error tells, too', async () => {
    const execution = await run(httpRequest('HTTP', { url: use.elsewhere.url }));

    expect(execution.status).toBe('error');
    expect(failure(execution)).toBe(forbidden(use.elsewhere.url));
  });

  test.each<[what: string, node: (url: string) => NodeSpec]>([
    [
      'the GraphQL node',
      (endpoint) => ({
        name: 'HTTP',
        type: 'n8n-nodes-base.graphql',
        typeVersion: 1.1,
        parameters: { ...AS_AGENT, endpoint, requestMethod: 'POST', query: '{ me }' },
        credentials: { imagineAnythingApi: { id: use.account.id, name: use.account.name } },
      }),
    ],
    [
      'version 2 of the HTTP Request node',
      (url) => httpRequest('HTTP', { url }, { typeVersion: 2 }),
    ],
  ])('from %s', async (_what, node) => {
    const execution = await run(node(`${use.elsewhere.url}/x`));
    expect(failure(execution)).toBe(forbidden(use.elsewhere.url));
    expect(served()).toEqual([]);

    await run(node(ownProfile()));
    expect(sandbox.requests.map(({ agent }) => agent)).toEqual(['ada']);
  });
});

describe('a model that is talked into asking another server', () => {
  /** Has the model call the tool with this input, and gives what it was told. */
  async function toldAfter(
    spec: NodeSpec,
    input: Record<string, string>,
    typeVersion = NEWEST_AI_AGENT,
  ): Promise<string> {
    ai.model.play({ tool: spec.name, input }, { text: 'Done.' });
    await ai.askVersion(typeVersion, 'Ask it.', spec);
    return ai.toldToModel()[0] ?? '';
  }

  const tool = (): NodeSpec =>
    httpRequest(
      'Request',
      {
        toolDescription: 'Asks a server',
        url: "={{ $fromAI('url', 'The URL', 'string') }}",
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
    const told = await toldAfter(tool(), { url: `${use.elsewhere.url}/collect`, ...header });
    expect(told).toContain(forbidden(use.elsewhere.url));
    expect(served()).toEqual([]);
  });

  test('does not get there by a header either', async () => {
    const input = { url: ownProfile(), header: 'host', value: new URL(use.elsewhere.url).host };
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
      credentials: { imagineAnythingApi: { id: use.account.id, name: use.account.name } },
    };
    const who = `${new URL(use.elsewhere.url).host}/collect?`;
    // The newer agent does not take the older tool.
    const told = await toldAfter(older, { who }, 2.2);
    expect(told).toContain(forbidden(use.elsewhere.url));
    expect(served()).toEqual([]);
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
