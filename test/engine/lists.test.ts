/** The lists that the editor shows while a workflow is built, in n8n-core's own context for them. */
import fc from 'fast-check';
import type {
  INodeListSearchItems,
  INodeParameterResourceLocator,
  INodeParameters,
  INodeProperties,
} from 'n8n-workflow';
import { articleOf } from '../operations/article';
import { write } from '../operations/conversation';
import { offerOf, orderOf } from '../operations/marketplace';
import { postOfMine, postOfOther } from '../operations/fixture';
import type { SearchOptions } from './support/n8n';
import { CREDENTIAL, useN8n } from './support/useN8n';

const { n8n, sandbox, fixture, run } = useN8n();

const list = async (method: string, options: SearchOptions = {}) =>
  await n8n.search(method, { credential: CREDENTIAL, ...options });

/** All properties of the node, however deep. */
function flat(properties: readonly INodeProperties[]): INodeProperties[] {
  return properties.flatMap((property) => [
    property,
    ...(property.options ?? []).flatMap((option) => {
      if ('values' in option) return flat(option.values);
      return 'type' in option ? flat([option]) : [];
    }),
  ]);
}

test('every list that a field asks for is there, and every one is asked for', () => {
  const asked = flat(n8n.description.properties).flatMap(({ modes = [] }) =>
    modes.flatMap(({ typeOptions }) => typeOptions?.searchListMethod ?? []),
  );
  expect(asked.length).toBeGreaterThan(0);
  expect([...new Set(asked)].sort()).toEqual([...n8n.lists].sort());
});

test('agents, by name or handle', async () => {
  const { id, handle } = fixture.other;
  const name = `Other ${handle.split('_')[1]} (@${handle})`;
  const byHandle = await list('searchAgents', { filter: handle });
  expect(byHandle.results).toContainEqual({ name, value: handle });
  const byId = await list('searchAgentIds', { filter: handle });
  expect(byId.results).toContainEqual({ name, value: id });
  expect((await list('searchAgents', { filter: 'nobody at all' })).results).toEqual([]);
});

test('agents, by a handle typed with @', async () => {
  const { handle } = fixture.other;
  const { results } = await list('searchAgents', { filter: ` @${handle} ` });
  expect(results).toMatchObject([{ value: handle }]);
});

test('posts, the newest or those that a search finds, on one line', async () => {
  const post = await postOfOther(fixture, `A word\nand ${'another '.repeat(20)}`);
  const name = `@${fixture.other.handle}: A word and another another another another another another …`;
  expect((await list('searchPosts')).results[0]).toEqual({ name, value: post.id });
  await postOfMine(fixture, 'Something about walruses');
  const { results } = await list('searchPosts', { filter: 'walruses' });
  expect(results.map((each) => each.name)).toEqual([
    `@${fixture.me.handle}: Something about walruses`,
  ]);
});

test('posts page by page, without one twice', async () => {
  for (let index = 0; index < 60; index++) await postOfMine(fixture, `Post ${index}`);
  const first = await list('searchPosts');
  expect(first.results).toHaveLength(50);
  const second = await list('searchPosts', { cursor: String(first.paginationToken) });
  const values = [...first.results, ...second.results].map(({ value }) => value);
  expect(new Set(values).size).toBe(values.length);
  expect(values.length).toBeGreaterThanOrEqual(60);
});

test('conversations, by the agent on the other side', async () => {
  const { other } = fixture;
  const conversation = await write(fixture, 'other', 'Hello there');
  const entry = { name: `@${other.handle}: Hello there`, value: conversation.id };
  expect((await list('searchConversations')).results).toEqual([entry]);
  expect((await list('searchConversations', { filter: 'OTHER' })).results).toEqual([entry]);
  expect((await list('searchConversations', { filter: 'nobody' })).results).toEqual([]);
});

test('services with their price, and orders with their state', async () => {
  const service = await offerOf(fixture, 'other', { title: 'Walrus portraits', price: 1250 });
  const { results } = await list('searchServices', { filter: 'Walrus' });
  expect(results).toEqual([{ name: 'Walrus portraits ($12.50)', value: service.id }]);
  const order = await orderOf(fixture, 'me');
  expect((await list('searchOrders', { filter: 'paid' })).results).toEqual([
    { name: `AI Image Generation (PAID, ${order.id})`, value: order.id },
  ]);
});

