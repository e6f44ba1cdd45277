import type { INodeParameters } from 'n8n-workflow';
import type { World } from '../../operations/world';

/** Parameters of the node, and the files that its item carries. */
export interface Variation {
  parameters: INodeParameters;
  files?: Record<string, Buffer>;
}

type Arrange = (world: World) => Promise<INodeParameters> | INodeParameters;

/** One value of a limit or a choice. */
export interface Try {
  title: string;
  /** Makes what the operation works on, and gives the parameters that are the same for every value. */
  arrange: Arrange;
  /** Gives those that make the value, once everything is arranged. */
  vary(world: World): Variation;
  /** How what the user is told begins; none for a value that is taken. */
  problem?: string;
}

/**
 * The tries of one limit.
 *
 * @param what names the limit
 * @param arrange makes what the operation works on, and gives the parameters that are the same for every value
 * @param vary gives those that make the value
 * @param accepted values up to the limit
 * @param refused values past it, with how what the user is told begins
 */
export function limit<Value>(
  what: string,
  arrange: Arrange,
  vary: (value: Value, world: World) => Variation | INodeParameters,
  accepted: readonly Value[],
  refused: ReadonlyArray<readonly [value: Value, problem: string]>,
): Try[] {
  const make = (value: Value, problem?: string): Try => ({
    title: `${what}: ${problem === undefined ? 'takes' : 'refuses'} ${shown(value)}`,
    arrange,
    vary: (world) => {
      const made = vary(value, world);
      return isVariation(made) ? made : { parameters: made };
    },
    problem,
  });
  return [
    ...accepted.map((value) => make(value)),
    ...refused.map(([value, problem]) => make(value, problem)),
  ];
}

function isVariation(made: Variation | INodeParameters): made is Variation {
  return 'parameters' in made;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.length} characters` : text;
}

/** Every choice is taken, and nothing else. */
export function choice(
  what: string,
  field: string,
  arrange: Arrange,
  vary: (value: string, world: World) => Variation | INodeParameters,
  choices: readonly string[],
): Try[] {
  const problem = `${field}: is "NO_SUCH", but must be one of `;
  return limit(what, arrange, vary, choices, [['NO_SUCH', problem]]);
}

/** A text of exactly so many characters is taken, one more is not. */
export function length(
  what: string,
  field: string,
  arrange: Arrange,
  vary: (value: string, world: World) => Variation | INodeParameters,
  max: number,
): Try[] {
  const problem = `${field}: has ${max + 1} characters, but at most ${max} are allowed.`;
  return limit(what, arrange, vary, ['x'.repeat(max)], [['x'.repeat(max + 1), problem]]);
}

/** A whole number from a least one on. */
export function whole(
  what: string,
  field: string,
  arrange: Arrange,
  vary: (value: number, world: World) => Variation | INodeParameters,
  { min, max }: { min: number; max?: number },
): Try[] {
  return limit(what, arrange, vary, max === undefined ? [min] : [min, max], [
    [min - 1, `${field}: is ${min - 1}, but must be at least ${min}.`],
    [min + 0.5, `${field}: must be a whole number, but is ${min + 0.5}.`],
    ...(max === undefined
      ? []
      : [[max + 1, `${field}: is ${max + 1}, but must be at most ${max}.`] as const]),
  ]);
}
