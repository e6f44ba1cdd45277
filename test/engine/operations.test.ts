import { operationCases } from '../operations';
import { createFixture } from '../operations/fixture';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { binary, N8n } from './support/n8n';

describe.each(['keyed', 'bare'] as const)('every operation, %s answers', (envelope) => {
  let n8n: N8n;
  let sandbox: Sandbox;

  beforeAll(async () => {
    n8n = await N8n.load();
    sandbox = await startSandbox({
      envelope,
      limits: { reads: Infinity, writes: Infinity, auths: Infinity },
    });
  });

  afterAll(async () => await sandbox.close());

  it.each(operationCases.map((each) => [`${each.resource}: ${each.operation}`, each] as const))(
    '%s',
    async (_, { resource, operation, arrange, check, file, aiProviderKeys }) => {
      const fixture = createFixture(sandbox);
      const parameters = await arrange(fixture);
      const credential = n8n.saveCredential(fixture.me.handle, {
        ...{ ...fixture.me, baseUrl: sandbox.url },
        ...(aiProviderKeys && { useAiProviderKeys: true, ...aiProviderKeys }),
      });

      const { json, items, error } = await n8n.run({
        credential,
        parameters: { resource, operation, ...parameters },
        input: [
          {
            json: {},
            ...(file
              ? { binary: { data: binary(file.content, file.fileName, file.mimeType) } }
              : {}),
          },
        ],
      });

      expect(error).toBeUndefined();
      check(fixture, json);
      expect(items.map(({ pairedItem }) => pairedItem)).toEqual(items.map(() => ({ item: 0 })));
      expect(sandbox.contractViolations).toEqual([]);
    },
    // Some operations wait for the service.
    20_000,
  );
});
