import type { IHttpRequestOptions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import { isRecord } from './http/record';

/**
 * The options of n8n's two request helpers, as far as they decide where a request goes. The HTTP
 * Request node uses the older helper, which takes `uri` as well as `url` (n8n 1.85 to 2.41).
 */
type TargetOptions = Readonly<
  Record<'url' | 'uri' | 'baseURL' | 'agentOptions' | 'proxy', unknown>
>;

/** What an agent may be told that has it connect elsewhere than the address says. */
const CONNECTION_OPTIONS = ['host', 'hostname', 'port', 'path', 'socketPath', 'lookup'];

/** Turns off redirects in both helpers: a redirect could carry the token to another host. */
const NO_REDIRECTS = {
  disableFollowRedirect: true,
  followRedirect: false,
  followAllRedirects: false,
  maxRedirects: 0,
};

/**
 * Adds the access token to a request, if every address that n8n may call with these options has the
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
  requireOrigin(options, baseUrl);
  return {
    ...options,
    ...NO_REDIRECTS,
    headers: { ...options.headers, Authorization: `Bearer ${accessToken}` },
  };
}

/**
 * Refuses a request that does not go to the origin of the base URL.
 *
 * @throws UserError naming the origin, or saying that it cannot be told
 */
export function requireOrigin(options: object, baseUrl: string): void {
  const { origin, protocol } = new URL(baseUrl);
  const given = options as Partial<TargetOptions>;
  const origins = targetOrigins(given);
  const other = origins.find((each) => each !== origin);
  const isKnown = origins.length > 0 && other === undefined && !isRerouted(given, protocol);
  if (isKnown) return;
  const where = typeof other === 'string' ? other : 'an address that cannot be checked';
  throw new UserError(
    `The ImagineAnything credential is for ${baseUrl} and must not be sent to ${where}.`,
    { description: `Use this credential only with addresses that begin with ${origin}.` },
  );
}

/**
 * The origins of all addresses that the options may lead to. An address below a base URL is joined to
 * it in one way by n8n and in another by its HTTP library (axios 1.18, `combineURLs`), so both count.
 *
 * @returns undefined for an address that cannot be read
 */
function targetOrigins({ url, uri, baseURL }: Partial<TargetOptions>): Array<string | undefined> {
  const base = isGiven(baseURL) ? readText(baseURL) : '';
  if (base === undefined) return [undefined];
  const targets = [url, uri].filter(isGiven).map(readText);
  const origins = targets.flatMap((target) => {
    if (target === undefined) return [undefined];
    if (base === '') return [originOf(target)];
    return [originOf(target, base), originOf(isAbsolute(target) ? target : join(base, target))];
  });
  return base === '' ? origins : [originOf(base), ...origins];
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** An address is text, or an object of Node.js' class URL, whose text n8n uses. */
function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof URL ? value.href : undefined;
}

function originOf(address: string, base?: string): string | undefined {
  if (!URL.canParse(address, base)) return undefined;
  const { origin } = new URL(address, base);
  // Addresses that are not of the web have none.
  return origin === 'null' ? undefined : origin;
}

function isAbsolute(address: string): boolean {
  return /^([a-z][a-z\d+.-]*:)?\/\//i.test(address);
}

function join(base: string, address: string): string {
  return `${base.endsWith('/') ? base.slice(0, -1) : base}/${address.replace(/^\/+/, '')}`;
}

/** Whether something else than the address says where the bytes go. */
function isRerouted({ agentOptions, proxy }: Partial<TargetOptions>, protocol: string): boolean {
  // A proxy passes https on unread, but reads a token that is sent over http.
  if (isGiven(proxy) && proxy !== false && protocol !== 'https:') return true;
  if (!isGiven(agentOptions)) return false;
  return (
    !isRecord(agentOptions) || CONNECTION_OPTIONS.some((name) => agentOptions[name] !== undefined)
  );
}
