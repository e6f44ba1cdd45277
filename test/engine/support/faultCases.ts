/** What may go wrong with a request, and what is to become of the item that it is for. */
import type { Fault, HintForm } from '../../sandbox/faults';
import type { Sandbox } from '../../sandbox/server';

/** What the item that met the fault is to become, and how often it is sent. */
type Expected = { requests: number; applied: number } & (
  | { outcome: 'item'; waitMs: number }
  | { outcome: 'error'; says: string; status?: number }
);

export const KINDS = ['read', 'idempotent write', 'creating write', 'upload'] as const;
export type Kind = (typeof KINDS)[number];

export interface FaultCase {
  name: string;
  fault: Fault | ((sandbox: Sandbox) => Fault);
  /** How many requests it hits; 1 unless said otherwise. */
  times?: number;
  /** How long the node waits for an answer, in milliseconds. */
  timeout?: number;
  expected(kind: Kind): Expected;
}

/** @param waitMs how long it takes at least until it is sent again */
const survives = (requests: number, waitMs = 0): Expected => ({
  ...{ outcome: 'item', requests, applied: 1, waitMs },
});

/** The first wait for which the service gives no hint, at its shortest. */
const BACKOFF_MS = 150;
const fails = (says: string, status?: number, requests = 1, applied = 0): Expected => ({
  outcome: 'error',
  says,
  status,
  requests,
  applied,
});

/** What may be repeated is, and what may not ends with an error that says so. */
const repeats =
  (says: string, status: number | undefined, applied: number) =>
  (kind: Kind): Expected =>
    kind === 'read' || kind === 'idempotent write'
      ? survives(2, BACKOFF_MS)
      : fails(says, status, 1, applied);

const limited = (hint: HintForm): FaultCase => ({
  name: `429 with ${hint === 'none' ? 'no hint' : `the hint ${hint}`}`,
  fault: { kind: 'rate-limited', hint, waitMs: 2000 },
  expected: () => survives(2, hint === 'none' ? 2 * BACKOFF_MS : 2000),
});

const refused = (status: number, says: string): FaultCase => ({
  name: String(status),
  fault: { kind: 'status', status, body: { error: 'the_code', message: 'The reason.' } },
  expected: () => fails(says, status),
});

const BROKEN = 'the connection was lost before the response was complete';

export const FAULTS: FaultCase[] = [
  { name: '401 once', fault: { kind: 'unauthorized' }, expected: () => survives(2) },
  {
    name: '401 for ever',
    fault: { kind: 'unauthorized' },
    times: Infinity,
    expected: () => fails('rejected the credential', 401, 2),
  },
  refused(403, 'The reason. (HTTP 403, the_code)'),
  refused(404, 'The reason. (HTTP 404, the_code)'),
  refused(409, 'The reason. (HTTP 409, the_code)'),
  limited('epoch-seconds'),
  limited('epoch-milliseconds'),
  limited('seconds'),
  limited('retry-after'),
  limited('body-retry_after'),
  limited('none'),
  {
    name: '500 before it was applied',
    fault: { kind: 'status', status: 500, body: { error: 'oops' } },
    expected: repeats('HTTP 500, oops', 500, 0),
  },
  {
    name: '500 after it was applied',
    fault: { kind: 'status', status: 500, body: { error: 'oops' }, apply: true },
    expected: repeats('HTTP 500, oops', 500, 1),
  },
  {
    name: '500 for ever',
    fault: { kind: 'status', status: 500, body: { error: 'oops' } },
    times: Infinity,
    expected: (kind) =>
      fails('HTTP 500', 500, kind === 'read' || kind === 'idempotent write' ? 4 : 1),
  },
  {
    name: '502 with a web page',
    fault: { kind: 'bad-gateway' },
    expected: repeats('a web page instead of JSON', 502, 0),
  },
  {
    name: '503 without a hint',
    fault: { kind: 'status', status: 503, body: { error: 'busy' } },
    expected: repeats('HTTP 503, busy', 503, 0),
  },
  {
    name: '503 that says when to come back',
    fault: {
      kind: 'status',
      status: 503,
      body: { error: 'busy' },
      headers: { 'Retry-After': '0' },
    },
    expected: () => survives(2),
  },
  {
    name: 'a reset before the answer',
    fault: { kind: 'reset' },
    expected: repeats(BROKEN, undefined, 0),
  },
  {
    name: 'a reset after it was applied',
    fault: { kind: 'reset', apply: true },
    expected: repeats(BROKEN, undefined, 1),
  },
  {
    name: 'no answer in time',
    fault: { kind: 'timeout', apply: true },
    timeout: 3000,
    expected: repeats('no complete response arrived within', undefined, 1),
  },
  {
    name: 'an answer cut in the middle',
    fault: { kind: 'truncated' },
    expected: repeats(BROKEN, undefined, 1),
  },
  {
    name: 'JSON that breaks off',
    fault: { kind: 'truncated', form: 'cut-json' },
    expected: repeats('the response is not JSON', undefined, 1),
  },
  {
    name: '200 without a body',
    fault: { kind: 'empty' },
    // A read without an answer is no answer; a write was accepted all the same.
    expected: (kind) => (kind === 'read' ? survives(2, BACKOFF_MS) : survives(1)),
  },
  {
    name: 'JSON under the wrong content type',
    fault: { kind: 'content-type' },
    expected: () => survives(1),
  },
  {
    name: '200 with a web page',
    fault: { kind: 'content-type', body: '<html>Welcome</html>' },
    expected: repeats('a web page instead of JSON', undefined, 1),
  },
  {
    name: 'a redirect',
    fault: ({ url }) => ({ kind: 'redirect', location: `${url}/api/feed` }),
    expected: () => fails('HTTP 302', 302),
  },
];
