import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CHECKOUT, HOST_PACKAGE } from '../host/paths';
import { PLACES, SHARED_ENV } from './cluster';

const compose = readFileSync(join(CHECKOUT, 'examples', 'queue-mode', 'compose.yaml'), 'utf8');
const guide = readFileSync(join(CHECKOUT, 'docs', 'queue-mode.md'), 'utf8');

/** Docker is not there where this runs; what can be compared is compared. */
describe('the compose file', () => {
  test.each(Object.entries(SHARED_ENV))('sets %s to %s, as the test does', (name, value) => {
    const [, given] = new RegExp(`^    ${name}: (.*)$`, 'm').exec(compose) ?? [];
    expect(given?.replaceAll("'", '')).toBe(value);
    expect(guide).toContain(`\`${name}\``);
  });

  test.each(PLACES)('sets %s', (name) => {
    expect(compose).toMatch(new RegExp(`^    ${name}: \\S`, 'm'));
    expect(guide).toContain(`\`${name}\``);
  });

  test('runs the n8n that the tests run', () => {
    const { dependencies } = JSON.parse(
      readFileSync(join(HOST_PACKAGE, 'package.json'), 'utf8'),
    ) as { dependencies: { n8n: string } };
    const images = [...compose.matchAll(/image: n8nio\/n8n:(\S+)/g)].map(([, version]) => version);
    expect(new Set(images)).toEqual(new Set([dependencies.n8n]));
  });
});
