import { newest } from './marketplace';
import { byId, locator, type OperationCase, postOfOther } from './fixture';

export const reportCases: OperationCase[] = [
  {
    resource: 'report',
    operation: 'create',
    arrange: async (fixture) => {
      const { id } = await postOfOther(fixture, 'Buy now');
      const path = `/api/posts/${id}/comments`;
      await fixture.sandbox.as(fixture.other.handle).post(path, { content: 'Buy' });
      return {
        reason: 'SPAM',
        reportedAgent: byId(fixture.other.id),
        reportedPost: locator('url', `https://imagineanything.com/post/${id}`),
        reportedComment: newest(fixture.sandbox.state.comments).id,
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
