/** n8n on several processes: what becomes of the events of an agent, also when a worker dies. */
import { randomUUID } from 'node:crypto';

import type { INodeParameters } from 'n8n-workflow';

import type { ExecutionSummary, SavedWorkflow } from '../host/client';
import { output } from '../host/executions';
import type { N8n } from '../host/n8n';
import { until } from '../host/until';
import { SETUP_TIMEOUT_MS } from '../host/with-node';
import { chain, imagineAnything } from '../host/workflows';
import type { DeliveryRecord } from '../sandbox/deliveries';
import { type RegisteredAgent, type Sandbox, startSandbox } from '../sandbox/server';
import type { Comment } from '../sandbox/entities';
import { type Cluster, WORKER_CONCURRENCY, startCluster } from './cluster';

const EVENTS = 500;
const TRIGGER = 'ImagineAnything Trigger';
const TYPE = 'imagineAnythingApi';

type Row = Pick<ExecutionSummary, 'id' | 'status' | 'mode' | 'stoppedAt'>;

let cluster: Cluster;
let sandbox: Sandbox;
let me: RegisteredAgent;
let fan: RegisteredAgent;
let postId: string;
let workflow: SavedWorkflow;

beforeAll(async () => {
  sandbox = await startSandbox({
    // Reads and writes without limit, because it is not the limits that are tried here. Ten
    // authentications a minute, as documented.
    limits: { reads: Infinity, writes: Infinity },
    // Every execution takes some time, so that a worker which dies has begun some.
    latencyMs: 100,
    delivery: { timeoutMs: 30_000 },
    redeliver: { attempts: 240, delayMs: 500 },
  });
  me = sandbox.registerAgent({ handle: 'answerer', name: 'Answerer' });
  fan = sandbox.registerAgent({ handle: 'commenter', name: 'Commenter' });
  await sandbox.as(me.handle).post('/api/posts', { content: 'Ask me anything' });
  postId = [...sandbox.state.posts.keys()][0];
  cluster = await startCluster({ workers: 2 });
  workflow = await addWorkflow();
  await cluster.client.activate(workflow.id);
}, SETUP_TIMEOUT_MS);

afterAll(async () => {
  await cluster?.close();
  await sandbox?.close();
}, 120_000);

