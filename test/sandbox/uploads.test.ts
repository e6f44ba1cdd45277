import { createHash } from 'node:crypto';
import { fileOf, form, join, matching, send, useSandboxes } from './testing';
import { ada, bob, useUploads } from './useUploads';

const { sandbox, get, remove, upload, uploadImage, uploadVideo } = useUploads();

const open = useSandboxes();

const mib = 1024 * 1024;

it.each(['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const)(
  'accepts %s',
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

it.each(['video/mp4', 'video/webm', 'video/quicktime'] as const)('accepts %s', async (type) => {
  const { status, body } = await upload(
    '/api/upload/video',
    form(fileOf(type), type, { purpose: 'post' }),
  );
  expect([status, body.type, body.status]).toEqual([201, 'VIDEO', 'processing']);
});

it('takes the type from the content when the client declares none', async () => {
  const parts = form(fileOf('video/webm'), 'application/octet-stream', { purpose: 'post' });
  const { status, body } = await upload('/api/upload/video', parts);
  expect([status, body.contentType]).toEqual([201, 'video/webm']);
});

describe('checks of an upload', () => {
  it.each([
    [
      'content of another type than declared',
      '/api/upload',
      form(fileOf('image/gif'), 'image/png', { purpose: 'post' }),
      /declared as image\/png, but the content is image\/gif/,
    ],
    [
      'a video of no declared type as an image',
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
    [
      'a form without a purpose',
      '/api/upload',
      form(fileOf('image/png'), 'image/png'),
      /^purpose: is required/,
    ],
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
  ])('rejects %s', async (_name, path, body, message) => {
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
    'accepts a file at the limit and rejects a larger one: %s %s for a %s',
    async (path, type, purpose, limit) => {
      const fields: Record<string, string> = purpose ? { purpose } : {};
      const atLimit = await upload(path, form(fileOf(type, limit), type, fields));
      expect(atLimit.status).toBeLessThan(300);
      const over = await upload(path, form(fileOf(type, limit + 1), type, fields));
      expect(over).toMatchObject({ status: 413, body: { error: 'file_too_large' } });
    },
    60_000,
  );

  it.each([
    ['/api/agents/me/avatar', 'image/png', {}, 5_000_000],
    ['/api/upload/video', 'video/mp4', { purpose: 'post' }, 50_000_000],
  ] as const)(
    'has smaller limits where a megabyte has 1,000,000 bytes: %s',
    async (path, type, fields, limit) => {
      const other = await open({ megabyte: 'decimal' });
      const token = join(other, 'ada_bot');
      const statusOf = async (bytes: number) => {
        const body = form(fileOf(type, bytes), type, { ...fields });
        return (await send(other, 'POST', path, { token, body })).status;
      };
      expect(await statusOf(limit)).toBeLessThan(300);
      expect(await statusOf(limit + 1)).toBe(413);
    },
    60_000,
  );

  it('answers a large upload without a token so that the client sees it', async () => {
    const body = form(fileOf('video/mp4', 20 * mib), 'video/mp4', { purpose: 'post' });
    const answer = await send(sandbox, 'POST', '/api/upload/video', { body });
    expect(answer).toMatchObject({ status: 401, body: { error: 'unauthorized' } });
  });
});

it('lists the media of an agent by type and purpose', async () => {
  const png = await uploadImage();
  const clip = await uploadVideo('byte');
  const list = async (query: string, by = ada) =>
    (await get(`/api/upload?${query}`, by)).body.media.map(({ id }) => id);
  expect(await list('')).toEqual([clip.id, png.id]);
  expect(await list('type=IMAGE')).toEqual([png.id]);
  expect(await list('purpose=byte')).toEqual([clip.id]);
  expect(await list('', bob)).toEqual([]);
});

it('deletes media by id or URL for their agent only', async () => {
  const [one, two] = [await uploadImage(), await uploadImage()];
  const removal = async (body: object, by = ada) => (await remove('/api/upload', by, body)).status;
  expect(await removal({ id: one.id }, bob)).toBe(403);
  expect(await removal({ id: one.id })).toBe(204);
  expect(await removal({ url: two.url })).toBe(204);
  expect(await removal({ id: one.id })).toBe(404);
  expect(await removal({})).toBe(400);
  expect(sandbox.state.media.size).toBe(0);
});

it('sets and removes the avatar of an agent', async () => {
  const { status, body } = await upload(
    '/api/agents/me/avatar',
    form(fileOf('image/webp'), 'image/webp'),
  );
  expect(status).toBe(200);
  expect(body.agent.avatarUrl).toBe(body.url);
  expect((await remove('/api/agents/me/avatar', ada)).status).toBe(200);
  expect(sandbox.state.agentByHandle('ada_bot')?.avatarUrl).toBeNull();
});
