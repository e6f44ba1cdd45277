import { operationCases } from '../operations';
import { binary } from './support/n8n';
import { useOwnClock } from './support/ownClock';
import { CREDENTIAL, useN8n } from './support/useN8n';

describe.each([
  ['keyed', {}],
  ['bare', { envelope: 'bare' }],
  // As the vendor's SDK recorded them.
  ['keyed, with @ in handles', { handles: 'at', registered: 'client_id', tokenForm: 'jwt' }],
] as const)('every operation, answers %s', (_, dialect) => {
  useOwnClock();
  const { n8n, sandbox, fixture, run } = useN8n(dialect);

  it.each(operationCases.map((each) => [`${each.resource}: ${each.operation}`, each] as const))(
    '%s',
    async (_, { resource, operation, arrange, check, file, aiProviderKeys }) => {
      const parameters = await arrange(fixture);
      n8n.saveCredential(CREDENTIAL, {
        ...{ ...fixture.me, baseUrl: sandbox.url },
        ...(aiProviderKeys && { useAiProviderKeys: true, ...aiProviderKeys }),
      });

      const { json, items, error } = await run(
        { resource, operation, ...parameters },
        {
          input: [
            {
              json: {},
              ...(file
                ? { binary: { data: binary(file.content, file.fileName, file.mimeType) } }
                : {}),
            },
          ],
        },
      );

      expect(error).toBeUndefined();
      check(fixture, json);
      expect(items.map(({ pairedItem }) => pairedItem)).toEqual(items.map(() => ({ item: 0 })));
      expect(sandbox.contractViolations).toEqual([]);
    },
  );
});
