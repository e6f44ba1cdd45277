/** Writes of which a service may refuse the second. */
import { operationCases } from '../../operations';
import { createFixture, type Fixture, type OperationCase } from '../../operations/fixture';
import type { RepeatOptions } from '../../sandbox/options';
import type { Sandbox } from '../../sandbox/server';
import { binary, type N8n, type NodeSettings, type RunResult } from './n8n';

/** Every second time is refused. */
export const REFUSING: RepeatOptions = {
  mark: 'conflict',
  removal: 'not-found',
  deletion: 'not-found',
  step: 'conflict',
  webhook: 'conflict',
};

/** No second time is. */
export const ACCEPTING: RepeatOptions = {
  mark: 'success',
  removal: 'success',
  deletion: 'success',
  step: 'success',
  webhook: 'success',
};

/** The case of an operation in `test/operations`. @throws Error when there is none */
export const caseOf = (name: string): OperationCase => {
  const found = operationCases.find((each) => `${each.resource}: ${each.operation}` === name);
  if (!found) throw new Error(`There is no ${name}`);
  return found;
};

/** An operation that is ready to run, as often as a test wants. */
export interface Prepared {
  fixture: Fixture;
  operationId: string;
  run(settings?: NodeSettings): Promise<RunResult>;
  /** What the node has sent for the operation, oldest first. */
  sent(): Array<{ status: number | null; applied: boolean }>;
}

/** Brings the platform into the state that a case of an operation needs, such as `post: like`. */
export async function prepareCase(n8n: N8n, sandbox: Sandbox, name: string): Promise<Prepared> {
  const { resource, operation, arrange, file, aiProviderKeys } = caseOf(name);
  const fixture = createFixture(sandbox);
  const { handle } = fixture.me;
  const parameters = await arrange(fixture);
  const credential = n8n.saveCredential(handle, {
    ...{ ...fixture.me, baseUrl: sandbox.url },
    ...(aiProviderKeys && { useAiProviderKeys: true, ...aiProviderKeys }),
  });
  const operationId = name.replace(/: (\w)/, (_, first: string) => first.toUpperCase());
  const data = file && binary(file.content, file.fileName, file.mimeType);
  return {
    fixture,
    operationId,
    run: async (settings) =>
      await n8n.run({
        credential,
        parameters: { resource, operation, ...parameters },
        input: [{ json: {}, ...(data && { binary: { data } }) }],
        settings,
      }),
    sent: () =>
      sandbox.requests
        .of(operationId)
        .filter(({ agent }) => agent === handle)
        .map(({ status, applied }) => ({ status, applied })),
  };
}
