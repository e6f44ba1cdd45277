import { operationCases } from '../operations';
import { type Dialect, DIALECTS } from '../sandbox/dialects';
import { binary } from './support/n8n';
import { useOwnClock } from './support/ownClock';
import { DIALECT } from './support/sandbox';
import { CREDENTIAL, useN8n } from './support/useN8n';

/** All of them where the run does not ask for one. */
const dialects = DIALECT === 'keyed' ? (Object.keys(DIALECTS) as Dialect[]) : [DIALECT];

describe.each(dialects)('every operation, answers as in %s', (dialect) => {
  useOwnClock();
  const { n8n, sandbox, fixture, run } = useN8n(DIALECTS[dialect]);

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
