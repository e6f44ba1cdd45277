import fc from 'fast-check';
import { nameOfDownload, formatUrl } from '../../../nodes/ImagineAnything/transport/downloadName';
import { anyText, RUNS } from '../properties';

const url = (path: string) => new URL(path, 'https://files.example.com');

describe('the name of a download', () => {
  it.each([
    ['/a/cat.png', 'cat.jpg'],
    ['/a/cat.jpeg?width=3', 'cat.jpg'],
    ['/a/cat', 'cat.jpg'],
    ['/a/cat.v1.2', 'cat.v1.2.jpg'],
    ['/image.php?id=5', 'image.jpg'],
    ['/my%20cat.png', 'my cat.jpg'],
    ['/%E7%8C%AB.png', '猫.jpg'],
    ['/%ff.png', 'file.jpg'],
    ['/..%2f..%2fetc%2fpasswd', 'passwd.jpg'],
    ['/a%0d%0ab%22c.png', 'abc.jpg'],
    ['/%E2%80%AEgnp.exe', 'gnp.jpg'],
    ['/.png', 'file.jpg'],
    ['/a/', 'file.jpg'],
    ['/', 'file.jpg'],
  ])('is taken from the URL %s: %s', (path, name) => {
    expect(nameOfDownload(undefined, url(path), 'jpg')).toBe(name);
  });

  it.each([
    ['attachment; filename="a cat.png"', 'a cat.jpg'],
    ['attachment; filename=cat.png', 'cat.jpg'],
    ['inline;FileName = cat.png ; size=3', 'cat.jpg'],
    ['attachment; filename="a \\"cat\\".png"', 'a cat.jpg'],
    ['attachment; filename="x.png"; filename*=UTF-8\'\'%E7%8C%AB.png', '猫.jpg'],
    ["attachment; filename*=utf-8'en'a%20cat.png; filename=x.png", 'a cat.jpg'],
    ["attachment; filename*=UTF-8''%ff; filename=cat.png", 'cat.jpg'],
    ['attachment; filename="../../etc/passwd"', 'passwd.jpg'],
    ['attachment; filename="C:\\\\temp\\\\cat.png"', 'cat.jpg'],
    ['attachment; filename="..."', 'of-the-url.jpg'],
    ['attachment; filename=""', 'of-the-url.jpg'],
    ['attachment', 'of-the-url.jpg'],
    [`attachment; filename="${'a'.repeat(5000)}"`, 'of-the-url.jpg'],
    [`attachment; filename="${'猫'.repeat(200)}.png"`, `${'猫'.repeat(100)}.jpg`],
    [['a', 'b'], 'of-the-url.jpg'],
  ])('is taken from the header %p: %s', (header, name) => {
    expect(nameOfDownload(header, url('/of-the-url.png'), 'jpg')).toBe(name);
  });

  it('leads nowhere, and has the extension of the type, whatever the host says', () => {
    fc.assert(
      fc.property(anyText, anyText, (header, path) => {
        const address = url('/');
        address.pathname = path;
        for (const given of [header, `a; filename="${header}"`, `a; filename*=UTF-8''${header}`]) {
          const name = nameOfDownload(given, address, 'png');
          expect(name).toMatch(/^[^./\\\p{Cc}\s][^/\\\p{Cc}]*\.png$/u);
        }
      }),
      RUNS,
    );
  });
});

describe('a URL in a message', () => {
  it.each([
    ['https://example.com/cat.png', 'https://example.com/cat.png'],
    ['https://example.com:8443/cat.png?sig=SECRET#SECRET', 'https://example.com:8443/cat.png'],
    ['https://api.telegram.org/file/bot1:SECRET/photos/a.jpg', 'https://api.telegram.org/…/a.jpg'],
    ['https://user:SECRET@example.com/a', 'https://example.com/a'],
    ['https://example.com', 'https://example.com/'],
    ['https://example.com/SECRET/', 'https://example.com/…/'],
    ['no address?SECRET', 'no address'],
    ['https://user:SECRET@not a host', 'not a host'],
  ])('%s is shown as "%s"', (address, shown) => {
    expect(formatUrl(address)).toBe(JSON.stringify(shown));
  });

  it('is cut where it is long', () => {
    expect(formatUrl(`https://example.com/${'a'.repeat(200)}`)).toHaveLength(102);
  });
});
