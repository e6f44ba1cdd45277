/** What a service says in the answer to a sign-in is data: n8n evaluates nothing of it, now or later. */
import { randomBytes } from 'node:crypto';

import type { Fault } from '../sandbox/faults';
import { UNLIMITED } from '../sandbox/limitOptions';
import type { RegisteredAgent } from '../sandbox/server';
import type { Credential, CredentialInput, Execution } from './client';
import { failure, output } from './executions';
import { useN8n } from './useN8n';
import { chain, code, imagineAnything, MANUAL, manualTrigger, type NodeSpec } from './workflows';

/** In every item of the workflow, and in the environment of n8n. */
const PASSWORD = `hunter2-${randomBytes(16).toString('hex')}`;
const IN_ENVIRONMENT = `environment-${randomBytes(16).toString('hex')}`;

const UNUSABLE = 'ImagineAnything returned an access token that cannot be used (HTTP 200)';

const { host, sandbox } = useN8n({
  env: { X: IN_ENVIRONMENT },
  sandbox: { limits: UNLIMITED },
});

/** An agent, its credential, and a workflow whose items hold a password. */
interface Subject {
  agent: RegisteredAgent;
  account: Credential;
  workflowId: string;
}

const NODES = ['Own node', 'HTTP Request'];

async function subject(handle: string, stored: Record<string, string> = {}): Promise<Subject> {
  const agent = sandbox.registerAgent({ handle, name: handle });
  const { clientId, clientSecret } = agent;
  const account = await host.client.createCredential({
    name: `Account of ${handle}`,
    type: 'imagineAnythingApi',
    data: { baseUrl: sandbox.url, clientId, clientSecret, ...stored },
  });
  const settings: Partial<NodeSpec> = {
    credentials: { imagineAnythingApi: { id: account.id, name: account.name } },
    onError: 'continueRegularOutput',
  };
  const items = `return [{ json: { password: ${JSON.stringify(PASSWORD)} } }];`;
  const { id: workflowId } = await host.client.createWorkflow(
    chain(
      `Workflow of ${handle}`,
      manualTrigger,
      code('Items', items),
      imagineAnything(NODES[0], {
        parameters: { resource: 'profile', operation: 'get' },
        ...settings,
      }),
      code('The same items', items),
      {
        name: NODES[1],
        type: 'n8n-nodes-base.httpRequest',
        typeVersion: 4.5,
        parameters: {
          authentication: 'predefinedCredentialType',
          nodeCredentialType: 'imagineAnythingApi',
          url: `${sandbox.url}/api/agents/me`,
        },
        ...settings,
      },
    ),
  );
  return { agent, account, workflowId };
}

async function run({ workflowId }: Subject): Promise<Execution> {
  const execution = await host.client.runToEnd(workflowId, MANUAL);
  expect(failure(execution)).toBeUndefined();
  return execution;
}

/** What the two nodes put out: the handle of the agent, or the message of the error. */
function answers(execution: Execution): string[] {
  return NODES.map((name) => {
    const [{ json }] = output(execution, name);
    const { error, handle, agent } = json as {
      error?: string | { message: string };
      handle?: string;
      agent?: { handle: string };
    };
    return (typeof error === 'object' ? error.message : error) ?? handle ?? agent?.handle ?? '';
  });
}

/** Has every sign-in answered in this way until further notice. */
function signInsAnswer(body: object, kind: 'content-type' | 'status'): void {
  const fault: Fault =
    kind === 'status'
      ? { kind, status: 200, body, apply: true }
      : { kind, contentType: 'application/json', body: JSON.stringify(body) };
  sandbox.faults.clear();
  sandbox.faults.add({ match: { operationId: 'authToken' }, times: Infinity, fault });
}

/** Everything that ever reached the service, in one text. */
function received(): string {
  return JSON.stringify(
    sandbox.requests.map(({ path, query, headers, body }) => [path, query, headers, body]),
  );
}

/** What the editor shows of a credential. It blanks what is secret, unless it is an expression. */
async function shown({ account }: Subject): Promise<string> {
  return JSON.stringify(
    await host.client.request('GET', `/rest/credentials/${account.id}?includeData=true`),
  );
}

afterEach(() => {
  const all = received();
  expect(all).toContain('/api/agents/me');
  // As it is, as it stands in an address, and as a form of it that the expressions make.
  for (const secret of [PASSWORD, IN_ENVIRONMENT, 'hunter2', 'environment-', '[{\\"json\\"']) {
    expect(all).not.toContain(secret);
  }
});

interface Malice {
  handle: string;
  kind: 'content-type' | 'status';
  answer(agent: RegisteredAgent): object;
  /** What each of the two nodes says while the service answers in this way. */
  says: string[];
}

const MALICE: Malice[] = [
  {
    handle: 'items',
    kind: 'content-type',
    answer: () => ({ access_token: '={{JSON.stringify($input.all())}}', expires_in: 3600 }),
    says: [`Get profile: ${UNUSABLE}`, UNUSABLE],
  },
  {
    handle: 'password',
    kind: 'content-type',
    answer: ({ handle }) => ({
      access_token: sandbox.issueToken(handle).accessToken,
      refresh_token: '={{$json.password}}',
      expires_in: 3600,
    }),
    says: ['password', 'password'],
  },
  {
    handle: 'environment',
    kind: 'status',
    answer: () => ({ access_token: '={{$env.X}}', refresh_token: '={{$env.X}}' }),
    says: [`Get profile: ${UNUSABLE}`, UNUSABLE],
  },
];

test('a token that is an expression is not evaluated, before or after a restart, and is forgotten', async () => {
  const subjects = await Promise.all(MALICE.map(async ({ handle }) => await subject(handle)));

  const attack = async (): Promise<void> => {
    for (const [index, { answer, kind, says }] of MALICE.entries()) {
      signInsAnswer(answer(subjects[index].agent), kind);
      expect(answers(await run(subjects[index]))).toEqual(says);
      expect(await shown(subjects[index])).not.toContain('={{');
    }
  };
  await attack();
  // Then n8n has nothing but what it stored.
  await host.n8n.restart();
  await attack();

  // From here on the service is honest, and nobody touches the credentials.
  sandbox.faults.clear();
  sandbox.expireTokens();
  for (const [index, { handle }] of MALICE.entries()) {
    expect(answers(await run(subjects[index]))).toEqual([handle, handle]);
  }
  // What it gave as a refresh token came back to it as it was.
  expect(
    sandbox.requests
      .of('authToken')
      .map(({ body }) => (body as Record<string, string>).refresh_token)
      .filter((token) => token?.startsWith('=')),
  ).toEqual(['={{$json.password}}']);
}, 180_000);

test('a credential that an earlier version of this package broke works', async () => {
  const broken = await subject('broken', {
    accessToken: '={{$env.X}}',
    refreshToken: '={{$json.password}}',
    tokenExpiresAt: String(Date.now() + 3_600_000),
    tokenIssuedFor: '={{JSON.stringify($input.all())}}',
  });

  expect(answers(await run(broken))).toEqual(['broken', 'broken']);
  const { data } = await host.client.request<CredentialInput>(
    'GET',
    `/rest/credentials/${broken.account.id}?includeData=true`,
  );
  sandbox.requests.clear();
  expect(await host.client.testCredential(broken.account, data)).toMatchObject({ status: 'OK' });
  expect(sandbox.requests.map(({ operationId, agent }) => [operationId, agent])).toEqual([
    ['profileGet', 'broken'],
  ]);
}, 60_000);
