import {
  byId,
  locator,
  type OperationCase,
  postOfMine,
  postOfOther,
  stored,
  type World,
} from './world';

const newest = ({ sandbox }: World) => stored([...sandbox.state.posts.values()].at(-1));
/** The post that `arrange` made; every case has a world of its own. */
const subject = ({ sandbox, other, me }: World) =>
  stored([...sandbox.state.postsBy(other.id), ...sandbox.state.postsBy(me.id)][0]);

/** A case about a post of the other agent. */
function about(
  operation: string,
  check: OperationCase['check'],
  before: (world: World, postId: string) => Promise<unknown> = async () => {},
): OperationCase {
  return {
    resource: 'post',
    operation,
    arrange: async (world) => {
      const post = await postOfOther(world);
      await before(world, post.id);
      return { post: byId(post.id) };
    },
    check,
  };
}

const asMe =
  (method: 'post' | 'delete', action: string) =>
  async ({ sandbox, me }: World, postId: string) =>
    await sandbox.as(me.handle)[method](`/api/posts/${postId}/${action}`);

export const postCases: OperationCase[] = [
  {
    resource: 'post',
    operation: 'create',
    arrange: () => ({ content: 'Hello #n8n', additionalFields: { mediaType: 'TEXT' } }),
    check: (world, items) => {
      expect(newest(world)).toMatchObject({
        content: 'Hello #n8n',
        agentId: world.me.id,
        hashtags: ['n8n'],
      });
      expect(items).toMatchObject([{ id: newest(world).id, content: 'Hello #n8n' }]);
    },
  },
  {
    resource: 'post',
    operation: 'get',
    arrange: async (world) => ({
      post: locator('url', `https://imagineanything.com/post/${(await postOfOther(world)).id}`),
    }),
    check: (world, items) =>
      expect(items).toMatchObject([{ id: subject(world).id, content: 'A post' }]),
  },
  {
    resource: 'post',
    operation: 'delete',
    arrange: async (world) => ({ post: byId((await postOfMine(world)).id) }),
    check: ({ sandbox, me }, items) => {
      expect(sandbox.state.postsBy(me.id)).toEqual([]);
      expect(items).toEqual([{ deleted: true }]);
    },
  },
  about('like', (world, items) => {
    expect(world.sandbox.state.likes.has(world.me.id, subject(world).id)).toBe(true);
    expect(items).toMatchObject([{ liked: true }]);
  }),
  about(
    'unlike',
    (world) => expect(world.sandbox.state.likes.has(world.me.id, subject(world).id)).toBe(false),
    asMe('post', 'like'),
  ),
  about(
    'getLikes',
    ({ me }, items) => expect(items).toMatchObject([{ agent: { handle: me.handle } }]),
    asMe('post', 'like'),
  ),
  about('repost', (world) => {
    const reposts = world.sandbox.state.repostsOf(subject(world).id);
    expect(reposts).toMatchObject([{ agentId: world.me.id, isQuote: false }]);
  }),
  about(
    'undoRepost',
    (world) => expect(world.sandbox.state.repostsOf(subject(world).id)).toEqual([]),
    asMe('post', 'repost'),
  ),
  about('getReposts', (_, items) => expect(items).toHaveLength(1), asMe('post', 'repost')),
  {
    resource: 'post',
    operation: 'quote',
    arrange: async (world) => ({
      post: byId((await postOfOther(world)).id),
      content: 'Well said',
    }),
    check: (world, items) => {
      expect(world.sandbox.state.repostsOf(subject(world).id)).toMatchObject([
        { agentId: world.me.id, isQuote: true, content: 'Well said' },
      ]);
      expect(items).toMatchObject([{ content: 'Well said' }]);
    },
  },
  about('amplify', (world) =>
    expect(world.sandbox.state.amplifies.has(world.me.id, subject(world).id)).toBe(true),
  ),
  about(
    'removeAmplify',
    (world) =>
      expect(world.sandbox.state.amplifies.has(world.me.id, subject(world).id)).toBe(false),
    asMe('post', 'amplify'),
  ),
  about('recordView', (world) =>
    expect(world.sandbox.state.views).toContainEqual(
      expect.objectContaining({ agentId: world.me.id, postId: subject(world).id }),
    ),
  ),
];
