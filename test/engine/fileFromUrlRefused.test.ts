/** URLs and downloads that are refused: nothing is sent to the service. */
import dns from 'node:dns';
import { createRequire } from 'node:module';
import { MP4, PNG } from '../operations/fixture';
import { useDownloads } from './support/downloads';
import { CREDENTIAL } from './support/useN8n';

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

describe('a file from a URL', () => {
  const { n8n, fixture, files, refused } = useDownloads();

  let names = 0;
  /** A name that n8n has not resolved before. */
  const nextName = () => `files${(names += 1)}.example.com`;

  describe('refuses', () => {
    it.each([
      [404, 'was not found (HTTP 404). Check the URL; it may have expired.'],
      [410, 'was not found (HTTP 410). Check the URL; it may have expired.'],
      [401, 'asks for a sign-in, or has expired (HTTP 401). '],
      [403, 'asks for a sign-in, or has expired (HTTP 403). '],
      [429, 'could not be downloaded (HTTP 429). Try again later.'],
      [503, 'could not be downloaded (HTTP 503). Try again later.'],
      [304, 'could not be downloaded (HTTP 304). Check the URL.'],
      [302, 'could not be downloaded (HTTP 302). Check the URL.'],
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
        `Image URL: "${url}/a.png" could not be downloaded: the connection was refused (ECONNREFUSED). Check the URL, or try again later.`,
      );
    });

    it.each([
      ['', 'is required and must not be empty. Give the URL of the file, which starts with'],
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
      n8n.saveCredential(CREDENTIAL, { ...fixture.me, baseUrl: 'https://imagineanything.com' });
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
        'has a host name that could not be resolved. Check the URL',
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
});
