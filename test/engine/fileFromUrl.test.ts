/** Files that are downloaded from an address. On this machine that is plain http, and only with a service on it. */
import dns from 'node:dns';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { uploads } from '../operations/media';
import { createFixture, MP4, myself, PNG, type Fixture } from '../operations/fixture';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { type FileServer, redirectTo, startFileServer } from './support/fileServer';
import { N8n, type NodeSettings, type RunResult } from './support/n8n';
import { StoredFiles } from './support/storedFiles';

const MEBIBYTE = 1024 * 1024;

/** What `N8N_SSRF_PROTECTION_ENABLED` sets, in the copy of n8n's modules that n8n-core has. */
function ssrfConfig(): { enabled: boolean } {
  const load = createRequire(require.resolve('n8n-core'));
  const actual = <Module extends object>(name: string) =>
    jest.requireActual<Module>(load.resolve(name));
  const { Container } = actual<{ Container: { get(type: unknown): { enabled: boolean } } }>(
    '@n8n/di',
  );
  return Container.get(actual<Record<string, unknown>>('@n8n/config').SsrfProtectionConfig);
}

const ITEM: INodeExecutionData = { json: {} };

/** All operations that take a file from an address, with what shows that it arrived. */
const OPERATIONS = [
  {
    what: 'Profile: Upload Avatar',
    field: 'Image URL',
    file: PNG,
    maxBytes: 5 * MEBIBYTE,
    parameters: { resource: 'profile', operation: 'uploadAvatar', fileSource: 'url' },
    arrived: (fixture: Fixture) => expect(myself(fixture).avatarUrl).not.toBeNull(),
  },
  {
    what: 'Media: Upload Image',
    field: 'Image URL',
    file: PNG,
    maxBytes: 10 * MEBIBYTE,
    parameters: { resource: 'media', operation: 'uploadImage', fileSource: 'url' },
    arrived: (fixture: Fixture) =>
      expect(uploads(fixture)).toMatchObject([{ type: 'IMAGE', filename: 'my file.png' }]),
  },
  {
    what: 'Media: Upload Video, for a post',
    field: 'Video URL',
    file: MP4,
    maxBytes: 50 * MEBIBYTE,
    parameters: { resource: 'media', operation: 'uploadVideo', fileSource: 'url', purpose: 'post' },
    arrived: (fixture: Fixture) =>
      expect(uploads(fixture)).toMatchObject([{ type: 'VIDEO', filename: 'my file.mp4' }]),
  },
  {
    what: 'Media: Upload Video, for a byte',
    field: 'Video URL',
    file: MP4,
    maxBytes: 100 * MEBIBYTE,
    parameters: { resource: 'media', operation: 'uploadVideo', fileSource: 'url', purpose: 'byte' },
    arrived: (fixture: Fixture) =>
      expect(uploads(fixture)).toMatchObject([{ type: 'VIDEO', purpose: 'byte' }]),
  },
  {
    what: 'Byte: Create',
    field: 'Video URL',
    file: MP4,
    maxBytes: 100 * MEBIBYTE,
    parameters: { resource: 'byte', operation: 'create', videoSource: 'url' },
    arrived: ({ sandbox }: Fixture) => expect(sandbox.state.bytes.size).toBe(1),
  },
] as const;

const uploadImage = (fileUrl: string, options = {}): INodeParameters => ({
  ...{ resource: 'media', operation: 'uploadImage', purpose: 'post', fileSource: 'url' },
  fileUrl,
  options,
});

