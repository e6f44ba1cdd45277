import { fileOf, form, publish, send, unlimited, useSandbox } from './testing';

const ada = 'ada_bot';
const bob = 'bob_bot';
const browser = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const { sandbox, get, post, patch, remove } = useSandbox({
  agents: [ada, bob],
  limits: unlimited,
  generationStepMs: 1,
});

const open = async (path: string, headers: Record<string, string> = browser) =>
  await send(sandbox, 'GET', path, { headers });
const page = async (path: string) => (await open(path)).text;

const uploadImage = async (folder: string) =>
  await post(
    '/api/upload',
    ada,
    form(fileOf('image/webp'), 'image/webp', { purpose: 'post', folder }),
  );
const uploadVideo = async (by: string, purpose: string) =>
  await post('/api/upload/video', by, form(fileOf('video/mp4'), 'video/mp4', { purpose }));

/** The addresses of this sandbox in an answer, however deep. */
function addressesIn(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith(sandbox.url) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(addressesIn);
}

/** Uses the service in every way that has to do with addresses, and gives all answers. */
async function useEverything(): Promise<unknown[]> {
  const answers: unknown[] = [];
  const keep = async (answer: ReturnType<typeof get>) => {
    const { status, body } = await answer;
    expect(status).toBeLessThan(300);
    answers.push(body);
    return body;
  };
  await keep(post('/api/agents/me/avatar', ada, form(fileOf('image/gif'), 'image/gif')));
  await keep(post('/api/upload', ada, form(fileOf('image/png'), 'image/png', { purpose: 'post' })));
  const image = await keep(uploadImage('images'));
  const odd = await keep(uploadImage('my pictures/../50%?#é'));
  const video = await keep(uploadVideo(bob, 'post'));
  const short = await keep(uploadVideo(ada, 'byte'));
  const { post: first } = await keep(
    post('/api/posts', ada, { content: `Hello @${bob} #news`, mediaIds: [image.id, odd.id] }),
  );
  await keep(post('/api/posts', bob, { content: 'A film', mediaIds: [video.id] }));
  await keep(post(`/api/posts/${first.id}/quote`, bob, { content: 'See this' }));
  await keep(post(`/api/posts/${first.id}/repost`, bob));
  await keep(post(`/api/posts/${first.id}/comments`, bob, { content: `Fine, @${ada}` }));
  await keep(post('/api/bytes', ada, { caption: 'A byte #news', mediaId: short.id }));
  const { service } = await keep(
    post('/api/marketplace/services', ada, {
      ...{ title: 'Pictures', description: 'Any', price: 500, category: 'CREATIVE' },
      thumbnailUrl: image.url,
    }),
  );
  await keep(
    post('/api/marketplace/orders', bob, { serviceId: service.id, paymentMethod: 'COINBASE' }),
  );
  await keep(post('/api/marketplace/connect', ada));
  for (const [provider, generationType] of [
    ['RUNWARE', 'image'],
    ['RUNWARE', 'video'],
    ['ELEVENLABS', 'voice'],
  ]) {
    await post('/api/settings/services', ada, { provider, apiKey: `sk-${'a'.repeat(40)}` });
    await keep(post('/api/generate', ada, { provider, generationType, prompt: 'A city' }));
  }
  while (sandbox.state.posts.size < 7) await new Promise((soon) => setTimeout(soon, 5));
  for (const path of ['/api/posts', '/api/bytes', '/api/agents', '/api/marketplace/services']) {
    await keep(get(path));
  }
  for (const path of [
    '/api/upload',
    '/api/agents/me',
    '/api/notifications',
    '/api/generate/history',
  ]) {
    await keep(get(path, ada));
  }
  return answers;
}

const types: Record<string, string> = {
  ...{ gif: 'image/gif', png: 'image/png', webp: 'image/webp' },
  ...{ mp4: 'video/mp4', mp3: 'audio/mpeg', svg: 'image/svg+xml', css: 'text/css; charset=utf-8' },
};

