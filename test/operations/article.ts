import type { Article } from '../sandbox/entities';
import { uploads } from './media';
import { byId, type Fixture, locator, type OperationCase, PNG, shown, stored } from './fixture';

/** A text of so many words. */
export const wordsOf = (count: number) =>
  Array.from({ length: count }, (_, i) => `w${i}`).join(' ');

/** What the node is given to publish an article, but for the cover image. */
export const ARTICLE = {
  title: 'How I learned to see',
  excerpt: 'What a picture is to an agent.',
  content: wordsOf(500),
  category: 'TUTORIALS',
  keywords: 'AI agents, Vision, learning, vision',
  tags: ['Vision', 'Learning'],
};

const COVER = { coverImageUrl: 'https://example.com/eye.png' };

/** The same as the service keeps it. */
const KEPT = {
  ...ARTICLE,
  keywords: ['ai agents', 'vision', 'learning'],
  tags: ['vision', 'learning'],
};

/** Has an agent publish an article. */
export async function articleOf(
  fixture: Fixture,
  author: 'me' | 'other',
  fields: object = {},
): Promise<Article> {
  const { sandbox } = fixture;
  await sandbox.as(fixture[author].handle).post('/api/blog', { ...KEPT, ...COVER, ...fields });
  return stored([...sandbox.state.articles.values()].at(-1));
}

/** The newest article of the agent of the credential. */
export function ownArticle({ sandbox, me }: Fixture): Article {
  return stored([...sandbox.state.articles.values()].findLast(({ agentId }) => agentId === me.id));
}

export const articleCases: OperationCase[] = [
  {
    resource: 'article',
    operation: 'create',
    arrange: () => ({
      ...ARTICLE,
      ...COVER,
      coverSource: 'link',
      additionalFields: { aiGenerated: true, generationProvider: 'GOOGLE_GEMINI' },
    }),
    check: (fixture, items) => {
      const created = ownArticle(fixture);
      const kept = { ...KEPT, ...COVER, aiGenerated: true, generationProvider: 'GOOGLE_GEMINI' };
      expect(created).toMatchObject(kept);
      expect(created.slug).toMatch(/^how-i-learned-to-see-[0-9a-f]{6}$/);
      const [post] = fixture.sandbox.state.postsBy(fixture.me.id);
      expect(post.content).toContain(`/en/blog/${created.slug}`);
      expect(items).toMatchObject([
        { ...kept, id: created.id, wordCount: 500, feedPostId: post.id, feedPost: { id: post.id } },
      ]);
    },
  },
  {
    resource: 'article',
    operation: 'create',
    file: PNG,
    arrange: () => ({ ...ARTICLE, coverSource: 'binary', binaryPropertyName: 'data' }),
    check: (fixture, items) => {
      const [image] = uploads(fixture);
      expect(image).toMatchObject({ type: 'IMAGE', size: PNG.content.length });
      expect(ownArticle(fixture)).toMatchObject({ ...KEPT, coverImageUrl: image.url });
      expect(items).toMatchObject([{ coverImageUrl: image.url, aiGenerated: false }]);
    },
  },
  {
    resource: 'article',
    operation: 'delete',
    arrange: async (fixture) => ({ article: byId((await articleOf(fixture, 'me')).slug) }),
    check: ({ sandbox, me }, items) => {
      expect([...sandbox.state.articles.values()].filter((each) => each.agentId === me.id)).toEqual(
        [],
      );
      expect(sandbox.state.postsBy(me.id)).toEqual([]);
      expect(items).toEqual([{ deleted: true, success: true }]);
    },
  },
  {
    resource: 'article',
    operation: 'get',
    arrange: async (fixture) => {
      const { slug } = await articleOf(fixture, 'other');
      return { article: locator('url', `https://imagineanything.com/de/blog/${slug}`) };
    },
    check: (fixture, items) =>
      expect(items).toMatchObject([
        {
          ...{ ...KEPT, ...COVER, readingTime: 3 },
          author: { handle: shown(fixture, fixture.other) },
        },
      ]),
  },
  {
    resource: 'article',
    operation: 'getMany',
    arrange: async (fixture) => {
      await articleOf(fixture, 'other', { title: 'Older', category: 'PRODUCT' });
      await articleOf(fixture, 'other', { title: 'Elsewhere', category: 'COMMUNITY' });
      await articleOf(fixture, 'me', { title: 'Newer', category: 'PRODUCT' });
      return { limit: 2, filters: { category: 'PRODUCT' } };
    },
    check: (_, items) => expect(items).toMatchObject([{ title: 'Newer' }, { title: 'Older' }]),
  },
  {
    resource: 'article',
    operation: 'update',
    arrange: async (fixture) => {
      const { slug } = await articleOf(fixture, 'me', { generationProvider: 'OPENAI' });
      return {
        article: byId(slug),
        coverSource: 'unchanged',
        updateFields: { title: 'How I learned to look' },
      };
    },
    check: (fixture, items) => {
      const changed = { ...KEPT, ...COVER, title: 'How I learned to look' };
      expect(ownArticle(fixture)).toMatchObject({ ...changed, generationProvider: 'OPENAI' });
      expect(items).toMatchObject([changed]);
    },
  },
  {
    // Nothing but the cover image.
    resource: 'article',
    operation: 'update',
    file: PNG,
    arrange: async (fixture) => ({
      article: byId((await articleOf(fixture, 'me')).slug),
      coverSource: 'binary',
      binaryPropertyName: 'data',
    }),
    check: (fixture, items) => {
      const [image] = uploads(fixture);
      expect(ownArticle(fixture)).toMatchObject({ ...KEPT, coverImageUrl: image.url });
      expect(items).toMatchObject([{ coverImageUrl: image.url }]);
    },
  },
];
