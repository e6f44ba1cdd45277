import { Engine, getPosts, httpRequest, itemsOf, type Step } from '../engine';
import { type Measure, medianMs, paired, row, show, type Taken } from '../figures';
import { UNLIMITED } from '../../sandbox/limitOptions';
import { BenchSandbox } from '../sandbox';

const ITEMS = 100;
const LATENCY_MS = 100;
const GOAL = 1.2;

/** Reads from a service that takes its time, beside n8n's HTTP Request node, which sends all at once. */
export const latency: Measure = async (report) => {
  const engine = await Engine.load(report);
  const sandbox = await BenchSandbox.start({ limits: UNLIMITED, latencyMs: LATENCY_MS }, ITEMS);
  try {
    const { posts, url } = sandbox.account;
    await engine.signIn(sandbox.account);

    let inOrder = true;
    const run = async (step: Step): Promise<Taken> => {
      const { output, error, taken } = await engine.run([step]);
      if (error !== undefined) throw new Error(error);
      // The HTTP Request node gives the answer as it is, with the post under its key.
      const ids = output[0].map(({ json }) => json.id ?? (json.post as { id: string }).id);
      inOrder &&= JSON.stringify(ids) === JSON.stringify(posts);
      return taken;
    };
    const ours = async () => await run(getPosts(posts));
    const theirs = async () =>
      await run(httpRequest({ url: `=${url}/api/posts/{{ $json.id }}` }, itemsOf(posts)));
    report('latency');
    await ours();
    await theirs();
    const measured = await paired(ours, theirs);
    return [
      row({
        row: `latency: ${ITEMS} reads at ${LATENCY_MS} ms`,
        figure: `${medianMs(measured.ours).toFixed(0)} ms`,
        comparison: `${medianMs(measured.theirs).toFixed(0)} ms, HTTP Request node of n8n`,
        ratio: show(measured.ratio),
        goal: `≤ ${GOAL.toFixed(2)} ×, order kept`,
        met: measured.ratio.median <= GOAL && inOrder,
        notes: [
          `the order of the items was ${inOrder ? 'kept' : 'NOT kept'}`,
          `computing time: ${show(measured.cpuRatio)}`,
        ],
        data: { ...measured, inOrder },
      }),
    ];
  } finally {
    await sandbox.close();
  }
};
