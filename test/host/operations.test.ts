/** Every operation in a workflow of a real n8n, held to what came of it on the platform. */
import type { INodeCredentials, INodePropertyOptions } from 'n8n-workflow';

import { operationCases } from '../operations';
import { type OperationCase, type Fixture, createFixture } from '../operations/fixture';
import { UNLIMITED } from '../sandbox/limitOptions';
import { failure, output } from './executions';
import { useN8n } from './useN8n';
import { MANUAL, binaryFile, chain, imagineAnything, manualTrigger } from './workflows';

const NODE = 'ImagineAnything';

/** What n8n adds to the operations of every node that has a credential. */
const CUSTOM_CALL = '__CUSTOM_API_CALL__';

const { host, sandbox } = useN8n({
  sandbox: { limits: UNLIMITED },
});

/** What the node of a case is given to authenticate with. */
async function credentialsOf(
  { me }: Fixture,
  { aiProviderKeys }: OperationCase,
): Promise<INodeCredentials> {
  const { handle, clientId, clientSecret } = me;
  const { id, name } = await host.client.createCredential({
    name: handle,
    type: 'imagineAnythingApi',
    data: {
      ...{ baseUrl: sandbox.url, clientId, clientSecret },
      ...(aiProviderKeys && { useAiProviderKeys: true, ...aiProviderKeys }),
    },
  });
  return { imagineAnythingApi: { id, name } };
}

test.each(operationCases.map((each) => [`${each.resource}: ${each.operation}`, each] as const))(
  '%s',
  async (name, each) => {
    const { resource, operation, file } = each;
    const fixture = createFixture(sandbox);
    const parameters = { resource, operation, ...(await each.arrange(fixture)) };
    const credentials = await credentialsOf(fixture, each);
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
    each.check(
      fixture,
      items.map(({ json }) => json),
    );
    expect(items.map(({ pairedItem }) => pairedItem)).toEqual(items.map(() => ({ item: 0 })));
    expect(sandbox.contractViolations).toEqual([]);
  },
  60_000,
);

test('no operation that n8n offers was left out', async () => {
  const types = await host.client.nodeTypes();
  const node = types.find(({ name }) => name === 'n8n-nodes-imagineanything.imagineAnything');
  const offered = (node?.properties ?? [])
    .filter(({ name }) => name === 'operation')
    .flatMap(({ options = [], displayOptions }) => {
      const [resource] = (displayOptions?.show?.resource ?? []) as string[];
      return (options as INodePropertyOptions[])
        .filter(({ value }) => value !== CUSTOM_CALL)
        .map(({ value }) => `${resource}: ${value}`);
    });

  expect(offered.length).toBeGreaterThan(0);
  const covered = new Set(operationCases.map((each) => `${each.resource}: ${each.operation}`));
  expect(offered.filter((each) => !covered.has(each))).toEqual([]);
});
