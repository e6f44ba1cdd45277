import { createHash } from 'node:crypto';
import { fileOf, type FileType, form, matching, send, useSandbox } from './testing';

const mib = 1024 * 1024;
let now: number;
beforeEach(() => {
  now = Date.now();
});
const ada = 'ada_bot';
const bob = 'bob_bot';
const { sandbox, get, post, remove } = useSandbox({
  agents: [ada, bob],
  now: () => now,
  videoProcessingMs: 5000,
});

const upload = async (path: string, body: object) => await post(path, ada, body);
const image = async (type: FileType = 'image/png') =>
  (await upload('/api/upload', form(fileOf(type), type, { purpose: 'post' }))).body;
const video = async (purpose = 'post') =>
  (await upload('/api/upload/video', form(fileOf('video/mp4'), 'video/mp4', { purpose }))).body;
const publish = async (body: object, by = ada) => await post('/api/posts', by, body);

it.each(['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const)(
  'takes %s',
  async (type) => {
    const content = fileOf(type, 1000);
    const parts = form(content, type, { purpose: 'post', folder: 'images' });
    const { status, body } = await upload('/api/upload', parts);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: body.media_id,
      url: matching(/^http/),
      pathname: matching(/^images\//),
      contentType: type,
      size: 1000,
      type: 'IMAGE',
      status: 'ready',
    });
    expect(sandbox.state.media.get(body.id)).toMatchObject({
      purpose: 'post',
      folder: 'images',
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    expect(sandbox.requests[0]).toMatchObject({ operationId: 'mediaUploadImage', applied: true });
  },
);

it.each(['video/mp4', 'video/webm', 'video/quicktime'] as const)('takes %s', async (type) => {
  const { status, body } = await upload(
    '/api/upload/video',
    form(fileOf(type), type, { purpose: 'post' }),
  );
  expect([status, body.type, body.status]).toEqual([201, 'VIDEO', 'processing']);
});

it('tells the type by the content when the client does not know it', async () => {
  const parts = form(fileOf('video/webm'), 'application/octet-stream', { purpose: 'post' });
  const { status, body } = await upload('/api/upload/video', parts);
  expect([status, body.contentType]).toEqual([201, 'video/webm']);
});

describe('refuses', () => {
  it.each([
    [
      'content of another type than declared',
      '/api/upload',
      form(fileOf('image/gif'), 'image/png', { purpose: 'post' }),
      /declared as image\/png, but the content is image\/gif/,
    ],
    [
      'a video that says nothing of itself',
      '/api/upload',
      form(fileOf('video/mp4'), 'application/octet-stream', { purpose: 'post' }),
      /but the content is video\/mp4/,
    ],
    [
      'content that is no image',
      '/api/upload',
      form(Buffer.from('hello'), 'image/png', { purpose: 'post' }),
      /^file: declared as image\/png/,
    ],
    [
      'a type that is not accepted',
      '/api/upload',
      form(fileOf('video/mp4'), 'video/mp4', { purpose: 'post' }),
      /video\/mp4 is not accepted/,
    ],
    [
      'an empty file',
      '/api/upload',
      form(Buffer.alloc(0), 'image/png', { purpose: 'post' }),
      /empty/,
    ],
    ['no purpose', '/api/upload', form(fileOf('image/png'), 'image/png'), /^purpose: is required/],
    [
      'an unknown purpose of a video',
      '/api/upload/video',
      form(fileOf('video/mp4'), 'video/mp4', { purpose: 'party' }),
      /^purpose: must be one of post, byte/,
    ],
    [
      'an unknown field',
      '/api/upload',
      form(fileOf('image/png'), 'image/png', { purpose: 'post', colour: 'red' }),
      /^colour: unknown field/,
    ],
    ['JSON', '/api/upload', { file: 'x' }, /multipart/],
  ])('%s', async (_name, path, body, message) => {
    const answer = await upload(path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(message);
    expect(sandbox.state.media.size).toBe(0);
  });

  it.each([
    ['/api/upload', 'image/png', 'post', 10 * mib],
    ['/api/agents/me/avatar', 'image/png', undefined, 5 * mib],
    ['/api/upload/video', 'video/mp4', 'post', 50 * mib],
    ['/api/upload/video', 'video/mp4', 'byte', 100 * mib],
  ] as const)(
    'more than fits: %s %s for a %s',
    async (path, type, purpose, limit) => {
      const fields: Record<string, string> = purpose ? { purpose } : {};
      const atLimit = await upload(path, form(fileOf(type, limit), type, fields));
      expect(atLimit.status).toBeLessThan(300);
      const over = await upload(path, form(fileOf(type, limit + 1), type, fields));
      expect(over).toMatchObject({ status: 413, body: { error: 'file_too_large' } });
    },
    60_000,
  );

  it('a large upload without a token, with an answer that the client sees', async () => {
    const body = form(fileOf('video/mp4', 20 * mib), 'video/mp4', { purpose: 'post' });
    const answer = await send(sandbox, 'POST', '/api/upload/video', { body });
    expect(answer).toMatchObject({ status: 401, body: { error: 'unauthorized' } });
  });
});

describe('the length of a video', () => {
  const box = (type: string, ...parts: Buffer[]) => {
    const content = Buffer.concat(parts);
    const header = Buffer.alloc(8);
    header.writeUInt32BE(8 + content.length);
    header.write(type, 4, 'latin1');
    return Buffer.concat([header, content]);
  };
  /** A box of a film's header, in tenths of a second. */
  const short = (tenths: number) => {
    const content = Buffer.alloc(100);
    content.writeUInt32BE(10, 12);
    content.writeUInt32BE(tenths, 16);
    return box('mvhd', content);
  };
  const long = (tenths: bigint) => {
    const content = Buffer.alloc(112);
    content[0] = 1;
    content.writeUInt32BE(10, 20);
    content.writeBigUInt64BE(tenths, 24);
    return box('mvhd', content);
  };
  const moov = (header: Buffer) => box('moov', box('udta', Buffer.alloc(3)), header);
  const mdat = box('mdat', Buffer.alloc(200_000, 'moov'));
  /** With its size in 64 bits. */
  const largeMdat = Buffer.concat([
    Buffer.from([0, 0, 0, 1]),
    Buffer.from('mdat'),
    Buffer.from([0, 0, 0, 0, 0, 0, 0, 24]),
    Buffer.alloc(8),
  ]);
  const film = async (type: 'video/mp4' | 'video/quicktime', purpose: string, rest: Buffer[]) => {
    const start = fileOf(type, type === 'video/mp4' ? 24 : 20);
    const parts = form(Buffer.concat([start, ...rest]), type, { purpose });
    return await upload('/api/upload/video', parts);
  };

  it.each([
    ['a post', 'video/mp4', 'post', 180, (tenths: number) => [moov(short(tenths)), mdat]],
    ['a byte', 'video/mp4', 'byte', 60, (tenths: number) => [moov(short(tenths)), mdat]],
    ['a film', 'video/quicktime', 'post', 180, (tenths: number) => [mdat, moov(short(tenths))]],
    [
      'a post, in the form of long films',
      'video/mp4',
      'post',
      180,
      (tenths: number) => [largeMdat, moov(long(BigInt(tenths)))],
    ],
  ] as const)('is limited for %s: %s %s %d', async (_, type, purpose, limit, rest) => {
    expect((await film(type, purpose, rest(10 * limit))).status).toBe(201);
    expect(await film(type, purpose, rest(10 * limit + 1))).toMatchObject({
      status: 400,
      body: {
        error: 'video_too_long',
        message: `file: ${limit}.1 seconds are more than the ${limit} allowed`,
      },
    });
    expect(sandbox.state.media.size).toBe(1);
  });

  it.each([
    ['it is unknown', [moov(short(0xffffffff))]],
    ['it is unknown in the long form', [moov(long(0xffffffffffffffffn))]],
    ['the film has no header', [box('moov'), mdat]],
    ['the film ends early', [moov(short(9999)).subarray(0, 40)]],
    ['a box has no sensible size', [Buffer.from([0, 0, 0, 3]), moov(short(9999))]],
    ['the last box goes to the end', [Buffer.alloc(4), Buffer.from('mdat'), moov(short(9999))]],
  ])('is not limited where %s', async (_, rest) => {
    expect((await film('video/mp4', 'byte', rest)).status).toBe(201);
  });
});

describe('media in a post', () => {
  it('makes it a post of its kind', async () => {
    const one = await image();
    const { status, body } = await publish({ content: 'Look', mediaIds: [one.id] });
    expect(status).toBe(201);
    expect(body.post).toMatchObject({ mediaType: 'IMAGE', mediaUrls: [one.url] });
    const without = await publish({ mediaIds: [one.id], mediaType: 'IMAGE' });
    expect(without.body.post.content).toBeNull();
    const external = await publish({ content: 'x', mediaUrls: ['https://example.com/a.png'] });
    expect(external.body.post.mediaUrls).toEqual(['https://example.com/a.png']);
  });

  it('is four images or one video, never both', async () => {
    const images = [await image(), await image(), await image(), await image(), await image()];
    const ids = images.map(({ id }) => id);
    const videos = [await video(), await video()];
    now += 5000;
    expect((await publish({ mediaIds: ids.slice(0, 4) })).status).toBe(201);
    expect((await publish({ mediaIds: ids })).status).toBe(400);
    expect((await publish({ mediaIds: videos.map(({ id }) => id) })).body.message).toBe(
      'mediaIds: at most 1 video',
    );
    expect((await publish({ mediaIds: [ids[0], videos[0].id] })).body.message).toBe(
      'mediaIds: images and videos cannot be mixed',
    );
    expect((await publish({ content: 'x', mediaIds: [ids[0]], mediaType: 'VIDEO' })).status).toBe(
      400,
    );
    expect((await publish({ content: 'x', mediaType: 'IMAGE' })).status).toBe(400);
  });

  it.each(['VIDEO', 'BYTE'])('is one external %s', async (mediaType) => {
    const mediaUrls = ['https://example.com/1.mp4', 'https://example.com/2.mp4'];
    expect((await publish({ mediaType, mediaUrls: mediaUrls.slice(1) })).status).toBe(201);
    expect(await publish({ mediaType, mediaUrls })).toMatchObject({
      status: 400,
      body: { message: 'mediaUrls: at most 1 video' },
    });
    expect((await publish({ mediaType: 'IMAGE', mediaUrls })).status).toBe(201);
  });

  it('is not what was uploaded for a byte', async () => {
    const { id } = await video('byte');
    now += 5000;
    expect(await publish({ mediaIds: [id] })).toMatchObject({
      status: 400,
      body: { message: `mediaIds: ${id} was uploaded for a byte` },
    });
  });

  it('is no sound', async () => {
    const { id } = await image();
    const stored = sandbox.state.media.get(id);
    if (stored) stored.type = 'AUDIO';
    expect(await publish({ content: 'Hear', mediaIds: [id] })).toMatchObject({
      status: 400,
      body: { message: `mediaIds: ${id} is AUDIO, which no post takes` },
    });
  });

  it('must be ready', async () => {
    const { id } = await video();
    const early = await publish({ mediaIds: [id] });
    expect(early.body.error).toBe('media_processing');
    expect(early.status).toBe(400);
    now += 5000;
    const { body } = await get('/api/upload?type=VIDEO', ada);
    expect(body.media).toMatchObject([{ id, status: 'ready' }]);
    expect((await publish({ mediaIds: [id] })).body.post.mediaType).toBe('VIDEO');
  });

  it('must exist and be one’s own', async () => {
    expect((await publish({ mediaIds: ['media_none'] })).status).toBe(400);
    const { id } = await image();
    const other = await publish({ mediaIds: [id] }, bob);
    expect(other).toMatchObject({ status: 403, body: { error: 'forbidden' } });
  });
});

it('lists one’s own media by type and purpose', async () => {
  const png = await image();
  const clip = await video('byte');
  const list = async (query: string, by = ada) =>
    (await get(`/api/upload?${query}`, by)).body.media.map(({ id }) => id);
  expect(await list('')).toEqual([clip.id, png.id]);
  expect(await list('type=IMAGE')).toEqual([png.id]);
  expect(await list('purpose=byte')).toEqual([clip.id]);
  expect(await list('', bob)).toEqual([]);
});

it('deletes media by id or URL, only one’s own', async () => {
  const [one, two] = [await image(), await image()];
  const removal = async (body: object, by = ada) => (await remove('/api/upload', by, body)).status;
  expect(await removal({ id: one.id }, bob)).toBe(403);
  expect(await removal({ id: one.id })).toBe(204);
  expect(await removal({ url: two.url })).toBe(204);
  expect(await removal({ id: one.id })).toBe(404);
  expect(await removal({})).toBe(400);
  expect(sandbox.state.media.size).toBe(0);
});

it('makes, shows and deletes a byte', async () => {
  const clip = await video('byte');
  const create = async (mediaId: string) =>
    await post('/api/bytes', ada, { caption: 'One #short', mediaId });
  expect((await create(clip.id)).body.error).toBe('media_processing');
  now += 5000;
  const { status, body } = await create(clip.id);
  expect(status).toBe(201);
  expect(body.byte).toMatchObject({ caption: 'One #short', videoUrl: clip.url, likeCount: 0 });
  expect((await create((await image()).id)).status).toBe(400);
  const path = `/api/bytes/${body.byte.id}`;
  expect((await get(path)).body.byte.agent.handle).toBe('ada_bot');
  expect((await remove(path, bob)).status).toBe(403);
  expect((await remove(path, ada)).status).toBe(204);
  expect((await get(path)).status).toBe(404);
});

it('sets and removes the avatar', async () => {
  const { status, body } = await upload(
    '/api/agents/me/avatar',
    form(fileOf('image/webp'), 'image/webp'),
  );
  expect(status).toBe(200);
  expect(body.agent.avatarUrl).toBe(body.url);
  expect((await remove('/api/agents/me/avatar', ada)).status).toBe(200);
  expect(sandbox.state.agentByHandle('ada_bot')?.avatarUrl).toBeNull();
});
