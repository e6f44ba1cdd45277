/** The examples as a newcomer imports them: which credential n8n fills in, and that they then run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Credential, WorkflowJson } from '../host/client';
import { failure } from '../host/executions';
import { CHECKOUT } from '../host/paths';
import { until } from '../host/until';
import { type N8nWithNode, SETUP_TIMEOUT_MS, startN8nWithNode } from '../host/with-node';
import { UNLIMITED } from '../sandbox/limitOptions';
import { type RegisteredAgent, type Sandbox, startSandbox } from '../sandbox/server';
import { Editor } from './editor';

jest.setTimeout(180_000);

const FOLDER = join(CHECKOUT, 'examples');

/** All examples, by the names of their files. */
const EXAMPLES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''));

const PACKAGE = 'n8n-nodes-imagineanything';

/** The credentials that are there before, in the order in which they were saved, and the one that is filled in. */
const SITUATIONS = [
  {
    situation: 'where the credential has the usual name',
    names: ['ImagineAnything account'],
    filledIn: 'ImagineAnything account',
  },
  {
    situation: 'where the credential has another name',
    names: ['My other agent'],
    filledIn: 'My other agent',
  },
  {
    situation: 'where there are two credentials',
    names: ['An old one', 'The new one'],
    filledIn: 'The new one',
  },
];

let host: N8nWithNode;
let sandbox: Sandbox;
let editor: Editor;

beforeAll(async () => {
  [host, sandbox] = await Promise.all([startN8nWithNode(), startSandbox({ limits: UNLIMITED })]);
  editor = await Editor.open(host.n8n.url);
}, SETUP_TIMEOUT_MS);

afterEach(async () => {
  await editor.picture(expect.getState().currentTestName ?? 'unknown');
  expect(sandbox.contractViolations).toEqual([]);
});

afterAll(async () => {
  await editor?.close();
  await host?.close();
  await sandbox?.close();
}, 60_000);

/** Leaves n8n with credentials of these names, and the editor without any knowledge of earlier ones. */
async function leaveCredentials(...names: string[]): Promise<RegisteredAgent> {
  const old = await host.client.request<Credential[]>('GET', '/rest/credentials');
  for (const { id } of old) await host.client.deleteCredential(id);
  const agent = newAgent();
  for (const name of names) {
    await host.client.createCredential({
      name,
      type: 'imagineAnythingApi',
      data: { ...formOf(agent), useAiProviderKeys: true },
    });
  }
  await editor.reload();
  return agent;
}

let agents = 0;

function newAgent(): RegisteredAgent {
  agents += 1;
  return sandbox.registerAgent({ handle: `newcomer_${agents}`, name: 'Newcomer' });
}

function formOf({ clientId, clientSecret }: RegisteredAgent): Record<string, string> {
  return { clientId, clientSecret, baseUrl: sandbox.url, openAiApiKey: 'sk-of-the-example' };
}

const fileOf = (example: string) => join(FOLDER, `${example}.json`);

function nodesOf(example: string): WorkflowJson['nodes'] {
  return (JSON.parse(readFileSync(fileOf(example), 'utf8')) as WorkflowJson).nodes;
}

/** The names of the nodes of an example that need the credential. */
function ourNodesOf(example: string): string[] {
  const ours = nodesOf(example).filter(({ type }) => type.startsWith(PACKAGE));
  return ours.map(({ name }) => name).sort();
}

/** Waits until all ImagineAnything nodes of the stored workflow have a credential, and gives its names. */
async function storedCredentials(id: string): Promise<string[]> {
  return await until(
    async () => {
      const { nodes } = await host.client.workflow(id);
      const ours = nodes.filter(({ type }) => type.startsWith(PACKAGE));
      const stored = ours.map((node) => node.credentials?.imagineAnythingApi);
      const isComplete = stored.length > 0 && stored.every((each) => each?.id);
      return isComplete && [...new Set(stored.map((each) => each?.name ?? ''))];
    },
    { what: `the credentials of workflow ${id} to be stored` },
  );
}

/** Starts an example as its sticky note says, and waits until it has ended well. */
async function run(id: string, agent: RegisteredAgent): Promise<void> {
  const { nodes } = await host.client.workflow(id);
  const starts = nodes.filter(({ type }) => /Trigger$/.test(type));
  const byHand = starts.find(({ type }) => type.endsWith('.manualTrigger'));
  if (starts.some(({ type }) => type.startsWith(PACKAGE))) await beFollowed(id, agent);
  else if (starts.length === 1) await editor.executeWorkflow();
  else await editor.executeWorkflow(byHand?.name);

  const [{ id: execution }] = await host.client.executionsEnded(id, 1);
  expect(failure(await host.client.execution(execution))).toBeUndefined();
  expect(sandbox.requests.some((request) => request.agent === agent.handle)).toBe(true);
}

/** Publishes a workflow, has its event happen, and takes it back. */
async function beFollowed(id: string, agent: RegisteredAgent): Promise<void> {
  await host.client.activate(id);
  await sandbox.as(newAgent().handle).post(`/api/agents/${agent.handle}/follow`);
  await host.client.executionsEnded(id, 1);
  await host.client.deactivate(id);
}

test.each(EXAMPLES)(
  '%s imported without a credential has its nodes marked until one is made in one of them, and runs',
  async (example) => {
    const ours = ourNodesOf(example);
    const agent = await leaveCredentials();

    const id = await editor.import(fileOf(example));
    expect(await editor.markedNodes(ours.length)).toEqual(ours);
    await editor.picture(`${example} without a credential`);
    await editor.openNode(ours[0]);
    await editor.beginCredential();
    await editor.waitFor('credential-edit-dialog', 'No agent yet? Run the operation Agent');
    await editor.turnOn('useAiProviderKeys');
    expect(await editor.saveCredential(formOf(agent))).toBeUndefined();
    await editor.closeNode();

    expect(await editor.markedNodes(0)).toEqual([]);
    expect(await storedCredentials(id)).toEqual(['ImagineAnything account']);
    await run(id, agent);
  },
);

describe.each(SITUATIONS)('imported $situation', ({ names, filledIn }) => {
  let agent: RegisteredAgent;

  beforeAll(async () => {
    agent = await leaveCredentials(...names);
  });

  beforeEach(() => sandbox.requests.clear());

  test.each(EXAMPLES)(`%s has "${filledIn}" in all its nodes, and runs`, async (example) => {
    const id = await editor.import(fileOf(example));

    expect(await storedCredentials(id)).toEqual([filledIn]);
    expect(await editor.markedNodes(0)).toEqual([]);
    await run(id, agent);
  });
});

test('with Authentication None a node has no credential, and is not marked', async () => {
  await leaveCredentials();
  await editor.add('ImagineAnything', 'Actions', 'Register agent');
  await editor.waitFor('ndv', 'Connect to ImagineAnything');

  await editor.choose('authentication', 'None');

  await editor.waitUntilGone('ndv', 'Connect to ImagineAnything');
  await editor.fill('handle', 'newcomer');
  await editor.fill('name', 'Newcomer');
  await editor.picture('without authentication');
  await editor.closeNode();
  expect(await editor.markedNodes(0)).toEqual([]);
});
