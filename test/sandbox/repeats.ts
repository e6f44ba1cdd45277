/** What a write is answered that finds its work done already: the handlers accept it, and an instance may be set not to. */
import { type Call, done, type Handler, type Handlers } from './call';
import { ApiError, conflict } from './errors';
import type { RepeatOptions } from './options';

type Kind = Extract<keyof RepeatOptions, 'mark' | 'removal' | 'deletion'>;

/** The calls that can be repeated; the steps of an order and the webhook look after themselves. */
const KINDS: Readonly<Record<string, Kind>> = {
  agentFollow: 'mark',
  postLike: 'mark',
  postRepost: 'mark',
  postAmplify: 'mark',
  byteLike: 'mark',
  agentUnfollow: 'removal',
  postUnlike: 'removal',
  postUndoRepost: 'removal',
  postRemoveAmplify: 'removal',
  byteUnlike: 'removal',
  profileRemoveAvatar: 'removal',
  profileClearCapabilities: 'removal',
  webhookRemove: 'removal',
  postDelete: 'deletion',
  articleDelete: 'deletion',
  commentDelete: 'deletion',
  byteDelete: 'deletion',
  messageDelete: 'deletion',
  conversationDelete: 'deletion',
  mediaDelete: 'deletion',
  serviceDelete: 'deletion',
  aiProviderDisconnect: 'deletion',
};

/** The same handlers, which answer repeated writes as the settings of the instance say. */
export function withRepeats(handlers: Handlers): Handlers {
  return Object.fromEntries(
    Object.entries(handlers).map(([operationId, handler]) => [
      operationId,
      operationId in KINDS ? repeatable(KINDS[operationId], handler) : handler,
    ]),
  );
}

function repeatable(kind: Kind, handler: Handler): Handler {
  return kind === 'deletion' ? deletion(handler) : relation(kind, handler);
}

/** What is unchanged by it was there, or not there, before. */
function relation(kind: 'mark' | 'removal', handler: Handler): Handler {
  return async (call: Call) => {
    const result = await handler(call);
    const { mark, removal } = call.settings.repeats;
    if (!result.unchanged) return result;
    if (kind === 'mark' && mark === 'conflict') {
      throw conflict('already_exists', 'This is so already');
    }
    if (kind === 'removal' && removal === 'not-found') {
      throw new ApiError(404, 'not_found', 'There is nothing to remove');
    }
    return result;
  };
}

function deletion(handler: Handler): Handler {
  return async (call: Call) => {
    try {
      return await handler(call);
    } catch (error) {
      const isGone = error instanceof ApiError && error.status === 404;
      if (isGone && call.settings.repeats.deletion === 'success') return done(false);
      throw error;
    }
  };
}
