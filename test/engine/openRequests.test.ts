/**
 * Requests that the reference leaves open, with a service of either kind: the node does what it should with one, and
 * passes on what the other says.
 */
import { byHandle, byId, MP4, myself, PNG, postOfOther } from '../operations/fixture';
import { newest, offerOf } from '../operations/marketplace';
import { upload, uploads } from '../operations/media';
import { filmOf } from '../sandbox/film';
import { fileOf } from '../sandbox/testing';
import { useAccepts } from './support/useAccepts';

const { sandbox, fixture, accept, run, statuses } = useAccepts();

describe('the purpose of an upload', () => {
  const byte = () => ({ resource: 'byte', operation: 'create', binaryPropertyName: 'data' });
  const publish = async (resource: string, purpose: string) => {
    const { id } = await upload(fixture, MP4, purpose);
    return await run(
      resource === 'post'
        ? { resource, operation: 'create', additionalFields: { mediaIds: [id] } }
        : { resource, operation: 'create', videoSource: 'mediaId', media: byId(id) },
    );
  };

  it.each([
    ['post', 'byte', 'postCreate', /was uploaded for a byte/],
    ['byte', 'post', 'byteCreate', /was not uploaded with the purpose byte/],
  ] as const)(
    'may keep a %s from a video for a %s: the service decides',
    async (resource, purpose, operationId, message) => {
      const refused = await publish(resource, purpose);
      expect(refused.error?.message).toMatch(message);
      expect(statuses(operationId)).toEqual([400]);

      accept({ purposes: 'alike' });
      const { error } = await publish(resource, purpose);
      expect(error).toBeUndefined();
      expect(statuses(operationId)).toEqual([400, 201]);
    },
  );

  it('may allow 60 or 180 seconds for a byte: the service decides', async () => {
    const refused = await run(byte(), filmOf(61));
    expect(refused.error?.message).toContain('video_too_long');
    expect(statuses('mediaUploadVideo')).toEqual([400]);

    accept({ purposes: 'alike' });
    const { error } = await run(byte(), filmOf(61));
    expect(error).toBeUndefined();
    expect(statuses('byteCreate')).toEqual([201]);
  });

  it('may allow 50 MB only for a byte: it is refused once', async () => {
    accept({ purposes: 'alike' });
    const { error } = await run(byte(), fileOf('video/mp4', 50 * 1024 * 1024 + 1));

    expect(error?.message).toContain('file_too_large');
    expect(statuses('mediaUploadVideo')).toEqual([413]);
    expect(statuses('byteCreate')).toEqual([]);
  }, 60_000);
});

describe('a post with a file', () => {
  const post = (mediaType: string) => ({
    ...{ resource: 'post', operation: 'create', content: 'Look' },
    additionalFields: { binaryFields: 'data', mediaType },
  });

  it.each(['VIDEO', 'BYTE'])('may be a %s', async (mediaType) => {
    const { error } = await run(post(mediaType));

    expect(error).toBeUndefined();
    expect(newest(sandbox.state.posts)).toMatchObject({ agentId: fixture.me.id, mediaType });
    expect(uploads(fixture)).toMatchObject([{ type: 'VIDEO', purpose: 'post' }]);
  });

  it('may need an upload for a byte to be a BYTE: it is refused once, and its file is deleted', async () => {
    accept({ bytePosts: 'byte' });
    const { error } = await run(post('BYTE'));
    expect(error?.message).toMatch(/was not uploaded for a byte/);
    expect(statuses('postCreate')).toEqual([400]);
    expect(uploads(fixture)).toEqual([]);

    const { id } = await upload(fixture, MP4, 'byte');
    const additionalFields = { mediaIds: [id], mediaType: 'BYTE' };
    const second = await run({ resource: 'post', operation: 'create', additionalFields });
    expect(second.error).toBeUndefined();
  });

  it.each([
    ['a picture', 'BYTE', 'IMAGE', PNG.content],
    ['a picture', 'VIDEO', 'IMAGE', PNG.content],
    ['a video', 'IMAGE', 'VIDEO', MP4.content],
    ['a video', 'TEXT', 'VIDEO', MP4.content],
  ])('is not sent with %s as %s', async (_, mediaType, actual, file) => {
    const { error } = await run(post(mediaType), file);

    expect(error?.message).toBe(
      `Media Type: is ${mediaType}, but the files are of the type ${actual}.`,
    );
    expect(sandbox.requests).toHaveLength(0);
  });
});

it('a QuickTime film from before there were brands is uploaded', async () => {
  const film = Buffer.from('\0\0\0\x08wide\0\0\0\x08mdat', 'latin1');
  const { error } = await run(
    { resource: 'media', operation: 'uploadVideo', binaryPropertyName: 'data', purpose: 'post' },
    film,
  );

  expect(error).toBeUndefined();
  expect(uploads(fixture)).toMatchObject([{ type: 'VIDEO', contentType: 'video/quicktime' }]);
});

describe('an update', () => {
  const profile = { resource: 'profile', operation: 'update', updateFields: { bio: '' } };
  const skills = { resource: 'profile', operation: 'updateCapabilities' };

  it('empties a field, or says that the service does not', async () => {
    myself(fixture).bio = 'I sell';
    accept({ emptyValues: 'refuse' });
    const refused = await run(profile);
    expect(refused.error?.message).toContain('bio: must not be empty');
    expect(statuses('profileUpdate')).toEqual([400]);
    expect(myself(fixture).bio).toBe('I sell');

    accept({ emptyValues: 'clear' });
    const { json } = await run(profile);
    expect(json).toMatchObject([{ bio: '' }]);
    expect(sandbox.requests.of('profileUpdate').at(-1)?.body).toEqual({ bio: '' });
  });

  it.each([
    ['replace', ['new']],
    ['add', ['old', 'new']],
  ] as const)('gives the list that the service has then: %s', async (lists, expected) => {
    myself(fixture).capabilities.skills = ['old'];
    accept({ lists });
    const { json } = await run({ ...skills, updateFields: { skills: 'new' } });

    expect(json).toMatchObject([{ skills: expected }]);
    const requests = sandbox.requests.of('profileUpdateCapabilities');
    expect(requests.map(({ body }) => body)).toEqual([{ skills: ['new'] }]);
  });
});

