import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { N8nClient } from '../host/client';
import { ensureHost } from '../host/install';
import { startN8n } from '../host/n8n';
import { installNode } from '../host/package-node';
import { CHECKOUT } from '../host/paths';
import { requirePort } from '../host/ports';
import { startSandbox } from '../sandbox/server';
import { NOTHING_LEFT, showTheWay, tell } from './account';
import { buildIfStale } from './build';
import { lockFolder } from './lock';
import { HELP, type StartOptions, readOptions } from './options';
import { stopSignal } from './stop';
import { runDemo } from './demo';

/** Tests have one of their own, so that they can run beside somebody's `npm start`. */
const FOLDER = process.env.N8N_START_FOLDER || join(CHECKOUT, '.n8n-start');

type Closer = () => Promise<void>;

const report = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Does everything in turn, up to the account of it. What was started is added to `closers`. */
async function run(options: StartOptions, closers: Closer[], stop: AbortSignal): Promise<void> {
  const lock = await lockFolder(FOLDER);
  closers.push(lock.release);
  const { port, sandboxPort } = options;
  if (port !== undefined) await requirePort(port, 'n8n (--port)');
  if (sandboxPort !== undefined) await requirePort(sandboxPort, 'the sandbox (--sandbox-port)');
  await buildIfStale(report, stop);
  const host = await ensureHost(report, stop);

  report('Starting the sandbox and n8n.');
  const sandbox = await startSandbox({ port: sandboxPort ?? 0 });
  closers.push(async () => await sandbox.close());
  const userFolder = join(FOLDER, 'n8n');
  // The sandbox forgets its agents when it ends, so credentials of an earlier start are worthless.
  await rm(userFolder, { recursive: true, force: true, maxRetries: 3 });
  await installNode(userFolder);
  const n8n = await startN8n({ host, userFolder, port, signal: stop });
  closers.push(async () => await n8n.stop());
  await lock.announce(n8n.url);

  const client = new N8nClient(n8n.url);
  const demo = await runDemo(client, sandbox, report).catch((error: Error) => {
    throw new Error(`${error.message}\n\nn8n's log: ${n8n.logFile}`, { cause: error });
  });
  report(tell(demo));
  report(options.once ? NOTHING_LEFT : showTheWay(demo, n8n.url, sandbox.url));
}

const SETTLE_MS = 5_000;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    report(HELP);
    return;
  }
  const stop = stopSignal(report);
  const stopped = once(stop, 'abort');
  const closers: Closer[] = [];
  const everything = run(options, closers, stop);
  try {
    await Promise.race([everything, stopped]);
    if (stop.aborted) {
      // What is under way notices by itself; only then is it known what there is to close.
      await Promise.race([everything.catch(() => {}), sleep(SETTLE_MS)]);
      throw stop.reason;
    }
    if (!options.once) await stopped;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`\n${error.message}\n`);
    process.exit(1);
  },
);
