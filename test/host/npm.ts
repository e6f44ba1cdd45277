import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';

import { nodeBinary, pathWithNode } from './paths';

export interface NpmResult {
  exitCode: number;
  /** The last lines that npm wrote. */
  lines: string[];
}

export interface NpmOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  onLine?: (line: string) => void;
  /** Ends npm and everything that npm started. */
  signal?: AbortSignal;
}

const KEPT_LINES = 200;

/** The npm that runs this script, or else the first on the path. */
function command(): [file: string, ...args: string[]] {
  const running = process.env.npm_execpath;
  return running && basename(running) === 'npm-cli.js' ? [nodeBinary(), running] : ['npm'];
}

/** Runs npm in `cwd`, hands over what it writes line by line, and says how it ended. */
export async function npm(args: string[], options: NpmOptions): Promise<NpmResult> {
  const [file, ...first] = command();
  const child = spawn(file, [...first, ...args], {
    cwd: options.cwd,
    // Options meant for this process (a test runner's, say) are not npm's.
    env: { ...process.env, NODE_OPTIONS: '', ...options.env, PATH: pathWithNode() },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that compilers which npm started end with it.
    detached: true,
  });
  const end = () => {
    // By force: npm takes minutes to undo an installation that SIGTERM interrupts.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  options.signal?.addEventListener('abort', end, { once: true });
  const output = new PassThrough();
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  const closed = once(child, 'close').finally(() => output.end()) as Promise<[number | null]>;

  const lines: string[] = [];
  for await (const line of createInterface({ input: output })) {
    options.onLine?.(line);
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
  }
  const [exitCode] = await closed;
  options.signal?.removeEventListener('abort', end);
  options.signal?.throwIfAborted();
  return { exitCode: exitCode ?? 1, lines };
}
