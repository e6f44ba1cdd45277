import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/server';
import { current } from './current';
import {
  type N8nWithNode,
  type N8nWithNodeOptions,
  SETUP_TIMEOUT_MS,
  startN8nWithNode,
} from './with-node';

/** How long n8n and the sandbox may take to stop. */
const CLOSE_TIMEOUT_MS = 180_000;

/** How {@link useN8n} starts n8n and the sandbox. */
export interface UseN8nOptions {
  /** Environment variables of n8n. */
  env?: N8nWithNodeOptions['env'];
  sandbox?: SandboxOptions;
}

/** The n8n and the sandbox of the running tests. */
export interface UsedN8n {
  host: N8nWithNode;
  sandbox: Sandbox;
}

/**
 * Starts an n8n with this package and a sandbox before the tests of the file or of the `describe` around it, and
 * closes both after them. What it returns works inside tests and their hooks only.
 * @param options a function where they depend on what a `beforeAll` above the call sets
 */
export function useN8n(options: UseN8nOptions | (() => UseN8nOptions) = {}): UsedN8n {
  let host: N8nWithNode | undefined;
  let sandbox: Sandbox | undefined;

  beforeAll(async () => {
    const given = typeof options === 'function' ? options() : options;
    [host, sandbox] = await Promise.all([
      startN8nWithNode({ env: given.env }),
      // Without a token, as in signing in, the agents of all tests are one caller.
      startSandbox({ ...given.sandbox, limits: { auth: Infinity, ...given.sandbox?.limits } }),
    ]);
  }, SETUP_TIMEOUT_MS);

  afterAll(async () => {
    await host?.close();
    await sandbox?.close();
  }, CLOSE_TIMEOUT_MS);

  return { host: current(() => host), sandbox: current(() => sandbox) };
}
