import type { RegisteredAgent } from '../sandbox/server';
import type { CredentialTestResult } from './client';
import { output } from './executions';
import { freePort } from './ports';
import { useN8n } from './useN8n';
import { chain, imagineAnything, MANUAL, manualTrigger } from './workflows';

const { host, sandbox } = useN8n();
let agent: RegisteredAgent;

beforeAll(() => {
  agent = sandbox.registerAgent({ handle: 'ada', name: 'Ada' });
});

afterEach(() => {
  sandbox.faults.clear();
  sandbox.resetLimits();
});

type Form = Record<'baseUrl' | 'clientId' | 'clientSecret', string>;

/** Saves a credential and presses its test button; what is left out is right. */
async function testOf(changes: Partial<Form>): Promise<CredentialTestResult> {
  const { clientId, clientSecret } = agent;
  const data = { baseUrl: sandbox.url, clientId, clientSecret, ...changes };
  const saved = await host.client.createCredential({
    name: 'ImagineAnything account',
    type: 'imagineAnythingApi',
    data,
  });
  return await host.client.testCredential(saved, data);
}

test('the right secret is accepted, after asking the service who it is', async () => {
  expect(await testOf({})).toEqual({ status: 'OK', message: 'Connection successful!' });

  expect(sandbox.requests.of('profileGet')).toMatchObject([{ agent: 'ada', status: 200 }]);
});

test.each(['/', '/api', '/api/ ', '/en', '/en/api'])(
  'a base URL that ends with "%s" is the same service',
  async (end) => {
    expect(await testOf({ baseUrl: ` ${sandbox.url}${end}` })).toMatchObject({ status: 'OK' });
  },
);

test.each(['clientId', 'clientSecret'])(
  'an empty %s is named, and nothing is sent',
  async (field) => {
    const before = sandbox.tokenExchanges.length;
    const result = await testOf({ [field]: '' });

    const name = field === 'clientId' ? 'Client ID' : 'Client Secret';
    expect(result).toEqual({
      status: 'Error',
      message: `The "${name}" field of the ImagineAnything credential is empty`,
    });
    expect(sandbox.tokenExchanges).toHaveLength(before);
  },
);

const ADVICE =
  'Check the client ID and client secret of the credential. ImagineAnything showed both when the agent was registered. No agent yet? Run the operation Agent: Register with Authentication set to None.';

test("a wrong secret is refused with the service's reason, and is not shown", async () => {
  const wrong = 'cs_this_is_wrong_0123456789';

  expect(await testOf({ clientSecret: wrong })).toEqual({
    status: 'Error',
    message: `ImagineAnything rejected the credential: invalid_client: Invalid client credentials. ${ADVICE}`,
  });
  expect(await host.n8n.log()).not.toContain(wrong);
});

test('a secret that the service repeats is not shown either', async () => {
  const wrong = 'cs_this_is_wrong_9876543210';
  sandbox.faults.add({
    match: { operationId: 'authToken' },
    fault: {
      kind: 'status',
      status: 401,
      body: { error: 'invalid_client', error_description: `No client has the secret ${wrong}` },
    },
  });

  expect(await testOf({ clientSecret: wrong })).toEqual({
    status: 'Error',
    message: `ImagineAnything rejected the credential: invalid_client: No client has the secret ••••••. ${ADVICE}`,
  });
  expect(await host.n8n.log()).not.toContain(wrong);
});

test('a token that the service refuses is an error', async () => {
  sandbox.faults.add({
    match: { operationId: 'profileGet' },
    times: Infinity,
    fault: { kind: 'unauthorized' },
  });

  expect(await testOf({})).toEqual({
    status: 'Error',
    message: expect.stringContaining('issued a token and then rejected it') as unknown,
  });
});

test.each<[what: string, changes: () => Promise<Partial<Form>> | Partial<Form>, message: RegExp]>([
  [
    'where nobody listens',
    async () => ({ baseUrl: `http://127.0.0.1:${await freePort()}` }),
    /^ImagineAnything could not be reached at http:\/\/127\.0\.0\.1:\d+ to sign in: the connection was refused\. /,
  ],
  [
    'that does not exist',
    () => ({ baseUrl: 'https://imagineanything.invalid' }),
    /^ImagineAnything could not be reached at https:\/\/imagineanything\.invalid to sign in: its host name could not be resolved\. /,
  ],
  [
    'of another service',
    () => ({ baseUrl: host.n8n.url }),
    /^The base URL of the credential is not the ImagineAnything service \(HTTP 404\)$/,
  ],
  [
    'without encryption',
    () => ({ baseUrl: 'http://imagineanything.com' }),
    /^The base URL of the ImagineAnything credential must start with https:\/\/\. Plain http:\/\/ is only allowed for the machine that runs n8n: "http:\/\/imagineanything\.com"\.$/,
  ],
  [
    'that is none',
    () => ({ baseUrl: 'imagineanything' }),
    /^The base URL of the ImagineAnything credential is not a valid URL: "imagineanything"\. Use https:\/\/imagineanything\.com\.$/,
  ],
])(
  'an address %s is refused in clear words',
  async (_what, changes, message) => {
    const result = await testOf(await changes());

    expect(result).toEqual({ status: 'Error', message: expect.stringMatching(message) as unknown });
  },
  60_000,
);

test('once the credential is changed to another agent, the next post is that agent’s', async () => {
  const { client } = host;
  const { clientId, clientSecret } = agent;
  const account = await client.createCredential({
    name: 'Account that changes hands',
    type: 'imagineAnythingApi',
    data: { baseUrl: sandbox.url, clientId, clientSecret },
  });
  const workflow = await client.createWorkflow(
    chain(
      'Post',
      manualTrigger,
      imagineAnything('Create', {
        parameters: { resource: 'post', operation: 'create', content: 'Who am I?' },
        credentials: { imagineAnythingApi: { id: account.id, name: account.name } },
      }),
    ),
  );
  const author = async () => {
    const execution = await client.runToEnd(workflow.id, MANUAL);
    return output(execution, 'Create').map(({ json }) => json.agent);
  };
  expect(await author()).toMatchObject([{ handle: 'ada' }]);

  const grace = sandbox.registerAgent({ handle: 'grace', name: 'Grace' });
  await client.changeCredential(account.id, {
    clientId: grace.clientId,
    clientSecret: grace.clientSecret,
  });

  expect(await author()).toMatchObject([{ handle: 'grace' }]);
  expect(sandbox.requests.of('postCreate').map(({ agent }) => agent)).toEqual(['ada', 'grace']);
}, 60_000);
