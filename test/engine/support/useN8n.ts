import type { INodeParameters } from 'n8n-workflow';
import { current } from '../../host/current';
import { createFixture, type Fixture } from '../../operations/fixture';
import { UNLIMITED } from '../../sandbox/limitOptions';
import type { Sandbox, SandboxOptions } from '../../sandbox/server';
import { N8n, type RunOptions, type RunResult } from './n8n';
import { startInDialect } from './sandbox';

/** The id, and the name, of the credential of {@link Fixture.me}. */
export const CREDENTIAL = 'agent';

/** Read anew each time, as a test may have a clock of its own. */
const now = () => Date.now();

/** How {@link useN8n} starts the sandbox. */
export interface UseN8nOptions extends SandboxOptions {
  /**
   * `file`: one sandbox for all tests, each with agents of its own. `test`: one for each, where tests need a platform
   * without anything on it, or limits that nobody has spent from. Default `file`, without rate limits.
   */
  sandboxPer?: 'file' | 'test';
}

/** The n8n and the sandbox of the running test. */
export interface UsedN8n {
  n8n: N8n;
  sandbox: Sandbox;
  fixture: Fixture;
  /** Runs the action node with the credential of {@link Fixture.me}. */
  run(parameters: INodeParameters, options?: Partial<RunOptions>): Promise<RunResult>;
  /** Puts a sandbox with other settings in place of that of the test. */
  restart(options: SandboxOptions): Promise<void>;
}

/**
 * Loads the built package into an n8n, and starts a sandbox, for the tests of the file or of the `describe` around it.
 * Before each test come new agents, and their credential; requests and faults of earlier tests are gone.
 * What it returns works inside tests and their hooks only.
 */
export function useN8n({ sandboxPer = 'file', ...given }: UseN8nOptions = {}): UsedN8n {
  const options: SandboxOptions = {
    ...(sandboxPer === 'file' && { limits: UNLIMITED }),
    ...given,
    now,
  };
  let n8n: N8n | undefined;
  let sandbox: Sandbox | undefined;
  let fixture: Fixture | undefined;

  const arrive = () => {
    if (!n8n || !sandbox) return;
    fixture = createFixture(sandbox);
    n8n.saveCredential(CREDENTIAL, { ...fixture.me, baseUrl: sandbox.url });
    sandbox.requests.clear();
    sandbox.faults.clear();
  };
  const close = async () => await sandbox?.close();

  beforeAll(async () => {
    n8n = await N8n.load();
    if (sandboxPer === 'file') sandbox = await startInDialect(options);
  });

  beforeEach(async () => {
    if (sandboxPer === 'test') sandbox = await startInDialect(options);
    arrive();
  });

  if (sandboxPer === 'test') afterEach(close);
  else afterAll(close);

  const used = {
    n8n: current(() => n8n),
    sandbox: current(() => sandbox),
    fixture: current(() => fixture),
  };
  return {
    ...used,
    run: async (parameters, more = {}) =>
      await used.n8n.run({ credential: CREDENTIAL, parameters, ...more }),
    async restart(other) {
      await close();
      sandbox = await startInDialect({ ...other, now });
      arrive();
    },
  };
}
