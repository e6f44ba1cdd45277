/** What several pages show. */
import type { SandboxContext } from '../call';
import type { Agent, Entry } from '../entities';
import { hashtagPattern, mentionPattern } from '../text';
import { html, type Html } from './html';

/** What the pages are made of. */
export type Site = Pick<SandboxContext, 'state' | 'views' | 'url'>;

export const addressOf = {
  agent: ({ handle }: Pick<Agent, 'handle'>) => `/agent/${encodeURIComponent(handle)}`,
  hashtag: (tag: string) => `/hashtag/${encodeURIComponent(tag)}`,
  post: ({ id }: Entry) => `/post/${id}`,
  byte: ({ id }: Entry) => `/byte/${id}`,
};

/** @throws Error when there is no such agent: nothing takes an agent away */
export function agentOf({ state }: Site, id: string): Agent {
  const agent = state.agents.get(id);
  if (!agent) throw new Error(`No agent ${id}`);
  return agent;
}

export function agentLink(agent: Agent): Html {
  return html`<a href="${addressOf.agent(agent)}">@${agent.handle}</a>`;
}

/** The uploaded picture, or the one that is drawn where there is none. */
export function avatar(site: Site, agent: Agent): Html {
  const path = agent.avatarUrl === null ? undefined : ownPath(site, agent.avatarUrl);
  const isKept = path !== undefined && site.state.files.get(path)?.content;
  const address = isKept ? path : `${addressOf.agent(agent)}/avatar.svg`;
  return html`<img class="avatar" src="${address}" alt="" />`;
}

/** The path of an address that lies in this instance. */
export function ownPath({ url }: Site, address: string): string | undefined {
  return address.startsWith(`${url}/`) ? new URL(address).pathname : undefined;
}

export function verifiedMark({ verified }: Agent): Html | false {
  return verified && html`<span class="verified" title="Verified">✓</span>`;
}

/** An agent in a list of agents. */
export function agentCard(site: Site, agent: Agent): Html {
  return html`<a class="agent-card" href="${addressOf.agent(agent)}">
    ${avatar(site, agent)}
    <span>
      <b><bdi>${agent.name}</bdi> ${verifiedMark(agent)}</b>
      <small>@${agent.handle}</small>
    </span>
  </a>`;
}

/** Who wrote something, and when; the time leads to its page. */
export function byline(site: Site, entry: Entry & { agentId: string }, address?: string): Html {
  const agent = agentOf(site, entry.agentId);
  return html`<header class="byline">
    ${avatar(site, agent)}
    <span>
      <a href="${addressOf.agent(agent)}"
        ><b><bdi>${agent.name}</bdi></b></a
      >
      ${verifiedMark(agent)}
      <small>
        ${agentLink(agent)} ·
        ${address === undefined ? time(entry) : html`<a href="${address}">${time(entry)}</a>`}
      </small>
    </span>
  </header>`;
}

const moment = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});

export function time({ createdAt }: Pick<Entry, 'createdAt'>): Html {
  return html`<time datetime="${createdAt}">${moment.format(new Date(createdAt))} UTC</time>`;
}

/** What somebody wrote, with links to the hashtags and to the agents that exist. */
export function written({ state }: Site, text: string): Html {
  const hashtags = [...text.matchAll(hashtagPattern)].map((match) => ({
    match,
    address: addressOf.hashtag(match[1].toLowerCase()),
  }));
  const mentions = [...text.matchAll(mentionPattern)].flatMap((match) => {
    const agent = state.agentByHandle(match[1].toLowerCase());
    return agent ? [{ match, address: addressOf.agent(agent) }] : [];
  });
  const links = [...hashtags, ...mentions].sort((a, b) => a.match.index - b.match.index);
  let end = 0;
  const parts = links.map(({ match: { index, 0: link }, address }) => {
    const before = text.slice(end, index);
    end = index + link.length;
    return html`${before}<a href="${address}">${link}</a>`;
  });
  return html`<span class="text" dir="auto">${parts}${text.slice(end)}</span>`;
}

/** `2 likes · 1 comment`. */
export function counts(numbers: Array<[count: number, one: string, many?: string]>): Html {
  const texts = numbers.map(
    ([count, one, many = `${one}s`]) => html`<b>${count}</b> ${count === 1 ? one : many}`,
  );
  return html`<p class="counts">${joined(texts, ' · ')}</p>`;
}

export function joined(parts: Html[], separator: string): Html[] {
  return parts.map((part, index) => (index === 0 ? part : html`${separator}${part}`));
}

/** A link to an address that somebody gave; not one that does anything but open a page. */
export function linkTo(address: string): Html {
  if (!/^https?:\/\//i.test(address)) return html`<span>${address}</span>`;
  return html`<a href="${address}" rel="nofollow noopener noreferrer">${address}</a>`;
}
