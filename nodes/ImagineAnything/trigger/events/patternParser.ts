/** Parses the regular expressions of users, of which `patternMatcher.ts` takes a bounded time. */

/** A part of a pattern. */
export type PatternNode =
  | { kind: 'character'; matches: (character: string) => boolean }
  | { kind: 'assertion'; holds: (before: string, after: string) => boolean }
  | { kind: 'sequence'; parts: PatternNode[] }
  | { kind: 'alternatives'; parts: PatternNode[] }
  | { kind: 'repetition'; part: PatternNode; min: number; max: number };

/** A pattern that is not valid, or not supported. The message is the end of a sentence about it. */
export class PatternError extends Error {}

const isDigit = (character: string): boolean => /^\d$/.test(character);
const isWord = (character: string): boolean => /^[\p{L}\p{N}_]$/u.test(character);
const isSpace = (character: string): boolean => /^\s$/.test(character);

const not =
  (matches: (character: string) => boolean) =>
  (character: string): boolean =>
    !matches(character);

/** The classes that a letter after a backslash means. A word has letters and digits of all languages. */
const CLASSES: Readonly<Record<string, (character: string) => boolean>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
};

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

const isBoundary = (before: string, after: string): boolean => isWord(before) !== isWord(after);

const ASSERTIONS: Readonly<Record<string, (before: string, after: string) => boolean>> = {
  '^': (before) => before === '',
  $: (_, after) => after === '',
  b: isBoundary,
  B: (before, after) => !isBoundary(before, after),
};

/** Deeper than anybody writes; bounds the recursion. */
const MAX_DEPTH = 50;
const MAX_LENGTH = 500;
/** The largest number in braces. */
const MAX_COUNT = 100;

/**
 * Parses a pattern: characters, `.`, classes, groups, alternatives, `? * + {n,m}`, `^ $`, `\b \B \d \D \w \W \s \S`.
 *
 * @throws PatternError when it is not valid, or has backreferences, lookarounds or names
 */
export function parsePattern(pattern: string): PatternNode {
  if (pattern.length > MAX_LENGTH) {
    throw new PatternError(`is longer than ${MAX_LENGTH} characters`);
  }
  return new Parser(Array.from(pattern)).parse();
}

class Parser {
  private position = 0;

  constructor(private readonly characters: readonly string[]) {}

  parse(): PatternNode {
    const node = this.alternatives(0);
    if (this.next !== undefined) throw new PatternError('has a ) without a (');
    return node;
  }

  private get next(): string | undefined {
    return this.characters[this.position];
  }

  private take(): string {
    const character = this.next;
    if (character === undefined) throw new PatternError('ends too early');
    this.position += 1;
    return character;
  }

  private skip(character: string): boolean {
    if (this.next !== character) return false;
    this.position += 1;
    return true;
  }

  private alternatives(depth: number): PatternNode {
    if (depth > MAX_DEPTH) throw new PatternError('has groups that are nested too deep');
    const parts = [this.sequence(depth)];
    while (this.skip('|')) parts.push(this.sequence(depth));
    return parts.length === 1 ? parts[0] : { kind: 'alternatives', parts };
  }

  private sequence(depth: number): PatternNode {
    const parts: PatternNode[] = [];
    while (this.next !== undefined && this.next !== '|' && this.next !== ')') {
      parts.push(this.repetition(this.atom(depth)));
    }
    return { kind: 'sequence', parts };
  }

  private repetition(part: PatternNode): PatternNode {
    const counts = this.counts();
    if (counts === undefined) return part;
    if (part.kind === 'assertion') throw new PatternError('repeats what has no length');
    // Whether as much or as little as possible is matched makes no difference to whether anything is.
    this.skip('?');
    if (this.counts() !== undefined) throw new PatternError('repeats a repetition');
    return { kind: 'repetition', part, ...counts };
  }

  private counts(): { min: number; max: number } | undefined {
    if (this.skip('?')) return { min: 0, max: 1 };
    if (this.skip('*')) return { min: 0, max: Infinity };
    if (this.skip('+')) return { min: 1, max: Infinity };
    return this.skip('{') ? this.braces() : undefined;
  }

  private braces(): { min: number; max: number } {
    const min = this.number();
    let max = min;
    if (this.skip(',')) max = this.next === '}' ? Infinity : this.number();
    if (!this.skip('}') || min > max) {
      throw new PatternError(`has braces that are not {n}, {n,} or {n,m} with up to ${MAX_COUNT}`);
    }
    return { min, max };
  }

  private number(): number {
    let digits = '';
    while (this.next !== undefined && isDigit(this.next) && digits.length < 4)
      digits += this.take();
    const number = Number(digits);
    if (digits === '' || number > MAX_COUNT) {
      throw new PatternError(`has braces that are not {n}, {n,} or {n,m} with up to ${MAX_COUNT}`);
    }
    return number;
  }

  private atom(depth: number): PatternNode {
    const character = this.take();
    switch (character) {
      case '(':
        return this.group(depth);
      case '[':
        return { kind: 'character', matches: this.set() };
      case '.':
        return { kind: 'character', matches: (each) => each !== '\n' };
      case '^':
      case '$':
        return { kind: 'assertion', holds: ASSERTIONS[character] };
      case '\\':
        return this.escape();
      case '?':
      case '*':
      case '+':
      case '{':
        throw new PatternError(`has a ${character} with nothing to repeat`);
      default:
        return { kind: 'character', matches: equals(character) };
    }
  }

  private group(depth: number): PatternNode {
    if (this.skip('?') && !this.skip(':')) {
      throw new PatternError('has a group that begins with (?, of which only (?: is supported');
    }
    const node = this.alternatives(depth + 1);
    if (!this.skip(')')) throw new PatternError('has a ( without a )');
    return node;
  }

  private escape(): PatternNode {
    const letter = this.take();
    if (letter === 'b' || letter === 'B') return { kind: 'assertion', holds: ASSERTIONS[letter] };
    return { kind: 'character', matches: this.escaped(letter) };
  }

  private escaped(letter: string): (character: string) => boolean {
    if (Object.hasOwn(CLASSES, letter)) return CLASSES[letter];
    if (Object.hasOwn(CONTROLS, letter)) return equals(CONTROLS[letter]);
    if (/^[a-z0-9]$/i.test(letter))
      throw new PatternError(`has \\${letter}, which is not supported`);
    return equals(letter);
  }

  private set(): (character: string) => boolean {
    const isNegated = this.skip('^');
    const tests: Array<(character: string) => boolean> = [];
    while (!this.skip(']')) tests.push(this.setEntry());
    const matches = (character: string): boolean => tests.some((test) => test(character));
    return isNegated ? not(matches) : matches;
  }

  private setEntry(): (character: string) => boolean {
    const from = this.take();
    if (from === '\\') return this.escaped(this.take());
    const isRange = this.next === '-' && this.characters[this.position + 1] !== ']';
    if (!isRange) return equals(from);
    this.take();
    const to = this.take();
    if (to === '\\' || to < from) throw new PatternError('has a range in the wrong order');
    return (character) => isWithin(from, to, character);
  }
}

/** Whether two characters are the same, in upper or lower case. */
function equals(expected: string): (character: string) => boolean {
  const lower = expected.toLowerCase();
  return (character) => character.toLowerCase() === lower;
}

function isWithin(from: string, to: string, character: string): boolean {
  return [character, character.toLowerCase(), character.toUpperCase()].some(
    (each) => each >= from && each <= to,
  );
}
