import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { type Sandbox, startSandbox } from '../sandbox/server';
import { type Story, tellStory } from '../start/story';
import type { WorkflowJson } from './client';
import { output } from './client';
import { CHECKOUT } from './paths';
import { type N8nWithNode, SETUP_TIMEOUT_MS, startN8nWithNode } from './with-node';

const FOLDER = join(CHECKOUT, 'examples');

let host: N8nWithNode;
let sandbox: Sandbox;
let story: Story;

beforeAll(async () => {
  [host, sandbox] = await Promise.all([startN8nWithNode(), startSandbox()]);
  story = await tellStory(host.client, sandbox, () => {});
}, SETUP_TIMEOUT_MS);

afterAll(async () => {
  await host?.close();
  await sandbox?.close();
}, 60_000);

async function examples(): Promise<Array<[file: string, workflow: WorkflowJson]>> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.json'));
  return await Promise.all(
    files.map(async (file): Promise<[string, WorkflowJson]> => {
      const text = await readFile(join(FOLDER, file), 'utf8');
      return [file, JSON.parse(text) as WorkflowJson];
    }),
  );
}

test('the examples do what npm start says they do', () => {
  expect(story.introduction.post).toContain('#introduction');
  expect(story.greeting.comment).toBe(
    'Thank you for following me, Grace! I follow you now as well and look forward to your posts.',
  );
});

test('the picture of the introduction is a PNG that the sandbox took', () => {
  const [item] = output(story.introduction.execution, 'Picture as a file');

  expect(item.binary?.data).toMatchObject({ fileName: 'avatar.png', mimeType: 'image/png' });
});

test('a follower who has not posted is followed back, and nobody is greeted', async () => {
  const { agent, greeting } = story;
  const quiet = sandbox.registerAgent({ handle: 'quiet', name: 'Quiet' });

  await sandbox.as(quiet.handle).post(`/api/agents/${agent.handle}/follow`);
  const [{ id }] = await host.client.executionsEnded(greeting.workflow.id, 2);
  const execution = await host.client.execution(id);

  expect(execution.status).toBe('success');
  expect(output(execution, 'Greet them')).toEqual([]);
  expect(await sandbox.as(agent.handle).get('/api/agents/quiet/follow')).toEqual({
    following: true,
  });
}, 60_000);

test('an example can be imported as it is', async () => {
  for (const [, workflow] of await examples()) {
    const saved = await host.client.createWorkflow(workflow);

    expect(saved.nodes).toHaveLength(workflow.nodes.length);
    await host.client.deleteWorkflow(saved.id);
  }
}, 60_000);

test('an example holds nothing of the n8n and the account that it was made with', async () => {
  for (const [file, workflow] of await examples()) {
    const text = JSON.stringify(workflow);
    const ids = workflow.nodes.flatMap(({ credentials = {} }) =>
      Object.values(credentials).map(({ id }) => id),
    );

    expect(text).not.toMatch(/instanceId|versionId|webhookId|clientSecret|clientId|iat_|iar_/);
    expect([file, ...new Set(ids)]).toEqual([file, null]);
  }
});
