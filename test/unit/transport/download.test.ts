/** Which URLs a file is asked for at, and why there is none. */
import { type Download, openDownload } from '../../../nodes/ImagineAnything/transport/download';
import { type Answer, internetOf, open, OPTIONS } from './support/internet';

const FILE = 'https://files.example/cat.png';
const SHOWN = '"https://files.example/cat.png"';

describe('a file', () => {
  it.each([200, 206, 299])('is given with headers and URL: %i', async (status) => {
    const { result, asked, isClosed } = await open(FILE, { pages: { [FILE]: { status } } });

    expect(result).toMatchObject({ headers: {}, url: new URL(FILE) });
    expect(result).not.toHaveProperty('problem');
    expect(asked).toMatchObject([
      {
        method: 'GET',
        url: FILE,
        headers: { Accept: 'image/png, */*;q=0.1', 'Accept-Encoding': 'identity' },
        encoding: 'stream',
        returnFullResponse: true,
        ignoreHttpStatusErrors: true,
        disableFollowRedirect: true,
      },
    ]);
    expect(isClosed()).toEqual([false]);
    (result as Download).close();
    expect(isClosed()).toEqual([true]);
  });

  it('that breaks while nobody reads does not end n8n', async () => {
    const { bodies } = await open(FILE);
    expect(() => bodies[0].emit('error', new Error('it broke'))).not.toThrow();
  });

  it('is asked for with the whole URL, which no message shows', async () => {
    const secret = `${FILE}?sig=SECRET`;
    const { result, asked } = await open(secret, { pages: { [secret]: { status: 500 } } });

    expect(asked[0].url).toBe(secret);
    expect(JSON.stringify(result)).not.toContain('SECRET');
  });
});

describe('a URL that is not asked', () => {
  it.each([
    ['https://user@files.example/a', 'has a user name or a password.'],
    ['https://:pass@files.example/a', 'has a user name or a password.'],
    ['http://files.example/a', 'does not start with https://.'],
    ['ftp://files.example/a', 'does not start with https://.'],
    ['https://127.0.0.1/a', 'is in a private network.'],
    ['https://localhost/a', 'resolves only on this machine or in its local network.'],
    ['https://[::1]/a', 'is in a private network.'],
    ['https://10.1.2.3/a', 'is in a private network.'],
    ['https://printer/a', 'resolves only on this machine or in its local network.'],
  ])('%s %s', async (address, reason) => {
    for (const isServiceLocal of [false, !/127|localhost|::1/.test(address)]) {
      const { result, asked } = await open(address, {}, { isServiceLocal });
      expect(result.problem).toMatch(/^"[^"]+" /);
      expect(result.problem).toContain(reason);
      expect(result).toMatchObject({ isTransient: false, isForbidden: true });
      expect(asked).toEqual([]);
    }
  });

  it.each(['http://127.0.0.1:4010/a', 'https://localhost/a', 'http://[::1]:4010/a'])(
    '%s is, where the service is on this machine, too',
    async (address) => {
      const { result } = await open(address, { names: {} }, { isServiceLocal: true });
      expect(result.problem).toBeUndefined();
    },
  );

  it.each(['ftp://127.0.0.1/a', 'xhttp://localhost/a'])(
    'not even there with another protocol: %s',
    async (address) => {
      const { result } = await open(address, {}, { isServiceLocal: true });
      expect(result.problem).toContain('does not start with https://');
    },
  );
});

