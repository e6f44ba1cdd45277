import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, open, readFile, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { freePort } from '../host/ports';
import { until } from '../host/until';

const run = promisify(execFile);
const LOOPBACK = '127.0.0.1';

/** A server of another program, in a folder of its own, that listens on this machine's loopback only. */
export interface Service {
  port: number;
  /** Ends the server and removes what it kept. */
  stop(): Promise<void>;
}

interface User {
  uid: number;
  gid: number;
}

/**
 * Runs a server until its own standard input ends. It ends with us in this way, however we end: killed
 * tests leave no server behind.
 */
const LEASH = '"$@" & server=$!; cat > /dev/null; kill -s "$SIGNAL" "$server"; wait "$server"';

class Leashed implements Service {
  private readonly shell: ChildProcess;

  private constructor(
    private readonly folder: string,
    readonly port: number,
    shell: ChildProcess,
  ) {
    this.shell = shell;
  }

  /**
   * Starts `command` and waits until `isReady`.
   * @param signal what asks it to end without waiting for its clients
   */
  static async start(
    command: string[],
    {
      folder,
      port,
      signal,
      user,
      isReady,
    }: {
      folder: string;
      port: number;
      signal: string;
      user?: User;
      isReady: () => Promise<boolean>;
    },
  ): Promise<Leashed> {
    const logFile = join(folder, 'server.log');
    const log = await open(logFile, 'a');
    const shell = spawn('sh', ['-c', LEASH, 'leash', ...command], {
      cwd: folder,
      env: { PATH: process.env.PATH, LANG: 'C.UTF-8', SIGNAL: signal },
      stdio: ['pipe', log.fd, log.fd],
      // A process group of its own: Ctrl-C in a terminal would end it before n8n.
      detached: true,
      ...user,
    });
    await once(shell, 'spawn');
    await log.close();
    const service = new Leashed(folder, port, shell);
    try {
      await until(isReady, {
        what: `${command[0]} to answer`,
        details: async () => await readFile(logFile, 'utf8'),
      });
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  async stop(): Promise<void> {
    const ended = once(this.shell, 'exit');
    this.shell.stdin?.end();
    if (this.shell.exitCode === null) await ended;
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Starts a Redis that keeps nothing on disk. */
export async function startRedis(): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'queue-redis-'));
  const port = await freePort();
  const options = ['--bind', LOOPBACK, '--port', String(port), '--save', '', '--dir', folder];
  const isReady = async () => await pings(port);
  return await Leashed.start(['redis-server', ...options], {
    folder,
    port,
    signal: 'TERM',
    isReady,
  });
}

async function pings(port: number): Promise<boolean> {
  const socket = connect(port, LOOPBACK);
  try {
    socket.setTimeout(2_000, () => socket.destroy(new Error('No answer')));
    socket.end('PING\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString().startsWith('+PONG');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** The database of {@link startPostgres} and who may use it; no password, because only we can reach it. */
export const DATABASE = { name: 'n8n', user: 'n8n' };

export interface Postgres extends Service {
  /** What a SELECT finds, an object a row. */
  query<T>(select: string): Promise<T[]>;
}

/** Starts a PostgreSQL with a new cluster and an empty database. */
export async function startPostgres(): Promise<Postgres> {
  const bin = await postgresPrograms();
  const folder = await mkdtemp(join(tmpdir(), 'queue-postgres-'));
  const port = await freePort();
  const user = await postgresUser();
  if (user) await chown(folder, user.uid, user.gid);
  const own = { cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' }, ...user };
  const data = join(folder, 'data');
  const address = ['--host', LOOPBACK, '--port', String(port), '--username', DATABASE.user];
  try {
    await run(
      join(bin, 'initdb'),
      ['--pgdata', data, '--auth', 'trust', '--username', DATABASE.user, '--no-sync'],
      own,
    );
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const settings = [
    `listen_addresses=${LOOPBACK}`,
    `unix_socket_directories=${folder}`,
    // Nothing here has to outlive a power cut.
    'fsync=off',
  ].flatMap((setting) => ['-c', setting]);
  const service = await Leashed.start(
    [join(bin, 'postgres'), '-D', data, '-p', String(port), ...settings],
    {
      folder,
      port,
      // PostgreSQL's "fast" shutdown; SIGTERM would wait for every client to leave.
      signal: 'INT',
      user,
      isReady: async () =>
        await run(join(bin, 'pg_isready'), address).then(
          () => true,
          () => false,
        ),
    },
  );
  try {
    await run(join(bin, 'createdb'), [...address, DATABASE.name], own);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return {
    port,
    stop: async () => await service.stop(),
    query: async <T>(select: string): Promise<T[]> => {
      const rows = `SELECT row_to_json(found) FROM (${select}) AS found`;
      const how = ['--no-psqlrc', '--tuples-only', '--no-align', '--command', rows];
      const { stdout } = await run(join(bin, 'psql'), [...address, ...how, DATABASE.name], {
        maxBuffer: 64 * 1024 ** 2,
      });
      return stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as T);
    },
  };
}

/** Debian keeps PostgreSQL's server programs off the path, by version; other systems have them on it. */
async function postgresPrograms(): Promise<string> {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch((): string[] => []);
  const newest = versions.sort((a, b) => Number(b) - Number(a)).at(0);
  if (newest !== undefined) return join(root, newest, 'bin');
  const { stdout } = await run('pg_config', ['--bindir']).catch(() => {
    throw new Error('There is no PostgreSQL here (on Debian: apt-get install postgresql).');
  });
  return stdout.trim();
}

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
async function postgresUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (which) => Number((await run('id', [which, 'postgres'])).stdout)),
  );
  return { uid, gid };
}
