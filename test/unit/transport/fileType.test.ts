import fc from 'fast-check';
import { acceptedTypes, detectFileType } from '../../../nodes/ImagineAnything/transport/fileType';
import { RUNS } from '../properties';

const latin = (text: string) => Buffer.from(text, 'latin1');

describe('files are known by their content', () => {
  it.each([
    ['image/jpeg', latin('\xff\xd8\xff\xe0')],
    ['image/png', latin('\x89PNG\r\n\x1a\n')],
    ['image/gif', latin('GIF89a')],
    ['image/gif', latin('GIF87a')],
    ['image/webp', latin('RIFF\0\0\0\0WEBPVP8 ')],
    ['video/mp4', latin('\0\0\0\x18ftypisom')],
    ['video/quicktime', latin('\0\0\0\x14ftypqt  ')],
    ['video/webm', latin('\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm')],
  ])('%s', (mimeType, start) => expect(detectFileType(start)?.mimeType).toBe(mimeType));

  it.each([
    ['text', latin('hello')],
    ['nothing', latin('')],
    ['a HEIC picture', latin('\0\0\0\x18ftypheic')],
    ['a Matroska film', latin('\x1aE\xdf\xa3\x9fB\x82\x88matroska')],
    ['a WAVE sound', latin('RIFF\0\0\0\0WAVEfmt ')],
    ['a PDF', latin('%PDF-1.7')],
  ])('not %s', (_, start) => expect(detectFileType(start)).toBeUndefined());

  it('and nothing makes the look throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(() => detectFileType(Buffer.from(bytes))).not.toThrow();
      }),
      RUNS,
    );
  });

  it('are named for the user', () => expect(acceptedTypes('image')).toBe('JPG, PNG, GIF, WEBP'));
});
