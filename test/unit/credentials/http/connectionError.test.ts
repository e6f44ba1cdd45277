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
