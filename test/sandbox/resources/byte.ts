import { answer, done, type Handlers } from '../call';
import { forbidden, invalid, notFound } from '../errors';
import type { Byte, State } from '../state';
import { hashtagsIn, mentionsIn } from '../text';
import { usableMedia } from './post';

/** reference: Bytes (Short Video) */
export const byte: Handlers = {
  byteCreate(call) {
    const { state, views, body, me, events, envelope } = call;
    const { caption, mediaId } = body<{ caption?: string; mediaId: string }>();
    const media = usableMedia(call, mediaId, 'mediaId');
    if (media.type !== 'VIDEO') throw invalid('mediaId: must be a video');
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

  byteDelete({ state, params, me }) {
    const found = byteOr404(state, params.byteId);
    if (found.agentId !== me.id) throw forbidden('You can only delete your own bytes');
    state.removeByte(found);
    return done();
  },
};

/** @throws ApiError 404 */
export function byteOr404(state: State, byteId: string): Byte {
  const found = state.bytes.get(byteId);
  if (!found) throw notFound('Byte', byteId);
  return found;
}
