import { randomUUID } from 'node:crypto';

import type { INodeParameters } from 'n8n-workflow';

import type { ExecutionSummary, SavedWorkflow } from '../host/client';
import { until } from '../host/until';
import { chain, imagineAnything } from '../host/workflows';
import type { DeliveryRecord } from '../sandbox/deliveries';
import type { Comment } from '../sandbox/entities';
import { type RegisteredAgent, type Sandbox, startSandbox } from '../sandbox/server';
import { type Cluster, startCluster } from './cluster';

/** The name of the trigger in the workflow of an {@link Answerer}. */
export const TRIGGER = 'ImagineAnything Trigger';

const TYPE = 'imagineAnythingApi';

/** An execution as n8n's database has it. */
export type ExecutionRow = Pick<ExecutionSummary, 'id' | 'status' | 'mode' | 'stoppedAt'>;

/** An agent with a post, another that comments on it, and a workflow on a cluster that answers every comment. */
export class Answerer {
  private constructor(
    readonly cluster: Cluster,
    readonly sandbox: Sandbox,
    readonly agent: RegisteredAgent,
    private readonly commenter: RegisteredAgent,
    private readonly postId: string,
    private current: SavedWorkflow,
  ) {}

  /** Starts a sandbox and a cluster with two workers, and activates the workflow. */
  static async start(): Promise<Answerer> {
    const sandbox = await startSandbox({
      // Reads and writes without limit, because the limits are not under test here. Ten
      // authentications a minute, as documented, for all processes together.
      limits: { read: Infinity, write: Infinity },
      // Every execution takes some time, so that a worker which dies has begun some.
      latencyMs: 100,
      delivery: { timeoutMs: 30_000 },
      redeliver: { attempts: 240, delayMs: 500 },
    });
    let cluster: Cluster | undefined;
    try {
      const agent = sandbox.registerAgent({ handle: 'answerer', name: 'Answerer' });
      const commenter = sandbox.registerAgent({ handle: 'commenter', name: 'Commenter' });
      await sandbox.as(agent.handle).post('/api/posts', { content: 'Ask me anything' });
      const [postId] = sandbox.state.posts.keys();
      cluster = await startCluster({ workers: 2 });
      const workflow = await addWorkflow(cluster, sandbox, agent);
      await cluster.client.activate(workflow.id);
      return new Answerer(cluster, sandbox, agent, commenter, postId, workflow);
    } catch (error) {
      await cluster?.close();
      await sandbox.close();
      throw error;
    }
  }

  /** The active workflow. */
  get workflow(): SavedWorkflow {
    return this.current;
  }

  /** Deactivates the workflow and activates another in its place, whose trigger has these options. */
  async replaceWorkflow(options: INodeParameters): Promise<void> {
    const { client } = this.cluster;
    await client.deactivate(this.current.id);
    this.current = await addWorkflow(this.cluster, this.sandbox, this.agent, options);
    await client.activate(this.current.id);
  }

  /** Comments on the post of the agent. @returns the delivery of the comment */
  async comment(content: string): Promise<DeliveryRecord> {
    const { sandbox, commenter, postId } = this;
    await sandbox.as(commenter.handle).post(`/api/posts/${postId}/comments`, { content });
    const delivery = sandbox.deliveries.at(-1);
    if (!delivery?.body.includes(content)) throw new Error(`"${content}" was not delivered`);
    return delivery;
  }

  /** Repeats a delivery, to another address if one is given. */
  async repeat({ body, headers }: DeliveryRecord, url?: string): Promise<DeliveryRecord> {
    const id = headers['X-ImagineAnything-Delivery'];
    return await this.sandbox.deliver(this.agent.handle, body, {
      ...(url === undefined ? {} : { url }),
      headers: { 'X-ImagineAnything-Delivery': id },
      redeliver: true,
    });
  }

