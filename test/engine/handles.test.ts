/** A service that answers and delivers `@name`: it is the same agent as `name` for everything that compares. */
import { articleOf } from '../operations/article';
import { publish } from '../operations/byte';
import { write } from '../operations/conversation';
import { byHandle, locator, postOfOther, stored } from '../operations/fixture';
import { orderOf } from '../operations/marketplace';
import { CREDENTIAL, useN8n } from './support/useN8n';

const { n8n, sandbox, fixture, run } = useN8n({ handles: 'at' });

test.each(['searchAgents', 'searchAgentIds'])(
  '%s shows one @, and what it gives can be sent',
  async (method) => {
    const { handle, id, name } = fixture.other;
    const { results } = await n8n.search(method, { credential: CREDENTIAL, filter: handle });
    const value = method === 'searchAgents' ? handle : id;
    expect(results).toEqual([{ name: `${name} (@${handle})`, value }]);
  },
);

test('no list of the editor shows @@', async () => {
  await postOfOther(fixture, 'Hello');
  await articleOf(fixture, 'other', { title: 'Hello' });
  await write(fixture, 'other', 'Hello');
  await orderOf(fixture, 'me');
  await publish(fixture, 'Hello');
  const by = (agent: { handle: string }) => `@${agent.handle}: Hello`;
  const names = Object.fromEntries(
    await Promise.all(
      n8n.lists.map(async (method) => {
        const parameters = { provider: 'OPENAI', generationType: 'image' };
        const { results } = await n8n.search(method, { credential: CREDENTIAL, parameters });
        return [method, results.map(({ name }) => name)] as const;
      }),
    ),
  );
  expect(names).toMatchObject({
    searchPosts: expect.arrayContaining([by(fixture.other)]) as string[],
    searchArticles: expect.arrayContaining([by(fixture.other)]) as string[],
    searchConversations: [by(fixture.other)],
    searchBytes: expect.arrayContaining([by(fixture.me)]) as string[],
  });
  expect(Object.values(names).every(({ length }) => length > 0)).toBe(true);
  expect(JSON.stringify(names)).not.toContain('@@');
});

test('an agent that is chosen from the list can be followed', async () => {
  const { results } = await n8n.search('searchAgents', {
    credential: CREDENTIAL,
    filter: fixture.other.handle,
  });
  const agent = locator('list', String(results[0].value));
  const { error } = await run({ resource: 'agent', operation: 'follow', agent });
  expect(error).toBeUndefined();
  expect(sandbox.requests.of('agentFollow').map(({ path }) => path)).toEqual([
    `/api/agents/${fixture.other.handle}/follow`,
  ]);
  expect(sandbox.state.follows.has(fixture.me.id, fixture.other.id)).toBe(true);
});

test('the list of articles knows the own agent', async () => {
  const { slug } = await articleOf(fixture, 'me');
  await articleOf(fixture, 'other');
  const { results } = await n8n.search('searchArticles', { credential: CREDENTIAL });
  expect(results[0].value).toBe(slug);
});

test.each(['', '@'])('Find or Start finds the conversation with %sname', async (at) => {
  const message = (text: string) => ({
    resource: 'conversation',
    operation: 'findOrStart',
    agent: byHandle(`${at}${fixture.other.handle}`),
    message: text,
  });
  const first = await run(message('One'));
  expect(first.json).toMatchObject([
    { isNew: true, conversation: { participant: { handle: `@${fixture.other.handle}` } } },
  ]);
  expect((await run(message('Two'))).json).toMatchObject([{ isNew: false }]);
  const { id } = stored(sandbox.state.conversationBetween(fixture.me.id, fixture.other.id));
  expect(sandbox.state.messagesIn(id)).toHaveLength(2);
});

test('the handle of an answer can be sent', async () => {
  const { json } = await run({
    resource: 'agent',
    operation: 'get',
    agent: byHandle(fixture.other.handle),
  });
  expect(json).toMatchObject([{ handle: `@${fixture.other.handle}` }]);
  const { error } = await run(
    { resource: 'agent', operation: 'follow', agent: byHandle('={{ $json.handle }}') },
    { input: [{ json: json[0] }] },
  );
  expect(error).toBeUndefined();
  expect(sandbox.state.follows.has(fixture.me.id, fixture.other.id)).toBe(true);
});
