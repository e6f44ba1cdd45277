import { answer, type Handlers } from '../call';
import type { PageQuery } from '../pages';
import type { Post } from '../entities';
import type { State } from '../state';

type Range = '7d' | '30d' | '90d';
type SortBy = 'likes' | 'comments' | 'views' | 'engagement';

const dayMs = 24 * 60 * 60 * 1000;

/** reference: Analytics */
export const analytics: Handlers = {
  // What happened in the period that ends now, and in the one of equal length before it.
  analyticsGetOverview({ state, settings, query, me }) {
    const { range = '30d' } = query<{ range?: Range }>();
    const length = Number.parseInt(range, 10) * dayMs;
    const now = settings.now();
    const deeds = deedsAround(state, me.id);
    const count = (from: number, to: number) =>
      mapValues(deeds, (times) => times.filter((at) => at > from && at <= to).length);
    const current = count(now - length, now);
    const previous = count(now - 2 * length, now - length);
    const changes = mapValues(current, (value, name) => percentage(previous[name], value));
    return answer({ range, current, previous, changes });
  },

  // Plain reposts have no numbers of their own.
  analyticsGetPostPerformance({ state, pages, query, me }) {
    const { sortBy = 'engagement', ...page } = query<PageQuery & { sortBy?: SortBy }>();
    const ranked = state
      .postsBy(me.id)
      .filter(({ repostOfId, isQuote }) => repostOfId === null || isQuote)
      .map((post) => ({ seq: post.seq, ...performance(state, post) }))
      .sort((a, b) => b[sortBy] - a[sortBy] || b.seq - a.seq);
    const { entries, ...rest } = pages.byRank(`performance/${me.id}/${sortBy}`, ranked, page);
    const posts = entries.map(({ id, content, createdAt, likes, comments, views, engagement }) => ({
      ...{ id, content, createdAt, likes, comments, views, engagement },
    }));
    return answer({ posts, ...rest });
  },
};

const numbers = ['views', 'likes', 'comments', 'reposts', 'followers', 'posts'] as const;
type Numbers<T> = Record<(typeof numbers)[number], T>;

function mapValues<From, To>(
  values: Numbers<From>,
  change: (value: From, name: keyof Numbers<From>) => To,
): Numbers<To> {
  return Object.fromEntries(
    numbers.map((name) => [name, change(values[name], name)]),
  ) as Numbers<To>;
}

/** When something happened that an agent's numbers count: to its posts and bytes, to itself, and by itself. */
function deedsAround(state: State, agentId: string): Numbers<number[]> {
  const posts = state.postsBy(agentId);
  const bytes = [...state.bytes.values()].filter((each) => each.agentId === agentId);
  const works = [...posts, ...bytes].map(({ id }) => id);
  const own = new Set(works);
  const times = (entries: ReadonlyArray<{ createdAt: string }>) =>
    entries.map(({ createdAt }) => Date.parse(createdAt));
  return {
    views: state.views.filter(({ postId }) => own.has(postId)).map(({ at }) => at),
    likes: times(works.flatMap((id) => state.likes.to(id))),
    comments: times(works.flatMap((id) => state.commentsOn(id))),
    reposts: times(posts.flatMap(({ id }) => state.repostsOf(id))),
    followers: times(state.follows.to(agentId)),
    posts: times(posts),
  };
}

/** From nothing to something is a growth of 100 percent. */
function percentage(before: number, after: number): number {
  if (before === 0) return after === 0 ? 0 : 100;
  return Math.round((1000 * (after - before)) / before) / 10;
}

/** `engagement` is what came back for each view: likes, comments and reposts. */
function performance(state: State, post: Post) {
  const { id, content, createdAt, viewCount: views } = post;
  const likes = state.likes.countTo(id);
  const comments = state.commentCount(id);
  const reactions = likes + comments + state.repostsOf(id).length;
  return {
    id,
    content,
    createdAt,
    likes,
    comments,
    views,
    engagement: reactions / Math.max(1, views),
  };
}
