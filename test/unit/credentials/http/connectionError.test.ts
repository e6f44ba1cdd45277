import { explainConnectionError } from '../../../../credentials/http/connectionError';

const URL = 'https://imagineanything.com';

test.each([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'does not trust its certificate', 'NODE_EXTRA_CA_CERTS'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'does not trust its certificate', 'NODE_EXTRA_CA_CERTS'],
  ['CERT_HAS_EXPIRED', 'has expired', 'renewed'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'for a different host name', 'base URL'],
  ['ENOTFOUND', 'could not be resolved', 'DNS settings'],
  ['ECONNREFUSED', 'the connection was refused', 'base URL'],
])('%s is explained', (code, reason, advice) => {
  const explained = explainConnectionError(code, { code }, URL);
  expect(explained?.reason).toContain(reason);
  expect(explained?.advice).toContain(advice);
  expect(explained?.mayHaveBeenSent).toBeUndefined();
});

const refused = { code: 'ECONNREFUSED', address: '127.0.0.1', port: 3128 };

test.each([
  ['as Node.js throws it', refused],
  ['in an error of the HTTP library', { code: 'ECONNREFUSED', cause: refused }],
  ['of a host with several addresses', { code: 'ECONNREFUSED', errors: [refused, refused] }],
  ['of such a host in such an error', { cause: { errors: [refused] } }],
])('a proxy that does not answer is named instead of the service, %s', (_, error) => {
  expect(explainConnectionError('ECONNREFUSED', error, URL)?.reason).toBe(
    'the proxy at 127.0.0.1:3128 could not be reached',
  );
});

test('a service that does not answer is no proxy', () => {
  const direct = { code: 'ECONNREFUSED', address: '203.0.113.1', port: 443 };
  for (const error of [direct, { cause: direct }, {}]) {
    expect(explainConnectionError('ECONNREFUSED', error, URL)?.reason).not.toContain('proxy');
  }
});

test('a code that also comes in the middle of a connection promises nothing', () => {
  expect(explainConnectionError('EPROTO', {}, URL)?.mayHaveBeenSent).toBe(true);
  expect(explainConnectionError('ECONNRESET', {}, URL)).toBeUndefined();
});

describe('every code while connecting', () => {
  const untrusted =
    'If you use your own certificate authority, set the environment variable NODE_EXTRA_CA_CERTS of n8n to its certificate file and restart n8n.';
  const unresolved =
    'Check the base URL of the credential and the DNS settings of the machine that runs n8n.';

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'n8n does not trust its certificate', untrusted],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'n8n does not trust its certificate', untrusted],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'n8n does not trust its certificate', untrusted],
    ['UNABLE_TO_GET_ISSUER_CERT', 'n8n does not trust its certificate', untrusted],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'n8n does not trust its certificate', untrusted],
    [
      'CERT_HAS_EXPIRED',
      'its certificate has expired',
      'The certificate of the service must be renewed. Also check the clock of the machine that runs n8n.',
    ],
    [
      'CERT_NOT_YET_VALID',
      'its certificate is not valid yet',
      'Check the clock of the machine that runs n8n.',
    ],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'its certificate is for a different host name',
      'Check the base URL of the credential.',
    ],
    [
      'ERR_SSL_WRONG_VERSION_NUMBER',
      'the TLS connection failed',
      'Check the base URL of the credential. The server may not support HTTPS.',
    ],
    ['ENOTFOUND', 'its host name could not be resolved', unresolved],
    ['EAI_AGAIN', 'its host name could not be resolved', unresolved],
    [
      'ECONNREFUSED',
      'the connection was refused',
      'Check the base URL of the credential and make sure that the service is running.',
    ],
  ])('%s: %s', (code, reason, advice) =>
    expect(explainConnectionError(code, { code }, URL)).toEqual({ reason, advice }),
  );
});

describe('a port that refuses', () => {
  const isProxy = (url: string, port: unknown, code = 'ECONNREFUSED') =>
    /proxy/.test(explainConnectionError(code, { address: 'x', port }, url)?.reason ?? '');

  it.each([
    ['https://a.example', 443, false],
    ['https://a.example', 80, true],
    ['http://a.example', 80, false],
    ['http://a.example', 443, true],
    ['http://a.example:4010', 4010, false],
    ['http://a.example:4010', 80, true],
    ['https://a.example', '8080', false],
  ])('of %s, %j, is one of a proxy: %s', (url, port, proxy) =>
    expect(isProxy(url, port)).toBe(proxy),
  );

  it('is looked at only where it refuses', () =>
    expect(isProxy('https://a.example', 3128, 'ENOTFOUND')).toBe(false));

  it('of a proxy says what to check', () =>
    expect(explainConnectionError('ECONNREFUSED', refused, URL)?.advice).toBe(
      'Check the proxy settings of n8n (the environment variables HTTP_PROXY and HTTPS_PROXY).',
    ));
});
