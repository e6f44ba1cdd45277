import fc from 'fast-check';
import {
  acceptedTypes,
  acceptHeader,
  isWebPage,
  SAMPLE_BYTES,
  detectFileType,
} from '../../../nodes/ImagineAnything/transport/fileType';
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
    ['video/quicktime', latin('\0\0\x02\x18moov\0\0\0\x6cmvhd')],
    ['video/quicktime', latin('\0\0\0\x08wide\0\x10\0\0mdat')],
    ['video/quicktime', latin('\0\x10\0\0mdat\0\0\0\0')],
    ['video/quicktime', latin('\0\0\0\x08free\0\0\0\x08skip')],
    ['video/quicktime', latin('\0\0\0\x08skip\0\0\x02\x18moov')],
    ['video/webm', latin('\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm')],
  ])('%s', (mimeType, start) => expect(detectFileType(start)?.mimeType).toBe(mimeType));

  it.each([
    ['text', latin('hello')],
    ['nothing', latin('')],
    ['a HEIC picture', latin('\0\0\0\x18ftypheic')],
    ['a HEVC picture', latin('\0\0\0\x18ftyphevc')],
    ['a HEIF picture', latin('\0\0\0\x18ftypmif1')],
    ['a HEIF sequence', latin('\0\0\0\x18ftypmsf1')],
    ['an AVIF picture', latin('\0\0\0\x18ftypavif')],
    ['the start of a JPEG', latin('\xff\xd8')],
    ['a JPEG with another byte', latin('\xff\xd8\xfe\xe0')],
    ['another JPEG-like file', latin('\xff\xd9\xff\xe0')],
    ['a JPEG that begins later', latin('a\xff\xd8\xff')],
    ['a PNG that went through a text editor', latin('\x89PNG\n\x1a\n\0')],
    ['a GIF of another version', latin('GIF88a')],
    ['a GIF that begins later', latin('aGIF89a')],
    ['WEBP in another container', latin('RIFX\0\0\0\0WEBPVP8 ')],
    ['a box of another kind', latin('\0\0\0\x18uuidisom')],
    ['a text with the name of a box', latin('The free lunch')],
    ['a text with spaces before it', latin('    free lunch')],
    ['a text with a brand', latin('The abc qt  film')],
    ['the second byte of a JPEG without the first', latin('\0\xd8\xff\xe0')],
    ['webm in another file', latin('\x1aE\xdf\xa4\x9fB\x86\x81\x01B\x82\x84webm')],
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

  it('are named for the user', () => {
    expect(acceptedTypes('image')).toBe('JPG, PNG, GIF, WEBP');
    expect(acceptedTypes('video')).toBe('MOV, MP4, WEBM');
  });

  it('are asked for by their MIME types', () => {
    expect(acceptHeader('image')).toBe('image/jpeg, image/png, image/gif, image/webp');
    expect(acceptHeader('video')).toBe('video/quicktime, video/mp4, video/webm');
  });

  it.each([
    ['video/webm', 'webm', 'video', latin('\x1aE\xdf\xa3webm')],
    ['image/png', 'png', 'image', latin('\x89PNG\r\n\x1a\n')],
  ])('with extension and kind: %s', (mimeType, extension, kind, start) =>
    expect(detectFileType(start)).toMatchObject({ mimeType, extension, kind }),
  );

  it('within the bytes that are asked for, where WebM has its name', () => {
    const webm = latin(`\x1aE\xdf\xa3${'\0'.repeat(56)}webm`);
    expect(detectFileType(webm.subarray(0, SAMPLE_BYTES))?.extension).toBe('webm');
  });
});

describe('a web page', () => {
  it.each([
    '<!DOCTYPE html><html>',
    '<html lang="en">',
    ' \n\t<HTML>',
    '\ufeff<!doctype html>',
    '<head>',
    '<body>',
    '<script>',
    '<!-- comment -->',
  ])('%j is one', (text) => expect(isWebPage(Buffer.from(text))).toBe(true));

  it.each([
    '',
    'html',
    'a <html>',
    '<svg>',
    '<?xml version="1.0"?>',
    '{"html": 1}',
    'GIF89a<html>',
  ])('%j is none', (text) => expect(isWebPage(Buffer.from(text))).toBe(false));
});
