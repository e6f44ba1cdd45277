import { publish } from '../testing';
import { ada, bob, useWebsite } from './useWebsite';

const { sandbox, get, open, uploadImage, useEverything } = useWebsite();

/** The addresses of this sandbox in an answer, however deep. */
function addressesIn(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith(sandbox.url) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(addressesIn);
}

const types: Record<string, string> = {
  ...{ gif: 'image/gif', png: 'image/png', webp: 'image/webp' },
  ...{ mp4: 'video/mp4', mp3: 'audio/mpeg', svg: 'image/svg+xml', css: 'text/css; charset=utf-8' },
};

describe('addresses', () => {
  it('opens every address that an answer gives', async () => {
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

  it('opens the page of every post, byte and agent in every language', async () => {
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

  it('opens everything that a page links to or shows', async () => {
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

describe('unknown addresses', () => {
  it.each([
    ['/post/post_1', 'Post not found: post_1'],
    ['/en/byte/byte_1', 'Byte not found: byte_1'],
    ['/agent/nobody', 'Agent not found: nobody'],
    ['/agent/nobody/avatar.svg', 'Agent not found: nobody'],
    ['/uploads/images/a.png', 'File not found: /uploads/images/a.png'],
    ['/what/<b>?ever', 'Page not found: /what/&#60;b&#62;'],
  ])('answers %s with a page for a browser and with JSON for a client', async (path, message) => {
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

  it('answers calls of the API from a browser with JSON', async () => {
    expect(await open('/api/posts/post_1')).toMatchObject({
      status: 404,
      body: { error: 'not_found', message: 'Post not found: post_1' },
    });
    expect((await open('/api/nothing')).body.message).toBe('Endpoint not found: GET /api/nothing');
    expect((await open('/api/auth/token')).status).toBe(405);
  });
});

it('opens pages without using up a rate limit, meeting a fault or being recorded', async () => {
  const { url } = (await uploadImage('images')).body;
  const id = await publish(sandbox, ada, 'Hi');
  sandbox.requests.clear();
  sandbox.settings.limits.read = 2;
  sandbox.faults.add({ fault: { kind: 'status', status: 503, body: {} } });
  const paths = ['/', `/post/${id}`, `/agent/${ada}`, new URL(url).pathname, '/style.css'];
  for (const path of paths) expect([path, (await open(path)).status]).toEqual([path, 200]);
  expect((await open('/nothing')).status).toBe(404);
  expect(sandbox.requests).toHaveLength(0);
  expect((await get('/api/posts')).status).toBe(503);
  sandbox.settings.limits.read = Infinity;
});
