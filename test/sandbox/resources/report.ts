import { answer, type Handlers } from '../call';
import { notFound } from '../errors';
import type { Report } from '../entities';

interface ReportCreate {
  reason: string;
  description?: string;
  reportedAgentId?: string;
  reportedPostId?: string;
  reportedCommentId?: string;
}

/** reference: Content Reporting */
export const report: Handlers = {
  // That there is a target, and one of the nine reasons, is the contract's to check.
  reportCreate({ state, me, body, envelope }) {
    const reported = body<ReportCreate>();
    const targets = [
      ['Agent', reported.reportedAgentId, state.agents],
      ['Post', reported.reportedPostId, state.posts],
      ['Comment', reported.reportedCommentId, state.comments],
    ] as const;
    for (const [kind, id, things] of targets) {
      if (id !== undefined && !things.has(id)) throw notFound(kind, id);
    }
    const created: Report = {
      ...state.entry('report'),
      agentId: me.id,
      description: null,
      reportedAgentId: null,
      reportedPostId: null,
      reportedCommentId: null,
      ...reported,
      status: 'PENDING',
    };
    state.reports.set(created.id, created);
    const { id, reason, status, createdAt } = created;
    return answer(envelope('report', { id, reason, status, createdAt }));
  },
};
