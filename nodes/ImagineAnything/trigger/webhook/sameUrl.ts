import { withoutUrlKey } from './urlKey';

/**
 * Whether two URLs are the same, with whatever key: the service may return a URL in another form than it was given,
 * with a host in lower case or without the default port. What is not a URL is the same as nothing.
 */
export function isSame(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || !URL.canParse(a) || !URL.canParse(b)) return false;
  return new URL(withoutUrlKey(a)).href === new URL(withoutUrlKey(b)).href;
}

/** Whether a list of URLs has one, with whatever key. */
export function includesUrl(urls: readonly string[], url: string | undefined): boolean {
  return urls.some((each) => isSame(each, url));
}

/**
 * Whether two URLs belong to one node of one n8n instance, which has a production and a test URL: both end in the
 * node's random ID (n8n 2.41.1, `getNodeWebhookPath`).
 */
export function isSameNode(a: string, b: string, webhookId: string | undefined): boolean {
  if (!webhookId || !URL.canParse(a) || !URL.canParse(b)) return false;
  const [one, other] = [new URL(a), new URL(b)];
  const tail = (url: URL): string => url.pathname.split('/').slice(-2).join('/');
  return (
    one.origin === other.origin && tail(one) === tail(other) && tail(one).startsWith(webhookId)
  );
}
