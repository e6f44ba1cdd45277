import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { byId, createFixture, PNG, postOfOther, type Fixture } from '../operations/fixture';
import type { Fault, HintForm } from '../sandbox/faults';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { binary, N8n } from './support/n8n';

/** What the item that met the fault is to become, and how often it is sent. */
type Expected = { requests: number; applied: number } & (
  | { outcome: 'item' }
  | { outcome: 'error'; says: string; status?: number }
);

const KINDS = ['read', 'idempotent write', 'creating write', 'upload'] as const;
type Kind = (typeof KINDS)[number];

interface FaultCase {
  name: string;
  fault: Fault | ((sandbox: Sandbox) => Fault);
  /** How many requests it hits; 1 unless said otherwise. */
  times?: number;
  /** How long the node waits for an answer, in milliseconds. */
  timeout?: number;
  expected(kind: Kind): Expected;
}

const survives = (requests: number): Expected => ({ outcome: 'item', requests, applied: 1 });
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
    kind === 'read' || kind === 'idempotent write' ? survives(2) : fails(says, status, 1, applied);

const limited = (hint: HintForm): FaultCase => ({
  name: `429 with ${hint === 'none' ? 'no hint' : `the hint ${hint}`}`,
  fault: { kind: 'rate-limited', hint, waitMs: 100 },
  expected: () => survives(2),
});

const refused = (status: number, says: string): FaultCase => ({
  name: String(status),
  fault: { kind: 'status', status, body: { error: 'the_code', message: 'The reason.' } },
  expected: () => fails(says, status),
});

const BROKEN = 'the connection was lost before the response was complete';

const FAULTS: FaultCase[] = [
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
  limited('body'),
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
    timeout: 1000,
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
    expected: (kind) => survives(kind === 'read' ? 2 : 1),
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

const POSITIONS = { first: 0, middle: 1, last: 2 } as const;
const ITEMS = 3;

/** A server error for ever is retried with growing pauses, for each item. */
const CELL_TIMEOUT_MS = 60_000;

/** The node's parameters and input for a kind, and where its requests are seen in the sandbox. */
interface Work {
  operationId: string;
  parameters: INodeParameters;
  input: INodeExecutionData[];
}

async function arrange(kind: Kind, fixture: Fixture): Promise<Work> {
  const ids: string[] = [];
  for (let index = 0; index < ITEMS; index++) {
    ids.push((await postOfOther(fixture, `Post ${index}`)).id);
  }
  const input = ids.map((id, index) => ({
    json: { id, text: `Text ${index}` },
    binary: { data: binary(PNG.content, PNG.fileName, PNG.mimeType) },
  }));
  const post = byId('={{ $json.id }}');
  switch (kind) {
    case 'read':
      return {
        operationId: 'postGet',
        parameters: { resource: 'post', operation: 'get', post, options: { concurrency: 1 } },
        input,
      };
    case 'idempotent write':
      return {
        operationId: 'postLike',
        parameters: { resource: 'post', operation: 'like', post },
        input,
      };
    case 'creating write':
      return {
        operationId: 'commentCreate',
        parameters: {
          resource: 'comment',
          operation: 'create',
          post,
          content: '={{ $json.text }}',
        },
        input,
      };
    case 'upload':
      return {
        operationId: 'mediaUploadImage',
        parameters: { resource: 'media', operation: 'uploadImage', binaryPropertyName: 'data' },
        input,
      };
  }
}

let cells = 0;

describe('whatever goes wrong on the wire', () => {
  let n8n: N8n;
  let sandbox: Sandbox;

  beforeAll(async () => {
    n8n = await N8n.load();
    sandbox = await startSandbox({
      limits: { reads: Infinity, writes: Infinity, auths: Infinity },
    });
  });

  afterAll(async () => {
    await sandbox.close();
    process.stdout.write(`Fault matrix: ${cells} cells\n`);
  });

  async function checkCell(
    faultCase: FaultCase,
    kind: Kind,
    position: number,
    continues: boolean,
  ): Promise<void> {
    const fixture = createFixture(sandbox);
    const { handle } = fixture.me;
    const { operationId, parameters, input } = await arrange(kind, fixture);
    const fault =
      typeof faultCase.fault === 'function' ? faultCase.fault(sandbox) : faultCase.fault;
    const rule = sandbox.faults.add({
      match: { operationId, agent: handle },
      skip: position,
      times: faultCase.times,
      fault,
    });
    const expected = faultCase.expected(kind);
    const persists = faultCase.times === Infinity;

    const { json, error, items } = await n8n.run({
      credential: n8n.saveCredential(handle, { ...fixture.me, baseUrl: sandbox.url }),
      parameters: {
        ...parameters,
        options: {
          ...(parameters.options as INodeParameters),
          ...(faultCase.timeout ? { timeout: faultCase.timeout } : {}),
        },
      },
      input,
      settings: continues ? { onError: 'continueRegularOutput' } : {},
    });
    rule.remove();

    const failed = expected.outcome === 'error';
    const stops = failed && !continues;
    // A fault for ever hits the items after the first one as well.
    const hit = persists ? ITEMS - position : 1;
    const sent = stops ? position + 1 : ITEMS;
    const struck = stops ? 1 : hit;
    const requests = sandbox.requests.of(operationId).filter(({ agent }) => agent === handle);
    expect(requests).toHaveLength(sent - struck + struck * expected.requests);

    if (stops) {
      expect(error).toMatchObject({ context: { itemIndex: position } });
      expect(`${error?.message} ${error?.description}`).toContain(expected.says);
      expect(items).toEqual([]);
    } else {
      expect(error).toBeUndefined();
      expect(json).toHaveLength(ITEMS);
      expect(items.map(({ pairedItem }) => pairedItem)).toEqual(json.map((_, item) => ({ item })));
      json.forEach((data, index) => {
        const isHit = index >= position && index < position + hit;
        if (failed && isHit) {
          expect(JSON.stringify(data)).toContain(expected.says);
          expect((data.details as { httpStatus?: number }).httpStatus).toBe(expected.status);
        } else {
          expect(data).not.toHaveProperty('error');
        }
      });
    }

    const applied = requests.filter((request) => request.applied).length;
    const writes = kind === 'read' ? 0 : sent - struck + struck * expected.applied;
    expect(applied).toBe(writes);
    expect(appliedIn(fixture, kind)).toBe(writes);
    cells += 1;
  }

  /** What the platform shows: the number of things that came of it. */
  function appliedIn({ me }: Fixture, kind: Kind): number {
    const { state } = sandbox;
    switch (kind) {
      case 'read':
        return 0;
      case 'idempotent write':
        return state.likes.countFrom(me.id);
      case 'creating write':
        return [...state.comments.values()].filter(({ agentId }) => agentId === me.id).length;
      case 'upload':
        return [...state.media.values()].filter(({ agentId }) => agentId === me.id).length;
    }
  }

  describe.each(FAULTS)('$name', (faultCase) => {
    it.each(KINDS)(
      '%s',
      async (kind) => {
        await Promise.all(
          Object.values(POSITIONS).flatMap((position) =>
            [true, false].map(
              async (continues) => await checkCell(faultCase, kind, position, continues),
            ),
          ),
        );
      },
      CELL_TIMEOUT_MS,
    );
  });
});
