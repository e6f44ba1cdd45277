/** Secrets are nowhere but in the stored credentials, which n8n encrypts. */
import { randomBytes } from 'node:crypto';

import type { Fault } from '../sandbox/faults';
import type { RegisteredAgent } from '../sandbox/server';
import type { Credential, Execution, SavedWorkflow } from './client';
import { failure, output } from './executions';
import { type Wanted, findTraces } from './traces';
import { addActiveTrigger, addTrigger, event, newestExecution, TRIGGER } from './trigger';
import { useN8n } from './useN8n';
import { MANUAL, type NodeSpec, chain, imagineAnything, manualTrigger } from './workflows';

const KEY = `sk-host-${randomBytes(16).toString('hex')}`;
/** The key of a provider that is not the chosen one. */
const OTHER_KEY = `rw-host-${randomBytes(16).toString('hex')}`;
const WRONG_SECRET = `wrong-${randomBytes(16).toString('hex')}`;
const CONNECT = 'Connect';

const { host, sandbox } = useN8n({
  // Errors and requests that n8n would rather not mention are in a log of this level.
  env: { N8N_LOG_LEVEL: 'debug' },
});
let agent: RegisteredAgent;
let account: Credential;
/** The secret in the registered URL of the webhook. */
let urlKey = '';
/** What the REST API, and with it the editor, shows of all that was run. */
const shown: string[] = [];

beforeAll(async () => {
  agent = sandbox.registerAgent({ handle: 'ada', name: 'Ada' });
  account = await saved('ImagineAnything account', accountData());
});

afterEach(() => {
  sandbox.faults.clear();
});

/** What the form of the credential holds. */
function accountData(): Record<string, string | boolean> {
  const { clientId, clientSecret } = agent;
  const keys = { useAiProviderKeys: true, openAiApiKey: KEY, runwareApiKey: OTHER_KEY };
  return { baseUrl: sandbox.url, clientId, clientSecret, ...keys };
}

async function saved(
  name: string,
  data: Readonly<Record<string, string | boolean>>,
): Promise<Credential> {
  return await host.client.createCredential({ name, type: 'imagineAnythingApi', data });
}

/** Runs AI Provider: Connect, and keeps what n8n shows of the workflow and the execution. */
async function connect(
  settings: Partial<NodeSpec> = {},
  as = account,
): Promise<{ workflow: SavedWorkflow; execution: Execution }> {
  const node = imagineAnything(CONNECT, {
    parameters: { resource: 'aiProvider', operation: 'connect', provider: 'OPENAI' },
    credentials: { imagineAnythingApi: as },
    ...settings,
  });
  const { id } = await host.client.createWorkflow(chain('Connect', manualTrigger, node));
  const execution = await host.client.runToEnd(id, MANUAL);
  const workflow = await host.client.workflow(id);
  shown.push(JSON.stringify(execution), JSON.stringify(workflow));
  return { workflow, execution };
}

/** Has the service answer the next connection, or whatever is named, in this way. */
function order(fault: Fault, operationId = 'aiProviderConnect', times = 1): void {
  sandbox.faults.add({ match: { operationId }, times, fault });
}

test('the key reaches the service, and its masked form the item', async () => {
  const { execution } = await connect();

  expect(failure(execution)).toBeUndefined();
  expect([...sandbox.state.connectedProviders.values()]).toMatchObject([
    { agentId: agent.id, provider: 'OPENAI', apiKey: KEY },
  ]);
  expect(output(execution, CONNECT)).toMatchObject([
    { json: { provider: 'OPENAI', apiKey: `sk-h••••${KEY.slice(-4)}` } },
  ]);
});

test('a service that shows whole keys does not get them into the item', async () => {
  order({
    kind: 'content-type',
    contentType: 'application/json',
    body: JSON.stringify({ service: { id: 'cs_1', apiKey: KEY, others: [OTHER_KEY] } }),
  });
  const { execution } = await connect();

  expect(output(execution, CONNECT)).toMatchObject([
    { json: { id: 'cs_1', apiKey: '••••••', others: ['••••••'] } },
  ]);
});

test.each([
  ['is empty', { openAiApiKey: '' }],
  ['is not shown, and so not given to the node', { useAiProviderKeys: false }],
])('a field of a key that %s is named, and nothing is sent', async (_what, changes) => {
  const { length } = sandbox.requests;
  const keyless = await saved('Account without a key', { ...accountData(), ...changes });
  const { execution } = await connect({}, keyless);

  expect(failure(execution)).toBe(
    'Connect AI provider: the field "OpenAI API Key" of the credential "Account without a key" is empty',
  );
  expect(sandbox.requests).toHaveLength(length);
});