describe('files from an address', () => {
  let n8n: N8n;
  let sandbox: Sandbox;
  let fixture: Fixture;
  let files: FileServer;

  beforeAll(async () => {
    n8n = await N8n.load();
  });

  beforeEach(async () => {
    [sandbox, files] = await Promise.all([startSandbox(), startFileServer()]);
    fixture = createFixture(sandbox);
    n8n.saveCredential('agent', { ...fixture.me, baseUrl: sandbox.url });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all([sandbox.close(), files.close()]);
  });

  const run = async (
    parameters: INodeParameters,
    input = [ITEM],
    settings: NodeSettings = {},
    signal?: AbortSignal,
  ): Promise<RunResult> =>
    await n8n.run({ credential: 'agent', parameters, input, settings, signal });

  /** Items with an address each. */
  const itemsOf = (addresses: string[]): INodeExecutionData[] =>
    addresses.map((url) => ({ json: { url } }));
  const EACH = uploadImage('={{ $json.url }}');

  /** The node refuses an address: nothing is sent to the service, and the download is over. */
  async function refused(fileUrl: string, options = {}): Promise<string | undefined> {
    const { error } = await run(uploadImage(fileUrl, options));
    expect(sandbox.requests).toHaveLength(0);
    await files.idle();
    return error?.message;
  }

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
        `${field}: the file at "${files.url}/large" has ${bytes} bytes, but at most ${maxBytes / MEBIBYTE} MB`,
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
      const content = Buffer.concat([PNG.content, Buffer.alloc(3 * MEBIBYTE, 'abc')]);
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
        `Image URL: the file at "${address}" has more than 10 MB (10,485,760 bytes), which is the most that is allowed.`,
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

  it('shows nothing that may be secret of an address', async () => {
    const { error } = await run(
      uploadImage(`${files.url}/bot12345:SECRETPATH/no.png?sig=SECRETQUERY#SECRETHASH`),
    );

    expect(error?.message).toBe(
      `Image URL: "${files.url}/…/no.png" was not found (HTTP 404). Check the address; it may have expired.`,
    );
    // The node itself, with its parameters, is in every error of n8n.
    expect(`${error?.description} ${error?.stack}`).not.toMatch(/SECRET/);
  });

  describe('refuses', () => {
    it.each([
      [404, 'was not found (HTTP 404). Check the address; it may have expired.'],
      [410, 'was not found (HTTP 410). Check the address; it may have expired.'],
      [401, 'asks for a sign-in, or has expired (HTTP 401). '],
      [403, 'asks for a sign-in, or has expired (HTTP 403). '],
      [429, 'could not be downloaded (HTTP 429). Try again later.'],
      [503, 'could not be downloaded (HTTP 503). Try again later.'],
      [304, 'could not be downloaded (HTTP 304). Check the address.'],
      [302, 'could not be downloaded (HTTP 302). Check the address.'],
    ])('what is answered with %i', async (status, problem) => {
      const address = files.serve('/a.png', (response) => response.writeHead(status).end());

      expect(await refused(address)).toMatch(`Image URL: "${files.url}/a.png" ${problem}`);
    });

    it('an empty file', async () => {
      expect(await refused(files.serve('/a.png', Buffer.alloc(0)))).toBe(
        `Image URL: the file at "${files.url}/a.png" is empty.`,
      );
    });

    it('a video in place of an image', async () => {
      expect(await refused(files.serve('/a.png', MP4.content))).toBe(
        `Image URL: the file at "${files.url}/a.png" is a video. Allowed are JPG, PNG, GIF, WEBP.`,
      );
    });

    it('a file of another type as soon as it shows', async () => {
      const address = files.serve('/a.png', (response) => {
        response.write(Buffer.alloc(1000, '%PDF'));
      });

      expect(await refused(address)).toMatch('is of another type');
    });

    it('a file that breaks off', async () => {
      const address = files.serve('/a.png', (response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write(PNG.content, () => response.destroy());
      });

      expect(await refused(address)).toBe(
        `Image URL: the file at "${files.url}/a.png" did not arrive as a whole: the connection broke.`,
      );
    });

    it('a file that does not arrive in time', async () => {
      const address = files.serve('/a.png', (response) => response.write(PNG.content));

      expect(await refused(address, { timeout: 300 })).toBe(
        `Image URL: the file at "${files.url}/a.png" did not arrive within 0.3 seconds. Raise Timeout in the options of the node, or try again later.`,
      );
    });

    it('an answer that does not begin in time', async () => {
      expect(
        await refused(
          files.serve('/a.png', () => {}),
          { timeout: 300 },
        ),
      ).toMatch('did not arrive within 0.3 seconds');
    });

    it('a host where nothing listens', async () => {
      const { url } = files;
      await files.close();

      expect(await refused(`${url}/a.png`)).toBe(
        `Image URL: "${url}/a.png" could not be downloaded: the connection was refused (ECONNREFUSED). Check the address, or try again later.`,
      );
      files = await startFileServer();
    });

    it.each([
      ['', 'is required and must not be empty. Give the address of the file, which starts with'],
      ['={{ $json.missing }}', 'is required and must not be empty.'],
      ['={{ ({}) }}', 'must be text, but is an object.'],
      ['picture.png', '"picture.png" is not a valid URL. It must start with https://.'],
      ['data:image/png;base64,AAAA', 'is not a valid URL. It must start with https://.'],
      ['file:///etc/passwd', 'is not a valid URL. It must start with https://.'],
      ['http://example.com/a.png', '"http://example.com/a.png" does not start with https://. '],
      ['https://a:b@example.com/a.png', '"https://example.com/a.png" has a user name or a passw'],
      ['https://localhost.:8443/a', 'resolves only on this machine or in its local network. '],
      ['https://10.0.0.1/a.png', '"https://10.0.0.1/a.png" is in a private network. '],
      ['https://[::ffff:10.0.0.1]/a', 'is in a private network. '],
      ['https://169.254.169.254/latest/meta-data', 'is in a private network. '],
    ])('%p', async (fileUrl, problem) => {
      const message = await refused(fileUrl);

      expect(message).toMatch(/^Image URL: /);
      expect(message).toContain(problem);
      expect(files.requests).toHaveLength(0);
    });

    it('this machine, unless the service is on it', async () => {
      n8n.saveCredential('agent', { ...fixture.me, baseUrl: 'https://imagineanything.com' });
      const address = files.serve('/a.png', PNG.content);

      expect(await refused(address)).toBe(
        `Image URL: "${address}" does not start with https://. Get the file with another node, such as HTTP Request, and give its binary field instead.`,
      );
      expect(await refused(address.replace('http:', 'https:'))).toMatch('is in a private network');
      expect(files.requests).toHaveLength(0);
    });
  });

  describe('a name', () => {
    it.each([
      ['a private address', ['10.0.0.1']],
      ['a private address among others', ['8.8.8.8', '192.168.1.1']],
      ['this machine', ['::']],
      ['an address shared by carriers', ['100.64.0.1']],
      ['a mapped address', ['::ffff:127.0.0.1']],
    ])('that resolves to %s is not asked', async (_, addresses) => {
      jest
        .spyOn(dns.promises, 'lookup')
        .mockResolvedValue(addresses.map((address) => ({ address, family: 4 })) as never);

      expect(await refused(`https://${nextName()}/a.png`)).toMatch(
        'resolves to an address in a private network. Get the file with another node',
      );
    });

    it('that does not resolve is not asked', async () => {
      const error = Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
      jest.spyOn(dns.promises, 'lookup').mockRejectedValue(error);

      expect(await refused(`https://${nextName()}/a.png`)).toMatch(
        'has a host name that could not be resolved. Check the address',
      );
    });
  });

  it('says so where n8n’s own protection of private networks blocks the connection', async () => {
    const config = ssrfConfig();
    config.enabled = true;
    try {
      expect(await refused(files.serve('/a.png', PNG.content))).toBe(
        `Image URL: "${files.url}/a.png" is blocked by n8n’s protection of private networks. Get the file with another node, such as HTTP Request, and give its binary field instead.`,
      );
      expect(files.requests).toHaveLength(0);
    } finally {
      config.enabled = false;
    }
  });

  let names = 0;
  /** A name that n8n has not resolved before. */
  const nextName = () => `files${(names += 1)}.example.com`;

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
        `Image URL: "${address}" redirects more than 3 times. Give the address of the file itself.`,
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

    it('to what is no address are refused', async () => {
      expect(await refused(files.serve('/a', redirectTo('https://')))).toMatch(
        'redirects to something that is not a valid URL.',
      );
    });
  });

  describe('several items', () => {
    it('are all sent when all are right', async () => {
      const addresses = ['/a', '/b', '/c', '/d', '/e', '/f'].map((path) =>
        files.serve(path, PNG.content),
      );
      const { error, json } = await run(EACH, itemsOf(addresses));

      expect(error).toBeUndefined();
      expect(json).toHaveLength(6);
      expect(uploads(fixture).map(({ filename }) => filename)).toEqual(
        ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}.png`),
      );
      expect(files.mostOpen).toBeLessThanOrEqual(4);
    });

    it('are not sent when one is refused', async () => {
      const addresses = [files.serve('/a', PNG.content), `${files.url}/none`];
      const { error } = await run(EACH, itemsOf([...addresses, addresses[0]]));

      expect(error?.message).toMatch('/none" was not found');
      expect(error?.context?.itemIndex).toBe(1);
      expect(error?.description).toBe(
        'Nothing was sent. Correct the value of this field in the node.',
      );
      expect(sandbox.requests).toHaveLength(0);
    });

    it('are sent without the refused one when the node continues', async () => {
      const addresses = [`${files.url}/none`, files.serve('/a', PNG.content)];
      const settings = { onError: 'continueRegularOutput' } as const;
      const { json } = await run(EACH, itemsOf(addresses), settings);

      expect(json).toMatchObject([{ error: expect.stringMatching('was not found') }, {}]);
      expect(uploads(fixture)).toHaveLength(1);
    });

    it('are downloaded no more at once than reads go out', async () => {
      const addresses = ['/a', '/b', '/c'].map((path) => files.serve(path, PNG.content));
      const { error } = await run({ ...EACH, options: { concurrency: 1 } }, itemsOf(addresses));

      expect(error).toBeUndefined();
      expect(files.mostOpen).toBe(1);
    });
  });

  it('ends at once, and sends nothing, when the execution is cancelled', async () => {
    const controller = new AbortController();
    const address = files.serve('/drip', (response) => {
      response.write(PNG.content, () => controller.abort());
      const timer = setInterval(() => response.write('.'), 50);
      response.on('close', () => clearInterval(timer));
    });
    const { items } = await run(EACH, itemsOf([address, address]), {}, controller.signal);
    await files.idle();

    expect(items).toEqual([]);
    expect(sandbox.requests).toHaveLength(0);
  });

  it('sends a file that was sent before only once when n8n runs the node again', async () => {
    // A host that makes a new picture each time, as image generators do.
    let pictures = 0;
    const address = files.serve('/random', (response) => {
      pictures += 1;
      response.end(Buffer.concat([PNG.content, Buffer.alloc(pictures)]));
    });
    sandbox.faults.add({
      match: { operationId: 'mediaUploadImage' },
      skip: 1,
      fault: { kind: 'status', status: 400 },
    });
    const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
    const { error } = await run(EACH, itemsOf([address, `${address}?second`]), settings);

    expect(error).toBeUndefined();
    expect(uploads(fixture)).toHaveLength(2);
  });
});
