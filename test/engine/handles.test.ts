/** A service that answers and delivers `@name`: it is the same agent as `name` for everything that compares. */
import { byHandle, postOfOther, stored } from '../operations/fixture';
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

test('other lists show one @ as well', async () => {
  await postOfOther(fixture, 'Hello');
  const { results } = await n8n.search('searchPosts', { credential: CREDENTIAL });
  expect(results[0].name).toBe(`@${fixture.other.handle}: Hello`);
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
