import type { INodeParameters } from 'n8n-workflow';
import { MP4 } from '../../operations/fixture';
import type { AcceptOptions } from '../../sandbox/acceptOptions';
import { binary, type RunResult } from './n8n';
import { type UsedN8n, useN8n } from './useN8n';

/** An n8n, and a sandbox that takes requests as the running test says. */
export interface UsedAccepts extends Pick<UsedN8n, 'sandbox' | 'fixture'> {
  /** Sets what the sandbox takes, until the end of the test. */
  accept(this: void, accepts: Partial<AcceptOptions>): void;
  /** Runs the node with a file in the binary field `data`, by default a video. */
  run(this: void, parameters: INodeParameters, file?: Buffer): Promise<RunResult>;
  /** The statuses of the requests of an operation. */
  statuses(this: void, operationId: string): Array<number | null>;
}

/** Starts both for the tests of the file; see {@link useN8n}. */
export function useAccepts(): UsedAccepts {
  const { sandbox, fixture, run } = useN8n();
  let usual: AcceptOptions;

  beforeEach(() => {
    usual = { ...sandbox.settings.accepts };
  });
  afterEach(() => Object.assign(sandbox.settings.accepts, usual));

  return {
    sandbox,
    fixture,
    accept: (accepts) => void Object.assign(sandbox.settings.accepts, accepts),
    run: async (parameters, file = MP4.content) =>
      await run(parameters, {
        input: [{ json: {}, binary: { data: binary(file, 'file', 'application/octet-stream') } }],
      }),
    statuses: (operationId) => sandbox.requests.of(operationId).map(({ status }) => status),
  };
}
