import { isRecord } from '../../../../credentials/http/record';
import { OTHER_URL_KEY, URL_KEYS, WEBHOOK_KEYS, WEBHOOK_URL_KEY } from '../assumptions';
import { unexpectedResponse } from './errors';
import { isHttpUrl } from '../text';
import { isSame } from './sameUrl';

/** The objects in a response that may have the fields of the webhook. */
export function webhookObjects(body: unknown): Array<Record<string, unknown>> {
  return isRecord(body) ? [body, ...WEBHOOK_KEYS.map((key) => body[key]).filter(isRecord)] : [];
}

/**
 * Reads the webhook URL in a response about the webhook: under one of the assumed keys, otherwise under any key that
 * says webhook.
 *
 * @param body the parsed body; undefined for "not found"
 * @param expected URLs that the webhook is known by, found under any key but those of other URLs
 * @returns the URL; undefined when the response says that there is no webhook
 * @throws UserError when it is not understood, which must not count as "no webhook": it would be overwritten
 */
export function webhookUrlIn(body: unknown, expected: readonly unknown[]): string | undefined {
  if (isRecord(body) && !isEmpty(body.error)) throw unexpectedResponse();
  const named = webhookObjects(body).flatMap((object) => URL_KEYS.map((key) => object[key]));
  if (isRecord(body) && !isRecord(body.webhook) && !Array.isArray(body.webhook)) {
    named.push(body.webhook);
  }
  const values = named.filter((value) => !isEmpty(value));
  const text = values.find((value) => typeof value === 'string');
  if (text !== undefined) return toUrl(text);
  // The key is there and empty: there is no webhook.
  if (values.length === 0 && named.some((value) => value !== undefined)) return undefined;

  const urls = findUrls(body);
  const known = urls.find(
    ({ url, meaning }) => meaning !== 'other' && expected.some((each) => isSame(url, String(each))),
  );
  if (known !== undefined) return known.url;
  const candidates = new Set(
    urls.filter(({ meaning }) => meaning === 'webhook').map(({ url }) => toUrl(url)),
  );
  if (candidates.size === 1) return [...candidates][0];
  if (values.length > 0 || urls.length > 0) throw unexpectedResponse();
  return undefined;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false;
}

function toUrl(value: unknown): string {
  if (isHttpUrl(value)) return value;
  throw unexpectedResponse();
}

/** What the keys that lead to a value say about it. */
type KeyMeaning = 'webhook' | 'other' | 'unknown';

interface FoundUrl {
  url: string;
  meaning: KeyMeaning;
}

interface Visited {
  value: unknown;
  meaning: KeyMeaning;
}

/** More than a response about one webhook has. */
const MAX_RESPONSE_VALUES = 10_000;
const MAX_URLS = 20;

/** Finds every URL in a response. Without recursion, because the response may nest thousands of levels deep. */
function findUrls(response: unknown): FoundUrl[] {
  const urls: FoundUrl[] = [];
  let visited = 0;
  for (let level: Visited[] = [{ value: response, meaning: 'unknown' }]; level.length > 0; ) {
    visited += level.length;
    for (const { value, meaning } of level) {
      if (typeof value === 'string' && /^https?:/i.test(value)) urls.push({ url: value, meaning });
    }
    if (visited > MAX_RESPONSE_VALUES || urls.length > MAX_URLS) throw unexpectedResponse();
    level = level.flatMap(innerValues);
  }
  return urls;
}

function innerValues({ value, meaning }: Visited): Visited[] {
  if (Array.isArray(value)) return value.map((inner: unknown) => ({ value: inner, meaning }));
  if (!isRecord(value)) return [];
  return Object.entries(value).map(([key, inner]) => ({
    value: inner,
    meaning: meaningOf(key, meaning),
  }));
}

function meaningOf(key: string, parent: KeyMeaning): KeyMeaning {
  // What is inside `docs` is documentation, even under the key `webhook`.
  if (parent === 'other' || OTHER_URL_KEY.test(key)) return 'other';
  return parent === 'webhook' || WEBHOOK_URL_KEY.test(key) ? 'webhook' : 'unknown';
}
