/** Articles from the first call to the last, in n8n, against the state of the sandbox. */
import { createHash } from 'node:crypto';
import { ARTICLE, articleOf, ownArticle, wordsOf } from '../operations/article';
import { uploads } from '../operations/media';
import { byId, PNG } from '../operations/fixture';
import type { Fault } from '../sandbox/faults';
import { binary } from './support/n8n';
import { CREDENTIAL, useN8n } from './support/useN8n';

const { n8n, sandbox, fixture, run: runNode } = useN8n();

const run = async (operation: string, parameters: object = {}) =>
  await runNode({ resource: 'article', operation, ...parameters });
const sent = (operationId: string) => sandbox.requests.of(operationId);

const LINK = { coverSource: 'link', coverImageUrl: 'https://example.com/eye.png' };

/** A text that is easily changed on the way: spaces, line ends, signs of JSON and HTML, parts of characters. */
const DELICATE = `\uFEFF  \r\n\t"{{ $json.x }}" =1 \\u0041 <b>&amp;</b> e\u0301 👩‍👩‍👧‍👦 \u2028 ${wordsOf(500)}\n\n `;

test('an article is published, read, listed, changed and deleted', async () => {
  const created = await run('create', { ...ARTICLE, ...LINK, additionalFields: {} });
  expect(created.error).toBeUndefined();
  const { slug, feedPostId } = ownArticle(fixture);
  expect(created.json).toMatchObject([{ slug, feedPostId, feedPost: { id: feedPostId } }]);
  const article = byId(slug);
  expect(sandbox.state.posts.has(feedPostId)).toBe(true);

  const read = await run('get', { article });
  expect(read.json).toMatchObject([{ slug, title: ARTICLE.title, content: ARTICLE.content }]);
  const listed = await run('getMany', { returnAll: true, filters: { category: 'TUTORIALS' } });
  expect(listed.json).toContainEqual(expect.objectContaining({ slug }));

  const updateFields = { title: 'A new title' };
  const changed = await run('update', { article, coverSource: 'unchanged', updateFields });
  expect(changed.json).toMatchObject([{ slug, title: 'A new title', excerpt: ARTICLE.excerpt }]);

  const deleted = await run('delete', { article });
  expect(deleted.json).toMatchObject([{ deleted: true }]);
  expect(sandbox.state.articles.has(slug)).toBe(false);
  expect(sandbox.state.posts.has(feedPostId)).toBe(false);
  expect((await run('get', { article })).error?.description).toBe(
    `The article "${slug}" was not found. It may have been deleted.`,
  );
  expect(sandbox.contractViolations).toEqual([]);
});

test('500 words are published; 499 are refused before anything is sent', async () => {
  const create = async (count: number) =>
    await run('create', { ...ARTICLE, ...LINK, content: wordsOf(count), additionalFields: {} });
  const { error } = await create(499);
  expect(error?.message).toBe('Content: has 499 words, but at least 500 are needed.');
  expect(sandbox.requests).toHaveLength(0);
  expect((await create(500)).json).toMatchObject([{ wordCount: 500 }]);
});

