import { parsePattern, PatternError, type PatternNode } from './patternParser';

/** One step of a compiled pattern; the numbers are indexes of other steps. */
type Instruction =
  | { kind: 'character'; matches: (character: string) => boolean }
  | { kind: 'assertion'; holds: (before: string, after: string) => boolean }
  | { kind: 'fork'; to: number[] }
  | { kind: 'match' };

/** Repetitions with counts become as many copies. */
const MAX_INSTRUCTIONS = 500;
/** Copies of what matches nothing take time, too. */
const MAX_STEPS = 10_000;
/** More than a post, a comment or most messages have. */
export const MAX_SEARCHED_LENGTH = 5_000;

/**
 * Compiles a regular expression that takes a time in proportion to the length of the text, whatever both are: all ways
 * through the pattern are followed at once, as Ken Thompson described it in 1968. JavaScript's own may take for ever.
 *
 * @param pattern see `parsePattern`; upper and lower case do not differ
 * @returns whether a text contains a match; only its first 5,000 characters count
 * @throws PatternError when the pattern is not valid, not supported or too long
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const compiler = new Compiler();
  compiler.add(parsePattern(pattern));
  const program: Instruction[] = [...compiler.program, { kind: 'match' }];
  return (text) => run(program, Array.from(text.slice(0, MAX_SEARCHED_LENGTH)));
}

class Compiler {
  readonly program: Instruction[] = [];
  private steps = 0;

  add(node: PatternNode): void {
    this.steps += 1;
    if (this.program.length > MAX_INSTRUCTIONS || this.steps > MAX_STEPS) {
      throw new PatternError('has too many repetitions');
    }
    switch (node.kind) {
      case 'character':
      case 'assertion':
        this.program.push(node);
        return;
      case 'sequence':
        for (const part of node.parts) this.add(part);
        return;
      case 'alternatives':
        this.addAlternatives(node.parts);
        return;
      case 'repetition':
        this.addRepetition(node);
    }
  }

  private fork(...to: number[]): number[] {
    this.program.push({ kind: 'fork', to });
    return to;
  }

  private addAlternatives(parts: readonly PatternNode[]): void {
    const starts = this.fork();
    const ends = parts.map((part) => {
      starts.push(this.program.length);
      this.add(part);
      return this.fork();
    });
    for (const end of ends) end.push(this.program.length);
  }

  private addRepetition({ part, min, max }: Extract<PatternNode, { kind: 'repetition' }>): void {
    for (let count = 0; count < min; count++) this.add(part);
    const exits: number[][] = [];
    const start = this.program.length;
    for (let count = min; count < (max === Infinity ? min + 1 : max); count++) {
      const exit = this.fork();
      exit.push(this.program.length);
      exits.push(exit);
      this.add(part);
    }
    if (max === Infinity) this.fork(start);
    for (const exit of exits) exit.push(this.program.length);
  }
}

function run(program: readonly Instruction[], text: readonly string[]): boolean {
  let active: number[] = [];
  for (let position = 0; position <= text.length; position++) {
    const before = text[position - 1] ?? '';
    const after = text[position] ?? '';
    const reached = follow(program, [...active, 0], before, after);
    if (reached === 'match') return true;
    active = reached.filter((index) => {
      const step = program[index];
      return after !== '' && step.kind === 'character' && step.matches(after);
    });
    active = active.map((index) => index + 1);
  }
  return false;
}

/** Follows forks and assertions from some steps; each step is visited once. */
function follow(
  program: readonly Instruction[],
  from: readonly number[],
  before: string,
  after: string,
): number[] | 'match' {
  const visited = new Set<number>();
  const characters: number[] = [];
  const left = [...from];
  for (let index = left.pop(); index !== undefined; index = left.pop()) {
    if (visited.has(index)) continue;
    visited.add(index);
    const step = program[index];
    if (step.kind === 'match') return 'match';
    if (step.kind === 'character') characters.push(index);
    else if (step.kind === 'fork') left.push(...step.to);
    else if (step.holds(before, after)) left.push(index + 1);
  }
  return characters;
}
