/** Every operation in a workflow of a real n8n, held to what came of it on the platform. */
import { operationCases } from '../operations';
import { type World, createWorld } from '../operations/world';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { failure, output } from './client';
import { type N8nWithNode, SETUP_TIMEOUT_MS, startN8nWithNode } from './with-node';
import { MANUAL, binaryFile, chain, imagineAnything, manualTrigger } from './workflows';

const NODE = 'ImagineAnything';
const CREDENTIAL = 'imagineAnythingApi';
const KEY_CREDENTIAL = 'imagineAnythingAiProviderApi';

let host: N8nWithNode;
let sandbox: Sandbox;

beforeAll(async () => {
  [host, sandbox] = await Promise.all([
    startN8nWithNode(),
    startSandbox({ limits: { reads: Infinity, writes: Infinity, auths: Infinity } }),
  ]);
}, SETUP_TIMEOUT_MS);

afterAll(async () => {
  await host?.close();
  await sandbox?.close();
}, 60_000);

async function credentialOf({ me }: World): Promise<{ id: string; name: string }> {
  const { handle, clientId, clientSecret } = me;
  const data = { baseUrl: sandbox.url, clientId, clientSecret };
  return await host.client.createCredential({ name: handle, type: CREDENTIAL, data });
}

async function keyOf(
  { me }: World,
  data: { provider: string; apiKey: string },
): Promise<{ id: string; name: string }> {
  const name = `${me.handle} key`;
  return await host.client.createCredential({ name, type: KEY_CREDENTIAL, data });
}

test.each(operationCases.map((each) => [`${each.resource}: ${each.operation}`, each] as const))(
  '%s',
  async (name, { resource, operation, arrange, check, file, credential, aiProvider }) => {
    const world = createWorld(sandbox);
    const parameters = { resource, operation, ...(await arrange(world)) };
    const credentials =
      credential === false
        ? undefined
        : {
            [CREDENTIAL]: await credentialOf(world),
            ...(aiProvider ? { [KEY_CREDENTIAL]: await keyOf(world, aiProvider) } : {}),
          };
    const workflow = chain(
      name,
      manualTrigger,
      ...(file ? binaryFile(file.content, file.fileName, file.mimeType) : []),
      imagineAnything(NODE, { parameters, credentials }),
    );

    const { id } = await host.client.createWorkflow(workflow);
    const execution = await host.client.runToEnd(id, MANUAL);

    expect(failure(execution)).toBeUndefined();
    const items = output(execution, NODE);
    check(
      world,
      items.map(({ json }) => json),
    );
    expect(items.map(({ pairedItem }) => pairedItem)).toEqual(items.map(() => ({ item: 0 })));
    expect(sandbox.contractViolations).toEqual([]);
  },
  60_000,
);
