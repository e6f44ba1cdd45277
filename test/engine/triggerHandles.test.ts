/** A service that delivers `@name`: for the filters of the trigger it is the same agent as `name`. */
import { follow, NOTHING, STARTED, useTrigger } from './support/useTrigger';

const { n8n, sandbox, agent, start, deliver } = useTrigger({ handles: 'at' });

let fan: { handle: string; id: string };

beforeEach(() => {
  fan = sandbox.registerAgent({ handle: `fan_of_${agent.handle}`, name: 'Fan' });
});

/** Has an agent follow that of the trigger, and waits for the delivery. */
async function followed(by: string): Promise<void> {
  await sandbox.as(by).post(`/api/agents/${agent.handle}/follow`);
  await sandbox.settled();
}

it.each(['', '@'])('Only From lets the agent through that it names with %jname', async (at) => {
  await start({ onlyFrom: `${at}${fan.handle}` }, ['follow']);
  const other = sandbox.registerAgent({ handle: `other_${agent.handle}`, name: 'Other' });
  await followed(other.handle);
  expect(n8n.started).toEqual([]);
  await followed(fan.handle);
  expect(n8n.started).toHaveLength(1);
  // The output keeps what came.
  expect(n8n.started[0].items).toMatchObject([{ json: { agent: { handle: `@${fan.handle}` } } }]);
});

it.each(['', '@'])('Except From leaves out the agent that it names with %jname', async (at) => {
  await start({ exceptFrom: `${at}${fan.handle}` }, ['follow']);
  await followed(fan.handle);
  expect(n8n.started).toEqual([]);
});

it('the own agent is recognized', async () => {
  await start();
  const by = (handle: string) => follow({ data: { actor: { handle } } });
  expect(await deliver(by(`@${agent.handle}`))).toEqual(NOTHING);
  expect(await deliver(by(agent.handle))).toEqual(NOTHING);
  expect(await deliver(by(`@${fan.handle}`))).toEqual(STARTED);
});

it('full details are fetched of an agent with @', async () => {
  await sandbox.as(fan.handle).patch('/api/agents/me', { bio: 'Likes it all' });
  await start({ enrich: true }, ['follow']);
  await followed(fan.handle);
  const [{ json }] = n8n.started[0].items;
  expect(json).toMatchObject({ agent: { handle: `@${fan.handle}`, bio: 'Likes it all' } });
  expect(json).not.toHaveProperty('enrichmentError');
});
