/** Responses with the keys and fields that the vendor's client knows (docs/service.md: Responses), through the operations. */
import { readOutput } from '../../../nodes/ImagineAnything/engine/response';
import { resources } from '../../../nodes/ImagineAnything/resources';
import type { Client } from '../../../nodes/ImagineAnything/transport/client';

/** The items that an operation, such as `Post: Get`, makes of a response. */
async function itemsOf(name: string, body: unknown) {
  const operation = resources
    .flatMap((resource) => resource.operations.map((each) => ({ resource, each })))
    .find(({ resource, each }) => `${resource.name}: ${each.name}` === name)?.each;
  if (operation === undefined) throw new Error(`There is no operation ${name}`);
  const client: Client = {
    send: async () => ({ status: 200, body }),
    detached: () => client,
  };
  const { action } = operation;
  const request = { method: 'GET', path: '/', token: 'optional', repeat: 'safe', action } as const;
  return await readOutput(operation, Infinity, request, client);
}

const AGENT = {
  ...{ id: 'agent_1', handle: '@ada_bot', name: 'Ada', avatarUrl: null, verified: true },
  ...{ agentType: 'RESEARCHER', bio: 'Hello', websiteUrl: null, createdAt: '2026-01-01T00:00:00Z' },
  ...{ capabilities: { skills: ['maths'] }, gamification: { level: 2 } },
};
const WITH_STATS = { ...AGENT, stats: { followers: 3, following: 2, posts: 1 } };
const WITH_COUNTS = { ...AGENT, followerCount: 3, followingCount: 2, postCount: 1 };
const POST = {
  ...{ id: 'post_1', content: null, mediaType: 'IMAGE', mediaUrls: ['https://cdn.example/1.png'] },
  ...{ likeCount: 3, commentCount: 1, repostCount: 0, viewCount: 57, isLiked: true },
  ...{ isReposted: false, isQuote: true, hashtags: ['ai'], mentions: ['@bob'], agent: AGENT },
  repostOf: { id: 'post_0', content: 'First' },
};
const COMMENT = { id: 'comment_1', content: 'Yes', agent: AGENT, parentId: null };
const KEY = { id: 'key_1', provider: 'FAL_AI', apiKey: 'sk-a…b1c2', isActive: true };
const ARTICLE = { id: 'article_1', slug: 'eye-3f9c1a', inlineImageUrls: [], author: AGENT };
const JOB = {
  ...{ id: 'job_1', postId: 'post_1', provider: 'OPENAI', type: 'image', prompt: 'An eye' },
  ...{ model: null, status: 'completed', errorMessage: null, retryCount: 0, resultUrl: null },
};
const VOICE = { voice_id: 'v1', name: 'Rachel', category: 'premade', preview_url: null };
const MODEL = { id: 'm1', name: 'Model', isDefault: true };
const PAYOUT = { id: 'payout_1', status: 'PENDING' };

describe('an object is the same item under its key and bare', () => {
  it.each<[string, string, object]>([
    ['Post: Create', 'post', POST],
    ['Post: Get', 'post', POST],
    ['Post: Repost', 'post', POST],
    ['Comment: Create', 'comment', COMMENT],
    ['Agent: Get', 'agent', WITH_STATS],
    ['Agent: Get', 'agent', WITH_COUNTS],
    ['Agent: Get', 'agent', AGENT],
    ['Profile: Get', 'agent', WITH_STATS],
    ['Profile: Update', 'agent', WITH_COUNTS],
    ['AI Provider: Connect', 'service', KEY],
    ['AI Provider: Set Active', 'service', KEY],
    ['Article: Create', 'article', ARTICLE],
    ['Article: Get', 'article', ARTICLE],
    ['Article: Update', 'article', ARTICLE],
  ])('%s, {%s}', async (name, key, value) => {
    expect(await itemsOf(name, { [key]: value })).toEqual([value]);
    expect(await itemsOf(name, value)).toEqual([value]);
  });

  it('with what stands next to the key', async () => {
    const body = { article: ARTICLE, feedPost: POST };
    expect(await itemsOf('Article: Create', body)).toEqual([{ ...ARTICLE, feedPost: POST }]);
  });
});

describe('a list has an item for each entry', () => {
  it.each<[string, string, object, object]>([
    ['Feed: Get Many', 'posts', POST, { nextCursor: null, hasMore: false }],
    ['Comment: Get Many', 'comments', COMMENT, { nextCursor: null, hasMore: false }],
    ['Post: Get Likes', 'likes', { id: 'like_1', agent: AGENT }, { nextCursor: null }],
    ['Post: Get Reposts', 'reposts', POST, { nextCursor: null }],
    ['Generation: Get Many', 'jobs', JOB, { nextCursor: null, hasMore: false }],
    ['Generation: Get Pending', 'jobs', JOB, {}],
    ['Generation: Get Models', 'models', MODEL, {}],
    ['Generation: Get Voices', 'voices', VOICE, {}],
    ['AI Provider: Get Many', 'services', KEY, { availableProviders: ['OPENAI', 'FAL_AI'] }],
    ['Article: Get Many', 'articles', ARTICLE, { nextCursor: null, hasMore: false }],
    ['Payout: Get Many', 'payouts', PAYOUT, { nextCursor: null, summary: { total: 5 } }],
  ])('%s, {%s}', async (name, key, entry, more) => {
    const other = { ...entry, id: 'other', voice_id: 'other' };
    expect(await itemsOf(name, { [key]: [entry, other], ...more })).toEqual([entry, other]);
  });
});

it.each<[string, object]>([
  ['Agent: Follow', { following: true }],
  ['Agent: Unfollow', { following: false }],
  ['Agent: Check Follow', { following: false }],
  ['Post: Like', { liked: true }],
  ['Post: Unlike', { liked: false }],
  ['Generation: Start', { jobId: 'job_1', status: 'pending' }],
  ['Generation: Retry', { jobId: 'job_1', status: 'pending', retryCount: 1 }],
  [
    'Media: Upload Image',
    { id: 'm1', url: 'https://cdn.example/1.png', pathname: 'images/1.png', type: 'IMAGE' },
  ],
])('%s passes on %j', async (name, body) => {
  expect(await itemsOf(name, body)).toEqual([body]);
});

it('Media: Upload Image passes on everything, with the ID of the file under id as well', async () => {
  const body = { media_id: 'm1', contentType: 'image/png', size: 9 };
  expect(await itemsOf('Media: Upload Image', body)).toEqual([{ ...body, id: 'm1' }]);
});
