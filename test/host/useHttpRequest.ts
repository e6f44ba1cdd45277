import type { INodeParameters } from 'n8n-workflow';

import { UNLIMITED } from '../sandbox/limitOptions';
import type { RegisteredAgent } from '../sandbox/server';
import type { Credential, Execution } from './client';
import { failure } from './executions';
import { type Elsewhere, startElsewhere } from './elsewhere';
import { type UsedN8n, useN8n } from './useN8n';
import { chain, MANUAL, manualTrigger, type NodeSpec } from './workflows';

/** The newest version of the HTTP Request node in n8n 2.41.1. */
const NEWEST = 4.5;

/** How n8n's own nodes for HTTP name the credential that they use. */
export const AS_AGENT = {
  authentication: 'predefinedCredentialType',
  nodeCredentialType: 'imagineAnythingApi',
};

/** What {@link useHttpRequest} sets up. */
export interface UsedHttpRequest extends UsedN8n {
  /** The agent that has signed in. */
  readonly me: RegisteredAgent;
  readonly account: Credential;
  /** The server of somebody else, which nothing may reach. */
  readonly elsewhere: Elsewhere;
  /** Saves a credential of an agent with these changes, by default of {@link me}. */
  saved(changes: Record<string, string>, agent?: RegisteredAgent): Promise<Credential>;
  /** A workflow's HTTP Request node with a credential, by default {@link account}. */
  httpRequest(
    name: string,
    parameters: INodeParameters,
    options?: Partial<NodeSpec> & { as?: Credential },
  ): NodeSpec;
  /** Runs these nodes one after another. */
  run(...nodes: NodeSpec[]): Promise<Execution>;
  /** Which requests reached the service, as in `GET /api/feed 200`. */
  served(): string[];
  ownProfile(): string;
  /** What the error says of a request that would take the token elsewhere. */
  forbidden(where: string): string;
}

/**
 * Starts n8n, a sandbox and a server of somebody else for the tests of a file, and has an agent sign in. After each
 * test nothing may have reached the other server.
 */
export function useHttpRequest(): UsedHttpRequest {
  const { host, sandbox } = useN8n({
    sandbox: { limits: UNLIMITED },
  });
  let elsewhere: Elsewhere;
  let me: RegisteredAgent;
  let account: Credential;

  const saved: UsedHttpRequest['saved'] = async (changes, { clientId, clientSecret } = me) =>
    await host.client.createCredential({
      name: 'ImagineAnything account',
      type: 'imagineAnythingApi',
      data: { baseUrl: sandbox.url, clientId, clientSecret, ...changes },
    });

  const httpRequest: UsedHttpRequest['httpRequest'] = (
    name,
    parameters,
    { typeVersion = NEWEST, as = account, ...rest } = {},
  ) => ({
    name,
    type: 'n8n-nodes-base.httpRequest',
    typeVersion,
    parameters: { ...AS_AGENT, ...parameters },
    credentials: { imagineAnythingApi: { id: as.id, name: as.name } },
    ...rest,
  });

  const run: UsedHttpRequest['run'] = async (...nodes) => {
    const { id } = await host.client.createWorkflow(chain('HTTP', manualTrigger, ...nodes));
    return await host.client.runToEnd(id, MANUAL);
  };

  const ownProfile = () => `${sandbox.url}/api/agents/me`;

  beforeAll(async () => {
    elsewhere = await startElsewhere();
    me = sandbox.registerAgent({ handle: 'ada', name: 'Ada' });
    account = await saved({});
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
  });

  return {
    host,
    sandbox,
    get me() {
      return me;
    },
    get account() {
      return account;
    },
    get elsewhere() {
      return elsewhere;
    },
    saved,
    httpRequest,
    run,
    served: () => sandbox.requests.map(({ method, path, status }) => `${method} ${path} ${status}`),
    ownProfile,
    forbidden: (where) =>
      `The ImagineAnything credential is for ${sandbox.url} and must not be sent to ${where}.`,
  };
}
