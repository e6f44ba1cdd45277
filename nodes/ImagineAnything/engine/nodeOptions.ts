import type { IExecuteFunctions } from 'n8n-workflow';
import type { ClientSettings } from '../transport/client';
import { isRecord } from '../../../credentials/http/record';
import { shown } from '../transport/shown';
import { checkValue, ParameterProblem } from './validate';
import type { Parameter } from './operation';

type NumberParameter = Extract<Parameter, { kind: 'number' }>;

/**
 * How many reads of one batch are under way at once: by default as many as the service allows in a minute, of
 * which only those go out that are left. With half as many, 100 reads at 100 ms took 1.3 times as long as with
 * n8n's HTTP Request node, which sends all at once (`npm run bench -- --row latency`).
 */
const READS_AT_ONCE = {
  name: 'readsAtOnce',
  displayName: 'Reads at Once',
  kind: 'number',
  in: 'recipe',
  integer: true,
  min: 1,
  max: 100,
  default: 100,
  description:
    'How many items are read at the same time. Writes always go out one after another, in the order of the items.',
} satisfies NumberParameter;

const LONGEST_WAIT = {
  name: 'longestWait',
  displayName: 'Longest Wait (Seconds)',
  kind: 'number',
  in: 'recipe',
  min: 0,
  max: 86_400,
  default: 600,
  description:
    'How long an item may wait for the rate limit of the agent to reset. Past that it fails and says when the limit resets.',
} satisfies NumberParameter;

const TIMEOUT = {
  name: 'timeout',
  displayName: 'Timeout (Milliseconds)',
  kind: 'number',
  in: 'recipe',
  integer: true,
  min: 1,
  // Timers take no more than 24 days, and end at once beyond.
  max: 3_600_000,
  default: 60_000,
  description:
    'How long one request may take, until its answer is complete. Without it: one minute, and more for large files.',
} satisfies NumberParameter;

/** The options that every operation has. */
export const NODE_OPTIONS: readonly Parameter[] = [LONGEST_WAIT, READS_AT_ONCE, TIMEOUT];

/** How a run of the node goes about its requests. */
export interface RunSettings {
  readsAtOnce: number;
  client: ClientSettings;
}

/**
 * Reads the options of the node; they are those of the first item for all items.
 *
 * @param context the functions of the running node
 * @throws ParameterProblem when one is out of its range
 */
export function readNodeOptions(context: IExecuteFunctions): RunSettings {
  const given = context.getNodeParameter('options', 0, {}, { skipValidation: true });
  if (!isRecord(given)) {
    throw new ParameterProblem('Options', `must be an object, but is ${shown(given)}.`);
  }
  const read = (parameter: NumberParameter) =>
    checkValue(
      parameter,
      Object.hasOwn(given, parameter.name) ? given[parameter.name] : undefined,
    ) as number | undefined;
  return {
    readsAtOnce: read(READS_AT_ONCE) ?? READS_AT_ONCE.default,
    client: {
      maxWaitMs: (read(LONGEST_WAIT) ?? LONGEST_WAIT.default) * 1000,
      timeoutMs: read(TIMEOUT),
    },
  };
}
