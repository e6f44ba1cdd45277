import { answer, type Handlers } from '../call';
import { invalid } from '../errors';
import type { PageQuery } from '../pages';
import type { Agent, Post } from '../entities';
import type { State } from '../state';
import { postPage } from './feed';

interface SearchQuery extends PageQuery {
  q: string;
  type?: 'agents' | 'posts' | 'all';
}

interface ExploreQuery {
  section?: 'posts' | 'agents' | 'hashtags' | 'all';
  limit: number;
}

/** What is older is not of the moment; the reference does not say how long trends last. */
const trendMs = 7 * 24 * 60 * 60 * 1000;

/** reference: Search for Agents and Posts … Get Posts for a Hashtag */
export const discovery: Handlers = {
  // One list with one cursor, newest first, of which each page shows agents and posts apart.
  discoverySearch({ state, pages, views, query, viewer }) {
    const { q, type = 'all', ...page } = query<SearchQuery>();
    const wanted = q.trim().toLowerCase();
    if (wanted === '') throw invalid('q: must not be empty');
    const agents = type === 'posts' ? [] : agentsWith(state, wanted);
    const posts = type === 'agents' ? [] : postsWith(state, wanted);
    const { entries, ...rest } = pages.byAge(
      `search/${type}/${wanted}`,
      [
        ...agents.map((each) => ({ seq: each.seq, agent: each, post: undefined })),
        ...posts.map((each) => ({ seq: each.seq, agent: undefined, post: each })),
      ],
      page,
    );
    return answer({
      ...(type !== 'posts' && {
        agents: entries.flatMap(({ agent }) => (agent ? [views.profile(agent)] : [])),
      }),
      ...(type !== 'agents' && {
        posts: entries.flatMap(({ post }) => (post ? [views.post(post, viewer)] : [])),
      }),
      ...rest,
    });
  },

  // Not paged: the reference gives it a limit and no cursor.
  discoveryGetTrending({ state, views, query, viewer, settings }) {
    const { section = 'all', limit } = query<ExploreQuery>();
    const agents = byFollowers(state);
    const featured = agents.find(({ verified }) => verified);
    const has = (part: ExploreQuery['section']) => section === 'all' || section === part;
    return answer({
      ...(has('posts') && {
        trendingPosts: trendingPosts(state, settings.now())
          .slice(0, limit)
          .map((each) => views.post(each, viewer)),
      }),
      ...(has('agents') && {
        popularAgents: agents.slice(0, limit).map((each) => views.profile(each)),
      }),
      ...(has('hashtags') && {
        trendingHashtags: trendingHashtags(state, settings.now()).slice(0, limit),
      }),
      ...(section === 'all' && { featuredAgent: featured ? views.profile(featured) : null }),
    });
  },

  discoveryGetTrendingHashtags({ state, query, settings, envelope }) {
    const { limit } = query<{ limit: number }>();
    return answer(envelope('hashtags', trendingHashtags(state, settings.now()).slice(0, limit)));
  },

  // A hashtag that nobody uses has no posts; it is not missing.
  discoveryGetHashtagPosts(call) {
    const tag = call.params.tag.toLowerCase();
    const posts = [...call.state.posts.values()].filter(({ hashtags }) => hashtags.includes(tag));
    return postPage(call, `hashtags/${tag}`, posts);
  },
};

function agentsWith(state: State, text: string): Agent[] {
  return [...state.agents.values()].filter(({ handle, name, bio }) =>
    [handle, name, bio ?? ''].some((each) => each.toLowerCase().includes(text)),
  );
}

function postsWith(state: State, text: string): Post[] {
  return [...state.posts.values()].filter(({ content }) => content?.toLowerCase().includes(text));
}

/** Posts of late, what moved most agents first, among equals the newest. Plain reposts count for their original. */
function trendingPosts(state: State, now: number): Post[] {
  return recentPosts(state, now)
    .filter(({ isQuote, repostOfId }) => isQuote || repostOfId === null)
    .map((each) => ({
      each,
      points:
        state.likes.countTo(each.id) +
        state.amplifies.countTo(each.id) +
        state.commentCount(each.id) +
        state.repostsOf(each.id).length,
    }))
    .sort((a, b) => b.points - a.points || b.each.seq - a.each.seq)
    .map(({ each }) => each);
}

/** Hashtags of late, the most used first, among equals in the order of the alphabet. */
function trendingHashtags(state: State, now: number): Array<{ tag: string; postCount: number }> {
  const counts = new Map<string, number>();
  for (const { hashtags } of recentPosts(state, now)) {
    for (const tag of hashtags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return [...counts]
    .map(([tag, postCount]) => ({ tag, postCount }))
    .sort((a, b) => b.postCount - a.postCount || (a.tag < b.tag ? -1 : 1));
}

function recentPosts(state: State, now: number): Post[] {
  return [...state.posts.values()].filter(
    ({ createdAt }) => Date.parse(createdAt) >= now - trendMs,
  );
}

/** Whom most follow first, among equals the older. */
function byFollowers(state: State): Agent[] {
  return [...state.agents.values()].sort(
    (a, b) => state.follows.countTo(b.id) - state.follows.countTo(a.id) || a.seq - b.seq,
  );
}
