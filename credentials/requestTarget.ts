import type { IHttpRequestOptions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import { isRecord } from './http/record';
import { rememberLast } from './memory/rememberLast';

/**
 * The options of n8n's two request helpers, as far as they decide where a request goes. The HTTP
 * Request node uses the older helper, which takes `uri` as well as `url` (n8n 1.85 to 2.41).
 */
type TargetOptions = Readonly<
  Partial<Record<'url' | 'uri' | 'baseURL' | 'agentOptions' | 'proxy' | 'headers', unknown>>
>;

/**
 * What an agent may be told: what the HTTP Request node takes from an SSL certificate. All else could
 * have it connect elsewhere than the URL says, such as `host`, `socketPath` or `proxyEnv`.
 */
const AGENT_OPTIONS: readonly string[] = ['ca', 'cert', 'key', 'passphrase'];

/** Turns off redirects in both helpers: a redirect could carry the token to another host. */
const NO_REDIRECTS = {
  disableFollowRedirect: true,
  followRedirect: false,
  followAllRedirects: false,
  maxRedirects: 0,
};

const UNREADABLE = 'a URL that cannot be checked';

const A_PROXY = 'a proxy';

/**
 * Adds the access token to a request, if every URL that n8n may call with these options has the
 * origin of the base URL.
 *
 * @param options the options as a request helper of n8n hands them over
 * @param baseUrl the base URL of the credential
 * @param accessToken the token
 * @returns a copy of the options with the token, which follows no redirect
 * @throws UserError when the request goes to another origin, or when it cannot be told where it goes
 */
export function withToken(
  options: IHttpRequestOptions,
  baseUrl: string,
  accessToken: string,
): IHttpRequestOptions {
  assertOrigin(options, baseUrl);
  return {
    ...options,
    ...NO_REDIRECTS,
    headers: { ...options.headers, Authorization: `Bearer ${accessToken}` },
  };
}

/**
 * Refuses a request that does not go to the origin of the base URL.
 *
 * @throws UserError naming where else it may go, or saying that this cannot be told
 */
export function assertOrigin(options: object, baseUrl: string): void {
  const home = toUrl(baseUrl);
  const other = otherTarget(options, home);
  if (other === undefined) return;
  // Said here because nothing of this package is above the credential in n8n's HTTP Request node, whose option it is.
  const description =
    other === A_PROXY
      ? 'Remove the proxy from the options of the node. A proxy that is configured for all of n8n still applies.'
      : `Use this credential only with URLs that start with ${home.origin}.`;
  throw new UserError(
    `The ImagineAnything credential is for ${baseUrl} and must not be sent to ${other}.`,
    { description },
  );
}

const toUrl = rememberLast((baseUrl: string) => new URL(baseUrl));

/** @returns where a request may go other than home, in words; undefined when it goes home */
function otherTarget(options: TargetOptions, home: URL): string | undefined {
  const targets = targetsOf(options);
  const foreign = targets.find((each) => each !== undefined && each.origin !== home.origin);
  if (foreign !== undefined) return foreign.origin;
  if (targets.length === 0 || targets.includes(undefined) || !isPlain(options.agentOptions)) {
    return UNREADABLE;
  }
  // The HTTP library would send them in place of the token.
  if (targets.some((each) => each?.username !== '' || each.password !== '')) {
    return 'a URL with a user name or password';
  }
  // Older versions of n8n hand a proxy what is for https unencrypted (tried with axios 1.15.1).
  if (isGiven(options.proxy) && options.proxy !== false) return A_PROXY;
  return otherHost(options.headers, home);
}

/**
 * All URLs that the options may lead to, undefined for one that cannot be read. What is below a
 * base URL is resolved as n8n does it; its HTTP library may append it to the base URL instead (axios
 * 1.18, `combineURLs`), so the base URL counts as well.
 */
function targetsOf({ url, uri, baseURL }: TargetOptions): Array<URL | undefined> {
  const base = isGiven(baseURL) ? [parseUrl(baseURL)] : [];
  const given = [url, uri].filter(isGiven);
  return [...base, ...given.map((each) => parseUrl(each, base[0]))];
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** A URL is text, or an object of Node.js' class URL, whose text n8n uses. */
function parseUrl(given: unknown, base?: URL): URL | undefined {
  const text = given instanceof URL ? given.href : given;
  const url = typeof text === 'string' ? URL.parse(text, base?.href) : null;
  // Of the others, `blob:` has the origin of the URL that is in it.
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : undefined;
}

function isPlain(agentOptions: unknown): boolean {
  if (!isGiven(agentOptions)) return true;
  return (
    isRecord(agentOptions) &&
    Object.keys(agentOptions).every((name) => AGENT_OPTIONS.includes(name))
  );
}

/** A server of several hosts goes by the header, not by the URL. */
function otherHost(headers: unknown, { host }: URL): string | undefined {
  if (!isGiven(headers)) return undefined;
  if (!isRecord(headers)) return UNREADABLE;
  const isOther = ([name, value]: [string, unknown]): boolean =>
    name.trim().toLowerCase() === 'host' && String(value).trim().toLowerCase() !== host;
  return Object.entries(headers).some(isOther) ? 'the host named in the Host header' : undefined;
}