describe('a failed connection does not show the key', () => {
  test.each<[what: string, fault: Fault, times: number, message: RegExp]>([
    [
      'refused with a message that repeats it',
      {
        kind: 'status',
        status: 400,
        body: { error: 'invalid_key', message: `OpenAI does not know ${KEY}`, details: [KEY] },
      },
      1,
      /OpenAI does not know ••••••/,
    ],
    ['refused in plain text', { kind: 'status', status: 422, body: `Bad key ${KEY}` }, 1, /422/],
    ['the token refused', { kind: 'unauthorized' }, 2, /access token is invalid/],
    ['the connection broken', { kind: 'reset' }, Infinity, /connection was lost/],
    [
      'an answer that is no JSON',
      { kind: 'content-type', body: `<p>${KEY}</p>` },
      Infinity,
      /web page/,
    ],
  ])(
    '%s',
    async (_what, fault, times, message) => {
      order(fault, undefined, times);
      const { execution } = await connect();

      expect(execution.status).toBe('error');
      expect(failure(execution)).toMatch(message);
    },
    60_000,
  );

  test('and the workflow goes on with the error as an item', async () => {
    const body = { error: 'invalid_key', message: `OpenAI does not know ${KEY}` };
    order({ kind: 'status', status: 400, body });
    const { execution } = await connect({ onError: 'continueRegularOutput' });

    expect(output(execution, CONNECT)).toMatchObject([
      { json: { error: expect.stringContaining('OpenAI does not know ••••••') as unknown } },
    ]);
  });
});

test('a refused sign-in does not show the client secret', async () => {
  const data = { ...accountData(), clientSecret: WRONG_SECRET };
  const wrong = await saved('Wrong account', data);
  order(
    {
      kind: 'status',
      status: 401,
      body: { error: 'invalid_client', error_description: `${WRONG_SECRET} is wrong` },
    },
    'authToken',
  );
  const { execution } = await connect({}, wrong);

  expect(failure(execution)).toContain('invalid_client: •••••• is wrong');
  const tested = await host.client.testCredential(wrong, data);
  expect(tested).toMatchObject({ status: 'Error' });
  shown.push(JSON.stringify(tested));
});

test('a test of the credential does not show them', async () => {
  const tested = await host.client.testCredential(account, accountData());

  expect(tested).toMatchObject({ status: 'OK' });
  shown.push(JSON.stringify(tested));
});

test('a token that ends and is renewed leaves no trace either', async () => {
  sandbox.expireTokens();
  const { execution } = await connect();

  expect(failure(execution)).toBeUndefined();
  expect(sandbox.tokenExchanges.at(-1)).toMatchObject({ grantType: 'refresh_token', status: 200 });
});

describe('the key of the webhook', () => {
  /** The URL as the service has it. */
  const registeredUrl = (): string =>
    sandbox.state.agentByHandle(agent.handle)?.webhook?.url ?? 'none';

  test('is not shown by what is delivered, refused, tested, or asked for', async () => {
    const listener = await addActiveTrigger(host, { ...agent, credential: account });
    urlKey = new URL(registeredUrl()).searchParams.get('webhook_key') ?? '';
    expect(urlKey).toMatch(/^[\w-]{32}$/);
    await sandbox.deliver(agent.handle, event());
    await sandbox.deliver(agent.handle, event(), { url: listener.production });
    const get = imagineAnything('Get', {
      parameters: { resource: 'webhook', operation: 'get' },
      credentials: { imagineAnythingApi: account },
    });
    const { id } = await host.client.createWorkflow(chain('Get', manualTrigger, get));
    const asked = await host.client.runToEnd(id, MANUAL);
    expect(output(asked, 'Get')).toMatchObject([
      { json: { webhookUrl: `${listener.production}?webhook_key=••••••` } },
    ]);
    const second = await saved('Second account', accountData());
    const other = await addTrigger(host, { ...agent, credential: second });
    const refusal = await host.client.activate(other.workflow.id).catch(String);
    expect(refusal).toContain(listener.production);
    const tested = await addTrigger(host, { ...agent, credential: account });
    await host.client.listen(tested.workflow.id, TRIGGER);
    await sandbox.deliver(agent.handle, event());
    const ended = await newestExecution(host, tested);
    for (const each of [asked, refusal, ended, await newestExecution(host, listener)]) {
      shown.push(JSON.stringify(each));
    }
    shown.push(JSON.stringify(await host.client.workflow(listener.workflow.id)));
  });
});

// Last, so that everything above has happened.
test('no secret is found in what n8n keeps and shows', async () => {
  const secrets: Wanted = {
    'the key': KEY,
    'the other key': OTHER_KEY,
    'the client secret': agent.clientSecret,
    'the wrong client secret': WRONG_SECRET,
    'a token': /ia[tr]_[0-9a-f]{16}/,
    'the key of the webhook': urlKey,
  };
  const { userFolder } = host.n8n;
  // Without --decrypted, as people keep it in a repository.
  const exported = await host.n8n.runCommand('export:credentials', '--all');
  expect(exported).toContain(account.name);
  shown.push(exported);
  const path = `/rest/credentials/${account.id}?includeData=true`;
  shown.push(JSON.stringify(await host.client.request('GET', path)));

  expect(await findTraces(userFolder, secrets)).toEqual([]);
  for (const secret of Object.values(secrets)) {
    expect(shown.join('\n')).not.toMatch(secret);
  }
  // The search finds what is there: names and texts, in file, journal or row, and in the log.
  expect(
    await findTraces(userFolder, {
      'a name': account.name,
      'an execution': 'OpenAI does not know ••••••',
      'an event': 'evt_own_',
    }),
  ).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^\.n8n\/database\.sqlite(-wal)?: a name$/),
      'credentials_entity.name: a name',
      'execution_data.data: an execution',
      'execution_data.data: an event',
    ]),
  );
  // The tokens that were looked for have this form.
  expect(sandbox.requests.of('aiProviderConnect')[0].headers.authorization).toMatch(
    /^Bearer iat_[0-9a-f]{16}/,
  );
});
