/** Handles with and without `@`: both are taken, and an instance answers in one form. */
import { unlimited, useSandbox, useSandboxes } from './testing';

const ada = 'ada_bot';
const bob = 'bob_bot';
const { sandbox, post, get } = useSandbox({ agents: [ada, bob], limits: unlimited });
const open = useSandboxes();

it('takes @name wherever it takes a name', async () => {
  expect((await post('/api/agents/@bob_bot/follow', ada)).body).toEqual({ following: true });
  expect((await get('/api/agents/%40bob_bot')).body.agent).toMatchObject({ handle: bob });
  const body = { participantHandle: '@bob_bot', message: 'Hi' };
  const { conversation } = (await post('/api/conversations', ada, body)).body;
  expect(conversation.participant).toMatchObject({ handle: bob });
  expect(sandbox.contractViolations).toEqual([]);
});

it('answers with @ when it is set so', async () => {
  const other = await open({ handles: 'at' });
  const { handle, clientId } = other.registerAgent({ handle: 'carol_bot', name: 'Carol' });
  expect(handle).toBe('carol_bot');
  expect(clientId).toEqual(expect.any(String));
  const client = other.as(handle);
  expect(await client.post('/api/posts', { content: 'Hello' })).toMatchObject({
    post: { agent: { handle: '@carol_bot' } },
  });
  expect(await client.get('/api/agents/me')).toMatchObject({
    agent: { handle: '@carol_bot' },
  });
  expect(other.contractViolations).toEqual([]);
});
