/** Which events of a delivery an execution outputs, whatever process it runs in. */
import type { IExecuteFunctions, WorkflowExecuteMode } from 'n8n-workflow';
import { resetProcess } from '../../../credentials/memory/processMap';
import type { TriggerEvent } from '../../../nodes/ImagineAnything/trigger/events/event';
import { processEvents } from '../../../nodes/ImagineAnything/trigger/execution/processEvents';
import { NODE } from '../transport/support/n8n';

beforeEach(resetProcess);

const event = (id: string): TriggerEvent => ({
  event: 'follow',
  id,
  occurredAt: null,
  agent: { handle: 'bob' },
  raw: { id, event: 'follow', actor: { handle: 'bob' } },
});

interface Execution {
  id: string;
  mode?: WorkflowExecuteMode;
  options?: object;
}

/** The table of processed data, which all processes of n8n share. */
function openN8n() {
  const recorded = new Set<string>();
  let fails = false;
  return {
    breakTable: () => (fails = true),
    run: async (ids: string[], { id, mode = 'webhook', options = {} }: Execution) => {
      const items = await processEvents({
        getInputData: () => ids.map((each) => ({ json: event(each) })),
        getNodeParameter: () => options,
        getMode: () => mode,
        getNode: () => NODE,
        getWorkflow: () => ({ id: 'workflow' }),
        getExecutionId: () => id,
        logger: { warn: () => {} },
        helpers: {
          checkProcessedAndRecord: async (entries: string[]) => {
            if (fails) throw new Error('no database');
            const processed = entries.filter((each) => recorded.has(each));
            for (const each of entries) recorded.add(each);
            return { new: entries.filter((each) => !processed.includes(each)), processed };
          },
        },
      } as unknown as IExecuteFunctions);
      return items.map(({ json }) => json.id);
    },
  };
}

it('an event that another execution had is not output again, in this process or another', async () => {
  const n8n = openN8n();
  expect(await n8n.run(['a', 'b'], { id: '1' })).toEqual(['a', 'b']);
  expect(await n8n.run(['b', 'c'], { id: '2' })).toEqual(['c']);
  resetProcess();
  expect(await n8n.run(['a', 'c', 'd'], { id: '3' })).toEqual(['d']);
});

it('an execution that a worker runs again has its events again', async () => {
  const n8n = openN8n();
  await n8n.run(['a', 'b'], { id: '1' });
  resetProcess();

  expect(await n8n.run(['a', 'b'], { id: '1' })).toEqual(['a', 'b']);
});

it.each<[string, Partial<Execution>]>([
  ['a user retries it', { mode: 'retry' }],
  ['a user tests it', { mode: 'manual' }],
  ['the response waits for the last node', { options: { responseMode: 'lastNode' } }],
  ['deduplication is off', { options: { deduplicationWindow: 0 } }],
])('an execution has events that another had where %s', async (_, execution) => {
  const n8n = openN8n();
  await n8n.run(['a'], { id: '1' });

  expect(await n8n.run(['a'], { id: '2', ...execution })).toEqual(['a']);
});

it('no event is lost when n8n cannot tell which are new', async () => {
  const n8n = openN8n();
  n8n.breakTable();

  expect(await n8n.run(['a', 'b'], { id: '1' })).toEqual(['a', 'b']);
});
