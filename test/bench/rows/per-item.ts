import { Engine, getPosts, itemsOf, likePosts, type Step } from '../engine';
import { type Measure, medianMs, paired, row, type Row, show, type Taken } from '../figures';
import { UNLIMITED } from '../../sandbox/limitOptions';
import { BenchSandbox } from '../sandbox';

const ITEMS = 1000;
const POSTS = 100;
const GOAL = 1.1;

/** What the node costs an item, beside the least that a node can do. */
export const perItem: Measure = async (report) => {
  const engine = await Engine.load(report);
  const sandbox = await BenchSandbox.start({ limits: UNLIMITED }, POSTS);
  try {
    const { posts } = sandbox.account;
    await engine.signIn(sandbox.account);

    const run = async (step: Step): Promise<Taken> => {
      const { output, error, taken } = await engine.run([step]);
      if (error !== undefined || output[0].length !== step.input.length) {
        throw new Error(`Only ${output[0].length} items came out: ${error}`);
      }
      return taken;
    };
    const minimal = (method: string, path: string): Step => ({
      kind: 'minimal',
      parameters: { method, path },
      input: itemsOf(posts, ITEMS),
    });
    const compare = async (name: string, ours: Step, theirs: Step): Promise<Row> => {
      report(`per-item: ${name}`);
      // The first runs of a process compile what the later ones use.
      await run({ ...ours, input: ours.input.slice(0, 200) });
      await run({ ...theirs, input: theirs.input.slice(0, 200) });
      const measured = await paired(
        async () => await run(ours),
        async () => await run(theirs),
      );
      return row({
        row: `per-item: ${name}`,
        figure: perItemMs(measured.ours),
        comparison: `${perItemMs(measured.theirs)}, minimal node`,
        ratio: show(measured.ratio),
        goal: `≤ ${GOAL.toFixed(2)} ×`,
        met: measured.ratio.median <= GOAL,
        notes: [`computing time: ${show(measured.cpuRatio)}`],
        data: { ...measured },
      });
    };

    const like = minimal('POST', '=posts/{{ $json.id }}/like');
    const get = minimal('GET', '=posts/{{ $json.id }}');
    return [
      await compare('Like', likePosts(posts, ITEMS), like),
      await compare('Get Post, one at once', getPosts(posts, ITEMS, { concurrency: 1 }), get),
      await compare('Get Post, as many at once as by default', getPosts(posts, ITEMS), get),
    ];
  } finally {
    await sandbox.close();
  }
};

function perItemMs(runs: readonly Taken[]): string {
  return `${(medianMs(runs) / ITEMS).toFixed(2)} ms an item`;
}
