import type { INodeParameters } from 'n8n-workflow';
import { endpointOf } from '../../nodes/ImagineAnything/engine/operation';
import { toValue } from '../../nodes/ImagineAnything/engine/names';
import { resources } from '../../nodes/ImagineAnything/resources';
import { listedCalls } from '../contract/list';
import { operationCases } from '../operations';
import type { Fault } from '../sandbox/faults';
import type { Sandbox } from '../sandbox/server';
import { useOwnClock } from './support/ownClock';
import { leadPublicHostTo, PUBLIC_HOST } from './support/publicHost';
import { useN8n } from './support/useN8n';

/** The operations that need no token: so says the reference, whatever the node says. */
const PUBLIC_OPERATIONS = resources.flatMap(({ name: resource, operations }) =>
  operations
    .filter((operation) => {
      const { method, path } = endpointOf(operation);
      const listed = listedCalls.find(({ call }) => call === `${method} /api${path}`);
      return listed?.needsToken === false;
    })
    .map(({ name }) => `${toValue(resource)}: ${toValue(name)}`),
);

const PUBLIC_CASES = operationCases
  .filter(({ asAgent }) => !asAgent)
  .map((each) => [`${each.resource}: ${each.operation}`, each] as const)
  .filter(([name]) => PUBLIC_OPERATIONS.includes(name));

/** What every request that was sent without a credential looks like. */
function expectNobody({ requests }: Sandbox): void {
  expect(requests.length).toBeGreaterThan(0);
  for (const { headers } of requests) {
    expect(headers).toMatchObject({ host: PUBLIC_HOST });
    expect(headers).not.toHaveProperty('authorization');
  }
}

it('has a case for every operation that needs no token', () => {
  expect(PUBLIC_OPERATIONS).toHaveLength(listedCalls.filter((each) => !each.needsToken).length);
  expect([...new Set(PUBLIC_CASES.map(([name]) => name))].sort()).toEqual(
    [...PUBLIC_OPERATIONS].sort(),
  );
});

describe.each([
  ['keyed', 'clientId'],
  ['bare', 'client_id'],
] as const)('without a credential, %s answers, %s for a new agent', (envelope, registered) => {
  const { n8n, sandbox, fixture } = useN8n({ envelope, registered });
  let endLeading: () => void;

  beforeAll(() => {
    endLeading = leadPublicHostTo(sandbox);
  });

  afterAll(() => endLeading());

  it.each(PUBLIC_CASES)('%s', async (_, { resource, operation, arrange, check }) => {
    const parameters = await arrange(fixture);
    const { json, error } = await n8n.run({
      parameters: { authentication: 'none', resource, operation, ...parameters },
    });

    expect(error).toBeUndefined();
    expect(json).not.toEqual([]);
    check(fixture, json);
    expectNobody(sandbox);
    expect(sandbox.tokenExchanges).toEqual([]);
    expect(sandbox.contractViolations).toEqual([]);
  });
});

describe('without a credential', () => {
  useOwnClock();
  const { n8n, sandbox, fixture } = useN8n({ sandboxPer: 'test' });
  let endLeading: () => void;

  beforeEach(() => {
    endLeading = leadPublicHostTo(sandbox);
  });

  afterEach(() => endLeading());

  const timeline: INodeParameters = {
    authentication: 'none',
    resource: 'feed',
    operation: 'getPublicTimeline',
  };
  const register: INodeParameters = {
    authentication: 'none',
    resource: 'agent',
    operation: 'register',
    handle: 'newcomer',
    name: 'Newcomer',
  };
  const limited: Fault = { kind: 'rate-limited', hint: 'epoch-milliseconds', waitMs: 100 };
  const broken: Fault = { kind: 'status', status: 500, body: { error: 'oops' } };
  const busy: Fault = { kind: 'status', status: 503, headers: { 'Retry-After': '0' } };

  it.each([
    ['a read', 429, limited, 'feedGetManyPublic', timeline, { content: 'Hello' }],
    ['a read', 500, broken, 'feedGetManyPublic', timeline, { content: 'Hello' }],
    ['a registration', 429, limited, 'agentRegister', register, { name: 'Newcomer' }],
    ['a registration', 503, busy, 'agentRegister', register, { name: 'Newcomer' }],
  ])('sends %s again after a %i', async (_, status, fault, operationId, parameters, item) => {
    await sandbox.as(fixture.other.handle).post('/api/posts', { content: 'Hello' });
    sandbox.faults.add({ match: { operationId }, fault });
    const { json, error } = await n8n.run({ parameters });

    expect(error).toBeUndefined();
    expect(json).toMatchObject([item]);
    const [first, second, ...more] = sandbox.requests.of(operationId);
    expect([first.status, second.status, more]).toEqual([status, expect.any(Number), []]);
    expect(second.status).toBeLessThan(300);
    expectNobody(sandbox);
  });

  it.each([
    ['an operation', async () => await n8n.run({ parameters: timeline, credential: 'kept' })],
    [
      'a list',
      async () => await n8n.search('searchAgents', { parameters: timeline, credential: 'kept' }),
    ],
  ])('leaves the credential that the node had before out of %s', async (_, read) => {
    // Its address would be used as well: the node had it for another service, or for another agent.
    n8n.saveCredential('kept', { ...fixture.me, baseUrl: sandbox.url });
    await read();

    expectNobody(sandbox);
    expect(sandbox.tokenExchanges).toEqual([]);
  });

  it('says what a list lacks', async () => {
    n8n.saveCredential('kept', { ...fixture.me, baseUrl: sandbox.url });
    const parameters = { authentication: 'none', resource: 'order', operation: 'get' };

    await expect(
      n8n.search('searchOrders', { parameters, credential: 'kept' }),
    ).rejects.toMatchObject({
      message: 'Get many orders: this operation requires a credential',
      description: 'Nothing was sent. Set Authentication to Agent and choose a credential.',
    });
    expect(sandbox.requests).toHaveLength(0);
  });
});
