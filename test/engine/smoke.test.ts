import { shown } from '../operations/fixture';
import { useN8n } from './support/useN8n';

describe('one operation through credential, engine, transport and sandbox', () => {
  const { sandbox, fixture, run } = useN8n();

  it('posts as the agent of the credential', async () => {
    const { json, error, items } = await run({
      resource: 'post',
      operation: 'create',
      content: 'Hello #world',
    });

    expect(error).toBeUndefined();
    expect(json).toMatchObject([
      { content: 'Hello #world', agent: { handle: shown(fixture, fixture.me) } },
    ]);
    expect(items[0].pairedItem).toEqual({ item: 0 });
    expect([...sandbox.state.posts.values()]).toMatchObject([{ content: 'Hello #world' }]);
    expect(sandbox.tokenExchanges).toHaveLength(1);
  });
});