describe('what opens', () => {
  it('is every address that an answer gives', async () => {
    const addresses = new Set(addressesIn(await useEverything()));

    const kinds: string[] = [];
    for (const address of addresses) {
      const path = address.slice(sandbox.url.length);
      const { status, headers } = await open(path);
      const [, kind, extension] = /^\/(\w+)\/.*?(?:\.(\w+))?$/.exec(path) ?? [];
      kinds.push(extension ?? kind);
      expect([path, status, headers['content-type']]).toEqual([
        path,
        200,
        types[extension] ?? 'text/plain; charset=utf-8',
      ]);
    }
    expect(new Set(kinds)).toEqual(
      new Set(['gif', 'png', 'webp', 'mp4', 'mp3', 'checkout', 'onboarding']),
    );
  });

  it('is the page of every post, byte and agent, in every language', async () => {
    await useEverything();
    const { posts, bytes, agents } = sandbox.state;
    const paths = [
      ...[...posts.keys()].map((id) => `/post/${id}`),
      ...[...bytes.keys()].map((id) => `/byte/${id}`),
      ...[...agents.values()].flatMap(({ handle }) => [`/agent/${handle}`, `/agent/@${handle}`]),
      '/',
    ];
    expect(paths).toHaveLength(7 + 1 + 4 + 1);
    expect(await open('/en')).toMatchObject({ status: 302, headers: { location: '/' } });
    for (const path of paths.flatMap((each) => [each, `/en${each}`])) {
      const { status, headers } = await open(path);
      expect([path, status, headers['content-type']]).toEqual([
        path,
        200,
        'text/html; charset=utf-8',
      ]);
    }
  });

  it('is whatever a page links to or shows', async () => {
    await useEverything();
    // Longer than the router takes a parameter to be.
    await publish(sandbox, ada, `#${'𝒶'.repeat(499)}`);
    await publish(sandbox, ada, `#Ünïcode_1 and @${bob}, but not @nobody or a#b`);
    const seen = new Set(['/']);
    for (const path of seen) {
      const { status, text, headers } = await open(path);
      expect([path, status]).toEqual([path, 200]);
      if (!headers['content-type'].startsWith('text/html')) continue;
      for (const [, local] of text.matchAll(/(?:href|src)="(\/[^"]*)"/g)) seen.add(local);
    }
    expect([...seen]).toEqual(
      expect.arrayContaining([
        '/style.css',
        `/agent/${bob}/avatar.svg`,
        `/hashtag/${encodeURIComponent('ünïcode_1')}`,
        `/hashtag/${encodeURIComponent('𝒶'.repeat(499))}`,
        ...[...sandbox.state.posts.keys()].map((id) => `/post/${id}`),
      ]),
    );
    expect([...seen].filter((path) => /nobody|\/hashtag\/b$/.test(path))).toEqual([]);
  });
});

describe('for who asks for what is not there', () => {
  it.each([
    ['/post/post_1', 'Post not found: post_1'],
    ['/en/byte/byte_1', 'Byte not found: byte_1'],
    ['/agent/nobody', 'Agent not found: nobody'],
    ['/agent/nobody/avatar.svg', 'Agent not found: nobody'],
    ['/uploads/images/a.png', 'File not found: /uploads/images/a.png'],
    ['/what/<b>?ever', 'Page not found: /what/&#60;b&#62;'],
  ])('%s is a page to a browser and JSON to a client', async (path, message) => {
    const shown = await open(path);
    expect([shown.status, shown.headers['content-type']]).toEqual([
      404,
      'text/html; charset=utf-8',
    ]);
    expect(shown.text).toContain(message);

    for (const accept of ['*/*', 'application/json,text/html;q=0.9,*/*;q=0.8']) {
      const answer = await open(path, { Accept: accept });
      expect(answer).toMatchObject({ status: 404, body: { error: 'not_found' } });
    }
  });

  it('the API answers a browser as it answers everybody', async () => {
    expect(await open('/api/posts/post_1')).toMatchObject({
      status: 404,
      body: { error: 'not_found', message: 'Post not found: post_1' },
    });
    expect((await open('/api/nothing')).body.message).toBe('Endpoint not found: GET /api/nothing');
    expect((await open('/api/auth/token')).status).toBe(405);
  });
});

it('pages spend no budget, meet no fault and are not recorded', async () => {
  const { url } = (await uploadImage('images')).body;
  const id = await publish(sandbox, ada, 'Hi');
  sandbox.requests.clear();
  sandbox.settings.limits.reads = 2;
  sandbox.faults.add({ fault: { kind: 'status', status: 503, body: {} } });
  const paths = ['/', `/post/${id}`, `/agent/${ada}`, new URL(url).pathname, '/style.css'];
  for (const path of paths) expect([path, (await open(path)).status]).toEqual([path, 200]);
  expect((await open('/nothing')).status).toBe(404);
  expect(sandbox.requests).toHaveLength(0);
  expect((await get('/api/posts')).status).toBe(503);
  sandbox.settings.limits.reads = Infinity;
});

it('nothing runs in a page, nothing is loaded from elsewhere and nothing secret is shown', async () => {
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

it('a page shows what was done to a post', async () => {
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

it('a page shows who an agent is and what it offers', async () => {
  await patch('/api/agents/me', ada, {
    name: 'Ada L.',
    bio: `I know @${bob}`,
    agentType: 'ANALYST',
  });
  await patch('/api/agents/me/capabilities', ada, { skills: ['poetry'], responseTime: 'fast' });
  await post('/api/marketplace/services', ada, {
    ...{ title: 'Poems', description: 'In any metre', price: 1250, category: 'CREATIVE' },
    ...{ deliveryDays: 1, tags: ['verse'] },
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
    'Poems $12.50 In any metre CREATIVE verse 1 day · 0 reviews',
    'A poem',
  ]) {
    expect(text).toContain(part);
  }
});

it('a long list goes on with older entries', async () => {
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

/** What a page says, without its markup. */
const textOf = (markup: string): string =>
  markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[,:])/g, '');
