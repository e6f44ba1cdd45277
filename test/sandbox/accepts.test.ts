/** The settings for requests that the reference leaves open: what each of their choices takes. */
import type { AcceptOptions } from './acceptOptions';
import { filmOf } from './film';
import { fileOf, form, unlimited, useSandbox, useSandboxes } from './testing';
import { buyer, marketplacePath, seller, serviceFields } from './useMarketplace';

const { sandbox, get, post, patch } = useSandbox({ agents: [seller, buyer], limits: unlimited });
const open = useSandboxes();

const accept = (accepts: Partial<AcceptOptions>) =>
  Object.assign(sandbox.settings.accepts, accepts);
const services = `${marketplacePath}/services`;

it('takes what the contract says by default', async () => {
  const { settings } = await open();
  expect(settings.accepts).toEqual({
    requires: 'documented',
    purposes: 'apart',
    bytePosts: 'video',
    emptyValues: 'clear',
    lists: 'replace',
    filterPrices: 'cents',
    falseFilters: 'opposite',
    paging: 'everywhere',
    webhookUrls: 'whole',
  });
  for (const accepts of [{ requires: 'most' }, { lists: 'cents' }, { colours: 'red' }]) {
    await expect(open({ accepts: accepts as never })).rejects.toThrow(RangeError);
  }
});

describe('what is required', () => {
  const answers = async (path: string, body: object) => {
    const { status, body: answer } = await post(path, seller, body);
    return status === 201 ? status : answer.message;
  };

  it.each(['shortDesc', 'deliveryDays', 'revisions', 'tags'])(
    'has the %s of a service in it, but for a sandbox that requires the least',
    async (name) => {
      const fields = { ...serviceFields, [name]: undefined };
      expect(await answers(services, fields)).toBe(`${name}: is required`);
      accept({ requires: 'asShown' });
      expect(await answers(services, fields)).toBe(`${name}: is required`);
      accept({ requires: 'least' });
      expect(await answers(services, fields)).toBe(201);
    },
  );

  it.each(['title', 'description', 'price', 'category'])(
    'has the %s of a service in it everywhere',
    async (name) => {
      accept({ requires: 'least' });
      const fields = { ...serviceFields, [name]: undefined };
      expect(await answers(services, fields)).toBe(`${name}: is required`);
    },
  );

  it('has what the reference shows in it where the sandbox is set so', async () => {
    const { id } = (await post(services, buyer, serviceFields)).body.service;
    const upload = form(fileOf('video/mp4'), 'video/mp4', { purpose: 'byte' });
    const { media_id: clip } = (await post('/api/upload/video', seller, upload)).body;
    const image = form(fileOf('image/png'), 'image/png', { purpose: 'post' });
    const { media_id: picture } = (await post('/api/upload', seller, image)).body;
    const bodies = [
      [`${marketplacePath}/orders`, 'requirements', { serviceId: id, paymentMethod: 'CARD' }],
      ['/api/reports', 'description', { reason: 'SPAM', reportedPostId: '' }],
      ['/api/bytes', 'caption', { mediaId: clip }],
      ['/api/posts', 'content', { mediaIds: [picture] }],
    ] as const;
    const { id: reportedPostId } = (await post('/api/posts', buyer, { content: 'Buy' })).body.post;
    for (const [path, name, fields] of bodies) {
      const body = 'reportedPostId' in fields ? { ...fields, reportedPostId } : fields;
      accept({ requires: 'asShown' });
      expect([path, await answers(path, body)]).toEqual([path, `${name}: is required`]);
      accept({ requires: 'documented' });
      expect([path, await answers(path, body)]).toEqual([path, 201]);
    }
  });
});

it('limits a video by its purpose, or by the endpoint alone', async () => {
  const upload = async (seconds: number) => {
    const parts = form(filmOf(seconds), 'video/mp4', { purpose: 'byte' });
    return (await post('/api/upload/video', seller, parts)).status;
  };
  expect([await upload(60), await upload(61)]).toEqual([201, 400]);
  accept({ purposes: 'alike' });
  expect([await upload(61), await upload(180), await upload(181)]).toEqual([201, 201, 400]);
});

it('takes an upload for a byte in a post only where purposes are alike, and so in a byte', async () => {
  const upload = async (purpose: string) => {
    const parts = form(fileOf('video/mp4'), 'video/mp4', { purpose });
    return (await post('/api/upload/video', seller, parts)).body.media_id;
  };
  const [forPost, forByte] = [await upload('post'), await upload('byte')];
  const publish = async () => [
    (await post('/api/posts', seller, { mediaIds: [forByte] })).status,
    (await post('/api/bytes', seller, { mediaId: forPost })).status,
  ];
  expect(await publish()).toEqual([400, 400]);
  accept({ purposes: 'alike' });
  expect(await publish()).toEqual([201, 201]);
});

