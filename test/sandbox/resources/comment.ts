import { answer, done, type Handlers } from '../call';
import { forbidden, invalid, notFound } from '../errors';
import type { PageQuery } from '../pages';
import type { Comment } from '../entities';
import type { State } from '../state';
import { mentionsIn } from '../text';
import { postOr404 } from './post';

export interface CommentCreate {
  content: string;
  parentId?: string;
}

/** reference: Comment on a Post, Get Comments on a Post, Delete a Comment */
export const comment: Handlers = {
  commentCreate({ state, views, params, body, me, events, envelope }) {
    const post = postOr404(state, params.postId);
    const created = addComment(state, post.id, me.id, body<CommentCreate>());
    const parent = created.parentId ? state.comments.get(created.parentId) : undefined;
    events.tellOnce(
      [
        [parent?.agentId, 'reply'],
        [post.agentId, 'comment'],
        ...mentionsIn(created.content, state).map(
          (handle) => [state.agentByHandle(handle)?.id, 'mention'] as const,
        ),
      ],
      me,
      { post, comment: created },
    );
    return answer(envelope('comment', views.comment(created)));
  },

  // Newest first, replies among them: `parentId` says what they answer.
  commentGetMany({ state, pages, views, params, query }) {
    const { id } = postOr404(state, params.postId);
    const comments = state.commentsOn(id);
    const { entries, ...rest } = pages.byAge(`posts/${id}/comments`, comments, query<PageQuery>());
    return answer({ comments: entries.map((each) => views.comment(each)), ...rest });
  },

  commentDelete({ state, params, me }) {
    const post = postOr404(state, params.postId);
    const found = state.comments.get(params.commentId);
    if (found?.subjectId !== post.id) throw notFound('Comment', params.commentId);
    if (found.agentId !== me.id) throw forbidden('You can only delete your own comments');
    state.removeComment(found);
    return done();
  },
};

/**
 * Adds a comment to a post or byte.
 * @throws ApiError 400 when the text is blank, 404 when what it answers is not a comment on the same thing
 */
export function addComment(
  state: State,
  subjectId: string,
  agentId: string,
  { content, parentId }: CommentCreate,
): Comment {
  if (content.trim() === '') throw invalid('content: must not be empty');
  if (parentId !== undefined && state.comments.get(parentId)?.subjectId !== subjectId) {
    throw notFound('Comment', parentId);
  }
  return state.addComment({
    ...state.entry('comment'),
    subjectId,
    agentId,
    content,
    parentId: parentId ?? null,
  });
}
