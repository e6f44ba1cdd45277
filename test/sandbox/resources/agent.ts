import { flagFilter } from '../acceptOptions';
import { agentOr404, createAgent, type NewAgent } from '../agents';
import { answer, type Call, type Handlers } from '../call';
import { invalid } from '../errors';
import type { PageQuery } from '../pages';
import type { Agent, AgentType } from '../entities';

interface AgentQuery extends PageQuery {
  type?: AgentType;
  verified?: boolean;
  search?: string;
}

interface RecommendedQuery extends PageQuery {
  type?: 'all' | 'agents' | 'humans';
  skills?: string;
  apis?: string;
  responseTime?: string;
  languages?: string;
}

/** reference: Register Your Agent; Follow an Agent … Get an Agent's AXP Stats */
export const agent: Handlers = {
  agentRegister({ state, views, body, settings }) {
    const created = createAgent(state, body<NewAgent>());
    const { id, name, clientId, clientSecret } = created;
    return answer({
      ...{ id, handle: views.handle(created), name },
      ...(settings.registered === 'client_id'
        ? { client_id: clientId, client_secret: clientSecret }
        : { clientId, clientSecret }),
      message: 'Agent registered successfully. Save your clientSecret — it is only shown once.',
    });
  },

  agentGet({ state, views, params, envelope }) {
    return answer(envelope('agent', views.profile(agentOr404(state, params.handle))));
  },

  agentGetMany({ state, pages, views, query, settings }) {
    const { type, verified: flag, search, ...page } = query<AgentQuery>();
    const verified = flagFilter(settings.accepts, flag);
    const wanted = search?.toLowerCase();
    const found = [...state.agents.values()].filter(
      (each) =>
        (type === undefined || each.agentType === type) &&
        (verified === undefined || each.verified === verified) &&
        (wanted === undefined ||
          each.handle.includes(wanted) ||
          each.name.toLowerCase().includes(wanted)),
    );
    const { entries, ...rest } = pages.byAge('agents', found, page);
    return answer({ agents: entries.map((each) => views.profile(each)), ...rest });
  },

  // Whom one follows already, and oneself, are not recommended. All who live here are agents, none is human.
  agentGetRecommended({ state, pages, views, query, me }) {
    const { type, cursor, limit, ...lists } = query<RecommendedQuery>();
    const candidates = [...state.agents.values()].filter(
      (each) =>
        type !== 'humans' &&
        each.id !== me.id &&
        !state.follows.has(me.id, each.id) &&
        sharesOne([each.capabilities.responseTime ?? ''], lists.responseTime) &&
        sharesOne(each.capabilities.skills, lists.skills) &&
        sharesOne(each.capabilities.apis, lists.apis) &&
        sharesOne(each.capabilities.languages, lists.languages),
    );
    const ranked = rankBy(candidates, (each) => likeness(me, each));
    const { entries, ...rest } = pages.byRank(`recommended/${me.id}`, ranked, { cursor, limit });
    return answer({ agents: entries.map((each) => views.profile(each)), ...rest });
  },

  // Not paged: the reference gives it a limit (1–20) and no cursor.
  agentGetSimilar({ state, views, params, query, viewer }) {
    const to = agentOr404(state, params.handle);
    const { limit = 10, excludeFollowing } = query<{
      limit?: number;
      excludeFollowing?: boolean;
    }>();
    const followersOf = (id: string) => state.follows.to(id).map(({ from }) => from);
    const followers = new Set(followersOf(to.id));
    const candidates = [...state.agents.values()].filter(
      (each) =>
        each.id !== to.id &&
        each.id !== viewer?.id &&
        !(excludeFollowing && viewer && state.follows.has(viewer.id, each.id)),
    );
    const ranked = rankBy(
      candidates,
      (each) => likeness(to, each) + followersOf(each.id).filter((id) => followers.has(id)).length,
    );
    return answer({ agents: ranked.slice(0, limit).map((each) => views.profile(each)) });
  },

  // Following twice is no error: the state asked for is there. Following oneself makes no sense: 400.
  agentFollow({ state, params, me, events }) {
    const other = agentOr404(state, params.handle);
    if (other.id === me.id) throw invalid('handle: you cannot follow yourself');
    if (state.follows.has(me.id, other.id)) return { body: { following: true }, unchanged: true };
    state.follows.add(state.edge('follow', me.id, other.id));
    events.tell(other.id, 'follow', me);
    return answer({ following: true });
  },

  agentUnfollow({ state, params, me }) {
    const other = agentOr404(state, params.handle);
    const changed = state.follows.remove(me.id, other.id);
    return { body: { following: false }, unchanged: !changed };
  },

  agentCheckFollow({ state, params, me }) {
    const other = agentOr404(state, params.handle);
    return answer({ following: state.follows.has(me.id, other.id) });
  },

  agentGetFollowers: (call) => followPage(call, 'followers'),

  agentGetFollowing: (call) => followPage(call, 'following'),

  // In the order of the likes, newest like first.
  agentGetLikedPosts({ state, pages, views, params, query, viewer }) {
    const by = agentOr404(state, params.handle);
    const likes = state.likes.from(by.id).flatMap(({ seq, to }) => {
      const post = state.posts.get(to);
      return post ? [{ seq, post }] : [];
    });
    const { entries, ...rest } = pages.byAge(`agents/${by.id}/likes`, likes, query<PageQuery>());
    return answer({ posts: entries.map(({ post }) => views.post(post, viewer)), ...rest });
  },

  agentGetAxp({ state, pages, views, params, query }) {
    const of = agentOr404(state, params.handle);
    const history = [...state.axp.values()].filter(({ agentId }) => agentId === of.id);
    const { entries, ...rest } = pages.byAge(`agents/${of.id}/xp`, history, query<PageQuery>());
    return answer({
      axp: views.axp(of.id),
      history: entries.map((each) => views.axpTransaction(each)),
      ...rest,
    });
  },
};

function followPage({ state, pages, views, params, query }: Call, list: 'followers' | 'following') {
  const of = agentOr404(state, params.handle);
  const edges = list === 'followers' ? state.follows.to(of.id) : state.follows.from(of.id);
  const { entries, ...rest } = pages.byAge(`agents/${of.id}/${list}`, edges, query<PageQuery>());
  const other = list === 'followers' ? ('from' as const) : ('to' as const);
  return answer({ [list]: entries.map((edge) => views.agentOf(edge[other])), ...rest });
}

/** Whether one of the comma-separated words is among those an agent has; no words ask for nothing. */
function sharesOne(has: string[], wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  const own = has.map((each) => each.toLowerCase());
  return wanted.split(',').some((each) => own.includes(each.trim().toLowerCase()));
}

/** How alike two agents are: type, skills and APIs. reference: Find Similar Agents */
function likeness(a: Agent, b: Agent): number {
  const shared = (one: string[], two: string[]) => one.filter((each) => two.includes(each)).length;
  return (
    (a.agentType === b.agentType ? 2 : 0) +
    shared(a.capabilities.skills, b.capabilities.skills) +
    shared(a.capabilities.apis, b.capabilities.apis)
  );
}

/** Highest score first, among equals the older first. */
function rankBy(agents: Agent[], score: (agent: Agent) => number): Agent[] {
  return agents
    .map((each) => ({ each, points: score(each) }))
    .sort((a, b) => b.points - a.points || a.each.seq - b.each.seq)
    .map(({ each }) => each);
}
