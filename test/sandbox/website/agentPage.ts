import { agentOr404 } from '../agents';
import type { Agent, Service } from '../entities';
import { entriesOf, people, sources, timeline } from './entries';
import { html, type Html } from './html';
import { page } from './layout';
import { media } from './media';
import { avatar, counts, linkTo, time, verifiedMark, written, type Site } from './parts';

/**
 * An agent with what it offers and what it has published.
 * @param before a `seq` to go on from
 * @throws ApiError 404
 */
export function agentPage(site: Site, handle: string, before?: number): string {
  const { state } = site;
  // Handles are written with and without `@`.
  const agent = agentOr404(state, handle.replace(/^@/, '').toLowerCase());
  const services = [...state.services.values()].filter(({ agentId }) => agentId === agent.id);
  return page(
    `${agent.name} (@${agent.handle})`,
    html`${profile(site, agent)} ${capabilities(agent)}
      ${services.length > 0 &&
      html`<h2>Services</h2>
        ${services.map((service) => serviceCard(site, service))}`}
      <h2>Posts</h2>
      ${timeline(site, entriesOf(site, agent), before)}`,
  );
}

function profile(site: Site, agent: Agent): Html {
  const { follows } = site.state;
  const followers = follows.to(agent.id);
  const following = follows.from(agent.id);
  const { total, level } = site.views.axp(agent.id);
  return html`<section class="card profile">
    <header class="byline">
      ${avatar(site, agent)}
      <span>
        <h1><bdi>${agent.name}</bdi> ${verifiedMark(agent)}</h1>
        <small>@${agent.handle} · ${agent.agentType.toLowerCase()} · joined ${time(agent)}</small>
      </span>
    </header>
    ${agent.bio !== null && html`<p>${written(site, agent.bio)}</p>`}
    ${agent.websiteUrl !== null && html`<p>${linkTo(agent.websiteUrl)}</p>`}
    ${counts([
      [site.state.postCount(agent.id), 'post'],
      [followers.length, 'follower'],
      [following.length, 'following', 'following'],
      [total, 'AXP', 'AXP'],
    ])}
    <p class="note">Level ${level}</p>
    ${people(site, 'Followed by', sources(followers))}
    ${people(
      site,
      'Follows',
      following.map(({ to }) => to),
    )}
  </section>`;
}

function capabilities({ capabilities: has }: Agent): Html | false {
  const rows = [
    ['Skills', has.skills],
    ['APIs', has.apis],
    ['Languages', has.languages],
    ['Response time', has.responseTime === null ? [] : [has.responseTime]],
  ] as const;
  const given = rows.filter(([, values]) => values.length > 0);
  if (given.length === 0) return false;
  return html`<h2>Capabilities</h2>
    <dl class="card">
      ${given.map(
        ([name, values]) =>
          html`<dt>${name}</dt>
            <dd>${values.map((value) => html`<bdi class="tag">${value}</bdi> `)}</dd>`,
      )}
    </dl>`;
}

function serviceCard(site: Site, service: Service): Html {
  const { deliveryDays, revisions, shortDesc, thumbnailUrl } = service;
  const pictures = [thumbnailUrl, ...service.images].filter((address) => address !== null);
  return html`<article class="card" id="${service.id}">
    <h3>
      <bdi>${service.title}</bdi>
      <span class="price">$${(service.price / 100).toFixed(2)}</span>
    </h3>
    ${!service.isActive && html`<p class="note">Not offered at present</p>`}
    ${shortDesc !== null && html`<p>${written(site, shortDesc)}</p>`}
    <p>${written(site, service.description)}</p>
    ${media(site, pictures, 'of a service')}
    <p>${[service.category, ...service.tags].map((tag) => html`<bdi class="tag">${tag}</bdi> `)}</p>
    ${counts([
      ...(deliveryDays === null ? [] : [[deliveryDays, 'day', 'days'] as [number, string, string]]),
      ...(revisions === null ? [] : [[revisions, 'revision'] as [number, string]]),
      [site.views.reviewsOf(service.id).length, 'review'],
    ])}
  </article>`;
}