test('articles, by their author and title', async () => {
  const { slug } = await articleOf(fixture, 'other', { title: 'On walruses' });
  const { results } = await list('searchArticles', { filter: 'walruses' });
  expect(results).toEqual([{ name: `@${fixture.other.handle}: On walruses`, value: slug }]);
});

test('models of the chosen provider and type, and voices', async () => {
  const parameters: INodeParameters = { provider: 'RUNWARE', generationType: 'video' };
  const models = await list('searchModels', { parameters });
  expect(models.results.length).toBeGreaterThan(0);
  const [{ name, value }] = models.results;
  expect(name).toMatch(/ \(default\)$/);
  expect((await list('searchModels', { parameters, filter: name })).results).toEqual([
    { name, value },
  ]);
  const voices = await list('searchVoices', { filter: 'rachel' });
  expect(voices.results).toMatchObject([{ name: expect.stringMatching(/^Rachel/) as string }]);
});

test.each(['searchConversations', 'searchOrders', 'searchModels', 'searchVoices'])(
  '%s asks for the credential that it needs',
  async (method) => {
    await expect(n8n.search(method, {})).rejects.toThrow('Choose a credential first');
  },
);

describe('of a service that lies', () => {
  /** Where each list is asked for, its key, and the member that holds the value. */
  const SOURCES = {
    searchAgents: ['/api/agents', 'agents', 'handle'],
    searchAgentIds: ['/api/agents', 'agents', 'id'],
    searchPosts: ['/api/posts', 'posts', 'id'],
    searchArticles: ['/api/blog', 'articles', 'slug'],
    searchBytes: ['/api/bytes', 'bytes', 'id'],
    searchConversations: ['/api/conversations', 'conversations', 'id'],
    searchServices: ['/api/marketplace/services', 'services', 'id'],
    searchOrders: ['/api/marketplace/orders', 'orders', 'id'],
    searchModels: ['/api/generate/models', 'models', 'id'],
    searchVoices: ['/api/generate/voices', 'voices', 'voice_id'],
  } as const;

  const methods = Object.keys(SOURCES) as Array<keyof typeof SOURCES>;

  async function listOf(method: keyof typeof SOURCES, entries: unknown[], more: object = {}) {
    const [path, key] = SOURCES[method];
    sandbox.faults.clear();
    sandbox.faults.add({
      match: { path },
      fault: { kind: 'status', status: 200, body: { [key]: entries, ...more } },
    });
    // Only models depend on other fields.
    const parameters = { provider: 'OPENAI', generationType: 'image' };
    return await list(method, { parameters });
  }

  /** What n8n makes of an entry of the list once it is the value of a field. */
  const stored = ({ name, value }: INodeListSearchItems): INodeParameterResourceLocator => ({
    __rl: true,
    mode: 'list',
    value: String(value),
    cachedResultName: name,
  });

  test('every list is tried', () => expect([...methods].sort()).toEqual(n8n.lists.sort()));

  const expression = '={{ $json.password }}';

  test.each(methods)('%s offers no expression as a value', async (method) => {
    const [, , member] = SOURCES[method];
    const { results } = await listOf(
      method,
      [expression, '=1', ' =1', '\n=1', '= '].map((value) => ({ [member]: value, name: 'A' })),
    );
    expect(results).toEqual([]);
  });

  test.each(methods)('%s offers no expression as a name', async (method) => {
    const [, , member] = SOURCES[method];
    const text = ` =\u0000=${expression}`;
    const agent = { name: text, handle: text };
    const { results } = await listOf(method, [
      {
        ...agent,
        title: text,
        content: text,
        caption: text,
        status: text,
        service: { title: text },
        lastMessage: text,
        agent,
        author: agent,
        participant: agent,
        [member]: 'good',
      },
    ]);
    expect(results).toHaveLength(1);
    expect(results[0].value).toBe('good');
    expect(results[0].name).toContain('{{ $json.password }}');
    expect(n8n.evaluate(stored(results[0]), { password: 'hunter2' })).toEqual(stored(results[0]));
  });

  test.each(methods)('%s gives what its field takes, whatever the entries are', async (method) => {
    const [, , member] = SOURCES[method];
    const anyValue = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<unknown>({ toString: 1 }, { handle: { toString: 1 } }, 2 ** 60, -0),
      fc.tuple(fc.constantFrom('', ' ', '\t', '='), fc.string()).map(([a, b]) => `${a}=${b}`),
      fc.stringMatching(/^[a-z][a-z0-9_]{2,9}$/),
    );
    const members = [
      ...['name', 'handle', 'content', 'caption', 'agent', 'participant', 'lastMessage', 'title'],
      ...['price', 'status', 'service', 'isDefault', 'gender', 'age', 'accent', member],
    ];
    const anyEntry = fc.oneof(
      fc.record(Object.fromEntries(members.map((name) => [name, anyValue])), { requiredKeys: [] }),
      fc.jsonValue(),
    );
    const entries = fc.sample(anyEntry, 500);
    const { results } = await listOf(method, JSON.parse(JSON.stringify(entries)) as unknown[]);
    expect(results.length).toBeGreaterThan(0);
    for (const entry of results) {
      expect(entry.name).toMatch(/^[^=\s]/);
      expect(entry.name.length).toBeLessThanOrEqual(160);
      expect(String(entry.value).length).toBeLessThanOrEqual(256);
      expect(n8n.evaluate(stored(entry), { password: 'hunter2' })).toEqual(stored(entry));
    }
  });

  test('a chosen entry goes out as it is', async () => {
    const { results } = await listOf('searchPosts', [{ id: expression }, { id: 'p1' }]);
    expect(results).toHaveLength(1);
    sandbox.requests.clear();
    await run(
      { resource: 'post', operation: 'get', post: stored(results[0]) },
      { input: [{ json: { password: 'hunter2' } }] },
    );
    expect(sandbox.requests.of('postGet').map(({ path }) => path)).toEqual(['/api/posts/p1']);
  });

  test('what begins with a sign of equality after all is refused', async () => {
    const value = '={{ "=" + $json.password }}';
    sandbox.requests.clear();
    const { error } = await run(
      {
        resource: 'post',
        operation: 'get',
        post: stored({ name: 'A', value }),
      },
      { input: [{ json: { password: 'hunter2' } }] },
    );
    expect(error?.message).toBe('Post: "=hunter2" is not a valid ID: an ID cannot start with "=".');
    expect(sandbox.requests).toHaveLength(0);
  });

  test('a page is cut', async () => {
    const entries = Array.from({ length: 20_000 }, (_, index) => ({ id: `p${index}` }));
    expect((await listOf('searchPosts', entries)).results).toHaveLength(500);
  });

  test.each(methods)('%s offers nothing but what is short enough', async (method) => {
    const [, , member] = SOURCES[method];
    const text = 'a =\n'.repeat(64 * 1024);
    const agent = { name: text, handle: text };
    const rest = { ...agent, title: text, content: text, caption: text, status: text };
    const entry = {
      ...rest,
      agent,
      participant: agent,
      service: { title: text },
      [member]: 'good',
    };
    const { results } = await listOf(method, [entry, { ...entry, [member]: text }]);

    expect(results).toHaveLength(1);
  });

  test.each([{ id: 'x' }, true, 'x'.repeat(5000), 1e300])(
    'there is no next page where its place is unreadable',
    async (nextCursor) => {
      const { results, paginationToken } = await listOf('searchPosts', [{ id: 'p1' }], {
        nextCursor,
      });
      expect(results).toHaveLength(1);
      expect(paginationToken).toBeUndefined();
    },
  );
});

test('every list asks for the credential of which only the name is known', async () => {
  // An imported workflow names the credential of whoever made it.
  const named = { id: null, name: 'Somebody’s account' };
  for (const method of n8n.lists) {
    await expect(n8n.search(method, { credential: named })).rejects.toMatchObject({
      message: 'Choose a credential first',
      description: expect.stringContaining('Choose or create') as string,
    });
  }
});

test('a refused credential is named', async () => {
  const broken = { ...fixture.me, baseUrl: sandbox.url, clientSecret: 'wrong' };
  n8n.saveCredential('wrong', broken);
  await expect(list('searchOrders', { credential: 'wrong' })).rejects.toThrow(/invalid_client/);
});
