import fc from 'fast-check';

import { anyText } from '../properties';

/** Base URLs of credentials. */
export const HOMES = [
  'http://127.0.0.1:4010',
  'https://imagineanything.com',
  'https://home.example:8443/v',
];

/** Addresses of which many look like home, and some are. */
function anyAddress(home: string): fc.Arbitrary<string> {
  const { protocol, host, hostname, port } = new URL(home);
  const part = (usual: string, ...others: string[]) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(usual) },
      { weight: 1, arbitrary: fc.constantFrom(...others) },
    );
  const usualPort = port === '' ? '' : `:${port}`;
  const near = fc.tuple(
    part(
      `${protocol}//`,
      ...[
        'http://',
        'https://',
        'HTTPS://',
        '//',
        '///',
        '\\\\',
        `${protocol}`,
        `${protocol}/`,
        '',
      ],
      ...[`${protocol}\\\\`, ` ${protocol}//`, `\t${protocol}/\n/`, 'ws://', 'ftp://', 'file://'],
      ...[`blob:${protocol}//`, `view-source:${protocol}//`, 'data:,'],
    ),
    part('', 'a@', 'a:b@', ':b@', `${host}@`, '@', 'evil.example\\@', '%40'),
    part(
      hostname,
      ...[hostname.toUpperCase(), `${hostname}.`, `.${hostname}`, `evil.${hostname}`, 'localhost'],
      ...['evil.example', `${hostname}.evil.example`, '[::1]', '', '127.1', '0x7f.0.0.1'],
      ...['２130706433', '[::ffff:127.0.0.1]', `${hostname}\t`, `%${hostname}`, `${hostname} `],
      ...[hostname.replaceAll('.', '。'), `${hostname}\0`, `${hostname}，evil.example`],
    ),
    part(usualPort, `:0${port}`, ':', ':80', ':443', ':4011', ': 80', `${usualPort}@evil.example`),
    part(
      '/api/agents/me',
      ...['', '/', '/api/posts?limit=1#x', '?x', '#x', '\\evil.example', '@evil.example'],
      ...['/@evil.example', '//evil.example', '/..//evil.example', '/\\evil.example', ' '],
      ...['\r\nHost: evil.example', '/%0d%0aHost:%20evil.example', ':4011', '.evil.example'],
    ),
  );
  return fc.oneof(
    { weight: 8, arbitrary: near.map((parts) => parts.join('')) },
    // Relative ones.
    { weight: 2, arbitrary: near.map(([, , , , path]) => path) },
    { weight: 1, arbitrary: anyText },
    { weight: 1, arbitrary: fc.webUrl() },
  );
}

/** What may stand where an address is expected. */
function anyValue(home: string): fc.Arbitrary<unknown> {
  const address = anyAddress(home);
  return fc.oneof(
    { weight: 8, arbitrary: address },
    {
      weight: 2,
      arbitrary: address.map((each) => (URL.canParse(each) ? new URL(each) : each)),
    },
    {
      weight: 1,
      arbitrary: address.map((each) => ({ toString: () => each, href: each, origin: home })),
    },
    { weight: 1, arbitrary: address.map((each) => [each]) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(null, undefined, '', 0, 1, true, {}, []) },
  );
}

function anyOptions(home: string): fc.Arbitrary<Record<string, unknown>> {
  const { host } = new URL(home);
  const rarely = (arbitrary: fc.Arbitrary<unknown>) =>
    fc.option(arbitrary, { nil: undefined, freq: 8 }).map((value) => (value === null ? 0 : value));
  const seldom = (...values: unknown[]) =>
    fc.oneof(
      { weight: 8, arbitrary: fc.constant(undefined) },
      { weight: 2, arbitrary: fc.constantFrom(...values) },
    );
  return fc
    .record(
      {
        url: anyValue(home),
        uri: anyValue(home),
        baseURL: rarely(fc.oneof(fc.constant(home), fc.constant(`${home}/api//`), anyValue(home))),
        qs: seldom({ q: 'http://evil.example' }, { '@evil.example': 1 }),
        headers: seldom(
          {},
          { Host: 'evil.example' },
          { HOST: host },
          { ' host': 'evil.example' },
          { authorization: 'x' },
          [],
        ),
        proxy: seldom(
          ...[
            null,
            false,
            '',
            'nonsense',
            'http://evil.example:3128',
            new URL('http://evil.example'),
          ],
          ...[
            { host: 'evil.example', port: 3128 },
            { protocol: 'https', host: 'evil.example' },
          ],
        ),
        agentOptions: seldom(
          ...[
            null,
            {},
            { ca: 'x' },
            { ca: 'x', host: 'evil.example' },
            { host: 'evil.example' },
            { hostname: 'evil.example' },
            { port: 1 },
          ],
          ...[
            { socketPath: '/tmp/evil' },
            { path: '/tmp/evil' },
            { lookup: () => {} },
            'evil.example',
          ],
          ...[
            { proxyEnv: { HTTP_PROXY: 'http://evil.example', HTTPS_PROXY: 'http://evil.example' } },
          ],
          ...[{ servername: 'evil.example' }, Object.assign(() => {}, { host: 'evil.example' })],
        ),
        method: fc.constantFrom('GET', 'POST'),
        followRedirect: seldom(true),
        followAllRedirects: seldom(true),
        maxRedirects: seldom(5),
        sendCredentialsOnCrossOriginRedirect: seldom(true),
      },
      { requiredKeys: ['method'] },
    )
    .map((options) => options as Record<string, unknown>);
}

/** A request of a node, with the base URL of the credential: to the service, elsewhere, or to nothing at all. */
export const anyRequest = fc
  .constantFrom(...HOMES)
  .chain((home) => fc.record({ home: fc.constant(home), options: anyOptions(home) }));
