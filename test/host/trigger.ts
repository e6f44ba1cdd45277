/** What the tests of the trigger share: agents with a credential, workflows with a trigger, deliveries. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { parse as parseFlatted } from 'flatted';
import type { INodeParameters, IRunExecutionData } from 'n8n-workflow';
import { request } from 'undici';

import type { TriggerEvent } from '../../nodes/ImagineAnything/trigger/events/event';
import type { DeliveryRecord } from '../sandbox/deliveries';
import type { RegisteredAgent, Sandbox } from '../sandbox/server';
import type { Webhook } from '../sandbox/entities';
import type { Credential, Execution, SavedWorkflow } from './client';
import { output } from './executions';
import { until } from './until';
import type { N8nWithNode } from './with-node';
import { type NodeSpec, chain } from './workflows';

/** The name of the trigger in every workflow of {@link addTrigger}. */
export const TRIGGER = 'ImagineAnything Trigger';

/** The node after the trigger, which does nothing. */
export const AFTER = 'After';

/** An agent of the sandbox with its credential in n8n. */
export interface Account extends RegisteredAgent {
  credential: Credential;
}

/** A saved workflow that consists of a trigger and a node that does nothing. */
export interface Listener {
  workflow: SavedWorkflow;
  /** Where the service delivers to while the workflow is active. */
  production: string;
  /** Where it delivers to while a test event is listened for. */
  test: string;
}

let agents = 0;

/** Registers an agent of its own for a test, so that no test meets another's webhook or rate limit. */
export async function addAccount(
  { client }: N8nWithNode,
  sandbox: Sandbox,
  name = 'agent',
): Promise<Account> {
  agents += 1;
  const agent = sandbox.registerAgent({ handle: `${name}_${agents}`, name });
  const { clientId, clientSecret } = agent;
  const credential = await client.createCredential({
    name: `Account of @${agent.handle}`,
    type: 'imagineAnythingApi',
    data: { baseUrl: sandbox.url, clientId, clientSecret },
  });
  return { ...agent, credential };
}

/** The node after the trigger, unless a test has another one there. */
const DO_NOTHING: NodeSpec = { name: AFTER, type: 'n8n-nodes-base.noOp' };

/** Saves a workflow that events of an agent start. */
export async function addTrigger(
  { client, n8n }: N8nWithNode,
  { credential }: Account,
  parameters: INodeParameters = {},
  after: NodeSpec = DO_NOTHING,
): Promise<Listener> {
  const webhookId = randomUUID();
  const workflow = await client.createWorkflow(
    chain(
      'Triggered',
      {
        name: TRIGGER,
        type: 'n8n-nodes-imagineanything.imagineAnythingTrigger',
        parameters: { events: ['*'], ...parameters },
        credentials: { imagineAnythingApi: { id: credential.id, name: credential.name } },
        webhookId,
      },
      after,
    ),
  );
  return {
    workflow,
    production: `${n8n.url}/webhook/${webhookId}/webhook`,
    test: `${n8n.url}/webhook-test/${webhookId}/webhook`,
  };
}

/** Saves a workflow that events of an agent start, and publishes it. */
export async function addActiveTrigger(
  host: N8nWithNode,
  account: Account,
  parameters?: INodeParameters,
  after?: NodeSpec,
): Promise<Listener> {
  const listener = await addTrigger(host, account, parameters, after);
  await host.client.activate(listener.workflow.id);
  return listener;
}

/** A registered URL as n8n knows it: without the key of the trigger. */
const withoutKey = (url: string): string => url.replace(/\?webhook_key=[\w-]{32}$/, '');

/** The webhook that the service has for an agent, with its URL as n8n knows it. */
export function webhookOf(sandbox: Sandbox, { handle }: Account): Webhook | null {
  const webhook = sandbox.state.agentByHandle(handle)?.webhook ?? null;
  return webhook && { ...webhook, url: withoutKey(webhook.url) };
}

/** The events that an execution passed on. */
export function eventsOf(execution: Execution): TriggerEvent[] {
  return output(execution, AFTER).map(({ json }) => json as TriggerEvent);
}

/** Waits for `count` executions of a workflow, and returns the newest with what it put out. */
export async function newestExecution(
  { client }: N8nWithNode,
  { workflow }: Listener,
  count = 1,
): Promise<Execution> {
  const [{ id }] = await client.executionsEnded(workflow.id, count);
  return await client.execution(id);
}

let events = 0;

/** What is delivered of an event, with an id of its own. */
export function event(
  kind = 'follow',
  data: object = {},
): { id: string } & Record<string, unknown> {
  events += 1;
  return {
    id: `evt_own_${events}`,
    event: kind,
    createdAt: new Date(Date.UTC(2026, 0, 1) + events * 1000).toISOString(),
    data: { actor: { id: 'agent_x', handle: 'someone' }, ...data },
  };
}

