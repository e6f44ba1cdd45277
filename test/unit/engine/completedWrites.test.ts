import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { IExecuteFunctions, INode } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { openCompletedWrites } from '../../../nodes/ImagineAnything/engine/completedWrites';
import type { ApiRequest, Client } from '../../../nodes/ImagineAnything/transport/client';
import { RUNS } from '../properties';

const NODE = { id: 'node', name: 'Node', retryOnFail: true, maxTries: 5 } as unknown as INode;

let executions = 0;

/** As much of n8n as the memory looks at. */
function tryOf(executionId: string, $runIndex = 0, node = NODE): IExecuteFunctions {
  return {
    getNode: () => node,
    getExecutionId: () => executionId,
    getWorkflowDataProxy: () => ({ $runIndex }),
  } as unknown as IExecuteFunctions;
}

const create = (content: string): ApiRequest => ({
  method: 'POST',
  path: '/posts',
  body: { content },
  token: 'required',
  repeat: 'creating',
  action: 'Create post',
});

type Outcome = 'succeeds' | 'is refused' | 'may have succeeded';

/** A service whose answers come in this order; then everything succeeds. */
function service(outcomes: Outcome[]) {
  const created: Array<{ content: string; outcome: Outcome }> = [];
  const client: Client = {
    async send({ body }) {
      const outcome = outcomes.shift() ?? 'succeeds';
      const { content } = body as { content: string };
      created.push({ content, outcome });
      if (outcome === 'succeeds') return { status: 201, body: { id: `p${created.length}` } };
      const error = new NodeApiError(NODE, { message: 'x' });
      error.context.mayHaveHadEffect = outcome === 'may have succeeded';
      throw error;
    },
    detached: () => client,
  };
  return { client, created };
}

test('whatever fails and however often n8n tries, nothing that may be there is created again', async () => {
  const item = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 3 });
  const outcome = fc.constantFrom<Outcome>('succeeds', 'is refused', 'may have succeeded');
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { minLength: 1, maxLength: 4 }),
      fc.array(outcome, { maxLength: 20 }),
      fc.integer({ min: 1, max: 3 }),
      async (items, outcomes, rounds) => {
        const execution = `property ${(executions += 1)}`;
        for (let round = 0; round < rounds; round++) {
          const { client, created } = service(outcomes);
          const given: unknown[][] = [];
          let isDone = false;
          for (let left = 5; left > 0 && !isDone; left--) {
            const writes = openCompletedWrites(tryOf(execution, round));
            isDone = true;
            for (const [index, contents] of items.entries()) {
              const each = writes.clientFor(client, index);
              given[index] = [];
              for (const content of contents) {
                try {
                  given[index].push((await each.send(create(content))).body);
                } catch {
                  isDone = false;
                  break;
                }
              }
            }
            writes.close(!isDone);
          }
          // What is there, or may be, is there as often as the items say, and no more.
          const wanted = items.flat();
          for (const content of ['a', 'b']) {
            const there = created.filter(
              (each) => each.content === content && each.outcome !== 'is refused',
            );
            const most = wanted.filter((each) => each === content).length;
            expect(there.length).toBeLessThanOrEqual(most);
            if (isDone) expect(there).toHaveLength(most);
          }
          if (!isDone) continue;
          // Every item has its own result, and they are in their order.
          const results = given.flat();
          expect(new Set(results.map((each) => JSON.stringify(each))).size).toBe(wanted.length);
        }
      },
    ),
    { ...RUNS, numRuns: RUNS.numRuns / 5 },
  );
});

test('a deleted upload is made again', async () => {
  const { client, created } = service([]);
  const execution = `upload ${(executions += 1)}`;
  const first = openCompletedWrites(tryOf(execution)).clientFor(client, 0);
  await first.send(create('a'));
  await first.send({ ...create('a'), method: 'DELETE', repeat: 'idempotent' });
  const second = openCompletedWrites(tryOf(execution)).clientFor(client, 0);
  await second.send(create('a'));

  expect(created).toHaveLength(3);
});

const remove = (id: string): ApiRequest => ({
  ...create(id),
  method: 'DELETE',
  repeat: 'idempotent',
});

test('an upload whose deletion may have succeeded is made again', async () => {
  const { client, created } = service(['succeeds', 'may have succeeded']);
  const execution = `upload ${(executions += 1)}`;
  const first = openCompletedWrites(tryOf(execution)).clientFor(client, 0);
  await first.send(create('a'));
  await expect(first.send(remove('a'))).rejects.toThrow();
  const second = openCompletedWrites(tryOf(execution)).clientFor(client, 0);
  await second.send(create('a'));

  expect(created.map(({ content }) => content)).toEqual(['a', 'a', 'a']);
});

test('what was deleted is not deleted again, and each item has its own result', async () => {
  const { client, created } = service([]);
  const execution = `delete ${(executions += 1)}`;
  const bodies = async () => {
    const writes = openCompletedWrites(tryOf(execution));
    const each = [0, 1].map((index) => writes.clientFor(client, index));
    return await Promise.all(each.map(async (item) => (await item.send(remove('a'))).body));
  };
  const first = await bodies();

  expect(await bodies()).toEqual(first);
  expect(created).toHaveLength(2);
});

test.each([
  ['may have succeeded', true],
  ['is refused', false],
] as const)('after a try that %s, the next one knows it: %s', async (outcome, mayBeDone) => {
  const sent: ApiRequest[] = [];
  const { client } = service([outcome]);
  const recorder: Client = {
    send: async (request) => {
      sent.push(request);
      return await client.send(request);
    },
    detached: () => recorder,
  };
  const execution = `doubtful ${(executions += 1)}`;
  const attempt = async () =>
    await openCompletedWrites(tryOf(execution)).clientFor(recorder, 0).send(remove('a'));
  await expect(attempt()).rejects.toThrow();
  await attempt();

  expect(sent.map((request) => request.mayBeDone)).toEqual([false, mayBeDone]);
});

test('what changes nothing is always sent', async () => {
  const { client, created } = service([]);
  const execution = `read ${(executions += 1)}`;
  for (let tries = 0; tries < 2; tries++) {
    const each = openCompletedWrites(tryOf(execution)).clientFor(client, 0);
    await each.send({ ...create('a'), repeat: 'safe' });
  }
  expect(created).toHaveLength(2);
});

test.each([
  ['without Retry On Fail', { ...NODE, retryOnFail: false }, 'x'],
  ['without an execution', NODE, ''],
])('%s nothing is remembered', async (_, node, executionId) => {
  const { client, created } = service([]);
  for (let times = 0; times < 2; times++) {
    const writes = openCompletedWrites(tryOf(executionId, 0, node));
    await writes.clientFor(client, 0).send(create('a'));
    writes.close(true);
  }
  expect(created).toHaveLength(2);
});

test('ten thousand failed executions leave no more behind than a hundred', async () => {
  const answer = { status: 201, body: { text: 'x'.repeat(10_000) } };
  const client: Client = { send: async () => structuredClone(answer), detached: () => client };
  const run = async () => {
    const writes = openCompletedWrites(tryOf(`heap ${(executions += 1)}`));
    await writes.clientFor(client, 0).send(create(String(executions)));
    writes.close(true);
  };
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  for (let index = 0; index < 1000; index++) await run();
  const before = heap();
  for (let index = 0; index < 10_000; index++) await run();
  // All of their answers together have 100 MB.
  expect(heap() - before).toBeLessThan(10 * 1024 * 1024);
});
