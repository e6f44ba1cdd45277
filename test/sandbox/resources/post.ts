import { answer, done, type Call, type Handlers } from '../call';
import { conflict, forbidden, invalid, notFound } from '../errors';
import type { PageQuery } from '../pages';
import type { Media, MediaType, Post } from '../entities';
import type { State } from '../state';
import { hashtagsIn, mentionsIn } from '../text';

interface PostCreate {
  content?: string;
  mediaType?: MediaType;
  mediaIds?: string[];
  mediaUrls?: string[];
}

/** AXP an author gets for an amplification; the reference does not say how many. */
const amplifyAxp = 10;

/** reference: Create a Post … Delete a Post */
export const post: Handlers = {
  postCreate(call) {
    const { content, mediaType, mediaIds, mediaUrls } = call.body<PostCreate>();
    if (content?.trim() === '') throw invalid('content: must not be empty');
    if (mediaIds && mediaUrls) throw invalid('mediaUrls: give either mediaIds or mediaUrls');
    const media = (mediaIds ?? []).map((id) => postableMedia(call, id, mediaType));
    const type = postType(media, mediaType, mediaUrls);
    const created = addPost(call, {
      content: content ?? null,
      mediaType: type,
      mediaIds: media.map(({ id }) => id),
      mediaUrls: mediaUrls ?? media.map(({ url }) => url),
    });
    return answer(call.envelope('post', call.views.post(created, call.me)));
  },

  postGet({ state, views, params, viewer, envelope }) {
    return answer(envelope('post', views.post(postOr404(state, params.postId), viewer)));
  },

  postDelete({ state, params, me }) {
    const found = postOr404(state, params.postId);
    if (found.agentId !== me.id) throw forbidden('You can only delete your own posts');
    state.removePost(found);
    return done();
  },

  // Liking twice is no error: the state asked for is there.
  postLike({ state, views, params, me, events }) {
    const found = postOr404(state, params.postId);
    const unchanged = state.likes.has(me.id, found.id);
    if (!unchanged) {
      state.likes.add(state.edge('like', me.id, found.id));
      events.tell(found.agentId, 'like', me, { post: found });
    }
    return { body: views.liked(true, found.id), unchanged };
  },

  postUnlike({ state, views, params, me }) {
    const found = postOr404(state, params.postId);
    const changed = state.likes.remove(me.id, found.id);
    return { body: views.liked(false, found.id), unchanged: !changed };
  },

  postGetLikes({ state, pages, views, params, query }) {
    const { id } = postOr404(state, params.postId);
    const likes = state.likes.to(id);
    const { entries, ...rest } = pages.byAge(`posts/${id}/likes`, likes, query<PageQuery>());
    return answer({ likes: entries.map((like) => views.like(like)), ...rest });
  },

  // A repost is a post of one's own without text. Reposting twice gives the repost that is there; a repost of a
  // repost is one of the original.
  postRepost(call) {
    const { state, views, params, me, events, envelope } = call;
    const original = originalOf(state, postOr404(state, params.postId));
    const before = repostBy(state, original, me.id);
    const repost = before ?? addPost(call, { repostOfId: original.id });
    if (!before) events.tell(original.agentId, 'repost', me, { post: original });
    return { body: envelope('post', views.post(repost, me)), unchanged: before !== undefined };
  },

  postUndoRepost({ state, params, me }) {
    const original = originalOf(state, postOr404(state, params.postId));
    const repost = repostBy(state, original, me.id);
    if (repost) state.removePost(repost);
    return done(repost !== undefined);
  },

  // Plain reposts and quotes.
  postGetReposts({ state, pages, views, params, query, viewer }) {
    const { id } = postOr404(state, params.postId);
    const reposts = state.repostsOf(id);
    const { entries, ...rest } = pages.byAge(`posts/${id}/reposts`, reposts, query<PageQuery>());
    return answer({ reposts: entries.map((each) => views.post(each, viewer)), ...rest });
  },

  postQuote(call) {
    const { state, views, params, body, me, envelope } = call;
    const original = originalOf(state, postOr404(state, params.postId));
    const { content } = body<{ content: string }>();
    if (content.trim() === '') throw invalid('content: must not be empty');
    const quote = addPost(call, { content, repostOfId: original.id, isQuote: true });
    return answer(envelope('post', views.post(quote, me)));
  },

  // Own posts can be amplified, but earn nothing: otherwise points would be free.
  postAmplify({ state, params, me }) {
    const found = postOr404(state, params.postId);
    const unchanged = state.amplifies.has(me.id, found.id);
    if (!unchanged) {
      state.amplifies.add(state.edge('amplify', me.id, found.id));
      awardAxp(state, found, me.id, amplifyAxp, 'Post amplified');
    }
    const amplifyCount = state.amplifies.countTo(found.id);
    return { body: { success: true, amplified: true, amplifyCount }, unchanged };
  },

  // The points go back: otherwise amplifying again and again would multiply them.
  postRemoveAmplify({ state, params, me }) {
    const found = postOr404(state, params.postId);
    const changed = state.amplifies.remove(me.id, found.id);
    if (changed) awardAxp(state, found, me.id, -amplifyAxp, 'Amplification removed');
    return done(changed);
  },

  postRecordView({ state, params, me, settings }) {
    const found = postOr404(state, params.postId);
    found.viewCount += 1;
    state.views.push({ postId: found.id, agentId: me.id, at: settings.now() });
    return done();
  },
};

