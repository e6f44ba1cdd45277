import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { N8nClient } from './client';
import { type Report, ensureHost } from './install';
import { type N8n, startN8n } from './n8n';
import { installNode } from './package-node';

/** A fresh n8n with this package's node in it and its owner signed in. */
export interface N8nWithNode {
  n8n: N8n;
  client: N8nClient;
  close(): Promise<void>;
}

export interface N8nWithNodeOptions {
  env?: Record<string, string>;
  report?: Report;
  /** The built checkout whose package goes into n8n; this one when left out. */
  checkout?: string;
}

const toStderr: Report = (line) => {
  process.stderr.write(`${line}\n`);
};

/** Allows for the first installation of n8n on this machine; give it to `beforeAll`. */
export const SETUP_TIMEOUT_MS = 20 * 60_000;

/** Starts an n8n of its own for a test file, in a data folder that {@link N8nWithNode.close} removes. */
export async function startN8nWithNode(options: N8nWithNodeOptions = {}): Promise<N8nWithNode> {
  const host = await ensureHost(options.report ?? toStderr);
  const userFolder = await mkdtemp(join(tmpdir(), 'n8n-host-'));
  let n8n: N8n | undefined;
  const close = async () => {
    await n8n?.stop();
    await rm(userFolder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await installNode(userFolder, options.checkout);
    n8n = await startN8n({ host, userFolder, env: options.env });
    const client = new N8nClient(n8n.url);
    await client.setUpOwner();
    return { n8n, client, close };
  } catch (error) {
    await close();
    throw error;
  }
}
