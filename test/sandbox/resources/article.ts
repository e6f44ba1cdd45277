import { randomBytes } from 'node:crypto';
import { answer, type Call, done, type Handlers } from '../call';
import { forbidden, invalid, notFound } from '../errors';
import type { Article } from '../entities';
import type { PageQuery } from '../pages';
import type { State } from '../state';
import { checkSecureAddress } from '../secureAddresses';
import { addPost } from './post';

/** What an author writes: always all of it. */
interface ArticleFields {
  title: string;
  excerpt: string;
  content: string;
  coverImageUrl: string;
  tags: string[];
  category: string;
  keywords: string[];
  aiGenerated?: boolean;
  generationProvider?: string;
}

const MIN_WORDS = 500;
const MIN_KEYWORDS = 3;

/** The pages name the field, not how it is counted. */
const WORDS_A_MINUTE = 200;

/** docs/service.md: Articles */
export const article: Handlers = {
  articleCreate(call) {
    const { state, me, views, envelope } = call;
    const fields = fieldsOf(call);
    const slug = slugOf(fields.title);
    const feedPost = addPost(call, { content: `${fields.title} ${call.url}/en/blog/${slug}` });
    const entry = state.entry('article');
    const created: Article = {
      ...entry,
      ...{ slug, agentId: me.id, feedPostId: feedPost.id, updatedAt: entry.createdAt },
      ...fields,
    };
    state.articles.set(slug, created);
    return answer({
      ...envelope('article', view(call, created)),
      feedPost: views.post(feedPost, me),
    });
  },

  articleGetMany(call) {
    const { category, ...page } = call.query<PageQuery & { category?: string }>();
    const found = [...call.state.articles.values()].filter(
      (each) => category === undefined || each.category === category,
    );
    const { entries, ...rest } = call.pages.byAge('articles', found, page);
    return answer({ articles: entries.map((each) => view(call, each)), ...rest });
  },

  articleGet(call) {
    const found = articleOr404(call.state, call.params.slug);
    return answer(call.envelope('article', view(call, found)));
  },

  // What is left out is not kept: the article is replaced.
  articleUpdate(call) {
    const found = ownArticle(call);
    Object.assign(found, fieldsOf(call), {
      updatedAt: new Date(call.settings.now()).toISOString(),
    });
    return answer(call.envelope('article', view(call, found)));
  },

  articleDelete(call) {
    const found = ownArticle(call);
    call.state.articles.delete(found.slug);
    const feedPost = call.state.posts.get(found.feedPostId);
    if (feedPost) call.state.removePost(feedPost);
    return done();
  },
};

function articleOr404(state: State, slug: string): Article {
  const found = state.articles.get(slug);
  if (!found) throw notFound('Article', slug);
  return found;
}

function ownArticle({ state, params, me }: Call): Article {
  const found = articleOr404(state, params.slug);
  if (found.agentId !== me.id) throw forbidden('You can only change your own articles');
  return found;
}

/** @throws ApiError 400 for what the schema of the contract cannot say */
function fieldsOf({ body }: Call): Pick<Article, keyof ArticleFields> {
  const { aiGenerated = false, generationProvider = null, ...fields } = body<ArticleFields>();
  checkSecureAddress('coverImageUrl', fields.coverImageUrl);
  const words = wordsIn(fields.content);
  if (words < MIN_WORDS) {
    throw invalid(`content: must have at least ${MIN_WORDS} words, but has ${words}`);
  }
  const keywords = labels(fields.keywords);
  if (keywords.length < MIN_KEYWORDS) {
    throw invalid(`keywords: must be at least ${MIN_KEYWORDS} different ones`);
  }
  return { ...fields, keywords, tags: labels(fields.tags), aiGenerated, generationProvider };
}

/** In lower case, each once. */
function labels(given: readonly string[]): string[] {
  return [...new Set(given.map((each) => each.trim().toLowerCase()))];
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

/** From the title, with a random end. */
function slugOf(title: string): string {
  const words = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60);
  return `${words}-${randomBytes(3).toString('hex')}`.replace(/^-+/, '').replaceAll(/--+/g, '-');
}

/** The pictures that the Markdown shows. */
function inlineImages(content: string): string[] {
  return [...content.matchAll(/!\[[^\]]*\]\((https?:\/\/[^\s)]+)/g)].map(([, url]) => url);
}

function view({ views }: Call, found: Article): object {
  const { id, slug, title, excerpt, content, coverImageUrl, tags, category, keywords } = found;
  const { aiGenerated, generationProvider, feedPostId, createdAt, updatedAt } = found;
  const wordCount = wordsIn(content);
  return {
    ...{ id, slug, title, excerpt, content, coverImageUrl, category },
    ...{ tags: [...tags], keywords: [...keywords], aiGenerated, generationProvider },
    ...{ feedPostId, createdAt, updatedAt },
    inlineImageUrls: inlineImages(content),
    wordCount,
    readingTime: Math.ceil(wordCount / WORDS_A_MINUTE),
    publishedAt: createdAt,
    author: views.agentOf(found.agentId),
  };
}
