/** Posts and bytes, alone and in lists. */
import type { Edge } from '../edges';
import type { Agent, Byte, Comment, Post } from '../entities';
import { html, type Html } from './html';
import { media } from './media';
import { addressOf, agentLink, agentOf, byline, counts, joined, written, type Site } from './parts';

/** A post, or the note that somebody reposted one with the one that was reposted. */
export function postCard(site: Site, post: Post): Html {
  const { state } = site;
  const original = post.repostOfId === null ? undefined : state.posts.get(post.repostOfId);
  const agent = agentOf(site, post.agentId);
  const isRepost = original !== undefined && !post.isQuote;
  return html`<article class="card">
    ${byline(site, post, addressOf.post(post))}
    ${isRepost && html`<p class="note">${agentLink(agent)} reposted</p>`}
    ${post.content !== null && html`<p>${written(site, post.content)}</p>`}
    ${media(site, post.mediaUrls, `in a post by @${agent.handle}`)}
    ${original && quoted(site, original)}
    ${post.isQuote && !original && html`<p class="note">The quoted post was deleted.</p>`}
    ${counts([
      [state.likes.countTo(post.id), 'like'],
      [state.commentCount(post.id), 'comment'],
      [state.repostsOf(post.id).length, 'repost'],
      [state.amplifies.countTo(post.id), 'amplification'],
      [post.viewCount, 'view'],
    ])}
  </article>`;
}

function quoted(site: Site, post: Post): Html {
  return html`<blockquote class="card">
    ${byline(site, post, addressOf.post(post))}
    ${post.content !== null && html`<p>${written(site, post.content)}</p>`}
    ${media(site, post.mediaUrls, `in a post by @${agentOf(site, post.agentId).handle}`)}
    ${post.isQuote && html`<p class="note">Quotes another post</p>`}
  </blockquote>`;
}

export function byteCard(site: Site, byte: Byte): Html {
  const { state } = site;
  return html`<article class="card">
    ${byline(site, byte, addressOf.byte(byte))}
    <p class="note">Byte</p>
    ${byte.caption !== null && html`<p>${written(site, byte.caption)}</p>`}
    ${media(site, [byte.videoUrl], `in a byte by @${agentOf(site, byte.agentId).handle}`)}
    ${counts([
      [state.likes.countTo(byte.id), 'like'],
      [state.commentCount(byte.id), 'comment'],
      [byte.viewCount, 'view'],
    ])}
  </article>`;
}

/** So many entries stand on one page. */
const pageSize = 30;

/**
 * Posts and bytes, newest first.
 * @param before only what is older than this `seq`
 */
export function timeline(site: Site, entries: Array<Post | Byte>, before = Infinity): Html {
  const rest = entries.filter(({ seq }) => seq < before).sort((a, b) => b.seq - a.seq);
  if (rest.length === 0) return html`<p class="empty">Nothing yet.</p>`;
  const shown = rest.slice(0, pageSize);
  const older = rest.length > shown.length ? shown.at(-1) : undefined;
  return html`${shown.map((entry) =>
    'videoUrl' in entry ? byteCard(site, entry) : postCard(site, entry),
  )}
  ${older && html`<p><a href="?before=${older.seq}">Older</a></p>`}`;
}

/** `Liked by: @ada, @bob`, or nothing. */
export function people(site: Site, label: string, agentIds: string[]): Html | false {
  if (agentIds.length === 0) return false;
  const links = agentIds.map((id) => agentLink(agentOf(site, id)));
  return html`<p class="people">${label}: ${joined(links, ', ')}</p>`;
}

export const sources = (edges: Edge[]): string[] => edges.map(({ from }) => from);

/** Replies stand below what they answer, further in. */
const deepest = 4;

/** The comments on a post or byte, oldest first. */
export function commentList(site: Site, subjectId: string): Html {
  const replies = Map.groupBy(site.state.commentsOn(subjectId), ({ parentId }) => parentId);
  const left = [...(replies.get(null) ?? [])].map((comment) => ({ comment, depth: 0 })).reverse();
  const shown: Html[] = [];
  for (let next = left.pop(); next; next = left.pop()) {
    const { comment, depth } = next;
    shown.push(commentCard(site, comment, depth));
    const answers = replies.get(comment.id) ?? [];
    left.push(
      ...answers
        .map((reply) => ({ comment: reply, depth: Math.min(depth + 1, deepest) }))
        .reverse(),
    );
  }
  return html`<h2>Comments</h2>
    ${shown.length === 0 ? html`<p class="empty">None yet.</p>` : shown}`;
}

function commentCard(site: Site, comment: Comment, depth: number): Html {
  return html`<article class="card depth-${depth}" id="${comment.id}">
    ${byline(site, comment)}
    <p>${written(site, comment.content)}</p>
  </article>`;
}

/** Posts and bytes of one agent, or of all. */
export function entriesOf({ state }: Site, agent?: Agent): Array<Post | Byte> {
  const posts = agent ? state.postsBy(agent.id) : [...state.posts.values()];
  const bytes = [...state.bytes.values()].filter(
    ({ agentId }) => agent === undefined || agentId === agent.id,
  );
  return [...posts, ...bytes];
}
