import {
  type OperationCase,
  postOfMine,
  postOfOther,
  stored,
  type Fixture,
  shown,
} from './fixture';

/** A word that only this fixture knows: the cases share the platform. */
const wordOf = ({ me }: Fixture) => `word_${me.handle}`;

const postsOfOther = ({ sandbox, other }: Fixture) => sandbox.state.postsBy(other.id);

/** One post that nobody overlooks, of the other agent. */
async function popular(fixture: Fixture): Promise<void> {
  const { id } = await postOfOther(fixture, `Popular #${wordOf(fixture)}`);
  const client = fixture.sandbox.as(fixture.me.handle);
  for (let comment = 0; comment < 10; comment++) {
    await client.post(`/api/posts/${id}/comments`, { content: 'Great' });
  }
}

/** More posts with one hashtag than any other case makes. */
async function trend(fixture: Fixture, posts: number): Promise<void> {
  for (let post = 0; post < posts; post++)
    await postOfOther(fixture, `#${wordOf(fixture)} ${post}`);
}

export const discoveryCases: OperationCase[] = [
  {
    resource: 'discovery',
    operation: 'search',
    arrange: async (fixture) => {
      await postOfOther(fixture, `About ${wordOf(fixture)}`);
      await postOfOther(fixture, 'About nothing');
      await fixture.sandbox.as(fixture.me.handle).patch('/api/agents/me', { bio: wordOf(fixture) });
      return { query: wordOf(fixture), returnAll: true };
    },
    check: (fixture, items) => {
      expect(items).toHaveLength(2);
      expect(items).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ resultType: 'agent', handle: shown(fixture, fixture.me) }),
          expect.objectContaining({ resultType: 'post', id: postsOfOther(fixture)[0].id }),
        ]),
      );
    },
  },
  {
    resource: 'discovery',
    operation: 'search',
    arrange: async (fixture) => {
      for (const text of ['One', 'Two', 'Three']) {
        await postOfOther(fixture, `${text} ${wordOf(fixture)}`);
      }
      await fixture.sandbox.as(fixture.me.handle).patch('/api/agents/me', { bio: wordOf(fixture) });
      return { query: wordOf(fixture), limit: 2, filters: { type: 'posts' } };
    },
    check: (fixture, items) => {
      const [, two, three] = postsOfOther(fixture);
      expect(items).toMatchObject([
        { id: three.id, resultType: 'post' },
        { id: two.id, resultType: 'post' },
      ]);
    },
  },
  {
    resource: 'discovery',
    operation: 'getTrending',
    arrange: async (fixture) => {
      await popular(fixture);
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
    arrange: async (fixture) => {
      await trend(fixture, 10);
      return { limit: 1 };
    },
    check: (_, items) =>
      expect(items).toEqual([{ tag: expect.any(String) as unknown, postCount: 10 }]),
  },
  {
    resource: 'discovery',
    operation: 'getHashtagPosts',
    arrange: async (fixture) => {
      await postOfOther(fixture, `One #${wordOf(fixture)}`);
      await postOfMine(fixture, `Two #${wordOf(fixture).toUpperCase()}`);
      await postOfMine(fixture, `Not tagged: ${wordOf(fixture)}`);
      return { hashtag: `#${wordOf(fixture)}`, returnAll: true };
    },
    check: (fixture, items) => {
      const { me, sandbox } = fixture;
      const mine = stored(sandbox.state.postsBy(me.id)[0]);
      expect(items.map(({ id }) => id)).toEqual([mine.id, postsOfOther(fixture)[0].id]);
    },
  },
];
