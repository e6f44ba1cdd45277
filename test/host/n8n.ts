import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import type { Host } from './install';
import { nodeBinary, pathWithNode } from './paths';
import { freePort, requirePort } from './ports';
import { until } from './until';

export type N8nCommand = 'start' | 'worker' | 'webhook';

export interface N8nOptions {
  host: Host;
  /** Holds everything n8n keeps (in `.n8n`). Processes of one n8n share it, or at least its key. */
  userFolder: string;
  /** `start` is the main process; `worker` and `webhook` are for queue mode. */
  command?: N8nCommand;
  /** A free one when left out. */
  port?: number;
  /** Added to, and winning over, what this harness sets. */
  env?: Record<string, string>;
  /** `<userFolder>/<command>.log` when left out. */
  logFile?: string;
  readyTimeoutMs?: number;
  /** Ends an n8n that is still starting. */
  signal?: AbortSignal;
}

/** One n8n process, which stays the same (port, folder, log) over restarts. */
export interface N8n {
  readonly url: string;
  readonly port: number;
  readonly command: N8nCommand;
  readonly userFolder: string;
  readonly logFile: string;
  /** Of the process that runs now. */
  readonly pid: number | undefined;
  /** What n8n wrote since it was first started. */
  log(): Promise<string>;
  /** Asks n8n to end, and ends it by force when it has not done so after a deadline. */
  stop(): Promise<void>;
  /** Ends n8n and its task runner at once (SIGKILL), as a crash of the machine would. */
  kill(): Promise<void>;
  /** Starts a stopped or killed n8n again, or a running one anew. */
  restart(): Promise<void>;
  /** Runs a command of n8n's CLI beside it, such as `export:credentials`, and returns what it writes. */
  runCommand(...args: string[]): Promise<string>;
}

/** n8n ended before it was ready. */
export class N8nStartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'N8nStartError';
  }
}

/** n8n's own deadline for its end, and what it is given on top of it. */
const SHUTDOWN_SECONDS = '10';
const STOP_EXTRA_MS = 10_000;
const READY_TIMEOUT_MS = 120_000;
const COMMAND_TIMEOUT_MS = 120_000;
const LOOPBACK = '127.0.0.1';

/** Starts n8n and returns when it answers requests. Whoever starts it stops it. */
export async function startN8n(options: N8nOptions): Promise<N8n> {
  // A free port can be taken by somebody else before n8n listens on it.
  for (let attemptsLeft = options.port === undefined ? 2 : 0; ; attemptsLeft -= 1) {
    const process = await N8nProcess.create(options);
    try {
      await process.restart();
      return process;
    } catch (error) {
      await process.kill();
      const portTaken = error instanceof N8nStartError && /in use|EADDRINUSE/.test(error.message);
      if (!portTaken || attemptsLeft === 0) throw error;
    }
  }
}

