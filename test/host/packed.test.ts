/** The package as users get it: what npm installs, and what n8n makes of it. */
import { mkdir, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { ensureHost } from './install';
import { npm } from './npm';
import { packNode } from './package-node';
import { freePort } from './ports';
import { SETUP_TIMEOUT_MS, startN8nWithNode } from './with-node';

const NAME = 'n8n-nodes-imagineanything';
const TWO_MEGABYTES = 2_000_000;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'n8n-package-'));
});

afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** What a folder takes on the disk, in bytes. */
async function diskUse(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const sizes = entries.map(async (entry) => {
    const { blocks } = await stat(join(entry.parentPath, entry.name));
    return blocks * 512;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

test('without any registry, npm installs one package of less than 2 MB into an empty folder', async () => {
  const tarball = await packNode(folder);
  const empty = join(folder, 'empty');
  await mkdir(empty);
  const { exitCode, lines } = await npm(['install', tarball], {
    cwd: empty,
    env: {
      npm_config_registry: `http://127.0.0.1:${await freePort()}/`,
      npm_config_fetch_retries: '0',
      npm_config_cache: join(folder, 'cache'),
    },
  });

  expect([exitCode, lines.filter((line) => line.startsWith('added'))]).toEqual([
    0,
    [expect.stringMatching(/^added 1 package in /)],
  ]);
  const modules = join(empty, 'node_modules');
  const lockfile = await readFile(join(modules, '.package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lockfile) as { packages: Record<string, unknown> };
  expect(Object.keys(packages)).toEqual([`node_modules/${NAME}`]);
  expect(await diskUse(modules)).toBeLessThan(TWO_MEGABYTES);
}, 120_000);

test(
  "a running n8n gives it n8n's own n8n-workflow",
  async () => {
    const resolutions = join(folder, 'resolutions');
    const preload = pathToFileURL(join(__dirname, 'resolutions.ts')).href;
    const host = await startN8nWithNode({
      env: { NODE_OPTIONS: `--import=${preload}`, RESOLUTIONS_FILE: resolutions },
    });
    try {
      const names = (await host.client.nodeTypes()).map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining([`${NAME}.imagineAnything`, `${NAME}.imagineAnythingTrigger`]),
      );
      const nodes = join(host.n8n.userFolder, '.n8n', 'nodes', 'node_modules');
      expect((await readdir(nodes)).filter((each) => !each.startsWith('.'))).toEqual([NAME]);
    } finally {
      await host.close();
    }
    const found = (await readFile(resolutions, 'utf8')).trim().split('\n');
    const { script } = await ensureHost();
    expect([...new Set(found.map((url) => fileURLToPath(url)))]).toEqual([
      createRequire(script).resolve('n8n-workflow'),
    ]);
  },
  SETUP_TIMEOUT_MS,
);
