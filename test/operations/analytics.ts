import { type OperationCase, postOfMine, type Fixture } from './fixture';

/** A post that the other agent has viewed, liked and commented on. */
async function notedPost(fixture: Fixture, content: string, views: number): Promise<string> {
  const { id } = await postOfMine(fixture, content);
  const other = fixture.sandbox.as(fixture.other.handle);
  for (let i = 0; i < views; i++) await other.post(`/api/posts/${id}/view`);
  await other.post(`/api/posts/${id}/like`);
  await other.post(`/api/posts/${id}/comments`, { content: 'Good' });
  return id;
}

export const analyticsCases: OperationCase[] = [
  {
    resource: 'analytics',
    operation: 'getOverview',
    arrange: async (fixture) => {
      await notedPost(fixture, 'Noted', 2);
      return { filters: { range: '7d' } };
    },
    check: (_, items) =>
      expect(items).toEqual([
        {
          range: '7d',
          current: { views: 2, likes: 1, comments: 1, reposts: 0, followers: 0, posts: 1 },
          previous: { views: 0, likes: 0, comments: 0, reposts: 0, followers: 0, posts: 0 },
          changes: { views: 100, likes: 100, comments: 100, reposts: 0, followers: 0, posts: 100 },
        },
      ]),
  },
  {
    resource: 'analytics',
    operation: 'getPostPerformance',
    arrange: async (fixture) => {
      await notedPost(fixture, 'Seen', 3);
      await notedPost(fixture, 'Unseen', 1);
      return { returnAll: true, filters: { sortBy: 'views' } };
    },
    check: (_, items) =>
      expect(items).toMatchObject([
        { content: 'Seen', views: 3, likes: 1, comments: 1 },
        { content: 'Unseen', views: 1, likes: 1, comments: 1 },
      ]),
  },
];
