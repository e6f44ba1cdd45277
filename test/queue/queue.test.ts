/** n8n on several processes: what becomes of the events of an agent, also when a worker dies. */
import { output } from '../host/executions';
import { until } from '../host/until';
import { SETUP_TIMEOUT_MS } from '../host/with-node';
import { Answerer, TRIGGER } from './answerer';
import { WORKER_CONCURRENCY } from './cluster';
import { executionsOf, killAtWork, underWayAt } from './workers';

const EVENTS = 500;

let answerer: Answerer;

beforeAll(async () => {
  answerer = await Answerer.start();
}, SETUP_TIMEOUT_MS);

afterAll(async () => {
  await answerer?.close();
}, 120_000);

test('500 events start 500 executions on two workers, one of which is killed half way', async () => {
  const { cluster, sandbox } = answerer;
  const [survivor, victim] = cluster.workers;
  const exchangesBefore = sandbox.tokenExchanges.length;
  const fed = answerer.feed(EVENTS);
  // A feed that fails is reported where it is awaited.
  fed.catch(() => {});

  await answerer.atLeastAnswered(100);
  // From now on every process needs another token.
  sandbox.expireTokens(answerer.agent.handle);
  await answerer.atLeastAnswered(EVENTS / 2);
  await killAtWork(victim);
  await fed;
  const executions = await answerer.allEnded(EVENTS);

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
  const contents = answerer.answers().map(({ content }) => content);
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

test('an event that is delivered to two processes is passed on once', async () => {
  const { cluster, sandbox } = answerer;
  const before = (await answerer.allExecutions()).length;
  const first = await answerer.comment('given one after the other.');
  await sandbox.settled();
  await answerer.allEnded(before + 1);

  // The main process has not seen it, so it starts an execution, which finds it done.
  const { pathname, search } = new URL(first.url);
  const elsewhere = `${cluster.main.url}${pathname}${search}`;
  expect((await answerer.repeat(first, elsewhere)).status).toBe(200);
  const [newest] = await answerer.allEnded(before + 2);
  const execution = await cluster.client.execution(newest.id);
  expect(newest.status).toBe('success');
  expect(output(execution, TRIGGER)).toEqual([]);
  expect(answerer.answersTo('given one after the other.')).toBe(1);

  // Nothing excludes the other process within the same moment: at least once is what holds then.
  const delivery = await answerer.comment('given at once.');
  await answerer.repeat(delivery, elsewhere);
  await sandbox.settled();
  await answerer.allEnded(before + 4);
  const times = answerer.answersTo('given at once.');
  expect(times).toBeGreaterThanOrEqual(1);
  process.stderr.write(`An event given to two processes at once was passed on ${times} time(s)\n`);
}, 300_000);

test('a test event goes to the editor, and the next event to the webhook process again', async () => {
  const { cluster, sandbox } = answerer;
  const before = (await answerer.allExecutions()).length;
  const webhook = () => sandbox.state.agentByHandle(answerer.agent.handle)?.webhook;
  const production = webhook();
  await cluster.client.listen(answerer.workflow.id, TRIGGER);
  expect(webhook()?.url).toContain('/webhook-test/');

  await answerer.comment('try.');
  await sandbox.settled();
  const [tried] = await answerer.allEnded(before + 1);
  expect(tried).toMatchObject({ mode: 'manual', status: 'success' });
  await until(() => webhook()?.url === production?.url, { what: 'the webhook to be given back' });
  expect(webhook()?.secret).toBe(production?.secret);

  await answerer.comment('in earnest.');
  await sandbox.settled();
  const [next] = await answerer.allEnded(before + 2);
  expect(next).toMatchObject({ mode: 'webhook', status: 'success' });
  expect([answerer.answersTo('try.'), answerer.answersTo('in earnest.')]).toEqual([1, 1]);
}, 300_000);

test('events that a killed worker had begun are delivered again and succeed where the answer waits for the workflow', async () => {
  const { cluster, sandbox } = answerer;
  const [, victim] = cluster.workers;
  const earlier = await underWayAt(victim);
  await answerer.replaceWorkflow({ responseMode: 'lastNode' });
  await victim.restart();
  const answered = answerer.answers().length;
  const count = EVENTS / 5;

  const fed = answerer.feed(count, 'patient comment');
  // A feed that fails is reported where it is awaited.
  fed.catch(() => {});
  await answerer.atLeastAnswered(answered + count / 2);
  await killAtWork(victim, earlier);
  await fed;

  const executions = await answerer.allEnded(count);
  const failed = executions.filter(({ status }) => status !== 'success');
  const begun = (await underWayAt(victim)).filter((id) => !earlier.includes(id));
  expect(begun.length).toBeGreaterThan(0);
  // Each event has its successful execution, those of the dead worker with a second one. It may have died
  // between the end of an execution and saying so, which then is a success and comes again all the same.
  expect(executions.length - failed.length).toBeGreaterThanOrEqual(count);
  expect(executions.length).toBeLessThanOrEqual(count + WORKER_CONCURRENCY);
  expect(sandbox.deliveries.filter(({ state }) => state !== 'delivered')).toEqual([]);

  const times = Array.from({ length: count }, (_, index) =>
    answerer.answersTo(`patient comment ${index + 1}.`),
  );
  expect(Math.min(...times)).toBe(1);
  // The worker may have died after its answer had gone out.
  const twice = times.filter((each) => each > 1).length;
  expect(twice).toBeLessThanOrEqual(executions.length - count);
  process.stderr.write(
    `${count} events, ${executions.length - count} begun by the killed worker and run again, ${twice} of them answered twice\n`,
  );
}, 600_000);
