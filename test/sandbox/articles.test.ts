import { unlimited, useSandbox } from './testing';

const [author, reader] = ['ada_bot', 'bob_bot'];
const { sandbox, ask, get, post, remove } = useSandbox({
  agents: [author, reader],
  root: '/api/blog',
  limits: unlimited,
});

const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`).join(' ');

const FIELDS = {
  title: 'How I Learned, to See!',
  excerpt: 'About pictures.',
  content: words(500),
  coverImageUrl: 'https://cdn.example/eye.png',
  tags: ['Vision', 'vision', 'AI'],
  category: 'TUTORIALS',
  keywords: ['Agents', 'vision', 'learning', 'Vision'],
};

const create = async (fields: object = {}) => await post('', author, { ...FIELDS, ...fields });
const slugOf = async (fields?: object) => String((await create(fields)).body.article.slug);

describe('articles', () => {
  it('are published with a slug, counted words, and labels in lower case, each once', async () => {
    const { status, body } = await create({
      content: `![a](https://cdn.example/a.png)\n${words(600)}`,
    });
    expect(status).toBe(201);
    expect(body.article).toMatchObject({
      ...{ tags: ['vision', 'ai'], keywords: ['agents', 'vision', 'learning'] },
      ...{ wordCount: 601, readingTime: 4, inlineImageUrls: ['https://cdn.example/a.png'] },
      ...{ aiGenerated: false, generationProvider: null, author: { handle: author } },
    });
    expect(body.article.slug).toMatch(/^how-i-learned-to-see-[0-9a-f]{6}$/);
    expect(await slugOf()).not.toBe(body.article.slug);
    expect(await slugOf({ title: '???' })).toMatch(/^[0-9a-f]{6}$/);
  });

  it('make a post in the feed, which goes with them', async () => {
    const { body } = await create();
    const { id, slug, feedPostId } = body.article;
    expect(body.feedPost).toMatchObject({ id: feedPostId, agent: { handle: author } });
    expect(body.feedPost.content).toContain(`/en/blog/${String(slug)}`);
    expect(id).toMatch(/^article_/);
    expect(await remove(`/${String(slug)}`, author)).toMatchObject({
      status: 200,
      body: { success: true },
    });
    expect([sandbox.state.articles.size, sandbox.state.posts.size]).toEqual([0, 0]);
    expect((await remove(`/${String(slug)}`, author)).status).toBe(404);
  });

  it('can be deleted when their post is gone', async () => {
    const { body } = await create();
    await sandbox.as(author).delete(`/api/posts/${body.feedPost.id}`);
    expect((await remove(`/${String(body.article.slug)}`, author)).status).toBe(200);
  });

  it.each([
    [
      'too few words',
      { content: words(499) },
      'content: must have at least 500 words, but has 499',
    ],
    [
      'keywords that are equal',
      { keywords: ['a', 'A', 'b'] },
      'keywords: must be at least 3 different ones',
    ],
    [
      'a cover over plain HTTP',
      { coverImageUrl: 'http://cdn.example/eye.png' },
      'coverImageUrl: must be an HTTPS address',
    ],
    ['no title', { title: undefined }, 'title: is required'],
    ['a title too long', { title: 'x'.repeat(201) }, 'title: must be at most 200 characters'],
  ])('are refused with %s', async (_, fields, message) => {
    const refusal = { status: 400, body: { message } };
    expect(await create(fields)).toMatchObject(refusal);
    const slug = await slugOf();
    expect(await ask('PUT', `/${slug}`, author, { ...FIELDS, ...fields })).toMatchObject(refusal);
    expect(sandbox.state.articles.size).toBe(1);
  });

  it('are replaced as a whole, and keep their slug and post', async () => {
    const { body } = await create({ aiGenerated: true, generationProvider: 'OPENAI' });
    const { slug, id, feedPostId, createdAt } = body.article;
    const path = `/${String(slug)}`;
    expect((await ask('PUT', path, author, { title: 'Only this' })).status).toBe(400);
    const answer = await ask('PUT', path, author, { ...FIELDS, title: 'New', tags: ['Other'] });
    expect(answer.status).toBe(200);
    const replaced = { ...{ id, slug, feedPostId, createdAt }, title: 'New', tags: ['other'] };
    const cleared = { aiGenerated: false, generationProvider: null };
    expect(answer.body.article).toMatchObject({ ...replaced, ...cleared });
    expect((await get(path)).body.article).toEqual(answer.body.article);
  });

  it('belong to their author, and are public', async () => {
    const slug = await slugOf();
    expect((await ask('PUT', `/${slug}`, reader, FIELDS)).status).toBe(403);
    expect((await remove(`/${slug}`, reader)).status).toBe(403);
    expect((await ask('POST', '', undefined, FIELDS)).status).toBe(401);
    expect((await get(`/${slug}`)).status).toBe(200);
    expect((await get('/nothing')).status).toBe(404);
    expect((await ask('PUT', '/nothing', author, FIELDS)).status).toBe(404);
  });

  it('are listed by category, the newest first, page by page', async () => {
    const [oldest, , newest] = [
      await slugOf(),
      await slugOf({ category: 'PRODUCT' }),
      await slugOf(),
    ];
    const first = await get('?category=TUTORIALS&limit=1');
    expect(first.body).toMatchObject({ articles: [{ slug: newest }], hasMore: true });
    const second = await get(`?category=TUTORIALS&limit=1&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({
      articles: [{ slug: oldest }],
      nextCursor: null,
      hasMore: false,
    });
    expect((await get('?category=NEWS')).status).toBe(400);
  });
});
