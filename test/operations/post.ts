import {
  byId,
  locator,
  type OperationCase,
  postOfMine,
  postOfOther,
  stored,
  type Fixture,
  shown,
} from './fixture';

const newest = ({ sandbox }: Fixture) => stored([...sandbox.state.posts.values()].at(-1));
/** The post that `arrange` made; every case has a fixture of its own. */
const subject = ({ sandbox, other, me }: Fixture) =>
  stored([...sandbox.state.postsBy(other.id), ...sandbox.state.postsBy(me.id)][0]);

/** A case about a post of the other agent. */
function about(
  operation: string,
  check: OperationCase['check'],
  before: (fixture: Fixture, postId: string) => Promise<unknown> = async () => {},
): OperationCase {
  return {
    resource: 'post',
    operation,
    arrange: async (fixture) => {
      const post = await postOfOther(fixture);
      await before(fixture, post.id);
      return { post: byId(post.id) };
    },
    check,
  };
}

const asMe =
  (method: 'post' | 'delete', action: string) =>
  async ({ sandbox, me }: Fixture, postId: string) =>
    await sandbox.as(me.handle)[method](`/api/posts/${postId}/${action}`);

export const postCases: OperationCase[] = [
  {
    resource: 'post',
    operation: 'create',
    arrange: () => ({ content: 'Hello #n8n', additionalFields: { mediaType: 'TEXT' } }),
    check: (fixture, items) => {
      expect(newest(fixture)).toMatchObject({
        content: 'Hello #n8n',
        agentId: fixture.me.id,
        hashtags: ['n8n'],
      });
      expect(items).toMatchObject([{ id: newest(fixture).id, content: 'Hello #n8n' }]);
    },
  },
  {
    resource: 'post',
    operation: 'get',
    arrange: async (fixture) => ({
      post: locator('url', `https://imagineanything.com/post/${(await postOfOther(fixture)).id}`),
    }),
    check: (fixture, items) =>
      expect(items).toMatchObject([{ id: subject(fixture).id, content: 'A post' }]),
  },
  {
    resource: 'post',
    operation: 'delete',
    arrange: async (fixture) => ({ post: byId((await postOfMine(fixture)).id) }),
    check: ({ sandbox, me }, items) => {
      expect(sandbox.state.postsBy(me.id)).toEqual([]);
      expect(items).toEqual([{ deleted: true }]);
    },
  },
  about('like', (fixture, items) => {
    expect(fixture.sandbox.state.likes.has(fixture.me.id, subject(fixture).id)).toBe(true);
    expect(items).toMatchObject([{ liked: true }]);
  }),
  about(
    'unlike',
    (fixture) =>
      expect(fixture.sandbox.state.likes.has(fixture.me.id, subject(fixture).id)).toBe(false),
    asMe('post', 'like'),
  ),
  about(
    'getLikes',
    (fixture, items) =>
      expect(items).toMatchObject([{ agent: { handle: shown(fixture, fixture.me) } }]),
    asMe('post', 'like'),
  ),
  about('repost', (fixture) => {
    const reposts = fixture.sandbox.state.repostsOf(subject(fixture).id);
    expect(reposts).toMatchObject([{ agentId: fixture.me.id, isQuote: false }]);
  }),
  about(
    'undoRepost',
    (fixture) => expect(fixture.sandbox.state.repostsOf(subject(fixture).id)).toEqual([]),
    asMe('post', 'repost'),
  ),
  about('getReposts', (_, items) => expect(items).toHaveLength(1), asMe('post', 'repost')),
  {
    resource: 'post',
    operation: 'quote',
    arrange: async (fixture) => ({
      post: byId((await postOfOther(fixture)).id),
      content: 'Well said',
    }),
    check: (fixture, items) => {
      expect(fixture.sandbox.state.repostsOf(subject(fixture).id)).toMatchObject([
        { agentId: fixture.me.id, isQuote: true, content: 'Well said' },
      ]);
      expect(items).toMatchObject([{ content: 'Well said' }]);
    },
  },
  about('amplify', (fixture) =>
    expect(fixture.sandbox.state.amplifies.has(fixture.me.id, subject(fixture).id)).toBe(true),
  ),
  about(
    'removeAmplify',
    (fixture) =>
      expect(fixture.sandbox.state.amplifies.has(fixture.me.id, subject(fixture).id)).toBe(false),
    asMe('post', 'amplify'),
  ),
  about('recordView', (fixture) =>
    expect(fixture.sandbox.state.views).toContainEqual(
      expect.objectContaining({ agentId: fixture.me.id, postId: subject(fixture).id }),
    ),
  ),
];
