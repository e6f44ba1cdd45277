/**
 * `npm run dev`: n8n with the nodes of this checkout, which it loads anew whenever their sources change.
 *
 * `n8n-node dev` would start the newest n8n instead of the one that the tests use, and would load the
 * nodes under another name than a user's n8n does. So the package is installed as everywhere else here,
 * and the compiler writes over it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpath, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { N8nClient } from '../host/client';
import { OWNER } from '../host/session';
import { ensureHost } from '../host/install';
import { startN8n } from '../host/n8n';
import { installNode } from '../host/package-node';
import { CHECKOUT, nodeBinary } from '../host/paths';
import { buildIfStale } from './build';
import { AlreadyRunningError, lockFolder } from './lock';
import { stopSignal } from './stop';

const FOLDER = join(CHECKOUT, '.n8n-start', 'dev');
const PACKAGE = 'n8n-nodes-imagineanything';

const report = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function readPort(args: string[]): number | undefined {
  const { values } = parseArgs({ args, options: { port: { type: 'string' } } });
  if (values.port === undefined) return undefined;
  const port = Number(values.port);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new Error(`--port must be a number from 1 to 65535, not "${values.port}".`);
}

/** Compiles into `outDir` now and after every change, and shows what the compiler says. */
function compile(outDir: string): ChildProcess {
  const tsc = createRequire(join(CHECKOUT, 'package.json')).resolve('typescript/bin/tsc');
  const args = [tsc, '--watch', '--preserveWatchOutput', '--outDir', outDir];
  return spawn(nodeBinary(), args, { cwd: CHECKOUT, stdio: ['ignore', 'inherit', 'inherit'] });
}

type Closer = () => Promise<void>;

async function run(port: number | undefined, closers: Closer[], stop: AbortSignal): Promise<void> {
  const lock = await lockFolder(FOLDER);
  closers.push(lock.release);
  await buildIfStale(report, stop);
  const host = await ensureHost(report, stop);

  // n8n compares the paths of what it has loaded with those that changed.
  const userFolder = await realpath(FOLDER);
  const nodes = join(userFolder, '.n8n', 'nodes');
  await rm(nodes, { recursive: true, force: true });
  await installNode(userFolder);
  stop.throwIfAborted();
  const compiler = compile(join(nodes, 'node_modules', PACKAGE, 'dist'));
  closers.push(async () => {
    if (compiler.exitCode === null && compiler.kill()) await once(compiler, 'exit');
  });
  const env = { N8N_DEV_RELOAD: 'true' };
  const n8n = await startN8n({ host, userFolder, port, env, signal: stop });
  closers.push(async () => await n8n.stop());
  await new N8nClient(n8n.url).enter();
  await lock.announce(n8n.url);
  report(`
n8n's editor   ${n8n.url}
Email          ${OWNER.email}
Password       ${OWNER.password}
n8n's log      ${n8n.logFile}

Save a file under nodes/ or credentials/, and reload the editor in the browser when it is compiled.
A change of icons or of package.json needs a new start. Workflows and credentials are kept.
\`npm run sandbox -- --port 4010\` gives the credential a service on this machine. Ctrl-C stops n8n.
`);
  if (!stop.aborted) await once(stop, 'abort');
}

async function main(): Promise<void> {
  const port = readPort(process.argv.slice(2));
  const closers: Closer[] = [];
  try {
    await run(port, closers, stopSignal(report));
  } catch (error) {
    if (!(error instanceof AlreadyRunningError)) throw error;
    throw new Error('npm run dev is already running in this checkout. Stop it with Ctrl-C first.');
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
