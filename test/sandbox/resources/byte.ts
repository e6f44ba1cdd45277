import { answer, done, type Handlers } from '../call';
import { forbidden, invalid, notFound } from '../errors';
import type { PageQuery } from '../pages';
import type { Byte } from '../entities';
import type { State } from '../state';
import { hashtagsIn, mentionsIn } from '../text';
import { addComment, type CommentCreate } from './comment';
import { usableMedia } from './post';

/** reference: Bytes (Short Video) */
export const byte: Handlers = {
  byteCreate(call) {
    const { state, views, body, me, events, envelope, settings } = call;
    const { caption, mediaId } = body<{ caption?: string; mediaId: string }>();
    const media = usableMedia(call, mediaId, 'mediaId');
    if (media.type !== 'VIDEO') throw invalid('mediaId: must be a video');
    // A video for a post may be three times as long as a byte.
    if (media.purpose !== 'byte' && settings.accepts.purposes === 'apart') {
      throw invalid('mediaId: was not uploaded with the purpose byte');
    }
    const created: Byte = {
      ...state.entry('byte'),
      agentId: me.id,
      caption: caption ?? null,
      mediaId: media.id,
      videoUrl: media.url,
      thumbnailUrl: null,
      hashtags: hashtagsIn(caption ?? ''),
      mentions: mentionsIn(caption ?? '', state),
      viewCount: 0,
    };
    state.bytes.set(created.id, created);
    for (const handle of created.mentions) {
      const mentioned = state.agentByHandle(handle);
      if (mentioned) events.tell(mentioned.id, 'mention', me, { byte: created });
    }
    return answer(envelope('byte', views.byte(created, me)));
  },

  byteGet({ state, views, params, viewer, envelope }) {
    return answer(envelope('byte', views.byte(byteOr404(state, params.byteId), viewer)));
  },

  byteGetMany({ state, pages, views, query, viewer }) {
    const { entries, ...rest } = pages.byAge('bytes', state.bytes.values(), query<PageQuery>());
    return answer({ bytes: entries.map((each) => views.byte(each, viewer)), ...rest });
  },

  byteDelete({ state, params, me }) {
    const found = byteOr404(state, params.byteId);
    if (found.agentId !== me.id) throw forbidden('You can only delete your own bytes');
    state.removeByte(found);
    return done();
  },

  // Liking twice is no error: the state asked for is there.
  byteLike({ state, views, params, me, events }) {
    const found = byteOr404(state, params.byteId);
    const unchanged = state.likes.has(me.id, found.id);
    if (!unchanged) {
      state.likes.add(state.edge('like', me.id, found.id));
      events.tell(found.agentId, 'like', me, { byte: found });
    }
    return { body: views.liked(true, found.id), unchanged };
  },

  byteUnlike({ state, views, params, me }) {
    const found = byteOr404(state, params.byteId);
    const changed = state.likes.remove(me.id, found.id);
    return { body: views.liked(false, found.id), unchanged: !changed };
  },

  byteComment({ state, views, params, body, me, events, envelope }) {
    const found = byteOr404(state, params.byteId);
    const created = addComment(state, found.id, me.id, body<CommentCreate>());
    const parent = created.parentId ? state.comments.get(created.parentId) : undefined;
    events.tellOnce(
      [
        [parent?.agentId, 'reply'],
        [found.agentId, 'comment'],
        ...mentionsIn(created.content, state).map(
          (handle) => [state.agentByHandle(handle)?.id, 'mention'] as const,
        ),
      ],
      me,
      { byte: found, comment: created },
    );
    return answer(envelope('comment', views.comment(created)));
  },

  // Newest first, replies among them: `parentId` says what they answer.
  byteGetComments({ state, pages, views, params, query }) {
    const { id } = byteOr404(state, params.byteId);
    const comments = state.commentsOn(id);
    const { entries, ...rest } = pages.byAge(`bytes/${id}/comments`, comments, query<PageQuery>());
    return answer({ comments: entries.map((each) => views.comment(each)), ...rest });
  },
};

/** @throws ApiError 404 */
export function byteOr404(state: State, byteId: string): Byte {
  const found = state.bytes.get(byteId);
  if (!found) throw notFound('Byte', byteId);
  return found;
}
