/** Which hosts a download asks for a file. */
import { Readable } from 'node:stream';
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { openDownload } from '../../../nodes/ImagineAnything/transport/download';

const FILE = new URL('https://files.example/a.png');

/** n8n, whose names have these addresses, and hosts that redirect. */
function openN8n(addresses: Record<string, string[]>, redirects: Record<string, string> = {}) {
  const asked: string[] = [];
  const lookup = (
    host: string,
    _: object,
    done: (error: null, found: Array<{ address: string }>) => void,
  ) =>
    done(
      null,
      (addresses[host] ?? ['93.184.215.14']).map((address) => ({ address })),
    );
  const helpers = {
    getSecureEgressFilter: () => ({ createSecureLookup: () => lookup }),
    httpRequest: async ({ url }: IHttpRequestOptions) => {
      asked.push(url);
      const location = redirects[url];
      const statusCode = location === undefined ? 200 : 302;
      return { statusCode, headers: { location }, body: Readable.from([Buffer.from('x')]) };
    },
  };
  const options = {
    accept: 'image/png',
    isServiceLocal: false,
    signal: new AbortController().signal,
  };
  return {
    asked,
    open: async (url: URL) =>
      await openDownload({ helpers } as unknown as IExecuteFunctions, url, options),
  };
}

it('a host on the Internet is asked, and where it redirects to', async () => {
  const { asked, open } = openN8n({}, { [FILE.href]: 'https://cdn.example/b.png' });

  expect((await open(FILE)).problem).toBeUndefined();
  expect(asked).toEqual([FILE.href, 'https://cdn.example/b.png']);
});

it.each([[['10.0.0.1']], [['93.184.215.14', '10.0.0.1']], [['169.254.169.254', '93.184.215.14']]])(
  'a name with the addresses %j is not asked',
  async (addresses) => {
    const { asked, open } = openN8n({ 'files.example': addresses });

    expect((await open(FILE)).problem).toContain('resolves to an address in a private network');
    expect(asked).toEqual([]);
  },
);

it.each(['https://10.0.0.1/b.png', 'http://cdn.example/b.png', 'https://inside.example/b.png'])(
  'a redirect to %s is not followed',
  async (location) => {
    const { asked, open } = openN8n(
      { 'inside.example': ['192.168.0.1'] },
      { [FILE.href]: location },
    );

    expect((await open(FILE)).problem).toContain('redirects to ');
    expect(asked).toEqual([FILE.href]);
  },
);
