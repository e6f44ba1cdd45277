/**
 * A service that answers with malice or nonsense, met by everything that the node does. Whatever it does, an execution
 * ends in time, keeps its memory, says what is wrong, shows no secret and loses no entry.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readPeak, resetPeak } from '../bench/memory';
import { stored } from '../operations/fixture';
import { describeHostile, hostileGroups, type HostileBehaviour } from '../sandbox/hostile';
import { gate } from './support/gate';
import { type Cell, CELLS, isMeaningful, type Kind, KINDS, names } from './support/hostileCells';
import {
  problemsOf,
  problemsOfCredential,
  problemsOfEnd,
  problemsOfRequests,
  secretsOf,
  unstorable,
} from './support/hostileProblems';
import { begin, type Running } from './support/hostileRun';
import { N8n, type RunResult } from './support/n8n';
import { everythingIn, secretsIn } from './support/shown';

/** Short for what waits; what is only large or wrong must not be cut off by a busy machine. */
const SHORT_MS = 600;
const LONG_MS = 20_000;

/** What still runs then hangs. Max Wait of a generation is ten seconds at least. */
const HANGS_MS = 30_000;

/**
 * Runs the node until the service was met: on a busy machine the time may be over before a request is out.
 *
 * @returns undefined when it hangs
 */
async function met(
  running: Running,
  timeout: number,
  signal: AbortSignal,
): Promise<RunResult | undefined> {
  const ended = running.run({ timeout, maxRateLimitWait: 1 }, signal);
  const result = await Promise.race([ended, sleep(HANGS_MS, undefined, { ref: false })]);
  if (!result || running.hits() > 0 || timeout > LONG_MS) return result ?? undefined;
  return await met(running, timeout * 4, signal);
}

/** One after the other: what keeps the processor busy must not use up the time of those that wait. */
const begins = gate(1);

async function check(n8n: N8n, cell: Cell): Promise<string[]> {
  const { behaviour, kind, group } = cell;
  const running = await begins(async () => await begin(n8n, kind, behaviour));
  const { sandbox } = running;
  const stop = new AbortController();
  try {
    const result = await met(running, group === 'waiting' ? SHORT_MS : LONG_MS, stop.signal);
    if (!result) return [`still runs after ${HANGS_MS} ms and ${sandbox.requests.length} requests`];
    const shown = everythingIn(result);
    const problems = [
      ...(running.hits() === 0 ? ['was never met'] : []),
      ...problemsOfEnd(cell, running, result),
      ...problemsOfRequests(cell, running),
      ...problemsOfCredential(n8n, running),
      ...secretsIn(shown, secretsOf(n8n, running)).map((secret) => {
        const at = Math.max(0, shown.indexOf(secret.slice(0, 12)));
        return `shows ${secret}: …${shown.slice(Math.max(0, at - 80), at + 80)}…`;
      }),
      ...('polluted' in {} ? ['pollutes the prototype of all objects'] : []),
      ...unstorable(result),
      ...(await leftOpen(cell, running)),
    ];
    // An exchange that hangs is shared by all who need it, until its own time is over.
    if (kind !== 'sign-in' || group === 'waiting') return problems;
    // Once the service is honest, the same credential works.
    running.heal();
    const after = await running.run({ timeout: LONG_MS });
    const isWell = !after.error && running.work.isRight(after.json);
    return isWell ? problems : [...problems, `is not well afterwards: ${after.error?.message}`];
  } finally {
    stop.abort();
    await sandbox.close();
  }
}

/** What a client that is done must have closed. */
const CLOSES_MS = 5000;

/** The connections that are still open after a run. */
async function leftOpen(
  { kind, behaviour }: Pick<Cell, 'kind' | 'behaviour'>,
  { sandbox }: Running,
): Promise<string[]> {
  // A sign-in is shared, and goes on for others. And who does not read cannot see that a connection is closed.
  if (kind === 'sign-in' || behaviour.startsWith('body-')) return [];
  for (let waited = 0; sandbox.hostileAnswers > 0; waited += 10) {
    if (waited > CLOSES_MS) return [`leaves ${sandbox.hostileAnswers} connections open`];
    await sleep(10);
  }
  return [];
}

/** What earlier tests left must not count as what the next one needs. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** What keeps a processor busy rather than waiting. */
const isHeaviest = ({ behaviour }: Cell) => behaviour === 'many-members';
const isHeavy = (cell: Cell) =>
  (cell.group === 'sizes' && !isHeaviest(cell)) || cell.behaviour.endsWith('-flood');

