import { box, movieHeader } from './film';
import { fileOf, form } from './testing';
import { useUploads } from './useUploads';

const { sandbox, upload } = useUploads();

describe('the length of a video', () => {
  const short = movieHeader;
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
    [
      'a QuickTime post',
      'video/quicktime',
      'post',
      180,
      (tenths: number) => [mdat, moov(short(tenths))],
    ],
    [
      'a post with 64-bit sizes',
      'video/mp4',
      'post',
      180,
      (tenths: number) => [largeMdat, moov(long(BigInt(tenths)))],
    ],
  ] as const)(
    'limits the length of the video of %s: %s %s %d',
    async (_, type, purpose, limit, rest) => {
      expect((await film(type, purpose, rest(10 * limit))).status).toBe(201);
      expect(await film(type, purpose, rest(10 * limit + 1))).toMatchObject({
        status: 400,
        body: {
          error: 'video_too_long',
          message: `file: ${limit}.1 seconds are more than the ${limit} allowed`,
        },
      });
      expect(sandbox.state.media.size).toBe(1);
    },
  );

  it.each([
    ['it is unknown in 32 bits', [moov(short(0xffffffff))]],
    ['it is unknown in 64 bits', [moov(long(0xffffffffffffffffn))]],
    ['the file has no header', [box('moov'), mdat]],
    ['the file ends early', [moov(short(9999)).subarray(0, 40)]],
    ['a box has no sensible size', [Buffer.from([0, 0, 0, 3]), moov(short(9999))]],
    ['the last box goes to the end', [Buffer.alloc(4), Buffer.from('mdat'), moov(short(9999))]],
  ])('does not limit the length of a video where %s', async (_, rest) => {
    expect((await film('video/mp4', 'byte', rest)).status).toBe(201);
  });
});
