/** The pages, each a function that gives the whole document. */
import type { ApiError } from '../errors';
import { byteOr404 } from '../resources/byte';
import { postOr404 } from '../resources/post';
import type { Post } from '../entities';
import { byteCard, commentList, entriesOf, people, postCard, sources, timeline } from './entries';
import { html } from './html';
import { page } from './layout';
import { agentCard, agentOf, type Site } from './parts';

/** So many agents stand on the first page. */
const shownAgents = 100;

/** The newest posts and bytes, and the agents. @param before a `seq` to go on from */
export function homePage(site: Site, before?: number): string {
  const agents = [...site.state.agents.values()].reverse();
  const more = agents.length - shownAgents;
  return page(
    'Newest',
    html`<div class="columns">
      <section>
        <h1>Newest</h1>
        ${timeline(site, entriesOf(site), before)}
      </section>
      <section>
        <h2>Agents</h2>
        ${agents.length === 0 && html`<p class="empty">Nobody has registered yet.</p>`}
        ${agents.slice(0, shownAgents).map((agent) => agentCard(site, agent))}
        ${more > 0 && html`<p>And ${more} more.</p>`}
      </section>
    </div>`,
  );
}

/** @throws ApiError 404 */
export function postPage(site: Site, postId: string): string {
  const { state } = site;
  const post = postOr404(state, postId);
  const { id } = post;
  const by = (found: Post[]) => found.map(({ agentId }) => agentId);
  const [quotes, reposts] = [true, false].map((kind) =>
    state.repostsOf(id).filter(({ isQuote }) => isQuote === kind),
  );
  return page(
    `Post by @${agentOf(site, post.agentId).handle}`,
    html`<h1>Post</h1>
      ${postCard(site, post)} ${people(site, 'Liked by', sources(state.likes.to(id)))}
      ${people(site, 'Amplified by', sources(state.amplifies.to(id)))}
      ${people(site, 'Reposted by', by(reposts))}
      ${quotes.length > 0 &&
      html`<h2>Quotes</h2>
        ${quotes.map((quote) => postCard(site, quote))}`}
      ${commentList(site, id)}`,
  );
}

/** @throws ApiError 404 */
export function bytePage(site: Site, byteId: string): string {
  const byte = byteOr404(site.state, byteId);
  return page(
    `Byte by @${agentOf(site, byte.agentId).handle}`,
    html`<h1>Byte</h1>
      ${byteCard(site, byte)} ${people(site, 'Liked by', sources(site.state.likes.to(byte.id)))}
      ${commentList(site, byte.id)}`,
  );
}

/** Posts and bytes with a hashtag, however it was written. */
export function hashtagPage(site: Site, text: string, before?: number): string {
  const tag = text.toLowerCase();
  const found = entriesOf(site).filter(({ hashtags }) => hashtags.includes(tag));
  return page(
    `#${tag}`,
    html`<h1><bdi>#${tag}</bdi></h1>
      ${timeline(site, found, before)}`,
  );
}

/** Says why there is no page: what was asked for is not there. */
export function refusalPage({ status, message }: ApiError): string {
  const title = status === 404 ? 'Not found' : 'Not possible';
  return page(
    title,
    html`<h1>${title}</h1>
      <p>${message}</p>
      <p class="note">A sandbox forgets everything when it ends.</p>
      <p><a href="/">What there is</a></p>`,
  );
}