describe('a name', () => {
  const resolved = async (found: string[] | Error) =>
    await open(FILE, { names: { 'files.example': found } });
  const blocked = (name: string) => Object.assign(new Error('x'), { name });

  it('that resolves to public addresses is asked', async () => {
    const { result, filters } = await resolved(['93.184.215.14', '2606:4700::1']);
    expect(result.problem).toBeUndefined();
    expect(filters).toEqual(['enforced']);
  });

  it.each([
    ['a private address', ['10.0.0.1']],
    ['a private address among others', ['93.184.215.14', '169.254.169.254']],
    ['what n8n blocks', blocked('SsrfBlockedIpError')],
  ])('that resolves to %s is not', async (_, found) => {
    const { result, asked } = await resolved(found);
    expect(result).toMatchObject({
      problem: `${SHOWN} resolves to an address in a private network.`,
      isForbidden: true,
    });
    expect(asked).toEqual([]);
  });

  it.each([
    ['nothing', []],
    ['an error', blocked('Error')],
    ['an error of another name', blocked('NotSsrfBlocked')],
  ])('that resolves to %s is not', async (_, found) => {
    const { result, asked } = await resolved(found);
    expect(result.problem).toBe(
      `${SHOWN} has a host name that could not be resolved. Check the URL, and the name resolution of n8n’s machine.`,
    );
    expect(asked).toEqual([]);
  });

  it('is not looked up where it is an address', async () => {
    const { result, filters } = await open('https://93.184.215.14/a', { names: {} });
    expect(result.problem).toBeUndefined();
    expect(filters).toEqual([]);
  });

  it('of which the look-up hangs ends with the signal', async () => {
    const fake = internetOf({ names: {} });
    const hung = { createSecureLookup: () => () => {} };
    Object.assign(fake.context.helpers, { getSecureEgressFilter: () => hung });
    const stop = new AbortController();
    const opening = openDownload(fake.context, new URL(FILE), { ...OPTIONS, signal: stop.signal });
    stop.abort(new Error('time is up'));
    await expect(opening).rejects.toThrow('time is up');
  });
});

describe('a redirect', () => {
  const to = (location: unknown, status = 302): Answer => ({ status, location });
  const at = (number: number) => `https://files.example/${number}`;

  it.each([301, 302, 303, 307, 308])(
    'of %i is followed, and its connection closed',
    async (status) => {
      const { result, asked, isClosed } = await open(at(0), {
        pages: { [at(0)]: to('/1', status) },
      });

      expect((result as Download).url.href).toBe(at(1));
      expect(asked.map(({ url }) => url)).toEqual([at(0), at(1)]);
      expect(isClosed()).toEqual([true, false]);
    },
  );

  it.each([300, 304, 305, 399])('of %i is not followed', async (status) => {
    const { result, asked } = await open(FILE, { pages: { [FILE]: to('/1', status) } });
    expect(result.problem).toBe(
      `${SHOWN} could not be downloaded (HTTP ${status}). Check the URL.`,
    );
    expect(asked).toHaveLength(1);
  });

  it('is followed three times', async () => {
    const chain = [0, 1, 2].map((number) => [at(number), to(at(number + 1))]);
    const three = await open(at(0), { pages: Object.fromEntries(chain) as never });
    expect(three.result.problem).toBeUndefined();

    const pages = Object.fromEntries([...chain, [at(3), to(at(4))]]) as never;
    const four = await open(at(0), { pages });
    expect(four.result.problem).toBe(
      '"https://files.example/0" redirects more than 3 times. Give the URL of the file itself.',
    );
    expect(four.asked).toHaveLength(4);
  });

  it.each([
    ['https://10.0.0.1/a', 'is in a private network.'],
    ['http://files.example/a', 'does not start with https://.'],
    ['https://user:pw@files.example/a', 'has a user name or a password.'],
  ])('to %s is not followed', async (location, reason) => {
    const { result, asked } = await open(FILE, { pages: { [FILE]: to(location) } });
    expect(result.problem).toMatch(new RegExp(`^${SHOWN} redirects to "[^"]+", which ${reason}`));
    expect(asked).toHaveLength(1);
  });

  it('to what is no URL says so', async () => {
    const { result } = await open(FILE, { pages: { [FILE]: to('https://') } });
    expect(result.problem).toBe(`${SHOWN} redirects to something that is not a valid URL.`);
  });

  it.each([undefined, ['/a']])('without a URL is a status: %j', async (location) => {
    const { result } = await open(FILE, { pages: { [FILE]: to(location) } });
    expect(result.problem).toContain('could not be downloaded (HTTP 302)');
  });

  it('to a host without the file names both', async () => {
    const { result } = await open(FILE, { pages: { [FILE]: to('/1'), [at(1)]: { status: 404 } } });
    expect(result.problem).toBe(
      `${SHOWN} redirects to "https://files.example/1", which was not found (HTTP 404). Check the URL; it may have expired.`,
    );
  });
});

