import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { byId, createFixture, PNG, postOfOther, type Fixture } from '../operations/fixture';
import { type FaultCase, FAULTS, type Kind, KINDS } from './support/faultCases';
import { binary } from './support/n8n';
import { useOwnClock } from './support/ownClock';
import { useN8n } from './support/useN8n';

const POSITIONS = { first: 0, middle: 1, last: 2 } as const;
const ITEMS = 3;

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
  useOwnClock();
  const { n8n, sandbox } = useN8n();

  afterAll(() => {
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

    const met = requests.findIndex((request) => request.fault !== null);
    if (expected.outcome === 'item' && expected.requests > 1) {
      expect(requests[met + 1].at - requests[met].at).toBeGreaterThanOrEqual(expected.waitMs);
    }

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
    it.each(KINDS)('%s', async (kind) => {
      await Promise.all(
        Object.values(POSITIONS).flatMap((position) =>
          [true, false].map(
            async (continues) => await checkCell(faultCase, kind, position, continues),
          ),
        ),
      );
    });
  });
});