describe('an update of one field', () => {
  it('leaves the others as they were, byte for byte', async () => {
    const { slug } = await articleOf(fixture, 'me', {
      ...{ content: DELICATE, excerpt: ` "${'\\'}" \t= \u00e9 ` },
      ...{ aiGenerated: true, generationProvider: 'GOOGLE_GEMINI' },
    });
    const before = JSON.stringify({ ...ownArticle(fixture), title: '', updatedAt: '' });
    const updateFields = { title: 'A new title' };
    const { error } = await run('update', {
      article: byId(slug),
      ...{ coverSource: 'unchanged', updateFields },
    });
    expect(error).toBeUndefined();
    expect(ownArticle(fixture).title).toBe('A new title');
    expect(JSON.stringify({ ...ownArticle(fixture), title: '', updatedAt: '' })).toBe(before);
  });

  it('keeps what this package does not know, and would not take from a user', async () => {
    const { slug } = await articleOf(fixture, 'me');
    Object.assign(ownArticle(fixture), { category: 'NEW_TO_US', tags: [], content: 'Short' });
    const updateFields = { title: 'A new title' };
    const article = byId(slug);
    await run('update', { article, coverSource: 'unchanged', updateFields });
    expect(sent('articleUpdate').at(-1)?.body).toMatchObject({
      ...{ category: 'NEW_TO_US', tags: [], content: 'Short', title: 'A new title' },
    });
    // It is for the service to say.
    expect(sent('articleUpdate').at(-1)?.status).toBe(400);
  });

  it('reads and writes with the same token', async () => {
    const { slug } = await articleOf(fixture, 'me');
    const updateFields = { title: 'A new title' };
    await run('update', { article: byId(slug), coverSource: 'unchanged', updateFields });
    const calls = [...sent('articleGet'), ...sent('articleUpdate')];
    expect(calls.map(({ agent }) => agent)).toEqual([fixture.me.handle, fixture.me.handle]);
    expect(calls[0].headers.authorization).toBe(calls[1].headers.authorization);
  });

  it('is refused by name for an article of another agent', async () => {
    const { slug } = await articleOf(fixture, 'other');
    const updateFields = { title: 'A new title' };
    const article = byId(slug);
    const { error } = await run('update', { article, coverSource: 'unchanged', updateFields });
    expect(error?.message).toContain('Update article: You can only change your own articles');
    expect(error?.description).toContain(
      `Only its author can change an article, and this one is by @${fixture.other.handle}.`,
    );
  });

  it('needs a field, or a cover image', async () => {
    const { slug } = await articleOf(fixture, 'me');
    const article = byId(slug);
    const { error } = await run('update', { article, coverSource: 'unchanged', updateFields: {} });
    expect(error?.message).toBe(
      'Update Fields: there is nothing to update. Add at least one field.',
    );
    expect(sandbox.requests).toHaveLength(0);
    const changed = await run('update', { article, ...LINK, updateFields: {} });
    expect(changed.json).toMatchObject([{ coverImageUrl: LINK.coverImageUrl }]);
  });

  it('that was refused leaves no uploaded cover image behind', async () => {
    const { slug } = await articleOf(fixture, 'other');
    const { error } = await runNode(
      {
        ...{ resource: 'article', operation: 'update', article: byId(slug) },
        ...{ coverSource: 'binary', binaryPropertyName: 'data', updateFields: {} },
      },
      { input: [{ json: {}, binary: { data: binary(PNG.content, PNG.fileName, PNG.mimeType) } }] },
    );
    expect(error?.description).toContain('The uploaded files were deleted.');
    expect([sent('mediaUploadImage').length, uploads(fixture)]).toEqual([1, []]);
  });
});

describe('the list of the editor', () => {
  /** An own article, two of another agent before it and one after it, by their slugs. */
  const publish = async () => {
    const slugs: string[] = [];
    for (const who of ['other', 'me', 'other', 'other'] as const) {
      slugs.push((await articleOf(fixture, who)).slug);
    }
    sandbox.requests.clear();
    return slugs;
  };
  const list = async () => {
    const { results } = await n8n.search('searchArticles', { credential: CREDENTIAL });
    return results.map(({ value }) => value);
  };

  it('has the articles of the own agent first, and the newest first otherwise', async () => {
    const [first, mine, third, fourth] = await publish();
    expect((await list()).slice(0, 4)).toEqual([mine, fourth, third, first]);
    expect(new Set(await list())).toEqual(new Set(sandbox.state.articles.keys()));
  });

  it('asks once who the own agent is', async () => {
    await publish();
    await list();
    await list();
    expect(sent('profileGet')).toHaveLength(1);
    expect(sent('articleGetMany')).toHaveLength(2);
  });

  it.each<[string, Fault]>([
    ['refuses to say', { kind: 'status', status: 403, body: { error: 'forbidden' } }],
    ['says something else', { kind: 'status', status: 200, body: { handle: 7 } }],
  ])('has the newest first where the service %s who the own agent is', async (_, fault) => {
    const slugs = await publish();
    sandbox.faults.add({ match: { operationId: 'profileGet' }, fault });
    expect((await list()).slice(0, 4)).toEqual(slugs.reverse());
  });
});

test('a deletion of an article of another agent is refused', async () => {
  const { slug } = await articleOf(fixture, 'other');
  const { error } = await run('delete', { article: byId(slug) });
  expect(error?.description).toContain(`is not allowed to do this to article "${slug}"`);
  expect(sandbox.state.articles.has(slug)).toBe(true);
});

test('a link to a cover image must be https', async () => {
  const link = { ...LINK, coverImageUrl: 'http://example.com/eye.png' };
  const { error } = await run('create', { ...ARTICLE, ...link, additionalFields: {} });
  expect(error?.message).toBe(
    'Cover Image URL: "http://example.com/eye.png" must start with https://.',
  );
  expect(sandbox.requests).toHaveLength(0);
});

test('a cover image of the item arrives whole', async () => {
  await runNode(
    {
      ...{ resource: 'article', operation: 'create', ...ARTICLE, additionalFields: {} },
      ...{ coverSource: 'binary', binaryPropertyName: 'data' },
    },
    { input: [{ json: {}, binary: { data: binary(PNG.content, PNG.fileName, PNG.mimeType) } }] },
  );
  const sha256 = createHash('sha256').update(PNG.content).digest('hex');
  expect(uploads(fixture)).toMatchObject([{ sha256, url: ownArticle(fixture).coverImageUrl }]);
});
