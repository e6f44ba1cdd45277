import fs from 'node:fs';
import path from 'node:path';

/** The folder of the checkout. */
export const ROOT = path.resolve(__dirname, '../../..');

/** The sources of everything that is published, by their paths in the checkout. */
export const SOURCES = ['nodes', 'credentials'].flatMap((folder) =>
  fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(folder, name)),
);