describe('a filter', () => {
  it.each([
    ['cents', [499, 500]],
    ['dollars', [499, 500, 50_000]],
  ] as const)('for prices is sent as it was entered, where it is in %s', async (unit, expected) => {
    const category = `PRICED_${fixture.me.id}`;
    for (const price of [499, 500, 50_000]) await offerOf(fixture, 'other', { category, price });
    accept({ filterPrices: unit });
    const filters = { category, maxPrice: 500, sortBy: 'price', sortOrder: 'asc' };
    const { json } = await run({
      ...{ resource: 'service', operation: 'getMany', returnAll: true, filters },
    });

    expect(json.map(({ price }) => price)).toEqual(expected);
    expect(sandbox.requests.of('serviceGetMany')).toMatchObject([{ query: { maxPrice: '500' } }]);
  });

  it.each(['opposite', 'all'] as const)(
    'that is off is sent as false, and gives what the service finds: %s',
    async (falseFilters) => {
      const category = `SHOWN_${fixture.me.id}`;
      const featured = await offerOf(fixture, 'other', { category });
      featured.featured = true;
      const plain = await offerOf(fixture, 'other', { category });
      accept({ falseFilters });
      const { json } = await run({
        ...{ resource: 'service', operation: 'getMany', returnAll: true },
        filters: { category, featured: false },
      });

      const expected = falseFilters === 'all' ? [plain.id, featured.id] : [plain.id];
      expect(json.map(({ id }) => id)).toEqual(expected);
      expect(sandbox.requests.of('serviceGetMany')).toMatchObject([
        { query: { featured: 'false' } },
      ]);
    },
  );
});

it.each([{ returnAll: true }, { limit: 50 }])(
  'similar agents are the 20 that the service names, whatever is wanted: %j',
  async (wanted) => {
    for (let number = 0; number < 25; number++) {
      sandbox.registerAgent({ handle: `${fixture.other.handle}_${number}`, name: 'Similar' });
    }
    const agent = byHandle(fixture.other.handle);
    const { json } = await run({ resource: 'agent', operation: 'getSimilar', agent, ...wanted });

    expect(json).toHaveLength(20);
    expect(sandbox.requests.of('agentGetSimilar')).toMatchObject([{ query: { limit: '20' } }]);
  },
);

it('recommended agents are asked for with a token', async () => {
  const anonymous = { resource: 'agent', operation: 'getRecommended', authentication: 'none' };
  const { error } = await run(anonymous);
  expect(error?.message).toContain('requires a credential');
  expect(sandbox.requests).toHaveLength(0);

  const { json } = await run({ resource: 'agent', operation: 'getRecommended', limit: 1 });
  expect(json).toHaveLength(1);
  expect(sandbox.requests.of('agentGetRecommended')).toMatchObject([
    { agent: fixture.me.handle, status: 200 },
  ]);
});

describe.each(['everywhere', 'asShown'] as const)(
  'a list of which there are pages %s',
  (paging) => {
    // More than the largest page.
    const COUNT = 120;

    beforeEach(() => accept({ paging }));

    it.each([
      [{ returnAll: true }, COUNT],
      [{ limit: 105 }, 105],
    ])('of conversations is read as far as wanted: %j', async (wanted, expected) => {
      for (let number = 0; number < COUNT; number++) {
        const { handle } = sandbox.registerAgent({
          handle: `talker_${paging.length}_${expected}_${number}`,
          name: 'T',
        });
        const message = { participantHandle: fixture.me.handle, message: 'Hello' };
        await sandbox.as(handle).post('/api/conversations', message);
      }
      const { json } = await run({ resource: 'conversation', operation: 'getMany', ...wanted });

      expect(new Set(json.map(({ id }) => id)).size).toBe(expected);
      expect(json).toHaveLength(expected);
    });

    it('of posts is read to its end', async () => {
      for (let number = 0; number < COUNT; number++) await postOfOther(fixture, `Post ${number}`);
      const { json } = await run({
        ...{ resource: 'feed', operation: 'getPublicTimeline', returnAll: true },
      });

      const own = [...sandbox.state.postsBy(fixture.other.id)].map(({ id }) => id);
      const ids = json.map(({ id }) => id);
      expect(own).toHaveLength(COUNT);
      expect(ids).toEqual(expect.arrayContaining(own));
      expect(new Set(ids).size).toBe(ids.length);
    });

    it('of transactions is read to its end', async () => {
      for (let number = 0; number < COUNT; number++) {
        const entry = sandbox.state.entry('axp');
        const transaction = { ...entry, agentId: fixture.other.id, amount: 1, reason: 'Test' };
        sandbox.state.axp.set(entry.id, { ...transaction, postId: 'post_1' });
      }
      const agent = byHandle(fixture.other.handle);
      const { json } = await run({
        resource: 'agent',
        operation: 'getAxp',
        agent,
        returnAll: true,
      });

      expect(json).toMatchObject([{ axp: { total: COUNT } }]);
      expect(json[0].history).toHaveLength(COUNT);
    });
  },
);
