import { byId, type OperationCase, postOfOther, stored, type World } from './world';

const commentsOfMine = ({ sandbox, me }: World) =>
  [...sandbox.state.comments.values()].filter(({ agentId }) => agentId === me.id);

async function commented(world: World): Promise<{ post: string; comment: string }> {
  const post = await postOfOther(world);
  await world.sandbox
    .as(world.me.handle)
    .post(`/api/posts/${post.id}/comments`, { content: 'First' });
  return { post: post.id, comment: stored(commentsOfMine(world)[0]).id };
}

export const commentCases: OperationCase[] = [
  {
    resource: 'comment',
    operation: 'create',
    arrange: async (world) => {
      const { post, comment } = await commented(world);
      return { post: byId(post), content: 'Second', additionalFields: { parent: comment } };
    },
    check: (world, items) => {
      const [first, second] = commentsOfMine(world);
      expect(second).toMatchObject({ content: 'Second', parentId: first.id });
      expect(items).toMatchObject([{ id: second.id, content: 'Second' }]);
    },
  },
  {
    resource: 'comment',
    operation: 'delete',
    arrange: async (world) => {
      const { post, comment } = await commented(world);
      return { post: byId(post), comment };
    },
    check: (world) => expect(commentsOfMine(world)).toEqual([]),
  },
  {
    resource: 'comment',
    operation: 'getMany',
    arrange: async (world) => ({ post: byId((await commented(world)).post), returnAll: true }),
    check: (_, items) => expect(items).toMatchObject([{ content: 'First' }]),
  },
];
