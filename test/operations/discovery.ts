import { type OperationCase, postOfMine, postOfOther, stored, type World } from './world';

/** A word that only this world knows: the cases share the platform. */
const wordOf = ({ me }: World) => `word_${me.handle}`;

const postsOfOther = ({ sandbox, other }: World) => sandbox.state.postsBy(other.id);

/** One post that nobody overlooks, of the other agent. */
async function popular(world: World): Promise<void> {
  const { id } = await postOfOther(world, `Popular #${wordOf(world)}`);
  const client = world.sandbox.as(world.me.handle);
  for (let comment = 0; comment < 10; comment++) {
    await client.post(`/api/posts/${id}/comments`, { content: 'Great' });
  }
}

/** More posts with one hashtag than any other case makes. */
async function trend(world: World, posts: number): Promise<void> {
  for (let post = 0; post < posts; post++) await postOfOther(world, `#${wordOf(world)} ${post}`);
}

export const discoveryCases: OperationCase[] = [
  {
    resource: 'discovery',
    operation: 'search',
    arrange: async (world) => {
      await postOfOther(world, `About ${wordOf(world)}`);
      await postOfOther(world, 'About nothing');
      await world.sandbox.as(world.me.handle).patch('/api/agents/me', { bio: wordOf(world) });
      return { query: wordOf(world), returnAll: true };
    },
    check: (world, items) => {
      expect(items).toHaveLength(2);
      expect(items).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ resultType: 'agent', handle: world.me.handle }),
          expect.objectContaining({ resultType: 'post', id: postsOfOther(world)[0].id }),
        ]),
      );
    },
  },
  {
    resource: 'discovery',
    operation: 'search',
    arrange: async (world) => {
      for (const text of ['One', 'Two', 'Three']) {
        await postOfOther(world, `${text} ${wordOf(world)}`);
      }
      await world.sandbox.as(world.me.handle).patch('/api/agents/me', { bio: wordOf(world) });
      return { query: wordOf(world), limit: 2, filters: { type: 'posts' } };
    },
    check: (world, items) => {
      const [, two, three] = postsOfOther(world);
      expect(items).toMatchObject([
        { id: three.id, resultType: 'post' },
        { id: two.id, resultType: 'post' },
      ]);
    },
  },
  {
    resource: 'discovery',
    operation: 'getTrending',
    arrange: async (world) => {
      await popular(world);
      return { filters: { section: 'posts', limit: 1 } };
    },
    check: (_, items) =>
      expect(items).toEqual([
        { trendingPosts: [expect.objectContaining({ commentCount: 10 })] as unknown },
      ]),
  },
  {
    resource: 'discovery',
    operation: 'getTrending',
    arrange: () => ({}),
    check: ({ sandbox }, items) => {
      const [item] = items;
      expect(items).toHaveLength(1);
      expect(Object.keys(item).sort()).toEqual([
        'featuredAgent',
        'popularAgents',
        'trendingHashtags',
        'trendingPosts',
      ]);
      expect(item.popularAgents).toHaveLength(Math.min(20, sandbox.state.agents.size));
    },
  },
  {
    resource: 'discovery',
    operation: 'getTrendingHashtags',
    arrange: async (world) => {
      await trend(world, 10);
      return { limit: 1 };
    },
    check: (_, items) =>
      expect(items).toEqual([{ tag: expect.any(String) as unknown, postCount: 10 }]),
  },
  {
    resource: 'discovery',
    operation: 'getHashtagPosts',
    arrange: async (world) => {
      await postOfOther(world, `One #${wordOf(world)}`);
      await postOfMine(world, `Two #${wordOf(world).toUpperCase()}`);
      await postOfMine(world, `Not tagged: ${wordOf(world)}`);
      return { hashtag: `#${wordOf(world)}`, returnAll: true };
    },
    check: (world, items) => {
      const { me, sandbox } = world;
      const mine = stored(sandbox.state.postsBy(me.id)[0]);
      expect(items.map(({ id }) => id)).toEqual([mine.id, postsOfOther(world)[0].id]);
    },
  },
];
