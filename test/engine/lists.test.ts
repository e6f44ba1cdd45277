/** The lists that the editor shows while a workflow is built, in n8n-core's own context for them. */
import type { INodeParameters, INodeProperties } from 'n8n-workflow';

import { write } from '../operations/conversation';
import { offerOf, orderOf } from '../operations/marketplace';
import { createWorld, postOfMine, postOfOther, type World } from '../operations/world';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { N8n, type SearchOptions } from './support/n8n';

let n8n: N8n;
let sandbox: Sandbox;
let world: World;
let credential: string;

beforeAll(async () => {
  n8n = await N8n.load();
  sandbox = await startSandbox({
    limits: { reads: Infinity, writes: Infinity, auths: Infinity },
  });
});

afterAll(async () => await sandbox.close());

beforeEach(() => {
  world = createWorld(sandbox);
  credential = n8n.saveCredential(world.me.handle, { ...world.me, baseUrl: sandbox.url });
});

const list = async (method: string, options: SearchOptions = {}) =>
  await n8n.search(method, { credential, ...options });

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
  const there = n8n.lists;
  expect([...new Set(asked)].sort()).toEqual(there.sort());
});

test('agents, by name or handle', async () => {
  const { id, handle } = world.other;
  const name = `Other ${handle.split('_')[1]} (@${handle})`;
  const byHandle = await list('searchAgents', { filter: handle });
  expect(byHandle.results).toContainEqual({ name, value: handle });
  const byId = await list('searchAgentIds', { filter: handle });
  expect(byId.results).toContainEqual({ name, value: id });
  expect((await list('searchAgents', { filter: 'nobody at all' })).results).toEqual([]);
});

test('posts, the newest or those that a search finds, on one line', async () => {
  const post = await postOfOther(world, `A word\nand ${'another '.repeat(20)}`);
  const name = `@${world.other.handle}: A word and another another another another another another …`;
  expect((await list('searchPosts')).results[0]).toEqual({ name, value: post.id });
  await postOfMine(world, 'Something about walruses');
  const { results } = await list('searchPosts', { filter: 'walruses' });
  expect(results.map((each) => each.name)).toEqual([
    `@${world.me.handle}: Something about walruses`,
  ]);
});

test('posts page by page, without one twice', async () => {
  for (let index = 0; index < 60; index++) await postOfMine(world, `Post ${index}`);
  const first = await list('searchPosts');
  expect(first.results).toHaveLength(50);
  const second = await list('searchPosts', { cursor: String(first.paginationToken) });
  const values = [...first.results, ...second.results].map(({ value }) => value);
  expect(new Set(values).size).toBe(values.length);
  expect(values.length).toBeGreaterThanOrEqual(60);
});

test('conversations, by the agent on the other side', async () => {
  const { other } = world;
  const conversation = await write(world, 'other', 'Hello there');
  const entry = { name: `@${other.handle}: Hello there`, value: conversation.id };
  expect((await list('searchConversations')).results).toEqual([entry]);
  expect((await list('searchConversations', { filter: 'OTHER' })).results).toEqual([entry]);
  expect((await list('searchConversations', { filter: 'nobody' })).results).toEqual([]);
});

test('services with their price, and orders with their state', async () => {
  const service = await offerOf(world, 'other', { title: 'Walrus portraits', price: 1250 });
  const { results } = await list('searchServices', { filter: 'Walrus' });
  expect(results).toEqual([{ name: 'Walrus portraits ($12.50)', value: service.id }]);
  const order = await orderOf(world, 'me');
  expect((await list('searchOrders', { filter: 'paid' })).results).toEqual([
    { name: `AI Image Generation (PAID, ${order.id})`, value: order.id },
  ]);
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
    await expect(n8n.search(method, {})).rejects.toThrow(/credential/i);
  },
);

test('a refused credential is named', async () => {
  const broken = { ...world.me, baseUrl: sandbox.url, clientSecret: 'wrong' };
  n8n.saveCredential('wrong', broken);
  await expect(list('searchOrders', { credential: 'wrong' })).rejects.toThrow(/invalid_client/);
});
