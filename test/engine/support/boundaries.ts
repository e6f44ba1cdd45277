import type { IBinaryKeyData, INodeParameters } from 'n8n-workflow';
import type { Fixture } from '../../operations/fixture';
import type { Sandbox } from '../../sandbox/server';
import { type FileType, fileOf } from '../../sandbox/testing';
import { binary, type RunResult } from './n8n';
import { useN8n } from './useN8n';

/** Parameters of the node, and the files that its item carries. */
export interface Variation {
  parameters: INodeParameters;
  files?: Record<string, Buffer>;
}

type Arrange = (fixture: Fixture) => Promise<INodeParameters> | INodeParameters;

/** One value of a limit or a choice. */
export interface Boundary {
  title: string;
  /** Makes what the operation works on, and gives the parameters that are the same for every value. */
  arrange: Arrange;
  /** Gives those that make the value, once everything is arranged. */
  vary(fixture: Fixture): Variation;
  /** How what the user is told begins; none for a value that is taken. */
  problem?: string;
}

/**
 * The boundaries of one limit.
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
  vary: (value: Value, fixture: Fixture) => Variation | INodeParameters,
  accepted: readonly Value[],
  refused: ReadonlyArray<readonly [value: Value, problem: string]>,
): Boundary[] {
  const make = (value: Value, problem?: string): Boundary => ({
    title: `${what}: ${problem === undefined ? 'takes' : 'refuses'} ${shown(value)}`,
    arrange,
    vary: (fixture) => {
      const made = vary(value, fixture);
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
  vary: (value: string, fixture: Fixture) => Variation | INodeParameters,
  choices: readonly string[],
): Boundary[] {
  const problem = `${field}: is "NO_SUCH", but must be one of `;
  return limit(what, arrange, vary, choices, [['NO_SUCH', problem]]);
}

/** A running sandbox without limits, with new agents for each test, and what runs the node against it. */
export interface BoundaryHarness {
  readonly sandbox: Sandbox;
  readonly fixture: Fixture;
  run(variation: Variation): Promise<RunResult>;
}

/**
 * Tests boundaries: a value that is allowed is sent and taken by the sandbox, another one is refused before anything is
 * sent.
 *
 * @param name what is tested
 * @param boundaries see {@link limit}
 * @param more defines further tests with the same sandbox
 */
export function describeBoundaries(
  name: string,
  boundaries: readonly Boundary[],
  more?: (harness: BoundaryHarness) => void,
): void {
  describe(name, () => {
    // What fits the stricter counts of a service fits every other.
    const {
      sandbox,
      fixture,
      run: runNode,
    } = useN8n({
      ...{ characters: 'utf16', megabyte: 'decimal' },
      generationStepMs: 0,
    });

    async function run({ parameters, files = {} }: Variation): Promise<RunResult> {
      const carried: IBinaryKeyData = {};
      for (const [key, content] of Object.entries(files)) {
        carried[key] = binary(content, 'file', 'application/octet-stream');
      }
      return await runNode(parameters, { input: [{ json: {}, binary: carried }] });
    }

    it.each(boundaries.map((each) => [each.title, each] as const))(
      '%s',
      async (_, { arrange, vary, problem }) => {
        const fixed = await arrange(fixture);
        const { parameters, files } = vary(fixture);
        const { error } = await run({ parameters: { ...fixed, ...parameters }, files });

        if (problem === undefined) {
          expect(error).toBeUndefined();
          expect(sandbox.requests.at(-1)?.status).toBeLessThan(300);
        } else {
          expect(error?.message).toContain(problem);
          expect(sandbox.requests).toHaveLength(0);
        }
        expect(sandbox.contractViolations).toEqual([]);
      },
    );

    more?.({ sandbox, fixture, run });
  });
}

/** Uploads a file as the agent of the credential. */
export async function upload(
  { sandbox, me }: Fixture,
  type: FileType,
  purpose: 'post' | 'byte' = 'post',
): Promise<void> {
  const path = type.startsWith('video/') ? '/api/upload/video' : '/api/upload';
  const parts = { content: fileOf(type), type, fields: { purpose } };
  await sandbox.as(me.handle).upload(path, parts);
}
