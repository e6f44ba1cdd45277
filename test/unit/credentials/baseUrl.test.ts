import { isLoopback, PUBLIC_BASE_URL, readBaseUrl } from '../../../credentials/baseUrl';

describe('the base URL', () => {
  it.each([
    ['', PUBLIC_BASE_URL],
    [undefined, PUBLIC_BASE_URL],
    ['https://imagineanything.com/', 'https://imagineanything.com'],
    [' https://example.com/path// ', 'https://example.com/path'],
    ['https://imagineanything.com/api', 'https://imagineanything.com'],
    ['https://imagineanything.com/api/ ', 'https://imagineanything.com'],
    ['https://imagineanything.com/en', 'https://imagineanything.com'],
    ['https://imagineanything.com/pt-BR/', 'https://imagineanything.com'],
    ['https://ImagineAnything.com:443/de/api//', 'https://imagineanything.com'],
    ['https://example.com/myapi', 'https://example.com/myapi'],
    ['https://example.com/ia/en/api/', 'https://example.com/ia'],
    ['https://example.com/token', 'https://example.com/token'],
    ['http://127.0.0.1:4010/en', 'http://127.0.0.1:4010'],
    ['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
    ['http://localhost:4010/', 'http://localhost:4010'],
    ['http://[::1]:4010', 'http://[::1]:4010'],
  ])('%j is read as %s', (value, url) => expect(readBaseUrl(value)).toBe(url));

  it.each([
    ['example.com', 'is not a valid URL'],
    ['http://example.com', 'must start with https://'],
    ['http://127.0.0.1.example.com', 'must start with https://'],
    ['ftp://127.0.0.1', 'must start with https://'],
    ['https://user:hush@example.com', 'must not contain a user name'],
    ['https://user@example.com', 'must not contain a user name'],
    ['https://:hush@example.com', 'must not contain a user name'],
    ['https://example.com?x=1', 'must not contain a user name'],
    ['https://example.com#hush', 'must not contain a user name'],
    ['https://imagineanything.com/docs', 'is the URL of a page'],
    ['https://imagineanything.com/en/blog', 'is the URL of a page'],
    ['https://imagineanything.com/api/v2', 'is the URL of a page'],
    [
      'https://imagineanything.com.evil.example@imagineanything.com',
      'must not contain a user name',
    ],
  ])('%j is refused', (value, message) => {
    expect(() => readBaseUrl(value)).toThrow(message);
    expect(() => readBaseUrl(value)).not.toThrow('hush');
  });

  it('may be 2,000 characters long, and no longer', () => {
    const longest = 'https://example.com/'.padEnd(2000, 'x');
    expect(readBaseUrl(longest)).toBe(longest);
    expect(() => readBaseUrl(`${longest}x`)).toThrow('is not a valid URL');
  });

  it.each(['not a URL ', 'http://example.com/', 'https://imagineanything.com/docs/'])(
    'is shown by its beginning where %s… is refused',
    (start) => {
      const shown = start.padEnd(100, 'x');
      expect(() => readBaseUrl(`${shown}yz`)).toThrow(`"${shown}".`);
    },
  );

  it('knows this machine', () => {
    expect(['localhost', '127.0.0.1', '127.1.2.3', '[::1]'].every(isLoopback)).toBe(true);
    expect(['localhost.example', '10.0.0.1', '0.0.0.0'].some(isLoopback)).toBe(false);
  });
});
