import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { N8nClient } from '../host/client';
import { type ReverseProxy, startReverseProxy } from '../host/reverseProxy';
import { type Report, ensureHost } from '../host/install';
import { type N8n, type N8nCommand, startN8n } from '../host/n8n';
import { installNode } from '../host/package-node';
import { DATABASE, type Service, startPostgres, startRedis } from './services';

/** n8n in queue mode, as `examples/queue-mode/compose.yaml` sets it up. */
export interface Cluster {
  client: N8nClient;
  main: N8n;
  webhook: N8n;
  workers: N8n[];
  /** The one address that the outside sees. */
  proxy: ReverseProxy;
  /** What a SELECT finds in n8n's database, an object a row. */
  query<T>(select: string): Promise<T[]>;
  close(): Promise<void>;
}

/** How many executions a worker runs at a time. */
export const WORKER_CONCURRENCY = 5;

/** What every process of a cluster is told; the values that depend on where its services are come on top. */
export const SHARED_ENV = {
  EXECUTIONS_MODE: 'queue',
  OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
  DB_TYPE: 'postgresdb',
  // With n8n's default of 2, a webhook process that is given 20 deliveries at once is taken for dead.
  DB_POSTGRESDB_POOL_SIZE: '10',
  // n8n removes a job as soon as it has ended, and who waits for it and missed the message waits for ever.
  N8N_EXECUTIONS_QUEUE_KEEP_LAST_COMPLETED: '1000',
  N8N_EXECUTIONS_QUEUE_KEEP_LAST_FAILED: '1000',
  DB_POSTGRESDB_DATABASE: DATABASE.name,
  DB_POSTGRESDB_USER: DATABASE.user,
} as const;

/** The variables of {@link SHARED_ENV} whose values differ from machine to machine. */
export const PLACES = [
  'DB_POSTGRESDB_HOST',
  'DB_POSTGRESDB_PORT',
  'DB_POSTGRESDB_PASSWORD',
  'QUEUE_BULL_REDIS_HOST',
  'QUEUE_BULL_REDIS_PORT',
  'N8N_ENCRYPTION_KEY',
  'N8N_WEBHOOK_URL',
] as const;

/**
 * Only for the test: how soon n8n notices that a worker is dead (a minute and a half by default). Still far longer
 * than a busy machine keeps a living worker from renewing its lock.
 */
const NOTICE_SOON = {
  QUEUE_WORKER_LOCK_DURATION: '15000',
  QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
  QUEUE_WORKER_STALLED_INTERVAL: '4000',
};

const LOOPBACK = '127.0.0.1';

const toStderr: Report = (line) => {
  process.stderr.write(`${line}\n`);
};

/** Starts Redis, PostgreSQL, one main process, one webhook process and `workers` workers. */
export async function startCluster({ workers }: { workers: number }): Promise<Cluster> {
  const host = await ensureHost(toStderr);
  const folder = await mkdtemp(join(tmpdir(), 'queue-n8n-'));
  const running: Array<Service | N8n | ReverseProxy> = [];
  const close = async () => {
    // What others need ends last.
    for (const one of running.splice(0).reverse()) await one.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const keep = <T extends Service | N8n | ReverseProxy>(one: T): T => {
    running.push(one);
    return one;
  };

  try {
    const redis = keep(await startRedis());
    const postgres = keep(await startPostgres());
    const proxy = keep(await startReverseProxy());
    const places: Record<(typeof PLACES)[number], string> = {
      DB_POSTGRESDB_HOST: LOOPBACK,
      DB_POSTGRESDB_PORT: String(postgres.port),
      DB_POSTGRESDB_PASSWORD: 'any: the server trusts this machine',
      QUEUE_BULL_REDIS_HOST: LOOPBACK,
      QUEUE_BULL_REDIS_PORT: String(redis.port),
      N8N_ENCRYPTION_KEY: 'the-same-in-every-process',
      N8N_WEBHOOK_URL: `${proxy.url}/`,
    };
    const installed = join(folder, 'installed');
    await installNode(installed);
    const start = async (name: string, command: N8nCommand): Promise<N8n> => {
      const userFolder = join(folder, name);
      // Every process has a data folder of its own, with the node in it: n8n takes the trace that a running
      // process leaves in a shared one for that of a crash, and waits.
      await cp(installed, userFolder, { recursive: true });
      const env = {
        ...SHARED_ENV,
        ...places,
        ...NOTICE_SOON,
        N8N_CONCURRENCY_PRODUCTION_LIMIT: String(WORKER_CONCURRENCY),
      };
      return keep(await startN8n({ host, userFolder, command, env }));
    };

    // The main process alone brings the database up to date.
    const main = await start('main', 'start');
    const [webhook, ...others] = await Promise.all([
      start('webhook', 'webhook'),
      ...Array.from({ length: workers }, async (_, index) =>
        start(`worker-${index + 1}`, 'worker'),
      ),
    ]);
    // Production webhooks to the webhook process, everything else to the main process.
    proxy.route((path) => (path.startsWith('/webhook/') ? webhook.url : main.url));
    const client = new N8nClient(main.url);
    await client.setUpOwner();
    return { client, main, webhook, workers: others, proxy, query: postgres.query, close };
  } catch (error) {
    await close();
    throw error;
  }
}
