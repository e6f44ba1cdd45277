import { operationNamed, play, useOwnClock } from './script';

useOwnClock();

describe('Byte: Create', () => {
  const create = operationNamed('Byte', 'Create');

  it('uploads the video for a byte, and publishes it', async () => {
    const sent: unknown[] = [];
    const file = { name: 'v', mimeType: 'video/mp4', size: 1, open: async () => Buffer.alloc(1) };
    const { items } = await play(
      create.recipe,
      create,
      { videoSource: 'binary', file, caption: 'Hi' },
      {
        'Upload video': (values) => ({ media_id: `for ${String(values.purpose)}` }),
        'Create byte': (values) => ({ id: `b${sent.push(values)}` }),
      },
    );
    expect(items).toEqual([{ id: 'b1' }]);
    expect(sent).toMatchObject([{ videoSource: 'mediaId', media: 'for byte', caption: 'Hi' }]);
  });

  it('publishes a video that was uploaded before', async () => {
    const values = { videoSource: 'mediaId', media: 'm1' };
    const { did } = await play(create.recipe, create, values, { 'Create byte': () => ({}) });
    expect(did).toEqual(['Create byte']);
  });
});
