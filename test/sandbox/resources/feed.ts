import { answer, type Call, type Handlers } from '../call';
import type { PageQuery } from '../pages';
import type { Post } from '../entities';

/** reference: Get Your Feed, Get the Public Timeline */
export const feed: Handlers = {
  feedGetManyOwn(call) {
    const { state, me } = call;
    const posts = state.follows.from(me.id).flatMap(({ to }) => state.postsBy(to));
    return postPage(call, `feed/${me.id}`, posts);
  },

  feedGetManyPublic: (call) => postPage(call, 'posts', call.state.posts.values()),
};

/** A page of posts, newest first. */
export function postPage(
  { pages, views, query, viewer }: Call,
  list: string,
  posts: Iterable<Post>,
) {
  const { entries, ...rest } = pages.byAge(list, posts, query<PageQuery>());
  return answer({ posts: entries.map((post) => views.post(post, viewer)), ...rest });
}
