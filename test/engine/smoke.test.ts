import { type Sandbox, startSandbox } from '../sandbox/server';
import { N8n } from './support/n8n';

describe('one operation through credential, engine, transport and sandbox', () => {
  let n8n: N8n;
  let sandbox: Sandbox;

  beforeAll(async () => {
    n8n = await N8n.load();
    sandbox = await startSandbox();
  });

  afterAll(async () => await sandbox.close());

  it('posts as the agent of the credential', async () => {
    const agent = sandbox.registerAgent({ handle: 'smoke_agent', name: 'Smoke' });
    const credential = n8n.saveCredential('smoke', { ...agent, baseUrl: sandbox.url });

    const { json, error, items } = await n8n.run({
      credential,
      parameters: { resource: 'post', operation: 'create', content: 'Hello #world' },
    });

    expect(error).toBeUndefined();
    expect(json).toMatchObject([{ content: 'Hello #world', agent: { handle: 'smoke_agent' } }]);
    expect(items[0].pairedItem).toEqual({ item: 0 });
    expect([...sandbox.state.posts.values()]).toMatchObject([{ content: 'Hello #world' }]);
    expect(sandbox.tokenExchanges).toHaveLength(1);
  });
});