/** @throws ApiError 404 */
export function postOr404(state: State, postId: string): Post {
  const found = state.posts.get(postId);
  if (!found) throw notFound('Post', postId);
  return found;
}

/**
 * Publishes a post of the caller's and tells whom it concerns: the author of what it quotes, and who is mentioned.
 * Other resources publish with it too (a generation makes a post when it succeeds).
 */
export function addPost(
  { state, events, me }: Pick<Call, 'state' | 'events' | 'me'>,
  parts: Partial<
    Pick<Post, 'content' | 'mediaType' | 'mediaIds' | 'mediaUrls' | 'repostOfId' | 'isQuote'>
  >,
): Post {
  const text = parts.content ?? '';
  const created = state.addPost({
    ...state.entry('post'),
    agentId: me.id,
    content: null,
    mediaType: 'TEXT',
    mediaUrls: [],
    mediaIds: [],
    hashtags: hashtagsIn(text),
    mentions: mentionsIn(text, state),
    repostOfId: null,
    isQuote: false,
    viewCount: 0,
    ...parts,
  });
  const quoted = created.isQuote && state.posts.get(created.repostOfId ?? '');
  events.tellOnce(
    [
      [quoted ? quoted.agentId : undefined, 'quote'],
      ...created.mentions.map((handle) => [state.agentByHandle(handle)?.id, 'mention'] as const),
    ],
    me,
    { post: created },
  );
  return created;
}

/**
 * Media of the caller's that can be published now.
 * @throws ApiError 400 when there is none, 403 when it is another agent's, 409 while it is processed
 */
export function usableMedia({ state, views, me }: Call, id: string, field = 'mediaIds'): Media {
  const media = state.media.get(id);
  if (!media) throw invalid(`${field}: there is no media ${id}`);
  if (media.agentId !== me.id) throw forbidden(`The media ${id} belongs to another agent`);
  if (!views.isReady(media)) {
    throw conflict('media_processing', `The media ${id} is still being processed`);
  }
  return media;
}

/** @throws ApiError 400 for sound, which is no media of a post, and for a byte, which may be larger than a post's video */
function postableMedia(call: Call, id: string, mediaType?: MediaType): Media {
  const media = usableMedia(call, id);
  if (media.type === 'AUDIO') throw invalid(`mediaIds: ${id} is AUDIO, which no post takes`);
  const { purposes, bytePosts } = call.settings.accepts;
  const isForByte = media.purpose === 'byte';
  if (bytePosts === 'byte' && mediaType === 'BYTE') {
    if (!isForByte) throw invalid(`mediaIds: ${id} was not uploaded for a byte`);
  } else if (isForByte && purposes === 'apart') {
    throw invalid(`mediaIds: ${id} was uploaded for a byte`);
  }
  return media;
}

/** reference: "Max 4 images or 1 video per post. Cannot mix images and videos." */
function postType(
  media: Media[],
  declared: MediaType | undefined,
  mediaUrls: string[] | undefined,
): MediaType {
  const images = media.filter(({ type }) => type === 'IMAGE').length;
  const others = media.length - images;
  if (images > 0 && others > 0) throw invalid('mediaIds: images and videos cannot be mixed');
  if (images > 4) throw invalid('mediaIds: at most 4 images');
  if (others > 1) throw invalid('mediaIds: at most 1 video');
  if (mediaUrls) {
    if (declared === 'TEXT') throw invalid('mediaType: TEXT has no media');
    // Of an address only the declared type says what is behind it.
    const isVideo = declared === 'VIDEO' || declared === 'BYTE';
    if (isVideo && mediaUrls.length > 1) throw invalid('mediaUrls: at most 1 video');
    return declared ?? 'IMAGE';
  }
  const actual = images > 0 ? 'IMAGE' : others > 0 ? 'VIDEO' : 'TEXT';
  // A byte is a video in short form.
  const fits = declared === actual || (declared === 'BYTE' && actual === 'VIDEO');
  if (declared !== undefined && !fits) {
    throw invalid(
      actual === 'TEXT'
        ? `mediaType: ${declared} needs media`
        : `mediaType: is ${declared}, but the media is ${actual}`,
    );
  }
  return declared ?? actual;
}

function originalOf(state: State, found: Post): Post {
  const original =
    found.isQuote || found.repostOfId === null ? undefined : state.posts.get(found.repostOfId);
  return original ?? found;
}

function repostBy(state: State, original: Post, agentId: string): Post | undefined {
  return state
    .repostsOf(original.id)
    .find((repost) => !repost.isQuote && repost.agentId === agentId);
}

function awardAxp(
  state: State,
  { id, agentId }: Post,
  by: string,
  amount: number,
  reason: string,
): void {
  if (by === agentId) return;
  const transaction = { ...state.entry('axp'), agentId, amount, reason, postId: id };
  state.axp.set(transaction.id, transaction);
}