it.each([
  [404, 'was not found (HTTP 404). Check the URL; it may have expired.', false],
  [410, 'was not found (HTTP 410). Check the URL; it may have expired.', false],
  [401, 'asks for a sign-in, or has expired (HTTP 401).', false, true],
  [403, 'asks for a sign-in, or has expired (HTTP 403).', false, true],
  [429, 'could not be downloaded (HTTP 429). Try again later.', true],
  [500, 'could not be downloaded (HTTP 500). Try again later.', true],
  [503, 'could not be downloaded (HTTP 503). Try again later.', true],
  [400, 'could not be downloaded (HTTP 400). Check the URL.', false],
  [199, 'could not be downloaded (HTTP 199). Check the URL.', false],
] as Array<[number, string, boolean, boolean?]>)(
  'a status of %i is explained',
  async (status, reason, isTransient, isForbidden = false) => {
    const { result, isClosed } = await open(FILE, { pages: { [FILE]: { status } } });
    expect(result).toEqual({ problem: `${SHOWN} ${reason}`, isTransient, isForbidden });
    expect(isClosed()).toEqual([true]);
  },
);

describe('an error', () => {
  const thrown = async (error: unknown) => {
    const fail = () => {
      throw error;
    };
    return (await open(FILE, { pages: { [FILE]: fail } })).result;
  };
  const retry = 'Check the URL, or try again later.';

  it.each<[string, unknown, string]>([
    [
      'while connecting',
      { code: 'ECONNREFUSED' },
      'could not be downloaded: the connection was refused (ECONNREFUSED).',
    ],
    [
      'in another one',
      { message: 'SECRET', cause: { code: 'ENOTFOUND' } },
      'could not be downloaded: its host name could not be resolved (ENOTFOUND).',
    ],
    [
      'of the response',
      { code: 'HPE_INVALID_CONSTANT' },
      'could not be downloaded: the response is malformed or too large (HPE_INVALID_CONSTANT).',
    ],
    [
      'in the middle',
      { code: 'ECONNRESET' },
      'could not be downloaded: the connection broke (ECONNRESET).',
    ],
    ['without a code', new Error('SECRET'), 'could not be downloaded: the connection broke.'],
    ['that is none', 'SECRET', 'could not be downloaded: the connection broke.'],
  ])('%s is explained by its code only', async (_, error, reason) =>
    expect(await thrown(error)).toEqual({
      problem: `${SHOWN} ${reason} ${retry}`,
      isTransient: true,
      isForbidden: false,
    }),
  );

  it.each([
    { name: 'SsrfBlockedIpError' },
    { name: 'NodeApiError', cause: { name: 'SsrfBlockedHostnameError' } },
  ])('of n8n’s protection is final: %j', async (error) =>
    expect(await thrown(error)).toEqual({
      problem: `${SHOWN} is blocked by n8n’s protection of private networks.`,
      isTransient: false,
      isForbidden: true,
    }),
  );

  it('after the time is up is the end of the time', async () => {
    const stop = new AbortController();
    const fail = () => {
      stop.abort(new Error('time is up'));
      throw new Error('x');
    };
    await expect(open(FILE, { pages: { [FILE]: fail } }, { signal: stop.signal })).rejects.toThrow(
      'time is up',
    );
  });
});
