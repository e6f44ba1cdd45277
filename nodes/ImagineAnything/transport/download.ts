import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { isLoopback } from '../../../credentials/baseUrl';
import { untilAborted } from '../../../credentials/http/abort';
import { explainConnectionError } from '../../../credentials/http/connectionError';
import type { ResponseHeaders } from '../../../credentials/http/rateLimitHeaders';
import { isRecord } from '../../../credentials/http/record';
import { explainUnreadable } from '../../../credentials/http/responseBody';
import { formatUrl } from './downloadName';
import { errorCode } from './failure';
import { isLiteral, isPrivateAddress, nonPublicReason } from './publicHost';

/** Why there is no file. */
export interface DownloadProblem {
  /** Sentences that begin with the URL, in the form that may be shown. */
  problem: string;
  /** Whether the same download may succeed later. */
  isTransient: boolean;
  /** Whether this node may not get the file, but another one may. */
  isForbidden?: boolean;
}

type Storable = Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0];

/** A body as it arrives. n8n gives a stream of Node.js, whose class a community node cannot import. */
export type BodyStream = Exclude<Storable, Buffer>;

/** A response of a file host, the body of which is still to be read. */
export interface Download {
  problem?: undefined;
  body: BodyStream;
  headers: ResponseHeaders;
  /** Where the file is, after redirects. */
  url: URL;
  /** Closes the connection, whether or not all has arrived. */
  close(): void;
}

export interface DownloadOptions {
  /** The types that are wanted, as of the header Accept. */
  accept: string;
  /** Whether the service itself runs on this machine, and its files may be here as well: for a sandbox. */
  isServiceLocal: boolean;
  /** Ends the download. */
  signal: AbortSignal;
}

const MAX_REDIRECTS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * Requests a file from a URL that a user, or the data of a workflow, gives. Nothing of the credential goes
 * along. Redirects are followed here, and each URL is validated before anything is sent to it.
 *
 * @param context the functions of the running node
 * @param requested where the file is
 * @param options what is wanted, and when it ends
 * @returns the response, or why the URL may not be requested or gives no file
 * @throws the reason of the signal when it aborts
 */
export async function openDownload(
  context: IExecuteFunctions,
  requested: URL,
  options: DownloadOptions,
): Promise<Download | DownloadProblem> {
  const failed = ({ reason, isTransient = false, isForbidden = false }: DownloadFailure) => ({
    problem: `${formatUrl(requested)} ${reason}`,
    isTransient,
    isForbidden,
  });
  let url = requested;
  for (let redirects = 0; ; redirects += 1) {
    const target = redirects === 0 ? '' : `redirects to ${formatUrl(url)}, which `;
    const refusal = await refusalReason(context, url, options);
    if (refusal !== undefined) return failed({ ...refusal, reason: target + refusal.reason });
    const response = await request(context, url, options);
    if ('reason' in response) return failed({ ...response, reason: target + response.reason });
    const { statusCode, ...download } = response;
    if (statusCode >= 200 && statusCode <= 299) return { ...download, url };
    download.close();
    const { location } = download.headers;
    if (typeof location !== 'string' || !REDIRECTS.includes(statusCode)) {
      const failure = explainStatus(statusCode);
      return failed({ ...failure, reason: target + failure.reason });
    }
    if (redirects === MAX_REDIRECTS) {
      const reason = `redirects more than ${MAX_REDIRECTS} times. Give the URL of the file itself.`;
      return failed({ reason });
    }
    if (!URL.canParse(location, url.href)) {
      return failed({ reason: 'redirects to something that is not a valid URL.' });
    }
    url = new URL(location, url.href);
  }
}

const forbidden = (reason: string): DownloadFailure => ({
  reason: `${reason}.`,
  isForbidden: true,
});

/**
 * Validates a URL before it is requested: its form, and what its host name resolves to. The second goes through n8n's
 * protection against requests to private networks, which resolves the name and applies the ranges of n8n's
 * administrator (n8n 2.41.1, `getSecureEgressFilter`); older versions validate the form only. Not covered: a name
 * that resolves to something else a moment later, when the connection is made. That takes n8n's own protection
 * of every connection (`N8N_SSRF_PROTECTION_ENABLED`), because nodes cannot choose the address of a connection. A
 * proxy resolves names by itself.
 */
