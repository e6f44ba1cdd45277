/** Files that the node downloads from a URL and sends. */
import type { ServerResponse } from 'node:http';
import { ARTICLE } from '../operations/article';
import { uploads } from '../operations/media';
import { MP4, myself, PNG, type Fixture } from '../operations/fixture';
import { uploadImage, useDownloads } from './support/downloads';
import { redirectTo } from './support/fileServer';
import { StoredFiles } from './support/storedFiles';

const MEGABYTE = 1_000_000;

/** All operations that take a file from a URL, with what shows that it arrived. */
const OPERATIONS = [
  {
    what: 'Profile: Upload Avatar',
    field: 'Image URL',
    file: PNG,
    maxBytes: 5 * MEGABYTE,
    parameters: { resource: 'profile', operation: 'uploadAvatar', fileSource: 'url' },
    arrived: (fixture: Fixture) => expect(myself(fixture).avatarUrl).not.toBeNull(),
  },
  {
    what: 'Media: Upload Image',
    field: 'Image URL',
    file: PNG,
    maxBytes: 10 * MEGABYTE,
    parameters: { resource: 'media', operation: 'uploadImage', fileSource: 'url' },
    arrived: (fixture: Fixture) =>
      expect(uploads(fixture)).toMatchObject([{ type: 'IMAGE', filename: 'my file.png' }]),
  },
  {
    what: 'Media: Upload Video, for a post',
    field: 'Video URL',
    file: MP4,
    maxBytes: 50 * MEGABYTE,
    parameters: { resource: 'media', operation: 'uploadVideo', fileSource: 'url', purpose: 'post' },
    arrived: (fixture: Fixture) =>
      expect(uploads(fixture)).toMatchObject([{ type: 'VIDEO', filename: 'my file.mp4' }]),
  },
  {
    what: 'Media: Upload Video, for a byte',
    field: 'Video URL',
    file: MP4,
    maxBytes: 100 * MEGABYTE,
    parameters: { resource: 'media', operation: 'uploadVideo', fileSource: 'url', purpose: 'byte' },
    arrived: (fixture: Fixture) =>
      expect(uploads(fixture)).toMatchObject([{ type: 'VIDEO', purpose: 'byte' }]),
  },
  {
    what: 'Byte: Create',
    field: 'Video URL',
    file: MP4,
    maxBytes: 100 * MEGABYTE,
    parameters: { resource: 'byte', operation: 'create', videoSource: 'url' },
    arrived: ({ sandbox }: Fixture) => expect(sandbox.state.bytes.size).toBe(1),
  },
  {
    what: 'Article: Create',
    field: 'Image URL',
    file: PNG,
    maxBytes: 10 * MEGABYTE,
    parameters: { resource: 'article', operation: 'create', ...ARTICLE, coverSource: 'url' },
    arrived: ({ sandbox }: Fixture) => expect(sandbox.state.articles.size).toBe(1),
  },
] as const;

