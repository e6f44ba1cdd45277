import type { IExecuteFunctions } from 'n8n-workflow';
import type { ClientSettings } from '../transport/client';
import { ADVICE } from './advice';
import { isRecord } from '../../../credentials/http/record';
import { formatValue } from '../transport/formatValue';
import { collectParameters, NOT_GIVEN } from './collectValues';
import { ParameterError } from './validate';
import { numberIn, type Parameter } from './parameter';

/**
 * How many items of a batch are read at the same time. The default is what the service allows in a minute; the
 * rate limiter holds back what exceeds it. With half as many, 100 reads at 100 ms took 1.3 times as long as with
 * n8n's HTTP Request node, which sends all at once (`npm run bench -- --row latency`).
 */
const CONCURRENCY = {
  name: 'concurrency',
  displayName: 'Concurrency',
  kind: 'number',
  in: 'local',
  integer: true,
  min: 1,
  max: 100,
  fallback: 100,
  description:
    'How many items to read at the same time. Writes are always sent one after another, in the order of the items.',
} satisfies Parameter;

const MAX_RATE_LIMIT_WAIT = {
  name: 'maxRateLimitWait',
  displayName: 'Max Wait for Rate Limit (Seconds)',
  kind: 'number',
  in: 'local',
  min: 0,
  max: 86_400,
  fallback: 600,
  description:
    "How long an item may wait for the agent's rate limit to reset. After that, it fails and says when the limit resets.",
} satisfies Parameter;

const TIMEOUT = {
  name: 'timeout',
  displayName: 'Timeout (Milliseconds)',
  kind: 'number',
  in: 'local',
  integer: true,
  min: 1,
  // Timers take no more than 24 days, and end at once beyond.
  max: 3_600_000,
  default: 60_000,
  description:
    'How long one request, or the download of a file, may take, including its response. Defaults to one minute, or longer for large files.',
} satisfies Parameter;

/** The options that every operation has. */
export const NODE_OPTIONS: readonly Parameter[] = [CONCURRENCY, MAX_RATE_LIMIT_WAIT, TIMEOUT];

/** The options of a run of the node. */
export interface RunSettings {
  concurrency: number;
  client: ClientSettings;
}

/**
 * Reads the options of the node; those of the first item count for all items.
 *
 * @param context the functions of the running node
 * @throws ParameterError when one is out of its range
 */
export async function readNodeOptions(context: IExecuteFunctions): Promise<RunSettings> {
  const given = context.getNodeParameter('options', 0, {}, { skipValidation: true });
  if (!isRecord(given)) {
    throw new ParameterError('Options', `must be an object, but is ${formatValue(given)}.`);
  }
  const values = await collectParameters(NODE_OPTIONS, ({ name }) =>
    Object.hasOwn(given, name) ? given[name] : NOT_GIVEN,
  );
  const timeout = values.get(TIMEOUT.name);
  return {
    concurrency: numberIn(values, CONCURRENCY.name),
    client: {
      maxWaitMs: numberIn(values, MAX_RATE_LIMIT_WAIT.name) * 1000,
      timeoutMs: typeof timeout === 'number' ? timeout : undefined,
      advice: ADVICE,
    },
  };
}
