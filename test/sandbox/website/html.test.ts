import fc from 'fast-check';
import { anyText, RUNS } from '../../unit/properties';
import { createAgent } from '../agents';
import { resolveOptions } from '../options';
import { addPost } from '../resources/post';
import { State } from '../state';
import { Views } from '../views';
import { agentPage } from './agentPage';
import { postPage } from './pages';
import type { Site } from './parts';
import { drawnAvatar, placeholder } from './pictures';

const ada = 'ada_bot';

/** Everything that somebody can write. */
interface Written {
  name: string;
  bio: string;
  content: string;
  comment: string;
  /** What follows the host in an address. */
  path: string;
}

it('shows what somebody wrote as it was written, and nothing of it is markup', () => {
  const plain = pagesOf({ name: 'x', bio: 'x', content: 'x', comment: 'x', path: 'x' });
  const any = fc.record({ name: text, bio: text, content: text, comment: text, path: text });
  fc.assert(
    fc.property(any, (written) => {
      const { name, bio, content, comment, path } = written;
      const read = pagesOf(written).map(readMarkup);
      const [post, agent] = read;
      expect(post.texts).toEqual([content, comment].map(visible));
      expect(agent.texts).toEqual([bio, content].map(visible));
      for (const { names } of [post, agent]) expect(names).toEqual([name, name].map(visible));
      const address = visible(`https://x.example/${path}`);
      expect([post, agent].map(({ addresses }) => addresses)).toEqual([
        [address],
        [address, address],
      ]);
      expect(read.map(({ tags }) => tags)).toEqual(plain.map((page) => readMarkup(page).tags));
    }),
    RUNS,
  );
});

/** Text of any kind, and text that means something to a reader of HTML. */
const text = fc.oneof(
  anyText,
  fc
    .array(
      fc.constantFrom(
        ...['<', '>', '"', "'", '`', '&', '&lt;', '&#60', '=', ' ', '\n', '\r\n', '\0', '/', 'a'],
        ...[
          '<script>alert(1)</script>',
          '<img src=x onerror=alert(1)>',
          '<!--',
          '-->',
          ']]>',
          '<a ',
        ],
        ...[
          '</span>',
          '</title>',
          '</bdi>',
          '" onclick="alert(1)',
          '#tag',
          '#<b>',
          `@${ada}`,
          '\ud800',
        ],
      ),
    )
    .map((parts) => parts.join('')),
);

/** What can be seen of a text: a character that means nothing on a page is replaced. */
const visible = (written: string): string =>
  written
    .toWellFormed()
    .replace(/[\p{Cc}\ufffe\uffff]/gu, (character) =>
      '\t\n\r'.includes(character) ? character : '\ufffd',
    );

/** All that is made of one agent, its post, and its comment on that. */
function pagesOf({ name, bio, content, comment, path }: Written): string[] {
  const state = new State(() => 0);
  const me = createAgent(state, { handle: ada, name, bio });
  const address = `https://x.example/${path}`;
  me.websiteUrl = address;
  const events = { tell: () => undefined, tellOnce: () => undefined } as never;
  const post = addPost({ state, events, me }, { content, mediaUrls: [address] });
  const subject = { subjectId: post.id, agentId: me.id, parentId: null };
  const { id } = state.addComment({ ...state.entry('comment'), ...subject, content: comment });
  const site: Site = {
    state,
    views: new Views(state, resolveOptions({ now: () => 0 })),
    url: 'http://127.0.0.1:1',
  };
  const file = { filename: name, contentType: 'image/png', size: 1, content: undefined };
  return [
    ...[postPage(site, post.id), agentPage(site, ada)],
    ...[drawnAvatar(me).markup, placeholder(file).markup],
  ].map((markup) => markup.replaceAll(post.id, 'ID').replaceAll(id, 'ID'));
}

/** A tag of the simplest kind. */
const tagPattern =
  /(<!doctype html>|<\/?[a-z][a-z0-9]*(?:\s+[a-z][a-z:-]*(?:="[^"<>]*")?)*\s*\/?>)/i;
/** A link in what was written. */
const linkPattern = /^<a href="\/(hashtag\/[^"]+|agent\/ada_bot)">$|^<\/a>$/;

/**
 * Reads markup that every reader takes for the same: whatever is outside of a tag must be text without `<`, `>` and
 * carriage returns, and `&` may only begin a number.
 * @returns the tags, without the links in what was written, and what was written where
 */
function readMarkup(markup: string) {
  const parts = markup.split(tagPattern);
  const doubtful = parts.filter((part, index) => index % 2 === 0 && /[<>\r]/.test(part));
  expect([...doubtful, ...(markup.match(/&(?!#\d+;).{0,9}/g) ?? [])]).toEqual([]);
  const tags: string[] = [];
  const texts: string[] = [];
  const names: string[] = [];
  const addresses: string[] = [];
  let into: string[] | undefined;
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 0) {
      if (into) into[into.length - 1] += decoded(part);
    } else if (into !== texts || !linkPattern.test(part)) {
      const [, address] = /^<a href="(https:[^"]*)" rel=/.exec(part) ?? [];
      if (address !== undefined) addresses.push(decoded(address));
      tags.push(address === undefined ? part : part.replace(address, ''));
      if (part.startsWith('<span class="text"')) into = texts;
      else if (part === '<bdi>') into = names;
      else into = undefined;
      into?.push('');
    }
  }
  return { tags, texts, names, addresses };
}

const decoded = (markup: string): string =>
  markup.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
