import { performance } from 'node:perf_hooks';
import { readBaseUrl } from '../../../credentials/baseUrl';
import { readResponseBody } from '../../../credentials/http/responseBody';
import { validateValue } from '../../../nodes/ImagineAnything/engine/validate';
import { readErrorBody } from '../../../nodes/ImagineAnything/transport/failure';
import { parseBody } from '../../../nodes/ImagineAnything/trigger/delivery/deliveryBody';
import { readDelivery } from '../../../nodes/ImagineAnything/trigger/events/readDelivery';
import { normalizeHandle } from '../../../nodes/ImagineAnything/engine/handle';
import { type Measure, row, RUNS, show, spreadOf } from '../figures';

const MEBIBYTE = 1024 * 1024;
const GOAL_MS = 50;
const field = { name: 'field', displayName: 'Field', in: 'body' } as const;
const slashes = '/'.repeat(MEBIBYTE);

/** Inputs of 1 MiB that took seconds when the work grew with the square of their length. */
const INPUTS: ReadonlyArray<readonly [name: string, read: () => unknown]> = [
  ['a handle of slashes', () => normalizeHandle(`@a${slashes}\n`)],
  ['a base URL with slashes', () => readBaseUrl(`https://example.com/${slashes}x`)],
  [
    'a text of emoji for 500 characters',
    () => validateValue({ ...field, kind: 'text', maxLength: 500 }, '👩‍👩‍👧‍👦'.repeat(MEBIBYTE / 11)),
  ],
  [
    'a list of brackets',
    () => validateValue({ ...field, kind: 'list' }, `[${'] '.repeat(MEBIBYTE / 2)}x`),
  ],
  [
    'a message of the service',
    () => readErrorBody({ error: 'bad', message: 'process fail '.repeat(MEBIBYTE / 13) }),
  ],
  [
    'a delivery of 349,000 empty events',
    () => readDelivery(parseBody(Buffer.from(`[${'{},'.repeat(349_000)}{}]`))),
  ],
  [
    'a delivery nested 500,000 deep',
    () => parseBody(Buffer.from('['.repeat(MEBIBYTE / 2) + ']'.repeat(MEBIBYTE / 2))),
  ],
  [
    'an answer of 1 MiB',
    async () =>
      await readResponseBody(
        JSON.stringify({ posts: ['x'.repeat(MEBIBYTE)] }),
        new AbortController().signal,
      ),
  ],
];

/** How long the inputs take that were once slow. */
export const parsers: Measure = async (report) => {
  const rows = [];
  for (const [name, read] of INPUTS) {
    report(`parsers: ${name}`);
    const took: number[] = [];
    for (let index = 0; index < RUNS; index++) {
      const started = performance.now();
      try {
        await read();
      } catch {
        // An input that is refused has been read as well.
      }
      took.push(performance.now() - started);
    }
    const spread = spreadOf(took);
    rows.push(
      row({
        row: `parsers: ${name}`,
        figure: `${spread.median.toFixed(1)} ms for 1 MiB`,
        comparison: '–',
        ratio: show(spread, 1, 'ms'),
        goal: `≤ ${GOAL_MS} ms`,
        met: spread.median <= GOAL_MS,
        data: { took },
      }),
    );
  }
  return rows;
};
