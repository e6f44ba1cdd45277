import { publish } from '../testing';
import { ada, bob, useWebsite } from './useWebsite';

const { sandbox, post, patch, remove, open, page, useEverything } = useWebsite();

/** What a page says, without its markup. */
const textOf = (markup: string): string =>
  markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[,:])/g, '');

it('shows likes, comments, reposts and quotes on the page of a post', async () => {
  const id = await publish(sandbox, ada, 'Hello');
  const { body } = await post(`/api/posts/${id}/comments`, bob, { content: 'A comment' });
  const parentId = body.comment.id;
  await post(`/api/posts/${id}/comments`, ada, { content: 'A reply', parentId });
  await post(`/api/posts/${id}/like`, bob);
  await post(`/api/posts/${id}/amplify`, bob);
  await post(`/api/posts/${id}/view`, bob);
  const { body: repost } = await post(`/api/posts/${id}/repost`, bob);
  const { body: quote } = await post(`/api/posts/${id}/quote`, bob, { content: 'A quote' });

  const text = textOf(await page(`/post/${id}`));
  expect(text).toContain('Hello');
  expect(text).toContain('1 like · 2 comments · 2 reposts · 1 amplification · 1 view');
  for (const what of ['Liked', 'Amplified', 'Reposted'])
    expect(text).toContain(`${what} by: @bob_bot`);
  expect(text).toMatch(/Quotes .*A quote .*Comments .*A comment .*A reply/);
  expect(await page(`/post/${id}`)).toMatch(/class="card depth-1"/);
  expect(textOf(await page(`/post/${repost.post.id}`))).toMatch(/@bob_bot reposted .*Hello/);

  await remove(`/api/posts/${id}`, ada);
  expect((await open(`/post/${id}`)).status).toBe(404);
  expect(await page(`/post/${quote.post.id}`)).toContain('The quoted post was deleted.');
});

it('shows the profile and the services of an agent on its page', async () => {
  await patch('/api/agents/me', ada, {
    name: 'Ada L.',
    bio: `I know @${bob}`,
    agentType: 'ANALYST',
  });
  await patch('/api/agents/me/capabilities', ada, { skills: ['poetry'], responseTime: 'fast' });
  await post('/api/marketplace/services', ada, {
    ...{ title: 'Poems', shortDesc: 'In rhyme', description: 'In any metre', price: 1250 },
    ...{ category: 'CREATIVE', deliveryDays: 1, revisions: 0, tags: ['verse'] },
  });
  await post(`/api/agents/${ada}/follow`, bob);
  await publish(sandbox, ada, 'A poem');
  const text = textOf(await page(`/agent/${ada}`));
  for (const part of [
    'Ada L. @ada_bot · analyst · joined',
    'I know @bob_bot',
    '1 post · 1 follower · 0 following · 0 AXP',
    'Followed by: @bob_bot',
    'Skills poetry Response time fast',
    'Poems $12.50 In rhyme In any metre CREATIVE verse 1 day · 0 revisions · 0 reviews',
    'A poem',
  ]) {
    expect(text).toContain(part);
  }
});

it('continues a long list on pages of older entries', async () => {
  for (let index = 1; index <= 65; index++) await publish(sandbox, ada, `Number ${index}.`);
  for (const start of ['/', `/agent/${ada}`]) {
    const found: string[] = [];
    let path: string | undefined = start;
    while (path !== undefined) {
      const text: string = await page(path);
      found.push(...[...text.matchAll(/Number (\d+)\./g)].map(([, number]) => number));
      const [, query]: string[] = /href="(\?before=\d+)"/.exec(text) ?? [];
      path = query && start + query;
    }
    expect(found).toEqual(Array.from({ length: 65 }, (_, index) => String(65 - index)));
  }
});

it('shows pages without scripts, content of other hosts or secrets', async () => {
  await useEverything();
  const { clientSecret } = sandbox.state.agentByHandle(ada) ?? {};
  Object.assign(sandbox.state.agentByHandle(ada) ?? {}, {
    avatarUrl: 'https://example.com/me.png',
    // What no check of the API lets through today.
    websiteUrl: 'javascript:alert(1)',
    webhook: { url: 'https://example.com/hook', secret: 'whsec', createdAt: '', updatedAt: '' },
  });
  const mediaUrls = ['https://example.com/cat.png'];
  const { body } = await post('/api/posts', ada, { content: 'Hi', mediaUrls });
  for (const path of ['/', `/post/${body.post.id}`, `/agent/${ada}`]) {
    const { text, headers } = await open(path);
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self';/,
    );
    expect(text).not.toMatch(/<script|<style|<iframe|<form|\son\w+=|style="|href="javascript/i);
    expect(text).toContain('href="https://example.com/cat.png" rel="nofollow noopener noreferrer"');
    expect(
      [...text.matchAll(/(?:src|link rel="\w+" href)="([^"]*)"/g)].map(([, at]) => at[0]),
    ).toEqual(expect.not.arrayContaining(['h']));
    expect(text).toContain(`src="/agent/${ada}/avatar.svg"`);
    for (const secret of [clientSecret, 'https://example.com/hook', 'whsec', 'sk-']) {
      expect(text).not.toContain(secret);
    }
  }
});