async function refusalReason(
  context: IExecuteFunctions,
  { protocol, hostname, username, password }: URL,
  { isServiceLocal, signal }: DownloadOptions,
): Promise<DownloadFailure | undefined> {
  if (username !== '' || password !== '') return forbidden('has a user name or a password');
  if (isServiceLocal && isLoopback(hostname) && /^https?:$/.test(protocol)) return undefined;
  if (protocol !== 'https:') return forbidden('does not start with https://');
  const reason = nonPublicReason(hostname);
  if (reason !== undefined) return forbidden(reason);
  if (isLiteral(hostname)) return undefined;
  const addresses = await untilAborted(resolve(context, hostname), signal);
  if (addresses === undefined) return undefined;
  if (addresses.length === 0) {
    const reason =
      'has a host name that could not be resolved. Check the URL, and the name resolution of n8n’s machine.';
    return { reason };
  }
  return addresses === 'blocked' || addresses.some(isPrivateAddress)
    ? forbidden('resolves to an address in a private network')
    : undefined;
}

/** @returns no address for a name that does not resolve; undefined where n8n resolves none for a node */
async function resolve(
  { helpers }: IExecuteFunctions,
  hostname: string,
): Promise<string[] | 'blocked' | undefined> {
  // Older versions of n8n have no filter.
  const { getSecureEgressFilter }: Partial<IExecuteFunctions['helpers']> = helpers;
  const lookup = getSecureEgressFilter?.('enforced').createSecureLookup();
  if (lookup === undefined) return undefined;
  return await new Promise((done) => {
    lookup(hostname, { all: true }, (error, found) => {
      if (error !== null && isBlocked(error)) done('blocked');
      else if (error !== null || !Array.isArray(found)) done([]);
      else done(found.map(({ address }) => address));
    });
  });
}

/** Why a host gave no file: the rest of sentences that begin with the URL. */
interface DownloadFailure {
  reason: string;
  isTransient?: boolean;
  isForbidden?: boolean;
}

type FileResponse = Pick<Download, 'body' | 'headers'> & { statusCode: number };

async function request(
  context: IExecuteFunctions,
  url: URL,
  { accept, signal }: DownloadOptions,
): Promise<(FileResponse & Pick<Download, 'close'>) | DownloadFailure> {
  // Destroying the stream that n8n gives leaves the connection open (n8n 2.41.1, axios 1.18).
  const closing = new AbortController();
  const options: IHttpRequestOptions = {
    method: 'GET',
    url: url.href,
    // Compressed, its length would not be that of the file.
    headers: { Accept: `${accept}, */*;q=0.1`, 'Accept-Encoding': 'identity' },
    encoding: 'stream',
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
    disableFollowRedirect: true,
    abortSignal: AbortSignal.any([signal, closing.signal]),
  };
  try {
    const sending = context.helpers.httpRequest(options) as Promise<FileResponse>;
    const { statusCode, headers, body } = await untilAborted(sending, signal);
    // What breaks while nobody reads must not end n8n.
    body.on('error', () => {});
    return { statusCode, headers, body, close: () => closing.abort() };
  } catch (thrown) {
    signal.throwIfAborted();
    return explainThrown(thrown, url);
  }
}

function explainStatus(status: number): DownloadFailure {
  const facts = `(HTTP ${status})`;
  if (status === 404 || status === 410) {
    return { reason: `was not found ${facts}. Check the URL; it may have expired.` };
  }
  if (status === 401 || status === 403) {
    return forbidden(`asks for a sign-in, or has expired ${facts}`);
  }
  if (status === 429 || status >= 500) {
    return { reason: `could not be downloaded ${facts}. Try again later.`, isTransient: true };
  }
  return { reason: `could not be downloaded ${facts}. Check the URL.` };
}

/** Nothing of what was thrown is shown but its codes, because it carries the request with the whole URL. */
function explainThrown(thrown: unknown, url: URL): DownloadFailure {
  const chain = [thrown, isRecord(thrown) ? thrown.cause : undefined].filter(isRecord);
  if (chain.some(isBlocked)) {
    return forbidden('is blocked by n8n’s protection of private networks');
  }
  const source = chain.find(({ code }) => errorCode(code) !== undefined);
  const code = errorCode(source?.code) ?? '';
  const cause =
    explainConnectionError(code, source, url.href)?.reason ??
    explainUnreadable(source) ??
    'the connection broke';
  const facts = code === '' ? '' : ` (${code})`;
  return {
    reason: `could not be downloaded: ${cause}${facts}. Check the URL, or try again later.`,
    isTransient: true,
  };
}

/** n8n's refusals by its own protection (n8n 2.41.1, `SsrfBlockedIpError`, `SsrfBlockedHostnameError`). */
function isBlocked({ name }: { name?: unknown }): boolean {
  return typeof name === 'string' && name.startsWith('SsrfBlocked');
}
