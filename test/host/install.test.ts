import { explain } from './install';

describe('why n8n could not be installed', () => {
  test.each([
    [
      'no connection',
      ['npm error code ECONNREFUSED', 'npm error errno ECONNREFUSED'],
      'The package registry could not be reached. Check the connection and start again.',
    ],
    [
      'a damaged package',
      ['npm error code EINTEGRITY', 'npm error sha512-AAA integrity checksum failed'],
      'A downloaded package was damaged. Run `npm cache verify` and start again.',
    ],
    [
      'a page of a proxy',
      ['npm error code FETCH_ERROR', 'npm error invalid json response body'],
      'The package registry gave no proper answer, perhaps because of a proxy in between.',
    ],
    ['a full disk', ['npm error code ENOSPC'], 'The disk is full.'],
    [
      'no compiler',
      ['npm error gyp ERR! find Python', 'npm error code 1'],
      'The database driver could not be compiled. It needs Python 3, make and a C++ compiler (on Debian: apt-get install python3 build-essential).',
    ],
    ['something else', ['added 1 package', 'npm error code EWHATEVER'], 'npm error code EWHATEVER'],
    ['nothing said', [], 'npm gave no reason.'],
  ])('%s', (_what, lines, reason) => {
    expect(explain('downloading n8n', lines)).toBe(
      `n8n could not be installed (downloading n8n): ${reason}`,
    );
  });
});
