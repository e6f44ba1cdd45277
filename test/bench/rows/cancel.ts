import { setTimeout as sleep } from 'node:timers/promises';
import { createComments, Engine } from '../engine';
import { type Measure, row, RUNS, show, spreadOf } from '../figures';
import { BenchSandbox } from '../sandbox';

const ALLOWED = 3;
/** Longer than the bench may take, so that only the cancellation can end the wait. */
const WINDOW_MS = 3_600_000;
const SETTLE_MS = 300;
const GOAL_MS = 1000;

/** How soon an execution has ended that is cancelled while it waits for the limits. */
export const cancel: Measure = async (report) => {
  const engine = await Engine.load(report);
  const took: number[] = [];
  let sentAfterwards = 0;
  for (let index = 0; index < RUNS; index++) {
    report(`cancel: run ${index + 1} of ${RUNS}`);
    const sandbox = await BenchSandbox.start({ windowMs: WINDOW_MS, limits: { write: ALLOWED } });
    try {
      engine.save(sandbox.account);
      const stop = new AbortController();
      const work = createComments(sandbox.account.posts, ALLOWED + 2, { maxRateLimitWait: 7200 });
      const running = engine.run([work], stop.signal);
      while ((await sandbox.count()).comments.length < ALLOWED) await sleep(20);
      // The answer to the last one must have arrived before the node waits.
      await sleep(SETTLE_MS);
      const cancelled = performance.now();
      stop.abort();
      await running;
      took.push(performance.now() - cancelled);
      sentAfterwards += (await sandbox.count()).comments.length - ALLOWED;
    } finally {
      await sandbox.close();
    }
  }
  const spread = spreadOf(took);
  return [
    row({
      row: 'cancel: an execution that waits',
      figure: `${spread.median.toFixed(0)} ms until it has ended`,
      comparison: '–',
      ratio: show(spread, 0, 'ms'),
      goal: `≤ ${GOAL_MS} ms each time`,
      met: spread.max <= GOAL_MS && sentAfterwards === 0,
      notes: [`requests sent after the cancellation: ${sentAfterwards}`],
      data: { took },
    }),
  ];
};
