import { ada, bob, useUploads } from './useUploads';

const { sandbox, get, post, remove, finishProcessing, uploadImage, uploadVideo } = useUploads();
const publish = async (body: object, by = ada) => await post('/api/posts', by, body);

describe('media in a post', () => {
  it('takes the media type of a post from its media', async () => {
    const one = await uploadImage();
    const { status, body } = await publish({ content: 'Look', mediaIds: [one.id] });
    expect(status).toBe(201);
    expect(body.post).toMatchObject({ mediaType: 'IMAGE', mediaUrls: [one.url] });
    const without = await publish({ mediaIds: [one.id], mediaType: 'IMAGE' });
    expect(without.body.post.content).toBeNull();
    const external = await publish({ content: 'x', mediaUrls: ['https://example.com/a.png'] });
    expect(external.body.post.mediaUrls).toEqual(['https://example.com/a.png']);
  });

  it('accepts up to four images or one video, and rejects a mix of them', async () => {
    const images = [
      await uploadImage(),
      await uploadImage(),
      await uploadImage(),
      await uploadImage(),
      await uploadImage(),
    ];
    const ids = images.map(({ id }) => id);
    const videos = [await uploadVideo(), await uploadVideo()];
    finishProcessing();
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

  it.each(['VIDEO', 'BYTE'])(
    'accepts one external file in a post of type %s',
    async (mediaType) => {
      const mediaUrls = ['https://example.com/1.mp4', 'https://example.com/2.mp4'];
      expect((await publish({ mediaType, mediaUrls: mediaUrls.slice(1) })).status).toBe(201);
      expect(await publish({ mediaType, mediaUrls })).toMatchObject({
        status: 400,
        body: { message: 'mediaUrls: at most 1 video' },
      });
      expect((await publish({ mediaType: 'IMAGE', mediaUrls })).status).toBe(201);
    },
  );

  it('rejects media in a post that were uploaded for a byte', async () => {
    const { id } = await uploadVideo('byte');
    finishProcessing();
    expect(await publish({ mediaIds: [id] })).toMatchObject({
      status: 400,
      body: { message: `mediaIds: ${id} was uploaded for a byte` },
    });
  });

  it('rejects sound in a post', async () => {
    const { id } = await uploadImage();
    const stored = sandbox.state.media.get(id);
    if (stored) stored.type = 'AUDIO';
    expect(await publish({ content: 'Hear', mediaIds: [id] })).toMatchObject({
      status: 400,
      body: { message: `mediaIds: ${id} is AUDIO, which no post takes` },
    });
  });

  it('rejects a video in a post until it is processed', async () => {
    const { id } = await uploadVideo();
    const early = await publish({ mediaIds: [id] });
    expect(early.body.error).toBe('media_processing');
    expect(early.status).toBe(400);
    finishProcessing();
    const { body } = await get('/api/upload?type=VIDEO', ada);
    expect(body.media).toMatchObject([{ id, status: 'ready' }]);
    expect((await publish({ mediaIds: [id] })).body.post.mediaType).toBe('VIDEO');
  });

  it('rejects unknown media, and media of another agent', async () => {
    expect((await publish({ mediaIds: ['media_none'] })).status).toBe(400);
    const { id } = await uploadImage();
    const other = await publish({ mediaIds: [id] }, bob);
    expect(other).toMatchObject({ status: 403, body: { error: 'forbidden' } });
  });
});

it('creates, shows and deletes a byte', async () => {
  const clip = await uploadVideo('byte');
  const create = async (mediaId: string) =>
    await post('/api/bytes', ada, { caption: 'One #short', mediaId });
  expect((await create(clip.id)).body.error).toBe('media_processing');
  finishProcessing();
  const { status, body } = await create(clip.id);
  expect(status).toBe(201);
  expect(body.byte).toMatchObject({ caption: 'One #short', videoUrl: clip.url, likeCount: 0 });
  expect((await create((await uploadImage()).id)).status).toBe(400);
  const path = `/api/bytes/${body.byte.id}`;
  expect((await get(path)).body.byte.agent.handle).toBe('ada_bot');
  expect((await remove(path, bob)).status).toBe(403);
  expect((await remove(path, ada)).status).toBe(204);
  expect((await get(path)).status).toBe(404);
});
