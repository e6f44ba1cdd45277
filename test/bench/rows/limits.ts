import {
  createComments,
  createPostsWithPicture,
  Engine,
  getPosts,
  type Step,
  uploadImages,
} from '../engine';
import {
  type Measure,
  medianMs,
  type Row,
  row,
  RUNS,
  show,
  spreadOf,
  type Taken,
} from '../figures';
import { BenchSandbox } from '../sandbox';
import type { Account, Counts } from '../sandbox-process';

/** The published limits, and the published minute, shortened. */
const LIMITS = { read: 100, write: 30, upload: 10 };
const WINDOW_MS = 3000;
const GOAL = 1.1;
/** Of all requests, how many may be refused. */
const MAX_REFUSED = 0.01;

interface Workload {
  readonly name: string;
  /** What one execution does: n8n runs its nodes one after the other. */
  readonly counts: Readonly<{ reads?: number; writes?: number; uploads?: number; posts?: number }>;
  readonly executions: number;
  readonly runs: number;
}

const WORKLOADS: readonly Workload[] = [
  {
    name: '250 reads, then 75 writes',
    counts: { reads: 250, writes: 75 },
    executions: 1,
    runs: RUNS,
  },
  {
    name: '25 uploads, then 12 posts with a picture',
    counts: { uploads: 25, posts: 12 },
    executions: 1,
    runs: RUNS,
  },
  {
    name: 'all of it, in two executions at once',
    counts: { reads: 125, writes: 37, uploads: 12, posts: 6 },
    executions: 2,
    runs: 3,
  },
];

interface Run {
  taken: Taken;
  succeeded: number;
  counts: Counts;
}

/**
 * A window starts with its first request, so each kind waits for all of its windows but the last to pass; sending itself
 * may take no time. Posts with a picture spend what uploads spend. Two executions can be faster: while one waits for
 * uploads, the other may still read.
 */
function shortestMs({ counts, executions }: Workload): number {
  const { reads = 0, writes = 0, uploads = 0, posts = 0 } = counts;
  const windows = (count: number, limit: number) =>
    Math.max(0, Math.ceil((count * executions) / limit) - 1);
  return (
    (windows(reads, LIMITS.read) +
      windows(writes, LIMITS.write) +
      windows(uploads + posts, LIMITS.upload)) *
    WINDOW_MS
  );
}

function stepsOf({ counts }: Workload, { posts }: Account): Step[] {
  return [
    ...(counts.reads ? [getPosts(posts, counts.reads)] : []),
    ...(counts.writes ? [createComments(posts, counts.writes)] : []),
    ...(counts.uploads ? [uploadImages(counts.uploads)] : []),
    ...(counts.posts ? [createPostsWithPicture(counts.posts)] : []),
  ];
}

/** More than the limits allow in one go, in both kinds of window. */
export const limits: Measure = async (report) => {
  const engine = await Engine.load(report);

  const run = async (window: 'sliding' | 'fixed', workload: Workload): Promise<Run> => {
    // A new platform each time: no window of an earlier run is still open.
    const sandbox = await BenchSandbox.start(
      { window, windowMs: WINDOW_MS, resetForm: 'epoch-milliseconds', limits: LIMITS },
      10,
    );
    try {
      engine.save(sandbox.account);
      const outcomes = await Promise.all(
        Array.from({ length: workload.executions }, () =>
          engine.run(stepsOf(workload, sandbox.account)),
        ),
      );
      const output = outcomes.flatMap((outcome) => outcome.output.flat());
      const succeeded = output.filter(({ json, error }) => !error && !json.error).length;
      const taken = {
        ms: Math.max(...outcomes.map((outcome) => outcome.taken.ms)),
        cpuMs: Math.max(...outcomes.map((outcome) => outcome.taken.cpuMs)),
      };
      return { taken, succeeded, counts: await sandbox.count() };
    } finally {
      await sandbox.close();
    }
  };

  const rows: Row[] = [];
  for (const workload of WORKLOADS) {
    for (const window of ['sliding', 'fixed'] as const) {
      const runs: Run[] = [];
      for (let index = 0; index < workload.runs; index++) {
        report(`limits: ${workload.name}, ${window} window, run ${index + 1} of ${workload.runs}`);
        runs.push(await run(window, workload));
      }
      rows.push(rowOf(workload, window, runs));
    }
  }
  return rows;
};

function rowOf(workload: Workload, window: string, runs: Run[]): Row {
  const { reads = 0, writes = 0, uploads = 0, posts = 0 } = workload.counts;
  const items = (reads + writes + uploads + posts) * workload.executions;
  const requests = items + posts * workload.executions;
  const shortest = shortestMs(workload);
  const ratio = spreadOf(runs.map(({ taken }) => taken.ms / shortest));
  const lost = items * runs.length - runs.reduce((sum, { succeeded }) => sum + succeeded, 0);
  const refused = runs.reduce((sum, { counts }) => sum + counts.rateLimited, 0);
  const share = refused / (requests * runs.length);
  return row({
    row: `limits, ${window} window: ${workload.name}`,
    figure: `${seconds(medianMs(runs.map(({ taken }) => taken)))}, ${lost} of ${items * runs.length} failed, ${refused} × 429 (${(100 * share).toFixed(1)} %)`,
    comparison: `${seconds(shortest)}, the shortest possible${workload.executions > 1 ? ' in step' : ''}`,
    ratio: show(ratio),
    goal: `≤ ${GOAL.toFixed(2)} ×, none failed, 429 for at most 1 % of the requests`,
    met: ratio.median <= GOAL && lost === 0 && share <= MAX_REFUSED,
    notes: [
      `${LIMITS.read} reads, ${LIMITS.write} writes and ${LIMITS.upload} uploads are allowed in ${WINDOW_MS / 1000} s`,
      `computing took ${seconds(spreadOf(runs.map(({ taken }) => taken.cpuMs)).median)} of it`,
    ],
    data: { ratio, shortestMs: shortest, runs: runs.map(brief) },
  });
}

function brief({ taken, succeeded, counts }: Run): object {
  return { ...taken, succeeded, rateLimited: counts.rateLimited, comments: counts.comments.length };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