  /** The comments of the agent. */
  answers(): Comment[] {
    const { agent, sandbox } = this;
    return [...sandbox.state.comments.values()].filter(({ agentId }) => agentId === agent.id);
  }

  /** How many answers a comment has. */
  answersTo(content: string): number {
    return this.answers().filter((answer) => answer.content === `Answer to ${content}`).length;
  }

  /** Waits until the agent has at least `count` comments. */
  async atLeastAnswered(count: number): Promise<void> {
    await until(() => this.answers().length >= count, {
      what: `${count} answers`,
      timeoutMs: 240_000,
      details: async () =>
        `There are ${this.answers().length}.\n${await this.cluster.webhook.log()}`,
    });
  }

  /**
   * All executions of the workflow, the newest first. From the database: n8n's own list sorts by the start and pages
   * by the id, and omits some where workers start executions in another order.
   */
  async allExecutions(): Promise<ExecutionRow[]> {
    return await this.cluster.query<ExecutionRow>(
      `SELECT id::text, status, mode, "stoppedAt" FROM execution_entity
       WHERE "workflowId" = '${this.current.id}' ORDER BY execution_entity.id DESC`,
    );
  }

  /** Waits until there are `count` executions and all have ended. @returns them, the newest first */
  async allEnded(count: number): Promise<ExecutionRow[]> {
    let last: ExecutionRow[] = [];
    return await until(
      async () => {
        last = await this.allExecutions();
        const ended = last.filter(({ stoppedAt }) => stoppedAt !== null);
        return last.length >= count && ended.length === last.length ? last : undefined;
      },
      {
        what: `${count} executions to end`,
        timeoutMs: 240_000,
        everyMs: 1_000,
        details: () =>
          `There are ${last.length}, ${last.filter((each) => each.stoppedAt === null).length} of them not ended.`,
      },
    );
  }

  /** Makes `count` comments one after the other, twenty deliveries at a time, and repeats every tenth delivery. */
  async feed(count: number, name = 'comment'): Promise<void> {
    const repetitions: Array<Promise<DeliveryRecord>> = [];
    for (let number = 1; number <= count; number++) {
      const delivery = await this.comment(`${name} ${number}.`);
      if (number % 10 === 0) repetitions.push(this.repeat(delivery));
      await this.fewerPendingThan(20);
    }
    await Promise.all(repetitions);
    await this.sandbox.settled();
  }

  async close(): Promise<void> {
    await this.cluster.close();
    await this.sandbox.close();
  }

  private async fewerPendingThan(count: number): Promise<void> {
    const pending = () => this.sandbox.deliveries.filter(({ state }) => state === 'pending').length;
    await until(() => pending() < count, {
      what: `fewer than ${count} deliveries to be pending`,
      timeoutMs: 120_000,
      everyMs: 20,
    });
  }
}

/** Saves a workflow that answers every comment on a post of an agent with a comment that quotes it. */
async function addWorkflow(
  { client }: Cluster,
  sandbox: Sandbox,
  { clientId, clientSecret }: RegisteredAgent,
  options: INodeParameters = {},
): Promise<SavedWorkflow> {
  const data = { baseUrl: sandbox.url, clientId, clientSecret };
  const { id, name } = await client.createCredential({ name: 'Answerer', type: TYPE, data });
  const credentials = { [TYPE]: { id, name } };
  return await client.createWorkflow(
    chain(
      'Answer comments',
      {
        name: TRIGGER,
        type: 'n8n-nodes-imagineanything.imagineAnythingTrigger',
        parameters: { events: ['*'], options },
        credentials,
        webhookId: randomUUID(),
      },
      imagineAnything('Answer', {
        credentials,
        parameters: {
          resource: 'comment',
          operation: 'create',
          post: { __rl: true, mode: 'id', value: '={{ $json.post.id }}' },
          content: '=Answer to {{ $json.comment.content }}',
        },
      }),
    ),
  );
}