const title = ({ behaviour, kind }: Cell) =>
  `${kind}, ${describeHostile(behaviour).what} (${behaviour})`;

describe('a hostile service', () => {
  let n8n: N8n;
  const results = new Map<Cell, Promise<string[]>>();

  beforeAll(async () => {
    n8n = await N8n.load();
    const start = (cells: Cell[], places: number, after?: Promise<unknown>) => {
      const enter = gate(places);
      for (const cell of cells) {
        const result = enter(async () => {
          await after;
          return await check(n8n, cell);
        });
        // Its own test reports it; until then nobody may have asked.
        result.catch(() => undefined);
        results.set(cell, result);
      }
    };
    start(
      CELLS.filter((cell) => !isHeavy(cell) && !isHeaviest(cell)),
      60,
    );
    const light = Promise.allSettled([...results.values()]);
    start(CELLS.filter(isHeavy), 4, light);
    const heavy = Promise.allSettled([...results.values()]);
    // It holds up all others for seconds.
    start(CELLS.filter(isHeaviest), 1, heavy);
  });

  afterAll(async () => {
    await Promise.allSettled(results.values());
    process.stdout.write(`Hostile matrix: ${CELLS.length} cells\n`);
  });

  describe.each(names(hostileGroups))('%s', (group) => {
    it.each(
      CELLS.filter((cell) => cell.group === group).map((cell) => [title(cell), cell] as const),
    )('%s', async (_, cell) => expect(await stored(results.get(cell))).toEqual([]), 300_000);
  });

  it('gives all of 150,000 entries, or says that they are too many', async () => {
    await Promise.allSettled(results.values());
    const running = await begin(n8n, 'list', 'many-entries');
    const { returnAll, limit, ...parameters } = running.work.parameters;
    expect([returnAll, limit]).toEqual([undefined, 50]);
    const { json, error } = await n8n.run({
      credential: running.credential,
      parameters: { ...parameters, returnAll: true },
    });
    await running.sandbox.close();
    if (error) expect(error.message).toMatch(/entries/);
    else expect(json).toHaveLength(150_000);
    expect(error ? problemsOf(error) : []).toEqual([]);
  }, 300_000);

  describe('does not fill the memory', () => {
    // For what is not bounded: a few answers of the largest size fit in, and the heap of a busy process is uneven.
    const MAX_GROWTH = 400 * 1024 * 1024;

    beforeAll(async () => {
      await Promise.allSettled(results.values());
    }, 300_000);

    it.each(names(hostileGroups.sizes))('%s', async (behaviour) => {
      const kind = KINDS.find((each) => isMeaningful('sizes', behaviour, each)) ?? 'read';
      const running = await begin(n8n, kind, behaviour);
      collectGarbage();
      const before = process.memoryUsage().rss;
      await resetPeak(process.pid);
      await running.run({ timeout: LONG_MS, maxRateLimitWait: 1 });
      const growth = (await readPeak(process.pid)) - before;
      await running.sandbox.close();
      expect(growth / 1024 / 1024).toBeLessThan(MAX_GROWTH / 1024 / 1024);
    });
  });

  describe('lets go when the execution is cancelled', () => {
    // Without the cancellation these wait for minutes.
    const SOON_MS = 20_000;
    const cancelled = new Map<string, Promise<{ ended: boolean; open: string[] }>>();
    const cells = names(hostileGroups.waiting).flatMap((behaviour) =>
      KINDS.map((kind) => ({ behaviour, kind, name: `${kind}, ${behaviour}` })),
    );

    async function cancel(kind: Kind, behaviour: HostileBehaviour) {
      const running = await begin(n8n, kind, behaviour);
      const stop = new AbortController();
      const run = running.run({}, stop.signal);
      try {
        while (running.hits() === 0) await sleep(5);
        // The answer has begun, or will not.
        await sleep(100);
        stop.abort();
        const ended = await Promise.race([
          run.then(() => true),
          sleep(SOON_MS, false, { ref: false }),
        ]);
        return { ended, open: await leftOpen({ kind, behaviour }, running) };
      } finally {
        await running.sandbox.close();
      }
    }

    beforeAll(async () => {
      await Promise.allSettled(results.values());
      for (const { kind, behaviour, name } of cells) {
        const result = cancel(kind, behaviour);
        result.catch(() => undefined);
        cancelled.set(name, result);
      }
    }, 300_000);

    it.each(cells)('$name', async ({ name }) => {
      expect(stored(await cancelled.get(name))).toEqual({ ended: true, open: [] });
    });
  });
});