it('has a byte in a post from a video for a post, or from one for a byte', async () => {
  const publish = async (purpose: string) => {
    const parts = form(fileOf('video/mp4'), 'video/mp4', { purpose });
    const { media_id } = (await post('/api/upload/video', seller, parts)).body;
    return (await post('/api/posts', seller, { mediaIds: [media_id], mediaType: 'BYTE' })).status;
  };
  expect([await publish('post'), await publish('byte')]).toEqual([201, 400]);
  accept({ bytePosts: 'byte' });
  expect([await publish('post'), await publish('byte')]).toEqual([400, 201]);
});

it('empties fields in updates, or refuses that', async () => {
  const bio = async (value: string) => await patch('/api/agents/me', seller, { bio: value });
  expect((await bio('')).status).toBe(200);
  accept({ emptyValues: 'refuse' });
  expect((await bio('')).body.message).toBe('bio: must not be empty');
  expect((await bio('I sell')).status).toBe(200);
  const { status } = await patch('/api/agents/me/capabilities', seller, { skills: [] });
  expect(status).toBe(400);
});

it('replaces lists in updates, or adds to them', async () => {
  const { id } = (await post(services, seller, serviceFields)).body.service;
  const update = async (tags: string[]) => {
    const { service } = (await patch(`${services}/${id}`, seller, { tags })).body;
    const { capabilities } = (
      await patch('/api/agents/me/capabilities', seller, { skills: tags, languages: ['en'] })
    ).body;
    expect(capabilities).toMatchObject({ skills: service.tags, languages: ['en'] });
    return service.tags;
  };
  expect(await update(['one'])).toEqual(['one']);
  accept({ lists: 'add' });
  expect(await update(['two', 'one'])).toEqual(['one', 'two']);
});

it('counts the prices of filters in cents or in dollars', async () => {
  for (const price of [499, 500, 50_000]) await post(services, seller, { ...serviceFields, price });
  const found = async (query: string) =>
    (await get(`${services}?sortBy=price&sortOrder=asc&${query}`)).body.services.map(
      ({ price }) => price,
    );
  expect(await found('maxPrice=500')).toEqual([499, 500]);
  expect(await found('minPrice=500')).toEqual([500, 50_000]);
  accept({ filterPrices: 'dollars' });
  expect(await found('maxPrice=500')).toEqual([499, 500, 50_000]);
  expect(await found('minPrice=5')).toEqual([500, 50_000]);
});

it('finds the others where a filter is false, or everything', async () => {
  sandbox.registerAgent({ handle: 'cy_bot', name: 'Cy', verified: true });
  const found = async () =>
    (await get('/api/agents?verified=false')).body.agents.map(({ handle }) => handle);
  expect(await found()).toEqual([buyer, seller]);
  accept({ falseFilters: 'all' });
  expect(await found()).toEqual(['cy_bot', buyer, seller]);
});

it('has pages everywhere, or as the reference shows them', async () => {
  sandbox.registerAgent({ handle: 'cy_bot', name: 'Cy' });
  for (const participantHandle of [buyer, 'cy_bot']) {
    await post('/api/conversations', seller, { participantHandle, message: 'Hello' });
  }
  for (let number = 0; number < 60; number++) {
    await post('/api/posts', seller, { content: `Post ${number}` });
  }
  const sizes = async () => {
    const { conversations, nextCursor } = (await get('/api/conversations?limit=1', seller)).body;
    const { posts } = (await get('/api/posts?limit=100')).body;
    return [conversations.length, nextCursor === null, posts.length];
  };
  expect(await sizes()).toEqual([1, false, 60]);
  accept({ paging: 'asShown' });
  expect(await sizes()).toEqual([2, true, 50]);
});

it('keeps the URL of a webhook with its query or without it', async () => {
  const configured = async () =>
    (await patch('/api/agents/me/webhook', seller, { webhookUrl: 'https://x.example/a?b=c' })).body
      .webhook;
  expect(await configured()).toMatchObject({ webhookUrl: 'https://x.example/a?b=c' });
  accept({ webhookUrls: 'withoutQuery' });
  expect(await configured()).toMatchObject({ webhookUrl: 'https://x.example/a' });
});
