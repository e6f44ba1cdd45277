/** The sandbox of the engine tests. */
import { type Dialect, DIALECTS } from '../../sandbox/dialects';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/server';

/** The project of jest chooses it (`jest.config.js`). */
export const DIALECT = (globalThis as { sandboxDialect?: Dialect }).sandboxDialect ?? 'keyed';

/**
 * Starts a sandbox that answers in the form of this run.
 *
 * @param options what a test sets, also against that form
 */
export async function startInDialect(options: SandboxOptions = {}): Promise<Sandbox> {
  return await startSandbox({ ...DIALECTS[DIALECT], ...options });
}
