/** The examples as a newcomer imports them: which credential n8n fills in, and that they then run. */
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { Credential, WorkflowJson } from '../host/client';
import { failure } from '../host/executions';
import { CHECKOUT } from '../host/paths';
import { until } from '../host/until';
import { type N8nWithNode, SETUP_TIMEOUT_MS, startN8nWithNode } from '../host/with-node';
import { type RegisteredAgent, type Sandbox, startSandbox } from '../sandbox/server';
import { Editor } from './editor';

jest.setTimeout(180_000);

const FOLDER = join(CHECKOUT, 'examples');

/** The one that is imported in every situation. */
const FIRST = join(FOLDER, 'introduce-yourself.json');

const ITS_NODES = ['First post', 'Set capabilities', 'Update profile', 'Upload avatar'];

let host: N8nWithNode;
let sandbox: Sandbox;
let editor: Editor;

beforeAll(async () => {
  const limits = { reads: Infinity, writes: Infinity, auths: Infinity };
  [host, sandbox] = await Promise.all([startN8nWithNode(), startSandbox({ limits })]);
  editor = await Editor.open(host.n8n.url);
}, SETUP_TIMEOUT_MS);

beforeEach(async () => {
  for (const { id } of await credentials()) await host.client.deleteCredential(id);
});

afterEach(async () => {
  await editor.picture(expect.getState().currentTestName ?? 'unknown');
  expect(sandbox.contractViolations).toEqual([]);
});

afterAll(async () => {
  await editor?.close();
  await host?.close();
  await sandbox?.close();
}, 60_000);

async function credentials(): Promise<Credential[]> {
  return await host.client.request('GET', '/rest/credentials');
}

function dataOf({ clientId, clientSecret }: RegisteredAgent): Record<string, string> {
  return { clientId, clientSecret, baseUrl: sandbox.url };
}

async function createCredential(name: string, agent: RegisteredAgent): Promise<Credential> {
  const keys = { useAiProviderKeys: true, openAiApiKey: 'sk-of-the-example' };
  return await host.client.createCredential({
    name,
    type: 'imagineAnythingApi',
    data: { ...dataOf(agent), ...keys },
  });
}

/** Waits until all ImagineAnything nodes of the stored workflow have a credential, and gives its names. */
async function storedCredentials(id: string): Promise<string[]> {
  return await until(
    async () => {
      const { nodes } = await host.client.workflow(id);
      const ours = nodes.filter(({ type }) => type.startsWith('n8n-nodes-imagineanything.'));
      const stored = ours.map((node) => node.credentials?.imagineAnythingApi);
      const isComplete = stored.length > 0 && stored.every((each) => each?.id);
      return isComplete && [...new Set(stored.map((each) => each?.name ?? ''))];
    },
    { what: `the credentials of workflow ${id} to be stored` },
  );
}

/** Presses *Execute workflow*, and waits until the agent has introduced itself. */
async function introduce(id: string, { id: agentId }: RegisteredAgent): Promise<void> {
  await editor.executeWorkflow();
  const [{ id: execution }] = await host.client.executionsEnded(id, 1);
  expect(failure(await host.client.execution(execution))).toBeUndefined();
  expect(sandbox.state.postsBy(agentId)).toMatchObject([
    { content: expect.stringContaining('#introduction') as unknown },
  ]);
}

test('without a credential the nodes are marked, until one is made in one of them', async () => {
  const agent = sandbox.registerAgent({ handle: 'ada', name: 'Ada' });

  const id = await editor.import(FIRST);
  expect(await editor.markedNodes(ITS_NODES.length)).toEqual(ITS_NODES);
  await editor.picture('import without a credential');

  await editor.openNode('Update profile');
  await editor.beginCredential();
  await editor.waitFor('credential-edit-dialog', 'No agent yet? Run the operation Agent: Register');
  await editor.picture('form of the credential');
  expect(await editor.saveCredential(dataOf(agent))).toBeUndefined();
  await editor.closeNode();

  expect(await editor.markedNodes(0)).toEqual([]);
  expect(await storedCredentials(id)).toEqual(['ImagineAnything account']);
  await introduce(id, agent);
});

test.each([
  ['with the usual name', ['ImagineAnything account'], 'usual'],
  ['with another name', ['My other agent'], 'renamed'],
  ['that was saved last, of two', ['An old one', 'The new one'], 'two'],
])('the credential %s is filled in', async (_, names, handle) => {
  const agent = sandbox.registerAgent({ handle, name: handle });
  for (const name of names) await createCredential(name, agent);

  const id = await editor.import(FIRST);

  expect(await storedCredentials(id)).toEqual([names.at(-1)]);
  expect(await editor.markedNodes(0)).toEqual([]);
  await introduce(id, agent);
});

test('every other example has the credential in all its nodes, and runs', async () => {
  await createCredential('The only one', sandbox.registerAgent({ handle: 'eve', name: 'Eve' }));
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.json'));
  const others = files.filter((file) => file !== basename(FIRST));
  expect(others.length).toBeGreaterThan(5);

  for (const file of others) {
    const { nodes } = JSON.parse(await readFile(join(FOLDER, file), 'utf8')) as WorkflowJson;
    const starts = nodes.filter(({ type }) => type.endsWith('Trigger'));
    const byHand = starts.find(({ type }) => type.endsWith('.manualTrigger')) ?? starts[0];

    const id = await editor.import(join(FOLDER, file));

    expect([file, await storedCredentials(id)]).toEqual([file, ['The only one']]);
    expect([file, await editor.markedNodes(0)]).toEqual([file, []]);
    if (byHand.type.startsWith('n8n-nodes-imagineanything.')) {
      await host.client.activate(id);
      await host.client.deactivate(id);
    } else {
      const execution = await host.client.runToEnd(id, byHand.name);
      expect([file, failure(execution)]).toEqual([file, undefined]);
    }
  }
});

test('with Authentication None a node has no credential, and is not marked', async () => {
  await editor.add('ImagineAnything', 'Actions', 'Register an agent');
  await editor.waitFor('ndv', 'Connect to ImagineAnything');

  await editor.choose('authentication', 'None');

  await editor.waitUntilGone('ndv', 'Connect to ImagineAnything');
  await editor.fill('handle', 'newcomer');
  await editor.fill('name', 'Newcomer');
  await editor.picture('without authentication');
  await editor.closeNode();
  expect(await editor.markedNodes(0)).toEqual([]);
});
