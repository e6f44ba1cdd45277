/** What the tests of the trigger share: n8n around it, and the sandbox that delivers to it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { DataDeduplicationService, PackageDirectoryLoader } from 'n8n-core';
import type { IDataDeduplicator, IDataObject, INodeType } from 'n8n-workflow';
import type * as processMap from '../../../credentials/memory/processMap';
import { current } from '../../host/current';
import { until } from '../../host/until';
import type { DeliverOverrides } from '../../sandbox/deliveries';
import type { Webhook } from '../../sandbox/entities';
import { UNLIMITED } from '../../sandbox/limitOptions';
import type { Sandbox, SandboxOptions } from '../../sandbox/server';
import { StoredCredentials } from './credentials';
import { type OwnClock, useOwnClock } from './ownClock';
import { Processed } from './processed';
import { startInDialect } from './sandbox';
import { TriggerN8n } from './triggerN8n';

const { resetProcess } = jest.requireActual<typeof processMap>(
  '../../../dist/credentials/memory/processMap',
);

/** A sandbox, a server that hands its deliveries to n8n, and for each test an agent and an n8n of its own. */
export interface UsedTrigger {
  n8n: TriggerN8n;
  sandbox: Sandbox;
  processed: Processed;
  clock: OwnClock;
  /** The credential has its handle for its id. */
  agent: { handle: string };
  /** The webhook of the agent, with its URL as n8n knows it. */
  webhook(): Webhook | null | undefined;
  /** The URL that the service has, with the key of the trigger. */
  registeredUrl(): string | undefined;
  /** Where n8n takes the deliveries of a workflow. */
  production(id: string): string;
  /** Where n8n takes those for a test of it. */
  testing(id: string): string;
  /** Changes where the service delivers to, as somebody else would. */
  point(url: string): void;
  /** Publishes a workflow with the id `a`. */
  start(options?: IDataObject, events?: string[]): Promise<void>;
  /**
   * Delivers to the agent.
   * @returns the status, and the error or whether an execution was started or nothing happened
   */
  deliver(
    body: unknown,
    overrides?: DeliverOverrides,
  ): Promise<[status: number | null, what: string]>;
  /** Unpublishes a workflow, and waits until its webhook is removed. */
  unpublish(id: string): Promise<void>;
  /** Waits until what `deactivate` began for any workflow has ended, whether it removes something or not. */
  afterRemovals(): Promise<void>;
}

export const STARTED = [200, 'started'];
export const NOTHING = [200, 'nothing'];

/**
 * Starts what the tests of a file share. What it returns works inside tests and their hooks only; after each test,
 * everything that it mocked is restored.
 *
 * @param options settings of the sandbox
 */
export function useTrigger(options: SandboxOptions = {}): UsedTrigger {
  const clock = useOwnClock();
  const processed = new Processed();
  const loader = new PackageDirectoryLoader(path.resolve(__dirname, '../../..'));
  let startedSandbox: Sandbox | undefined;
  let startedN8n: TriggerN8n | undefined;
  let registered: { handle: string } | undefined;
  const sandbox = current(() => startedSandbox);
  const n8n = current(() => startedN8n);
  const agent = current(() => registered);
  let base = '';
  let agents = 0;

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void n8n.take(request.url ?? '', request.headers, Buffer.concat(chunks)).then(
        (answer) => response.writeHead(answer.statusCode).end(JSON.stringify(answer.body)),
        // As n8n answers where no workflow is active.
        () => response.writeHead(404).end('{}'),
      );
    });
  });

  beforeAll(async () => {
    await loader.loadAll();
    await DataDeduplicationService.init(processed as unknown as IDataDeduplicator);
    startedSandbox = await startInDialect({
      ...{ limits: UNLIMITED, now: () => Date.now() },
      ...options,
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    // Workflows have the same URLs in each test.
    resetProcess();
    sandbox.faults.clear();
    const { type } = loader.getNode('imagineAnythingTrigger');
    const credentials = new StoredCredentials((name) => loader.getCredential(name).type);
    startedN8n = new TriggerN8n(type as INodeType, credentials, base);
    registered = { handle: newAgent() };
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  afterAll(async () => {
    server.close();
    await startedSandbox?.close();
  });

  function newAgent(): string {
    const handle = `agent_${++agents}`;
    const { clientId, clientSecret } = sandbox.registerAgent({ handle, name: 'Me' });
    n8n.credentials.save(handle, { clientId, clientSecret, baseUrl: sandbox.url });
    return handle;
  }

  const webhookOf = (handle: string) => sandbox.state.agentByHandle(handle)?.webhook;
  const removed = async (handle: string) =>
    await until(() => webhookOf(handle) === null, {
      what: `the webhook of @${handle} to be removed`,
    });

  const used: Pick<UsedTrigger, 'webhook' | 'registeredUrl' | 'production' | 'testing'> = {
    webhook() {
      const webhook = webhookOf(agent.handle);
      return webhook && { ...webhook, url: webhook.url.replace(/\?webhook_key=[\w-]+$/, '') };
    },
    registeredUrl: () => webhookOf(agent.handle)?.url,
    production: (id) => `${base}/webhook/hook-${id}/webhook`,
    testing: (id) => `${base}/webhook-test/hook-${id}/webhook`,
  };
  return {
    ...{ n8n, sandbox, processed, agent, clock },
    ...used,
    point(url) {
      const now = webhookOf(agent.handle);
      if (!now) throw new Error('There is no webhook');
      now.url = url;
    },
    async start(options, events) {
      n8n.add('a', agent.handle, options, events);
      await n8n.activate('a');
    },
    async deliver(body, overrides) {
      const { status, responseBody } = await sandbox.deliver(agent.handle, body, overrides);
      const { error, events } = JSON.parse(responseBody ?? '{}') as {
        error?: string;
        events?: number;
      };
      // What started nothing says that there were no events for the workflow.
      return [status, error ?? (events === 0 ? 'nothing' : 'started')];
    },
    async unpublish(id) {
      await n8n.deactivate(id);
      await removed(agent.handle);
    },
    async afterRemovals() {
      // Removals wait equally long, so one that begins now is the last; each agent has its turns.
      const last = newAgent();
      n8n.add(last, last);
      await n8n.activate(last);
      await n8n.deactivate(last);
      await removed(last);
    },
  };
}

let events = 0;

/** An event of its own, in the form that is taken to be the usual one: somebody follows the agent. */
export const follow = (change: IDataObject = {}): IDataObject => ({
  id: `evt_${++events}`,
  event: 'follow',
  createdAt: new Date().toISOString(),
  data: { actor: { id: 'agent_x', handle: 'someone' } },
  ...change,
});
