import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { npm } from '../host/npm';
import { CHECKOUT } from '../host/paths';

const SOURCES = ['nodes', 'credentials', 'icons', 'package.json', 'tsconfig.json', 'gulpfile.js'];
const BUILT = join('dist', 'nodes', 'ImagineAnything', 'ImagineAnything.node.js');

/** Builds the node unless `dist` is newer than everything it is made of. */
export async function buildIfStale(
  report: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const built = await changedAt(BUILT);
  const sources = await Promise.all(SOURCES.map(newest));
  if (built > Math.max(...sources)) return;
  report('Building the nodes.');
  const { exitCode, lines } = await npm(['run', 'build'], {
    cwd: CHECKOUT,
    // Without it the build draws a turning wheel, which would be all that is left of an error.
    env: { CI: 'true' },
    signal,
  });
  if (exitCode !== 0) {
    const said = lines
      .map((line) => stripVTControlCharacters(line))
      .filter((line) => !line.startsWith('npm warn'));
    throw new Error(`The nodes could not be built:\n${said.slice(-30).join('\n')}`);
  }
}

async function newest(path: string): Promise<number> {
  const entries = await readdir(join(CHECKOUT, path), {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const times = files.map(async (file) => (await stat(join(file.parentPath, file.name))).mtimeMs);
  return Math.max(await changedAt(path), ...(await Promise.all(times)));
}

/** 0 when there is no such file. */
async function changedAt(path: string): Promise<number> {
  return await stat(join(CHECKOUT, path)).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
