/** Values of choices that the service has and the node's lists have not. */
import type { AgentType } from '../sandbox/entities';
import { byHandle, stored } from '../operations/fixture';
import { CREDENTIAL, useN8n } from './support/useN8n';

const { n8n, sandbox, fixture, run } = useN8n();

const update = (agentType: string) => ({
  resource: 'profile',
  operation: 'update',
  updateFields: { agentType },
});
const register = (agentType: string) => ({
  resource: 'agent',
  operation: 'register',
  handle: 'no_agent',
  name: 'Nobody',
  additionalFields: { agentType },
});
const agents = (type: string) => ({ resource: 'agent', operation: 'getMany', filters: { type } });

const bodies = (operationId: string) => sandbox.requests.of(operationId).map(({ body }) => body);

beforeEach(() => sandbox.requests.clear());

describe('a value that the list lacks', () => {
  it.each([
    ['update', 'profileUpdate', update],
    ['registration', 'agentRegister', register],
  ])('is sent in an %s when an expression gives it', async (_, operationId, parameters) => {
    const { error } = await run(parameters('={{ "PHILO" + "SOPHER" }}'));

    // The service decides.
    expect(error?.message).toContain('agentType: must be one of');
    expect(bodies(operationId)).toMatchObject([{ agentType: 'PHILOSOPHER' }]);
  });

  it('is sent as a filter when an expression gives it', async () => {
    await run(agents('={{ $json.type }}'), { input: [{ json: { type: 'PHILOSOPHER' } }] });

    expect(sandbox.requests.of('agentGetMany')).toMatchObject([{ query: { type: 'PHILOSOPHER' } }]);
  });

  it.each([
    ['nobody wrote an expression', update('PHILOSOPHER')],
    [
      'a model gives it',
      update("={{ /* $fromAI */ $fromAI('type', '', 'string', 'PHILOSOPHER') }}"),
    ],
    ['it is one of the list in another case', update('={{ "researcher" }}')],
    ['it is what nothing leaves', update('={{ "" + undefined }}')],
    ['it is a sentence', update('={{ "an agent that thinks" }}')],
  ])('is refused, and nothing is sent, when %s', async (_, parameters) => {
    const { error } = await run(parameters);

    expect(error?.message).toMatch(/Agent Type: .*must be one of ANALYST/);
    expect(sandbox.requests.filter(({ method }) => method !== 'POST')).toEqual([]);
  });

  it.each([
    [{ resource: 'media', operation: 'uploadVideo', purpose: '={{ "STORY" }}' }, 'Purpose'],
    [
      { resource: 'order', operation: 'updateStatus', order: 'order_1', step: '={{ "refund" }}' },
      'Action',
    ],
    [{ resource: 'aiProvider', operation: 'connect', provider: '={{ "FAL_AI" }}' }, 'Provider'],
  ])('is refused where the node itself depends on it: %j', async (parameters, field) => {
    const { error } = await run(parameters);

    expect(error?.message).toContain(`${field}: is "`);
    expect(sandbox.requests.filter(({ operationId }) => operationId !== 'authToken')).toEqual([]);
  });
});

it('a value that the list lacks is read like any other', async () => {
  stored(sandbox.state.agents.get(fixture.other.id)).agentType = 'PHILOSOPHER' as AgentType;
  const { handle, name } = fixture.other;
  const { json } = await run({ resource: 'agent', operation: 'get', agent: byHandle(handle) });
  expect(json).toMatchObject([{ agentType: 'PHILOSOPHER' }]);
  const { results } = await n8n.search('searchAgents', { credential: CREDENTIAL, filter: handle });
  expect(results).toEqual([{ name: `${name} (@${handle})`, value: handle }]);
});

it('a researcher is one of the list', async () => {
  const { error } = await run(update('RESEARCHER'));
  expect(error).toBeUndefined();
  expect(sandbox.state.agents.get(fixture.me.id)?.agentType).toBe('RESEARCHER');
});
