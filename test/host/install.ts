import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { access, copyFile, mkdir, readFile, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { lock } from 'proper-lockfile';

import { npm } from './npm';
import { HOST_PACKAGE, cacheFolder, hostHash, nodeBinary, nodeHeaders } from './paths';

/** An n8n that is installed and can be started. */
export interface Host {
  folder: string;
  /** The script that Node.js runs as n8n. */
  script: string;
  version: string;
}

export type Report = (line: string) => void;

/** Says in one sentence why n8n could not be installed, and where the whole log is. */
export class HostInstallError extends Error {
  constructor(
    reason: string,
    readonly logFile?: string,
  ) {
    super(logFile ? `${reason} The whole log: ${logFile}` : reason);
    this.name = 'HostInstallError';
  }
}

const NEEDED_BYTES = 4 * 1024 ** 3;
const HEARTBEAT_MS = 15_000;

const quiet: Report = () => {};

/**
 * Returns the installed n8n, installing it first when this machine has none yet (some minutes and
 * about 3 GB). Installations with the same lockfile share one folder; two starts at once share one
 * installation, because the second waits for the first.
 */
export async function ensureHost(report: Report = quiet, signal?: AbortSignal): Promise<Host> {
  const folder = join(cacheFolder(), `host-${hostHash()}`);
  const ready = await inspect(folder);
  if (ready) return ready;

  await mkdir(cacheFolder(), { recursive: true });
  const release = await acquire(folder, report);
  try {
    // Somebody else may have finished it while we waited for the lock.
    const meanwhile = await inspect(folder);
    if (meanwhile) return meanwhile;
    return await install(folder, report, signal);
  } finally {
    await release();
  }
}

async function acquire(folder: string, report: Report): Promise<() => Promise<void>> {
  const options = { realpath: false, stale: 20_000, lockfilePath: `${folder}.lock` };
  try {
    return await lock(folder, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
  }
  report('Another process is installing n8n. Waiting until it has finished.');
  return await lock(folder, {
    ...options,
    retries: { forever: true, minTimeout: 1_000, maxTimeout: 1_000 },
  });
}

/** The host in `folder`, or undefined when there is none or a damaged one. */
async function inspect(folder: string): Promise<Host | undefined> {
  const n8n = join(folder, 'node_modules', 'n8n');
  try {
    const wanted = JSON.parse(await readFile(join(HOST_PACKAGE, 'package.json'), 'utf8')) as {
      dependencies: { n8n: string };
    };
    const found = JSON.parse(await readFile(join(n8n, 'package.json'), 'utf8')) as {
      version: string;
    };
    await access(join(n8n, 'bin', 'n8n'));
    await access(join(folder, 'node_modules', 'sqlite3', 'build', 'Release', 'node_sqlite3.node'));
    if (found.version !== wanted.dependencies.n8n) return undefined;
    return { folder, script: join(n8n, 'bin', 'n8n'), version: found.version };
  } catch {
    return undefined;
  }
}

/**
 * Installs into a folder next to the final one and renames it when everything is there, so that a
 * host under its final name is always a whole one, whatever interrupted an installation.
 */
async function install(folder: string, report: Report, signal?: AbortSignal): Promise<Host> {
  const part = `${folder}.part`;
  const logFile = `${folder}.log`;
  await requireSpace();
  await rm(folder, { recursive: true, force: true });
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const started = Date.now();
  try {
    for (const file of ['package.json', 'package-lock.json']) {
      await copyFile(join(HOST_PACKAGE, file), join(part, file));
    }
    const packages = await countPackages();
    report(
      `Installing n8n, once for this machine: ${packages} packages, about 3 GB, some minutes. It goes to ${folder}`,
    );
    await runPhase(['ci', '--ignore-scripts', '--loglevel=http'], part, logFile, {
      name: 'downloading n8n',
      report,
      signal,
    });
    const headers = nodeHeaders();
    await runPhase(
      ['rebuild', 'sqlite3', '--loglevel=info', '--foreground-scripts'],
      part,
      logFile,
      {
        name: 'building its database driver',
        report,
        env: headers ? { npm_config_nodedir: headers } : undefined,
      },
    );
    await requireLoadable(part, logFile);
    await rename(part, folder);
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
  const host = await inspect(folder);
  if (!host) throw new HostInstallError('The installation of n8n is not complete.', logFile);
  report(`n8n ${host.version} is installed (${elapsed(started)}).`);
  return host;
}

async function requireSpace(): Promise<void> {
  const { bavail, bsize } = await statfs(cacheFolder());
  const free = bavail * bsize;
  if (free >= NEEDED_BYTES) return;
  throw new HostInstallError(
    `n8n needs about ${gigabytes(NEEDED_BYTES)} in ${cacheFolder()}, and only ${gigabytes(free)} are free there. Set XDG_CACHE_HOME to a folder on a larger disk.`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}

async function countPackages(): Promise<number> {
  const lockfile = JSON.parse(await readFile(join(HOST_PACKAGE, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, unknown>;
  };
  return Object.keys(lockfile.packages).length - 1;
}

interface Phase {
  name: string;
  report: Report;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

async function runPhase(
  args: string[],
  cwd: string,
  logFile: string,
  { name, report, env, signal }: Phase,
): Promise<void> {
  const log = createWriteStream(logFile, { flags: 'a' });
  log.write(`\n--- npm ${args.join(' ')}\n`);
  const started = Date.now();
  let fetched = 0;
  const heartbeat = setInterval(() => {
    const count = fetched > 0 ? `, ${fetched} answers from the registry` : '';
    report(`  … ${name}: ${elapsed(started)}${count}`);
  }, HEARTBEAT_MS);
  try {
    const { exitCode, lines } = await npm(args, {
      cwd,
      env,
      signal,
      onLine: (line) => {
        log.write(`${line}\n`);
        if (line.includes('http fetch GET 200')) fetched += 1;
      },
    });
    if (exitCode !== 0) throw new HostInstallError(explain(name, lines), logFile);
    report(`  ${name}: done (${elapsed(started)})`);
  } finally {
    clearInterval(heartbeat);
    log.end();
    await once(log, 'close');
  }
}

/** npm's errors in the words of somebody who only wanted to start n8n. */
const CAUSES: Array<[pattern: RegExp, reason: string]> = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|ERR_SOCKET_TIMEOUT|network/,
    'The package registry could not be reached. Check the connection and start again.',
  ],
  [
    /EINTEGRITY|TAR_|zlib|unexpected end of file|Z_BUF_ERROR|Z_DATA_ERROR/,
    'A downloaded package was damaged. Run `npm cache verify` and start again.',
  ],
  [
    /FETCH_ERROR/,
    'The package registry gave no proper answer, perhaps because of a proxy in between.',
  ],
  [/ENOSPC/, 'The disk is full.'],
  [/\bE40[13]\b/, 'The package registry refused access.'],
  [
    /\bE404\b|ETARGET|notarget/,
    'The package registry does not have one of the packages that n8n needs.',
  ],
  [
    /gyp ERR!/,
    'The database driver could not be compiled. It needs Python 3, make and a C++ compiler (on Debian: apt-get install python3 build-essential).',
  ],
];

/** Says in one sentence why npm failed, from what it wrote. */
export function explain(phase: string, lines: string[]): string {
  const errors = lines.filter((line) => /npm err(or)?!?|gyp ERR!/i.test(line));
  const cause = CAUSES.find(([pattern]) => errors.some((line) => pattern.test(line)));
  return `n8n could not be installed (${phase}): ${cause ? cause[1] : (errors[0] ?? lines.at(-1) ?? 'npm gave no reason.')}`;
}

/** Loads the native parts, so that an unusable host is found now and not at its first start. */
async function requireLoadable(folder: string, logFile: string): Promise<void> {
  try {
    await promisify(execFile)(nodeBinary(), ['-e', "require('sqlite3'); require('isolated-vm')"], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '--no-node-snapshot' },
    });
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    const reason = stderr.split('\n').find((line) => /error/i.test(line)) ?? message;
    throw new HostInstallError(`n8n was installed, but does not load: ${reason}`, logFile);
  }
}

function elapsed(since: number): string {
  const seconds = Math.round((Date.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
