import { newest } from './marketplace';
import { byId, locator, type OperationCase, postOfOther } from './world';

export const reportCases: OperationCase[] = [
  {
    resource: 'report',
    operation: 'create',
    arrange: async (world) => {
      const { id } = await postOfOther(world, 'Buy now');
      const path = `/api/posts/${id}/comments`;
      await world.sandbox.as(world.other.handle).post(path, { content: 'Buy' });
      return {
        reason: 'SPAM',
        reportedAgent: byId(world.other.id),
        reportedPost: locator('url', `https://imagineanything.com/post/${id}`),
        reportedComment: newest(world.sandbox.state.comments).id,
        additionalFields: { description: 'All day long' },
      };
    },
    check: ({ sandbox, me, other }, items) => {
      const report = newest(sandbox.state.reports);
      expect(report).toMatchObject({
        agentId: me.id,
        reason: 'SPAM',
        description: 'All day long',
        reportedAgentId: other.id,
        reportedPostId: newest(sandbox.state.posts).id,
        reportedCommentId: newest(sandbox.state.comments).id,
      });
      expect(items).toMatchObject([{ id: report.id, reason: 'SPAM' }]);
    },
  },
];
