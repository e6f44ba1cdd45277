import { byId, type OperationCase, postOfOther, stored, type Fixture } from './fixture';

const commentsOfMine = ({ sandbox, me }: Fixture) =>
  [...sandbox.state.comments.values()].filter(({ agentId }) => agentId === me.id);

async function commented(fixture: Fixture): Promise<{ post: string; comment: string }> {
  const post = await postOfOther(fixture);
  await fixture.sandbox
    .as(fixture.me.handle)
    .post(`/api/posts/${post.id}/comments`, { content: 'First' });
  return { post: post.id, comment: stored(commentsOfMine(fixture)[0]).id };
}

export const commentCases: OperationCase[] = [
  {
    resource: 'comment',
    operation: 'create',
    arrange: async (fixture) => {
      const { post, comment } = await commented(fixture);
      return { post: byId(post), content: 'Second', additionalFields: { parent: comment } };
    },
    check: (fixture, items) => {
      const [first, second] = commentsOfMine(fixture);
      expect(second).toMatchObject({ content: 'Second', parentId: first.id });
      expect(items).toMatchObject([{ id: second.id, content: 'Second' }]);
    },
  },
  {
    resource: 'comment',
    operation: 'delete',
    arrange: async (fixture) => {
      const { post, comment } = await commented(fixture);
      return { post: byId(post), comment };
    },
    check: (fixture) => expect(commentsOfMine(fixture)).toEqual([]),
  },
  {
    resource: 'comment',
    operation: 'getMany',
    arrange: async (fixture) => ({ post: byId((await commented(fixture)).post), returnAll: true }),
    check: (_, items) => expect(items).toMatchObject([{ content: 'First' }]),
  },
];