describe('a file from a URL', () => {
  const { sandbox, fixture, files, run, refused } = useDownloads();

  describe.each(OPERATIONS)('$what', ({ field, file, maxBytes, parameters, arrived }) => {
    it('takes the file', async () => {
      const fileUrl = files.serve('/folder/my%20file', file.content);
      const { error } = await run({ ...parameters, fileUrl });

      expect(error).toBeUndefined();
      arrived(fixture);
      expect(files.requests).toHaveLength(1);
    });

    it('refuses a file whose length is over the limit before it reads it', async () => {
      let sent: ServerResponse | undefined;
      const fileUrl = files.serve('/large', (response) => {
        sent = response;
        response.writeHead(200, { 'content-length': maxBytes + 1 });
        response.write(file.content);
      });
      const { error } = await run({ ...parameters, fileUrl });

      const bytes = (maxBytes + 1).toLocaleString('en-US');
      expect(error?.message).toMatch(
        `${field}: the file at "${files.url}/large" has ${bytes} bytes, but at most ${maxBytes / MEGABYTE} MB`,
      );
      await files.idle();
      expect(sent?.writableFinished).toBe(false);
      expect(sandbox.requests).toHaveLength(0);
    });

    it('refuses another type by its content', async () => {
      const fileUrl = files.serve('/page.png', (response) => {
        response.writeHead(200, { 'content-type': file.mimeType });
        response.end(`<!DOCTYPE html>${' '.repeat(100)}`);
      });
      const { error } = await run({ ...parameters, fileUrl });

      expect(error?.message).toMatch(
        `${field}: the file at "${files.url}/page.png" is a web page, not a file. Allowed are `,
      );
      expect(sandbox.requests).toHaveLength(0);
    });
  });

  describe.each(['in memory', 'in a store'])('with binary data %s', (place) => {
    let stored: StoredFiles | undefined;

    beforeEach(() => {
      stored = place === 'in a store' ? new StoredFiles() : undefined;
    });

    afterEach(() => stored?.remove());

    it('passes on every byte', async () => {
      const content = Buffer.concat([PNG.content, Buffer.alloc(3 * MEGABYTE, 'abc')]);
      const { error } = await run(uploadImage(files.serve('/a', content)));

      expect(error).toBeUndefined();
      expect(uploads(fixture)).toMatchObject([{ size: content.length }]);
    });

    it('sends the file again without a second download', async () => {
      sandbox.faults.add({
        match: { operationId: 'mediaUploadImage' },
        fault: { kind: 'expire-token' },
      });
      const { error } = await run(uploadImage(files.serve('/a', PNG.content)));

      expect(error).toBeUndefined();
      expect(sandbox.requests.of('mediaUploadImage').map(({ status }) => status)).toEqual([
        401, 201,
      ]);
      expect(files.requests).toHaveLength(1);
    });

    it('ends a file without a length that has no end', async () => {
      const address = files.serve('/endless', (response) => {
        const more = () => {
          while (response.write(Buffer.alloc(64 * 1024))) continue;
        };
        response.write(PNG.content);
        response.on('drain', more);
        more();
      });

      expect(await refused(address)).toBe(
        `Image URL: the file at "${address}" has more than 10 MB (10,000,000 bytes), which is the most that is allowed.`,
      );
    });
  });

  it('goes on with what is there when a file is shorter than what tells its type', async () => {
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
    const { error } = await run(uploadImage(files.serve('/tiny', jpeg)));

    expect(error).toBeUndefined();
    expect(uploads(fixture)).toMatchObject([{ size: 4, filename: 'tiny.jpg' }]);
  });

  it('never shows the token, or anything else of the credential, to the file host', async () => {
    await run(uploadImage(files.serve('/a', redirectTo('/b'))));
    files.serve('/b', PNG.content);
    await run(uploadImage(`${files.url}/a`));

    expect(files.requests.map(({ path }) => path)).toEqual(['/a', '/b', '/a', '/b']);
    const { accept, host, 'user-agent': agent, connection, ...others } = files.requests[3].headers;
    expect(others).toEqual({ 'accept-encoding': 'identity' });
    expect(accept).toBe('image/jpeg, image/png, image/gif, image/webp, */*;q=0.1');
    expect([host, agent, connection].join()).not.toMatch(fixture.me.clientId);
  });

  it('shows nothing that may be secret of a URL', async () => {
    const { error } = await run(
      uploadImage(`${files.url}/bot12345:SECRETPATH/no.png?sig=SECRETQUERY#SECRETHASH`),
    );

    expect(error?.message).toBe(
      `Image URL: "${files.url}/…/no.png" was not found (HTTP 404). Check the URL; it may have expired.`,
    );
    // The node itself, with its parameters, is in every error of n8n.
    expect(`${error?.description} ${error?.stack}`).not.toMatch(/SECRET/);
  });

  describe('redirects', () => {
    it.each([301, 302, 303, 307, 308])('are followed: %i', async (status) => {
      files.serve('/b/picture', PNG.content);
      const { error } = await run(
        uploadImage(files.serve('/a', redirectTo('/b/picture?x', status))),
      );

      expect(error).toBeUndefined();
      expect(uploads(fixture)).toMatchObject([{ filename: 'picture.png' }]);
    });

    it('are followed three times', async () => {
      files.serve('/d', PNG.content);
      files.serve('/c', redirectTo('/d'));
      files.serve('/b', redirectTo(`${files.url}/c`));
      const { error } = await run(uploadImage(files.serve('/a', redirectTo('b'))));

      expect(error).toBeUndefined();
      expect(files.requests).toHaveLength(4);
    });

    it('are not followed in a circle', async () => {
      const address = files.serve('/a', redirectTo('/a'));

      expect(await refused(address)).toBe(
        `Image URL: "${address}" redirects more than 3 times. Give the URL of the file itself.`,
      );
      expect(files.requests).toHaveLength(4);
    });

    it.each([
      ['https://10.0.0.1/x?token=SECRET', '"https://10.0.0.1/x", which is in a private network. '],
      [
        'https://metadata.internal/x',
        'which resolves only on this machine or in its local network. ',
      ],
      ['http://example.com/x', '"http://example.com/x", which does not start with https://. '],
      ['https://a:SECRET@example.com/', 'which has a user name or a password. '],
      ['ftp://127.0.0.1/x', 'which does not start with https://. '],
    ])('to %s are refused', async (location, problem) => {
      const address = files.serve('/a', redirectTo(location));
      const message = await refused(address);

      expect(message).toMatch(`Image URL: "${address}" redirects to `);
      expect(message).toContain(problem);
      expect(message).not.toMatch('SECRET');
    });

    it('to what is no URL are refused', async () => {
      expect(await refused(files.serve('/a', redirectTo('https://')))).toMatch(
        'redirects to something that is not a valid URL.',
      );
    });
  });
});
