import { output } from './executions';
import { until } from './until';
import { type N8nWithNode, SETUP_TIMEOUT_MS, startN8nWithNode } from './with-node';
import { MANUAL, chain, code, manualTrigger, setFields, webhook } from './workflows';

let host: N8nWithNode;

beforeAll(async () => {
  host = await startN8nWithNode();
}, SETUP_TIMEOUT_MS);

afterAll(async () => {
  await host?.close();
}, 60_000);

test('n8n knows the nodes of the installed package under its name', async () => {
  const names = (await host.client.nodeTypes()).map(({ name }) => name);

  expect(names).toEqual(
    expect.arrayContaining([
      'n8n-nodes-imagineanything.imagineAnything',
      'n8n-nodes-imagineanything.imagineAnythingTool',
      'n8n-nodes-imagineanything.imagineAnythingTrigger',
    ]),
  );
});

test('a workflow started by hand runs to its end, code included', async () => {
  const { client } = host;
  const { id } = await client.createWorkflow(
    chain(
      'By hand',
      manualTrigger,
      setFields('Set', { greeting: 'hello' }),
      code('Code', 'return [{ json: { shouted: $input.first().json.greeting.toUpperCase() } }];'),
    ),
  );

  const execution = await client.runToEnd(id, MANUAL);

  expect(execution.status).toBe('success');
  expect(output(execution, 'Code').map(({ json }) => json)).toEqual([{ shouted: 'HELLO' }]);
}, 60_000);

test('an active workflow is started by its webhook until it is deactivated', async () => {
  const { client, n8n } = host;
  const { id } = await client.createWorkflow(chain('Active', webhook('Webhook', 'smoke')));
  const call = async () =>
    (await fetch(`${n8n.url}/webhook/smoke`, { method: 'POST', body: '{}' })).status;

  await client.activate(id);
  expect(await call()).toBe(200);
  const [execution] = await client.executionsEnded(id, 1);
  expect(execution).toMatchObject({ status: 'success', mode: 'webhook' });

  await client.deactivate(id);
  expect(await call()).toBe(404);
  expect(await client.countExecutions(id)).toBe(1);
}, 60_000);

test('listening for a test event ends with the event, and can be stopped', async () => {
  const { client, n8n } = host;
  const { id } = await client.createWorkflow(chain('Listening', webhook('Webhook', 'listen')));
  const call = async () =>
    (await fetch(`${n8n.url}/webhook-test/listen`, { method: 'POST', body: '{}' })).status;

  await client.listen(id, 'Webhook');
  expect(await call()).toBe(200);
  const [execution] = await client.executionsEnded(id, 1);
  expect(execution).toMatchObject({ status: 'success', mode: 'manual' });

  await client.listen(id, 'Webhook');
  await client.stopListening(id);
  // n8n answers before it has stopped to listen.
  await until(async () => (await call()) === 404, { what: 'the test address to be gone' });
}, 60_000);

test('workflows and session outlive a restart and a crash', async () => {
  const { client, n8n } = host;
  const { id } = await client.createWorkflow(chain('Lasting', webhook('Webhook', 'lasting')));
  await client.activate(id);
  const before = n8n.pid;

  await n8n.restart();
  await n8n.kill();
  expect(n8n.pid).toBeUndefined();
  await n8n.restart();

  expect(n8n.pid).not.toBe(before);
  const called = await until(
    async () => (await fetch(`${n8n.url}/webhook/lasting`, { method: 'POST', body: '{}' })).ok,
    { what: 'the active workflow to answer again' },
  );
  expect(called).toBe(true);
  expect(await client.executionsEnded(id, 1)).toHaveLength(1);
}, 120_000);
