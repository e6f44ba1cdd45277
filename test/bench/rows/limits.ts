import { createComments, Engine, getPosts, httpRequest, type Outcome, itemsOf } from '../engine';
import { type Measure, medianMs, row, RUNS, show, spreadOf, type Taken } from '../figures';
import { BenchSandbox } from '../sandbox';
import type { Account, Counts } from '../sandbox-process';

const READS = 300;
const WRITES = 90;
const READ_LIMIT = 100;
const WRITE_LIMIT = 30;
/** The documented minute, shortened. */
const WINDOW_MS = 3000;
const GOAL = 1.1;

/**
 * n8n runs the nodes of a workflow one after the other. A window starts with its first request, so the
 * reads wait for all windows but the last to pass, and then the writes do; sending itself may take no time.
 */
const SHORTEST_MS =
  (Math.ceil(READS / READ_LIMIT) - 1 + (Math.ceil(WRITES / WRITE_LIMIT) - 1)) * WINDOW_MS;

interface Run {
  taken: Taken;
  succeeded: number;
  counts: Counts;
}

/** More than the limits allow in one go, beside n8n's HTTP Request node. */
export const limits: Measure = async (report) => {
  const engine = await Engine.load(report);

  const run = async (work: (account: Account) => Promise<Outcome>): Promise<Run> => {
    // A new platform each time: no window of an earlier run is still open.
    const sandbox = await BenchSandbox.start(
      {
        windowMs: WINDOW_MS,
        resetForm: 'epoch-milliseconds',
        limits: { read: READ_LIMIT, write: WRITE_LIMIT },
      },
      10,
    );
    try {
      engine.save(sandbox.account);
      const { output, taken } = await work(sandbox.account);
      const succeeded = output.flat().filter(({ json, error }) => !error && !json.error).length;
      return { taken, succeeded, counts: await sandbox.count() };
    } finally {
      await sandbox.close();
    }
  };
  const ours = async ({ posts }: Account) =>
    await engine.run([getPosts(posts, READS), createComments(posts, WRITES)]);
  const theirs = async ({ url, posts }: Account) =>
    await engine.run([
      httpRequest({ url: `=${url}/api/posts/{{ $json.id }}` }, itemsOf(posts, READS)),
      httpRequest(
        {
          method: 'POST',
          url: `=${url}/api/posts/{{ $json.id }}/comments`,
          sendBody: true,
          specifyBody: 'json',
          jsonBody: '={{ { content: $json.text } }}',
        },
        itemsOf(posts, WRITES),
      ),
    ]);

  const runs: Run[] = [];
  for (let index = 0; index < RUNS; index++) {
    report(`limits: run ${index + 1} of ${RUNS}`);
    runs.push(await run(ours));
  }
  report("limits: n8n's HTTP Request node");
  const other = await run(theirs);

  const all = READS + WRITES;
  const ratio = spreadOf(runs.map(({ taken }) => taken.ms / SHORTEST_MS));
  const lost = all * RUNS - runs.reduce((sum, { succeeded }) => sum + succeeded, 0);
  const refused = runs.reduce((sum, { counts }) => sum + counts.rateLimited, 0);
  // Every write once, in the order of the items.
  const texts = itemsOf(['any'], WRITES).map(({ json }) => json.text);
  const inOrder = runs.every(
    ({ counts }) => JSON.stringify(counts.comments) === JSON.stringify(texts),
  );
  return [
    row({
      row: `limits: ${READS} reads, ${WRITES} writes`,
      figure: `${seconds(medianMs(runs.map(({ taken }) => taken)))}, ${lost} of ${all * RUNS} failed, ${refused} × 429`,
      comparison: `${seconds(SHORTEST_MS)}, the shortest possible`,
      ratio: show(ratio),
      goal: `≤ ${GOAL.toFixed(2)} ×, none failed, no 429`,
      met: ratio.median <= GOAL && lost === 0 && refused === 0 && inOrder,
      notes: [
        `${READ_LIMIT} reads and ${WRITE_LIMIT} writes are allowed in a window of ${WINDOW_MS / 1000} s`,
        `computing took ${seconds(spreadOf(runs.map(({ taken }) => taken.cpuMs)).median)} of it`,
        `comments ${inOrder ? 'came once each and in the order of the items' : 'were NOT in the order of the items'}`,
        `the same through n8n's HTTP Request node: ${all - other.succeeded} of ${all} failed, ${other.counts.rateLimited} × 429, ${seconds(other.taken.ms)}`,
      ],
      data: { ratio, shortestMs: SHORTEST_MS, ours: runs.map(brief), httpRequest: brief(other) },
    }),
  ];
};

function brief({ taken, succeeded, counts }: Run): object {
  return { ...taken, succeeded, rateLimited: counts.rateLimited, comments: counts.comments.length };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
