/** The pictures and videos of an event that the trigger downloads. */
import { MP4, PNG } from '../operations/fixture';
import { type FileServer, startFileServer } from './support/fileServer';
import { follow, useTrigger } from './support/useTrigger';

const { n8n, start, deliver } = useTrigger();

let files: FileServer;

beforeAll(async () => {
  files = await startFileServer();
});

afterAll(async () => {
  await files.close();
});

/** What comes out for an event about a post or a byte. */
async function outputOf(data: object, options = {}) {
  await start({ downloadMedia: true, ...options });
  await deliver(follow({ event: 'mention', data }));
  const [{ items }] = n8n.started;
  const { json, binary = {} } = items[0];
  const found = Object.entries(binary).map(([name, { fileName, mimeType, fileExtension }]) => [
    ...[name, fileName, mimeType, fileExtension],
  ]);
  return { found, mediaError: json.mediaError as string | undefined };
}

const image = () => files.serve('/picture.png', Buffer.from(PNG.content));
const video = () => files.serve('/film.mp4', Buffer.from(MP4.content));

describe('Downloading media', () => {
  it('adds each picture and video once, under a binary field of its own', async () => {
    const post = { id: 'p1', mediaUrls: [image(), video(), image()] };
    expect(await outputOf({ post })).toEqual({
      found: [
        ['media_0', 'picture.png', 'image/png', 'png'],
        ['media_1', 'film.mp4', 'video/mp4', 'mp4'],
      ],
      mediaError: undefined,
    });
  });

  it('takes the video of a byte', async () => {
    const { found } = await outputOf({ byte: { id: 'b1', videoUrl: video() } });
    expect(found).toEqual([['media_0', 'film.mp4', 'video/mp4', 'mp4']]);
  });

  it('passes the event on with the reason where something cannot be downloaded', async () => {
    const large = files.serve('/large.png', (response) => {
      response.writeHead(200, { 'content-length': '2000000' }).end();
    });
    const urls = [
      'http://example.com/a.png',
      'https://10.0.0.1/a.png',
      'no URL',
      `${files.url}/missing.png`,
      files.serve('/page', Buffer.from('<!doctype html>')),
      large,
      image(),
    ];
    const { found, mediaError } = await outputOf(
      { post: { id: 'p1', mediaUrls: urls } },
      { maximumMediaSize: 1 },
    );
    expect(found).toEqual([['media_6', 'picture.png', 'image/png', 'png']]);
    expect(mediaError?.split(/ (?=Media: )/)).toEqual([
      'Media: "http://example.com/a.png" does not start with https://.',
      expect.stringMatching(/^Media: "https:\/\/10\.0\.0\.1\/a\.png" .*in a private network\.$/),
      'Media: "no URL" is not a valid URL. It must start with https://.',
      expect.stringContaining('/missing.png'),
      expect.stringContaining('is a web page, not a file.'),
      expect.stringContaining('has 2,000,000 bytes, but at most 1 MB'),
    ]);
  });

  it('ends: the last files of a delivery are not downloaded', async () => {
    const [first, second] = [image(), video()];
    files.requests.length = 0;
    const time = performance.now();
    // Each file takes half an hour, by the clock.
    const clock = jest
      .spyOn(performance, 'now')
      .mockImplementation(() => time + 1_800_001 * files.requests.length);
    const { found, mediaError } = await outputOf({
      post: { id: 'p1', mediaUrls: [first, second] },
    });
    clock.mockRestore();
    expect(found.map(([name]) => name)).toEqual(['media_0']);
    expect(mediaError).toBe(
      'The rest was not downloaded because the files before it took too long.',
    );
  });

  it('adds nothing where there is nothing, or where nobody wants it', async () => {
    expect(await outputOf({})).toEqual({ found: [], mediaError: undefined });
    n8n.started.length = 0;
    files.requests.length = 0;
    const post = { id: 'p1', mediaUrls: [image()] };
    expect(await outputOf({ post }, { downloadMedia: false })).toEqual({
      found: [],
      mediaError: undefined,
    });
    expect(files.requests).toEqual([]);
  });
});
