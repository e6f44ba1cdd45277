import fc from 'fast-check';
import { fetch } from 'undici';
import { RUNS } from '../unit/properties';
import { Files, maxKeptBytes } from './files';
import { fileOf, form, send, unlimited, useSandbox, type FileType } from './testing';

const ada = 'ada_bot';
const { sandbox, post, remove } = useSandbox({ agents: [ada], limits: unlimited });

/** Bytes that no two files share. */
function bytesOf(type: FileType, size: number, seed: number) {
  const bytes = fileOf(type, size);
  for (let index = 100; index < size; index += 997) bytes[index] = (index * seed) % 256;
  return bytes;
}

const uploadImage = async () =>
  (await post('/api/upload', ada, form(fileOf('image/png'), 'image/png', { purpose: 'post' })))
    .body;
const uploadVideo = async (purpose: string, content: Buffer<ArrayBuffer>) =>
  (await post('/api/upload/video', ada, form(content, 'video/mp4', { purpose }))).body;

describe('a file', () => {
  it.each(['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const)(
    'of %s comes back as it was sent',
    async (type) => {
      const content = bytesOf(type, 300_000, 7);
      const { body } = await post('/api/upload', ada, form(content, type, { purpose: 'post' }));
      const answer = await fetch(body.url);
      expect(answer.headers.get('content-type')).toBe(type);
      expect(content.equals(Buffer.from(await answer.arrayBuffer()))).toBe(true);
    },
  );

  it('can be read in parts, as players do', async () => {
    const content = bytesOf('video/mp4', 5000, 3);
    const { url } = await uploadVideo('post', content);
    const part = async (range: string) => {
      const answer = await fetch(url, { headers: { Range: range } });
      return [
        answer.status,
        answer.headers.get('content-range'),
        Buffer.from(await answer.arrayBuffer()).toString('hex'),
      ];
    };
    const hex = (from: number, to?: number) => content.subarray(from, to).toString('hex');
    expect(await part('bytes=0-99')).toEqual([206, 'bytes 0-99/5000', hex(0, 100)]);
    expect(await part('bytes=4900-9999')).toEqual([206, 'bytes 4900-4999/5000', hex(4900)]);
    expect(await part('bytes=4000-')).toEqual([206, 'bytes 4000-4999/5000', hex(4000)]);
    expect(await part('bytes=-10')).toEqual([206, 'bytes 4990-4999/5000', hex(4990)]);
    expect(await part('bytes=5000-')).toEqual([416, 'bytes */5000', '']);
    expect(await part('bytes=-0')).toEqual([416, 'bytes */5000', '']);
    expect(await part('lines=1-2')).toEqual([200, null, hex(0)]);
  });

  it('that made room for newer ones, or is too large, is shown as a placeholder', async () => {
    const half = Math.ceil(maxKeptBytes / 2) + 1;
    const first = await uploadVideo('byte', bytesOf('video/mp4', half, 3));
    const second = await uploadVideo('byte', bytesOf('video/mp4', half, 5));
    const huge = await uploadVideo('byte', bytesOf('video/mp4', maxKeptBytes + 1, 7));
    const typeOf = async ({ url }: { url: string }) => {
      const answer = await fetch(url);
      await answer.arrayBuffer();
      return [answer.status, answer.headers.get('content-type')];
    };
    expect(await typeOf(first)).toEqual([200, 'image/svg+xml']);
    expect(await typeOf(second)).toEqual([200, 'video/mp4']);
    expect(await typeOf(huge)).toEqual([200, 'image/svg+xml']);
    const { body } = await post('/api/bytes', ada, { mediaId: huge.id });
    const { text } = await send(sandbox, 'GET', `/byte/${body.byte.id}`);
    expect(text).toContain(`<img src="${new URL(huge.url).pathname}"`);
  });

  it('is gone when it was deleted before it was published', async () => {
    const published = await uploadImage();
    const unpublished = await uploadImage();
    await post('/api/posts', ada, { content: 'Hi', mediaIds: [published.id] });
    for (const { id } of [published, unpublished]) await remove('/api/upload', ada, { id });
    expect((await fetch(published.url)).status).toBe(200);
    expect((await fetch(unpublished.url)).status).toBe(404);
  });

  it('is kept while there is room, and the newest ones are', () => {
    const step = fc.record({
      path: fc.constantFrom('/uploads/a', '/uploads/b', '/uploads/c', '/uploads/d'),
      size: fc.integer({ min: 0, max: 60 }).map((size) => (size > 55 ? 101 : size)),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const files = new Files(100);
        let model: Array<{ path: string; content: Buffer | undefined }> = [];
        for (const { path, size } of steps) {
          const content = Buffer.alloc(size);
          files.keep(path, { filename: '', contentType: '', size, content });
          model = [
            { path, content: size > 100 ? undefined : content },
            ...model.filter((each) => each.path !== path),
          ];
          let room = 100;
          for (const file of model) {
            room -= file.content?.length ?? 0;
            if (room < 0) file.content = undefined;
            expect(files.get(file.path)?.content).toBe(file.content);
          }
        }
      }),
      RUNS,
    );
  });
});
