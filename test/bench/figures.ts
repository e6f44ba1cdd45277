import { cpus, loadavg } from 'node:os';

/** Several measurements of one thing. */
export interface Spread {
  median: number;
  min: number;
  max: number;
  count: number;
}

/** One row of the table. */
export interface Row {
  row: string;
  figure: string;
  comparison: string;
  /** The figure over the comparison, or a difference where the goal is one. */
  ratio: string;
  goal: string;
  met: boolean;
  /** What else the run showed. */
  notes: string[];
  /** Every measurement, for whoever wants to count again. */
  data: Readonly<Record<string, unknown>>;
  /** Of the last minute, when the row was done. Above the number of processors others were at work too. */
  load: number;
}

/** Where rows say what they are about to do. */
export type Report = (line: string) => void;

/** Measures one row, or several that belong together. */
export type Measure = (report: Report) => Promise<Row[]>;

/** How often a ratio is measured. */
export const RUNS = 7;

/** The median and the outermost of some numbers. */
export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1], count: sorted.length };
}

/** Writes a spread as `1.04 × (0.99–1.10, 7 runs)`. */
export function show({ median, min, max, count }: Spread, digits = 2, unit = '×'): string {
  const [middle, low, high] = [median, min, max].map((each) => each.toFixed(digits));
  return `${middle} ${unit} (${low}–${high}, ${count} runs)`;
}

/** Adds to a row what is the same for all. */
export function row(content: Omit<Row, 'load' | 'notes'> & { notes?: string[] }): Row {
  return { notes: [], ...content, load: Number(loadavg()[0].toFixed(1)) };
}

/** What one run took. */
export interface Taken {
  ms: number;
  /** Time that this process computed, on all of its threads. Waiting for others does not count. */
  cpuMs: number;
}

/** Measures one run. */
export async function timed(run: () => Promise<unknown>): Promise<Taken> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await run();
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1000 };
}

/** Two ways of doing the same work, measured side by side. */
export interface Paired {
  ours: Taken[];
  theirs: Taken[];
  /** Of the times, pair by pair. */
  ratio: Spread;
  /** Of the computing times, which a busy machine disturbs less. */
  cpuRatio: Spread;
}

/**
 * Measures both ways in pairs. Each goes first every other time, so that neither has the warmer cache
 * or the quieter machine for good.
 */
export async function paired(
  ours: () => Promise<Taken>,
  theirs: () => Promise<Taken>,
): Promise<Paired> {
  const pairs: Array<[ours: Taken, theirs: Taken]> = [];
  for (let pair = 0; pair < RUNS; pair++) {
    if (pair % 2 === 0) {
      const first = await ours();
      pairs.push([first, await theirs()]);
    } else {
      const first = await theirs();
      pairs.push([await ours(), first]);
    }
  }
  return {
    ours: pairs.map(([mine]) => mine),
    theirs: pairs.map(([, other]) => other),
    ratio: spreadOf(pairs.map(([mine, other]) => mine.ms / other.ms)),
    cpuRatio: spreadOf(pairs.map(([mine, other]) => mine.cpuMs / other.cpuMs)),
  };
}

/** The median time of some runs. */
export function medianMs(runs: readonly Taken[]): number {
  return spreadOf(runs.map(({ ms }) => ms)).median;
}

/** The machine that measures. */
export function machine(): { processors: string; node: string } {
  const all = cpus();
  return { processors: `${all.length} × ${all[0]?.model ?? 'unknown'}`, node: process.version };
}
