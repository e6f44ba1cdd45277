import { isRecord } from './record';

/** Why there was no connection, and what to do. */
export interface ConnectionError {
  /** Goes on from "could not be reached". */
  reason: string;
  advice: string;
  /** True when the code also comes on a connection that was open already. */
  mayHaveBeenSent?: true;
}

const UNTRUSTED: ConnectionError = {
  reason: 'n8n does not trust its certificate',
  advice:
    'If you use your own certificate authority, set the environment variable NODE_EXTRA_CA_CERTS of n8n to its certificate file and restart n8n.',
};

const NO_TLS: ConnectionError = {
  reason: 'the TLS connection failed',
  advice: 'Check the base URL of the credential. The server may not support HTTPS.',
};

const UNRESOLVED: ConnectionError = {
  reason: 'its host name could not be resolved',
  advice: 'Check the base URL of the credential and the DNS settings of the machine that runs n8n.',
};

/** The error codes of Node.js while a connection is made. */
const REASONS: ReadonlyMap<string, ConnectionError> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNTRUSTED],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNTRUSTED],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNTRUSTED],
  [
    'CERT_HAS_EXPIRED',
    {
      reason: 'its certificate has expired',
      advice:
        'The certificate of the service must be renewed. Also check the clock of the machine that runs n8n.',
    },
  ],
  [
    'CERT_NOT_YET_VALID',
    {
      reason: 'its certificate is not valid yet',
      advice: 'Check the clock of the machine that runs n8n.',
    },
  ],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    {
      reason: 'its certificate is for a different host name',
      advice: 'Check the base URL of the credential.',
    },
  ],
  ['EPROTO', { ...NO_TLS, mayHaveBeenSent: true }],
  ['ERR_SSL_WRONG_VERSION_NUMBER', NO_TLS],
  ['ENOTFOUND', UNRESOLVED],
  ['EAI_AGAIN', UNRESOLVED],
  [
    'ECONNREFUSED',
    {
      reason: 'the connection was refused',
      advice: 'Check the base URL of the credential and make sure that the service is running.',
    },
  ],
]);

/**
 * Explains why a connection could not be made.
 *
 * @param code the error code of Node.js
 * @param error the error, which names the address that was tried
 * @param url where the request was to go
 * @returns undefined for a code that does not come while connecting
 */
export function explainConnectionError(
  code: string,
  error: unknown,
  url: string,
): ConnectionError | undefined {
  const { address, port } = whereRefused(error);
  if (code === 'ECONNREFUSED' && typeof port === 'number' && port !== portOf(url)) {
    return {
      reason: `the proxy at ${String(address)}:${port} could not be reached`,
      advice:
        'Check the proxy settings of n8n (the environment variables HTTP_PROXY and HTTPS_PROXY).',
    };
  }
  return REASONS.get(code);
}

/**
 * Finds the error of Node.js that names the address: the HTTP library puts one of its own around it, and a host with
 * several addresses yields several.
 */
function whereRefused(error: unknown): Record<string, unknown> {
  const outer = isRecord(error) ? error : {};
  const inner = isRecord(outer.cause) ? outer.cause : {};
  const several: unknown[] = [outer.errors, inner.errors].flat();
  return [outer, inner, ...several].filter(isRecord).find(({ port }) => port !== undefined) ?? {};
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
