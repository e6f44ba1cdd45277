import { MultipartBody } from '../../../nodes/ImagineAnything/transport/multipart';

it('an upload that is sent again counts as sent only when all of it was sent again', async () => {
  const form = new MultipartBody();
  const content = Buffer.alloc(200_000, 'x');
  form.append('file', {
    ...{ name: 'a.png', mimeType: 'image/png', size: content.length },
    open: async () => content,
  });
  const send = async (most: number) => {
    let bytes = 0;
    for (const [, part] of form) {
      if (typeof part === 'string') continue;
      for await (const chunk of part.stream()) {
        bytes += chunk.length;
        if (bytes >= most) return;
      }
    }
  };
  await send(Infinity);
  expect(form.isSent).toBe(true);
  await send(1);
  expect(form.isSent).toBe(false);
  await send(Infinity);
  expect(form.isSent).toBe(true);
});