/**
 * Has somebody follow an agent, and returns how the delivery that tells of it went.
 * @returns `target` is its URL as n8n knows it
 */
export async function follow(
  sandbox: Sandbox,
  account: Account,
): Promise<DeliveryRecord & { target: string }> {
  agents += 1;
  const follower = sandbox.registerAgent({ handle: `follower_${agents}`, name: 'Follower' });
  const before = sandbox.deliveries.length;
  await sandbox.as(follower.handle).post(`/api/agents/${account.handle}/follow`);
  await sandbox.settled();
  const [delivery] = sandbox.deliveries
    .slice(before)
    .filter(({ agent }) => agent === account.handle);
  if (!delivery) throw new Error(`Nothing was delivered to @${account.handle}`);
  return { ...delivery, target: withoutKey(delivery.url) };
}

/** Sends the bytes of a delivery once more, and returns the status of the answer. */
export async function replay(
  { url, headers, body }: DeliveryRecord,
  others: Record<string, string> = {},
): Promise<number> {
  const response = await request(url, { method: 'POST', headers: { ...headers, ...others }, body });
  await response.body.dump();
  return response.statusCode;
}

/** The id of the event in a delivery of {@link follow}. */
export function eventId({ body }: DeliveryRecord): string {
  return (JSON.parse(body) as { id: string }).id;
}

/** Waits until the service delivers the events of an agent to an address, null for nowhere. */
export async function pointsTo(
  sandbox: Sandbox,
  account: Account,
  address: string | null,
  timeoutMs = 60_000,
): Promise<void> {
  const current = (): string | null => webhookOf(sandbox, account)?.url ?? null;
  await until(() => current() === address, {
    what: `the webhook of @${account.handle} to lead to ${address ?? 'nowhere'}`,
    timeoutMs,
    details: () => `It leads to ${current() ?? 'nowhere'}.`,
  });
}

/**
 * Reads from n8n's database what the executions of a workflow passed on: asking for a thousand
 * executions one by one would take longer than running them.
 * @returns the ids of the events, one list an execution
 */
export function passedOn({ n8n }: N8nWithNode, { workflow }: Listener): string[][] {
  return read(n8n.userFolder, (database) => {
    const rows = database
      .prepare(
        `SELECT d.data FROM execution_entity e JOIN execution_data d ON d.executionId = e.id
         WHERE e.workflowId = ? ORDER BY e.id`,
      )
      .all(workflow.id);
    return rows.map(({ data }) => {
      const { resultData } = parseFlatted(String(data)) as IRunExecutionData;
      const runs = resultData.runData[AFTER] ?? [];
      const items = runs.flatMap((run) => (run.data?.main ?? []).flatMap((some) => some ?? []));
      return items.map(({ json }) => (json as TriggerEvent).id);
    });
  });
}

/** Waits for `count` executions of a workflow, and returns the ids of the events that each passed on. */
export async function passed(
  host: N8nWithNode,
  listener: Listener,
  count: number,
): Promise<string[][]> {
  await host.client.executionsEnded(listener.workflow.id, count);
  return passedOn(host, listener);
}

/** The ids of the events with which executions began that n8n shows as crashed. */
export function crashedWith({ n8n }: N8nWithNode, { workflow }: Listener): string[] {
  return read(n8n.userFolder, (database) => {
    const rows = database
      .prepare(
        `SELECT d.data FROM execution_entity e JOIN execution_data d ON d.executionId = e.id
         WHERE e.workflowId = ? AND e.status = 'crashed'`,
      )
      .all(workflow.id);
    return rows.flatMap(({ data }) => {
      const { executionData } = parseFlatted(String(data)) as IRunExecutionData;
      const stack = executionData?.nodeExecutionStack ?? [];
      const items = stack.flatMap((entry) => (entry.data.main ?? []).flatMap((some) => some ?? []));
      return items.map(({ json }) => (json as TriggerEvent).id);
    });
  });
}

/** How many executions of a workflow have which status, from n8n's database. */
export function executionStatuses(
  { n8n }: N8nWithNode,
  { workflow }: Listener,
): Record<string, number> {
  return read(n8n.userFolder, (database) => {
    const rows = database
      .prepare(
        'SELECT status, COUNT(*) AS count FROM execution_entity WHERE workflowId = ? GROUP BY status',
      )
      .all(workflow.id);
    return Object.fromEntries(rows.map(({ status, count }) => [String(status), Number(count)]));
  });
}

function read<T>(userFolder: string, query: (database: DatabaseSync) => T): T {
  const file = join(userFolder, '.n8n', 'database.sqlite');
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return query(database);
  } finally {
    database.close();
  }
}