/** Answers every comment on a post of the agent with a comment that names it. */
async function addWorkflow(options: INodeParameters = {}): Promise<SavedWorkflow> {
  const { client } = cluster;
  const { clientId, clientSecret } = me;
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

/** Has somebody comment on the agent's post, and returns the delivery that tells of it. */
async function comment(content: string): Promise<DeliveryRecord> {
  await sandbox.as(fan.handle).post(`/api/posts/${postId}/comments`, { content });
  const delivery = sandbox.deliveries.at(-1);
  if (!delivery?.body.includes(content)) throw new Error(`"${content}" was not delivered`);
  return delivery;
}

/** Delivers once more what was delivered, elsewhere if an address is given. */
async function repeat({ body, headers }: DeliveryRecord, url?: string): Promise<DeliveryRecord> {
  const id = headers['X-ImagineAnything-Delivery'];
  return await sandbox.deliver(me.handle, body, {
    ...(url === undefined ? {} : { url }),
    headers: { 'X-ImagineAnything-Delivery': id },
    redeliver: true,
  });
}

function answers(): Comment[] {
  return [...sandbox.state.comments.values()].filter(({ agentId }) => agentId === me.id);
}

function answersTo(content: string): number {
  return answers().filter((answer) => answer.content === `Answer to ${content}`).length;
}

/** Executions that a worker has begun or ended, by its log. */
async function executionsOf(worker: N8n, what: 'started' | 'finished'): Promise<string[]> {
  const lines = (await worker.log()).matchAll(/Worker (started|finished) execution (\d+)/g);
  return [...lines].filter(([, word]) => word === what).map(([, , id]) => id);
}

/** Executions that a worker has begun and not ended, by its log. */
async function underWayAt(worker: N8n): Promise<string[]> {
  const done = await executionsOf(worker, 'finished');
  return (await executionsOf(worker, 'started')).filter((id) => !done.includes(id));
}

/**
 * Kills a worker while it runs executions. It is halted first, so that it ends none of them meanwhile.
 * @param earlier what it left behind when it was killed before
 */
async function killAtWork(worker: N8n, earlier: readonly string[] = []): Promise<void> {
  const pid = worker.pid;
  if (pid === undefined) throw new Error('The worker does not run');
  await until(
    async () => {
      process.kill(pid, 'SIGSTOP');
      const atWork = (await underWayAt(worker)).length > earlier.length;
      if (!atWork) process.kill(pid, 'SIGCONT');
      return atWork;
    },
    { what: 'the worker to be at work', timeoutMs: 120_000, everyMs: 20 },
  );
  await worker.kill();
}

/**
 * All executions of the workflow, the newest first. From the database: n8n's own list goes by the start and
 * turns its pages by the id, and leaves some out where workers start executions in another order.
 */
async function allExecutions(): Promise<Row[]> {
  return await cluster.query<Row>(
    `SELECT id::text, status, mode, "stoppedAt" FROM execution_entity
     WHERE "workflowId" = '${workflow.id}' ORDER BY execution_entity.id DESC`,
  );
}

/** Waits until nothing runs any more and there are `count` executions. */
async function allEnded(count: number): Promise<Row[]> {
  let last: Row[] = [];
  return await until(
    async () => {
      last = await allExecutions();
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

async function fewerPendingThan(count: number): Promise<void> {
  const pending = () => sandbox.deliveries.filter(({ state }) => state === 'pending').length;
  await until(() => pending() < count, {
    what: `fewer than ${count} deliveries to be under way`,
    timeoutMs: 120_000,
    everyMs: 20,
  });
}

/** One event after the other, twenty deliveries at a time, every tenth of them at once twice. */
async function feed(count = EVENTS, name = 'comment'): Promise<void> {
  const repetitions: Array<Promise<DeliveryRecord>> = [];
  for (let number = 1; number <= count; number++) {
    const delivery = await comment(`${name} ${number}.`);
    if (number % 10 === 0) repetitions.push(repeat(delivery));
    await fewerPendingThan(20);
  }
  await Promise.all(repetitions);
  await sandbox.settled();
}

async function atLeastAnswered(count: number): Promise<void> {
  await until(() => answers().length >= count, {
    what: `${count} answers`,
    timeoutMs: 240_000,
    details: async () => `There are ${answers().length}.\n${await cluster.webhook.log()}`,
  });
}

test('500 events start 500 executions on two workers, one of which is killed half way', async () => {
  const [survivor, victim] = cluster.workers;
  const exchangesBefore = sandbox.tokenExchanges.length;
  const fed = feed();
  // A feed that fails is reported where it is awaited.
  fed.catch(() => {});

  await atLeastAnswered(100);
  // From now on every process needs another token.
  sandbox.expireTokens(me.handle);
  await atLeastAnswered(EVENTS / 2);
  await killAtWork(victim);
  await fed;
  const executions = await allEnded(EVENTS);

  // One execution an event, although fifty events were delivered twice.
  expect(executions).toHaveLength(EVENTS);
  expect(sandbox.deliveries.filter(({ state }) => state !== 'delivered')).toEqual([]);

  // What the dead worker had taken ends with an error, for n8n 2.41 runs nothing twice (it sets Bull's
  // maxStalledCount to 0). Everything else succeeds, what was waiting in the queue included. The worker may
  // have taken an execution without having come to say so in its log.
  const done = await executionsOf(victim, 'finished');
  const abandoned = await underWayAt(victim);
  const failed = executions.filter(({ status }) => status !== 'success').map(({ id }) => id);
  const runBySurvivor = await executionsOf(survivor, 'started');
  expect(abandoned.length).toBeGreaterThan(0);
  expect(failed.filter((id) => done.includes(id) || runBySurvivor.includes(id))).toEqual([]);
  expect(failed.length).toBeLessThanOrEqual(WORKER_CONCURRENCY);

  // No event was answered twice, and only those may be without an answer that the worker took with it.
  const contents = answers().map(({ content }) => content);
  expect(new Set(contents).size).toBe(contents.length);
  expect(contents.length).toBeGreaterThanOrEqual(EVENTS - failed.length);

  const shares = [(await executionsOf(survivor, 'finished')).length, done.length];
  expect(Math.min(...shares)).toBeGreaterThan(EVENTS / 10);

  // A process exchanges once for itself, whatever it runs. It may need a second call, because
  // a refresh token works once and the other worker may have been faster.
  const exchanges = sandbox.tokenExchanges.slice(exchangesBefore);
  expect(exchanges.length).toBeGreaterThan(0);
  expect(exchanges.length).toBeLessThanOrEqual(2 * cluster.workers.length);
  expect(sandbox.rateLimited).toBe(0);

  const byKind = exchanges.map(({ grantType, status }) => `${grantType} ${status}`).join(', ');
  process.stderr.write(
    `${executions.length} executions, ${shares.join(' and ')} by worker, ${abandoned.length} begun by the killed one, of which ${failed.length} failed; ` +
      `${exchanges.length} token exchanges after all tokens had expired (${byKind})\n`,
  );
}, 900_000);

test('an event that two processes were given is passed on once', async () => {
  const before = (await allExecutions()).length;
  const first = await comment('given one after the other.');
  await sandbox.settled();
  await allEnded(before + 1);

  // The main process has not seen it, so it starts an execution, which finds it done.
  const elsewhere = `${cluster.main.url}${new URL(first.url).pathname}`;
  expect((await repeat(first, elsewhere)).status).toBe(200);
  const [newest] = await allEnded(before + 2);
  const execution = await cluster.client.execution(newest.id);
  expect(newest.status).toBe('success');
  expect(output(execution, TRIGGER)).toEqual([]);
  expect(answersTo('given one after the other.')).toBe(1);

  // Nothing excludes the other process within the same moment: at least once is what holds then.
  const delivery = await comment('given at once.');
  await repeat(delivery, elsewhere);
  await sandbox.settled();
  await allEnded(before + 4);
  const times = answersTo('given at once.');
  expect(times).toBeGreaterThanOrEqual(1);
  process.stderr.write(`An event given to two processes at once was passed on ${times} time(s)\n`);
}, 300_000);

test('a test event comes to the editor, and the next one to the webhook process again', async () => {
  const before = (await allExecutions()).length;
  const webhook = () => sandbox.state.agentByHandle(me.handle)?.webhook;
  const production = webhook();
  await cluster.client.listen(workflow.id, TRIGGER);
  expect(webhook()?.url).toContain('/webhook-test/');

  await comment('try.');
  await sandbox.settled();
  const [tried] = await allEnded(before + 1);
  expect(tried).toMatchObject({ mode: 'manual', status: 'success' });
  await until(() => webhook()?.url === production?.url, { what: 'the webhook to be given back' });
  expect(webhook()?.secret).toBe(production?.secret);

  await comment('in earnest.');
  await sandbox.settled();
  const [next] = await allEnded(before + 2);
  expect(next).toMatchObject({ mode: 'webhook', status: 'success' });
  expect([answersTo('try.'), answersTo('in earnest.')]).toEqual([1, 1]);
}, 300_000);

test('where the answer waits for the workflow, what a killed worker had begun comes again and succeeds', async () => {
  const [, victim] = cluster.workers;
  const earlier = await underWayAt(victim);
  await cluster.client.deactivate(workflow.id);
  workflow = await addWorkflow({ responseMode: 'lastNode' });
  await cluster.client.activate(workflow.id);
  await victim.restart();
  const answered = answers().length;
  const count = EVENTS / 5;

  const fed = feed(count, 'patient comment');
  // A feed that fails is reported where it is awaited.
  fed.catch(() => {});
  await atLeastAnswered(answered + count / 2);
  await killAtWork(victim, earlier);
  await fed;

  const executions = await allEnded(count);
  const failed = executions.filter(({ status }) => status !== 'success');
  const begun = (await underWayAt(victim)).filter((id) => !earlier.includes(id));
  expect(begun.length).toBeGreaterThan(0);
  // Each event has its successful execution, those of the dead worker with a second one. It may have died
  // between the end of an execution and saying so, which then is a success and comes again all the same.
  expect(executions.length - failed.length).toBeGreaterThanOrEqual(count);
  expect(executions.length).toBeLessThanOrEqual(count + WORKER_CONCURRENCY);
  expect(sandbox.deliveries.filter(({ state }) => state !== 'delivered')).toEqual([]);

  const times = Array.from({ length: count }, (_, index) =>
    answersTo(`patient comment ${index + 1}.`),
  );
  expect(Math.min(...times)).toBe(1);
  // The worker may have died after its answer had gone out.
  const twice = times.filter((each) => each > 1).length;
  expect(twice).toBeLessThanOrEqual(executions.length - count);
  process.stderr.write(
    `${count} events, ${executions.length - count} begun by the killed worker and run again, ${twice} of them answered twice\n`,
  );
}, 600_000);
