import fc from 'fast-check';
import {
  createUrlKey,
  hasUrlKey,
  isUrlKey,
  toShownUrl,
  urlKeyOf,
  withoutUrlKey,
  withUrlKey,
} from '../../../nodes/ImagineAnything/trigger/webhook/urlKey';
import { anyText, RUNS } from '../properties';

const URLS = [
  'https://n8n.example/webhook/a/webhook',
  'https://n8n.example/webhook/a?b=c&d=%20',
  'http://127.0.0.1:5678/',
];
const KEY = 'k'.repeat(32);

describe('a key', () => {
  it('is another one each time', () => {
    const keys = Array.from({ length: 100 }, createUrlKey);
    expect(keys.every(isUrlKey)).toBe(true);
    expect(new Set(keys).size).toBe(100);
  });

  it.each(URLS)('is added to %s, replaced and removed, and leaves the rest as it is', (url) => {
    const keyed = withUrlKey(url, KEY);
    expect(urlKeyOf(keyed)).toBe(KEY);
    expect(withoutUrlKey(keyed)).toBe(url);
    expect(withoutUrlKey(`${keyed}&z=1`)).toBe(`${url}${url.includes('?') ? '&' : '?'}z=1`);
    expect(urlKeyOf(withUrlKey(keyed, 'x'.repeat(32)))).toBe('x'.repeat(32));
    expect(withUrlKey(keyed, '')).toBe(url);
    expect(urlKeyOf(url)).toBe('');
  });

  it.each([undefined, '', 'no URL', 'https://x.example/?webhook_key=short'])(
    'is not in %j',
    (url) => {
      expect(urlKeyOf(url)).toBe('');
    },
  );

  it.each(['', 'no URL', 'https://x.example/?key=a'])('is not removed from %j', (url) => {
    expect(withoutUrlKey(url)).toBe(url);
  });
});

describe('the query of a delivery', () => {
  it('has one of the keys', () => {
    expect(hasUrlKey({ webhook_key: KEY }, ['', KEY])).toBe(true);
    expect(hasUrlKey({ webhook_key: KEY }, [KEY, ''])).toBe(true);
  });

  it('has none when it is anything else', () => {
    const value = fc.oneof(fc.anything(), anyText, fc.constant([KEY]), fc.constant(`${KEY} `));
    const query = fc.oneof(fc.anything(), fc.dictionary(fc.constant('webhook_key'), value));
    fc.assert(
      fc.property(query, (given) => {
        expect(hasUrlKey(given, ['', KEY])).toBe(false);
      }),
      RUNS,
    );
    expect(hasUrlKey({ webhook_key: '' }, ['', ''])).toBe(false);
    expect(hasUrlKey({}, [''])).toBe(false);
  });
});

describe('a URL that is shown', () => {
  it('has neither a query nor a password', () => {
    expect(toShownUrl('https://me:word@x.example/hook?token=1#a')).toBe('https://x.example/hook');
    expect(toShownUrl('Likes')).toBe('Likes');
  });
});