class N8nProcess implements N8n {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly options: N8nOptions,
    readonly port: number,
    private readonly brokerPort: number,
    readonly logFile: string,
  ) {}

  static async create(options: N8nOptions): Promise<N8nProcess> {
    const { userFolder, command = 'start' } = options;
    await mkdir(userFolder, { recursive: true });
    const port =
      options.port === undefined ? await freePort() : await requirePort(options.port, 'n8n');
    const logFile = options.logFile ?? join(userFolder, `${command}.log`);
    return new N8nProcess(options, port, await freePort(), logFile);
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.port}`;
  }

  get command(): N8nCommand {
    return this.options.command ?? 'start';
  }

  get userFolder(): string {
    return this.options.userFolder;
  }

  get pid(): number | undefined {
    return this.running ? this.child?.pid : undefined;
  }

  private get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && !this.child.signalCode;
  }

  async log(): Promise<string> {
    return await readFile(this.logFile, 'utf8').catch(() => '');
  }

  async restart(): Promise<void> {
    await this.stop();
    const { host, readyTimeoutMs = READY_TIMEOUT_MS } = this.options;
    const written = await stat(this.logFile).then(
      ({ size }) => size,
      () => 0,
    );
    const log = await open(this.logFile, 'a');
    const watchdog = pathToFileURL(join(__dirname, 'watchdog.ts')).href;
    const child = spawn(nodeBinary(), ['--import', watchdog, host.script, this.command], {
      cwd: this.userFolder,
      env: this.environment(),
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
      // A process group of its own: Ctrl-C in a terminal reaches only us, and kill() can end n8n
      // together with the task runner that it started.
      detached: true,
    });
    this.child = child;
    await log.close();
    const failed = new Promise<never>((_resolve, reject) => {
      child.once('error', reject);
    });
    failed.catch(() => {});

    const recent = async (): Promise<string> =>
      (await this.log()).slice(written).split('\n').slice(-30).join('\n');
    const answering = until(
      async () => {
        this.options.signal?.throwIfAborted();
        if (!this.running) {
          throw new N8nStartError(`n8n ended while it started:\n${await recent()}`);
        }
        return await isReady(this.url);
      },
      { what: `n8n at ${this.url}`, timeoutMs: readyTimeoutMs, details: recent },
    );
    await Promise.race([answering, failed]);
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (!child || !this.running) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const seconds = this.environment().N8N_GRACEFUL_SHUTDOWN_TIMEOUT;
    const deadline = setTimeout(
      () => this.signalGroup('SIGKILL'),
      Number(seconds) * 1000 + STOP_EXTRA_MS,
    );
    await ended;
    clearTimeout(deadline);
    // The task runner is told to end by n8n; make sure of it.
    this.signalGroup('SIGKILL');
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child || !this.running) return;
    const ended = once(child, 'exit');
    this.signalGroup('SIGKILL');
    await ended;
  }

  async runCommand(...args: string[]): Promise<string> {
    const { host, userFolder } = this.options;
    const run = promisify(execFile);
    const { stdout } = await run(nodeBinary(), [host.script, ...args], {
      cwd: userFolder,
      env: { ...this.environment(), N8N_RUNNERS_BROKER_PORT: String(await freePort()) },
      timeout: COMMAND_TIMEOUT_MS,
    });
    return stdout;
  }

  private signalGroup(signal: NodeJS.Signals): void {
    const pid = this.child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  private environment(): Record<string, string> {
    const ports: Record<string, string> =
      this.command === 'worker'
        ? {
            QUEUE_HEALTH_CHECK_ACTIVE: 'true',
            QUEUE_HEALTH_CHECK_PORT: String(this.port),
            N8N_WORKER_SERVER_ADDRESS: LOOPBACK,
          }
        : { N8N_PORT: String(this.port) };
    return {
      // Only what a process needs: variables of a test runner, of npm, or of an n8n that the
      // developer has configured on this machine must not reach this one.
      PATH: pathWithNode(),
      HOME: process.env.HOME ?? this.userFolder,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      NODE_ENV: 'production',
      ...ports,
      N8N_USER_FOLDER: this.userFolder,
      N8N_HOST: LOOPBACK,
      N8N_LISTEN_ADDRESS: LOOPBACK,
      N8N_PROTOCOL: 'http',
      // n8n names this address in what it registers with a service. A `webhook` or `worker`
      // process needs the address that its main process shows; pass it in `env`.
      N8N_WEBHOOK_URL: `${this.url}/`,
      N8N_EDITOR_BASE_URL: this.url,
      N8N_SECURE_COOKIE: 'false',
      N8N_RUNNERS_BROKER_PORT: String(this.brokerPort),
      N8N_GRACEFUL_SHUTDOWN_TIMEOUT: SHUTDOWN_SECONDS,
      // Its runner is not part of n8n's npm package.
      N8N_PYTHON_ENABLED: 'false',
      GENERIC_TIMEZONE: 'UTC',
      ...NO_OUTGOING_CONNECTIONS,
      ...this.options.env,
    };
  }
}

/** Everything n8n would ask or tell its maker's servers by itself. */
const NO_OUTGOING_CONNECTIONS = {
  N8N_DIAGNOSTICS_ENABLED: 'false',
  N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
  N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
  N8N_DYNAMIC_BANNERS_ENABLED: 'false',
  N8N_HIRING_BANNER_ENABLED: 'false',
  N8N_TEMPLATES_ENABLED: 'false',
  N8N_PERSONALIZATION_ENABLED: 'false',
  N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
  N8N_VERIFIED_PACKAGES_ENABLED: 'false',
  N8N_AI_GATEWAY_ENABLED: 'false',
  // Fetches a list of servers at every start; the others are products of their own inside n8n.
  N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,agents,agent-evals',
};

/** Whether n8n takes requests, by its own account. */
export async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz/readiness`, {
      signal: AbortSignal.timeout(2_000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
