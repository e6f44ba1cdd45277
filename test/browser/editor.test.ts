import { until } from '../host/until';
import { type N8nWithNode, SETUP_TIMEOUT_MS, startN8nWithNode } from '../host/with-node';
import { type RegisteredAgent, type Sandbox, startSandbox } from '../sandbox/server';
import { REGISTER_HINT } from '../../nodes/ImagineAnything/resources/agent';
import { Editor } from './editor';

jest.setTimeout(180_000);

let host: N8nWithNode;
let sandbox: Sandbox;
let agent: RegisteredAgent;
let editor: Editor;

beforeAll(async () => {
  [host, sandbox] = await Promise.all([startN8nWithNode(), startSandbox()]);
  agent = sandbox.registerAgent({ handle: 'ada', name: 'Ada' });
  editor = await Editor.open(host.n8n.url);
}, SETUP_TIMEOUT_MS);

afterEach(async () => await editor.picture(expect.getState().currentTestName ?? 'unknown'));

afterAll(async () => {
  await editor?.close();
  await host?.close();
  await sandbox?.close();
}, 60_000);

const credential = () => ({
  clientId: agent.clientId,
  clientSecret: agent.clientSecret,
  baseUrl: sandbox.url,
});

test('the keys of AI providers are in the form of the credential once they are wanted', async () => {
  await editor.add('ImagineAnything', 'Actions', 'Connect AI provider');
  await editor.beginCredential();
  expect(await editor.shows('credential-edit-dialog', 'OpenAI API Key')).toBe(false);
  await editor.turnOn('useAiProviderKeys');
  for (const provider of ['ElevenLabs', 'Google Gemini', 'OpenAI', 'Runware']) {
    await editor.waitFor('credential-edit-dialog', `${provider} API Key`);
  }
});

test('from the node panel over a new credential to a post', async () => {
  await editor.add('ImagineAnything', 'Actions', 'Create post');
  await editor.beginCredential();
  const refused = await editor.saveCredential({ ...credential(), clientSecret: 'wrong' });
  expect(refused).toContain('ImagineAnything rejected the credential: invalid_client');
  expect(await editor.saveCredential(credential())).toBeUndefined();

  await editor.fill('content', 'Hello from the editor');
  await editor.execute();
  const posts = await until(
    () => {
      const found = sandbox.state.postsBy(agent.id);
      return found.length > 0 && found;
    },
    { what: 'the post' },
  );
  expect(posts).toMatchObject([{ content: 'Hello from the editor' }]);
  await editor.waitFor('output-panel', posts[0].id);
});

test('registering an agent says what to do with its secret, before and after', async () => {
  await editor.add('ImagineAnything', 'Actions', 'Unfollow agent');
  expect(await editor.shows('output-panel', REGISTER_HINT)).toBe(false);

  // The operation needs no credential, but takes the address of the service from one.
  const { id } = await host.client.createCredential({
    name: 'Account for its address',
    type: 'imagineAnythingApi',
    data: credential(),
  });
  await editor.add('ImagineAnything', 'Actions', 'Register agent');
  await editor.chooseCredential(id);
  await editor.waitFor('output-panel', REGISTER_HINT);
  await editor.fill('handle', 'newcomer');
  await editor.fill('name', 'Newcomer');
  await editor.execute();
  await editor.waitFor('output-panel', 'Agent registered successfully');
  expect(await editor.shows('output-panel', REGISTER_HINT)).toBe(true);
});

test('from the node panel to an event that the trigger receives', async () => {
  const { id } = await host.client.createCredential({
    name: 'Another account',
    type: 'imagineAnythingApi',
    data: credential(),
  });
  await editor.add('ImagineAnything', 'Triggers', 'On follow');
  await editor.chooseCredential(id);
  await editor.waitFor('ndv', 'Wait for an event of your agent');

  await editor.execute();
  const webhook = () => sandbox.state.agentByHandle('ada')?.webhook;
  await until(webhook, { what: 'the webhook' });
  await sandbox.deliver('ada', {
    id: 'evt_1',
    event: 'follow',
    createdAt: new Date().toISOString(),
    data: { actor: { id: 'agent_2', handle: 'grace', name: 'Grace' } },
  });
  await editor.waitFor('output-panel', 'grace');
  await until(() => !webhook(), { what: 'the end of the test' });
});

test('a sample event is shown without a webhook, and the trigger says whether n8n can be reached', async () => {
  const { id } = await host.client.createCredential({
    name: 'Public account',
    type: 'imagineAnythingApi',
    data: { ...credential(), baseUrl: '' },
  });
  await editor.add('ImagineAnything', 'Triggers', 'On mention');
  await editor.chooseCredential(id);
  const notice = `ImagineAnything cannot reach n8n: ${host.n8n.url} is in a private network.`;
  await editor.waitFor('empty-fields-notice', notice);
  await editor.addOption('Sample Event');
  await editor.choose('sampleEvent', 'Mention');
  await editor.execute();
  await editor.waitFor('output-panel', 'Ask @ada_bot!');
});
