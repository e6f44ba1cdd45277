import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { npm } from './npm';
import { CHECKOUT } from './paths';

async function run(args: string[], cwd: string): Promise<string> {
  const { exitCode, lines } = await npm(args, { cwd });
  if (exitCode !== 0) {
    throw new Error(`npm ${args[0]} in ${cwd} failed:\n${lines.slice(-20).join('\n')}`);
  }
  return lines.join('\n');
}

/**
 * Packs the built package in `checkout` as for publishing, into `folder`.
 * @returns the tarball's path
 */
export async function packNode(folder: string, checkout = CHECKOUT): Promise<string> {
  const { name, version } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  await run(['pack', '--ignore-scripts', '--pack-destination', folder], checkout);
  return join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
}

/**
 * Installs a packed node into an n8n data folder, to the place that n8n's own dialog uses, as the README
 * says. n8n then loads its nodes under the package's own name.
 */
export async function installTarball(userFolder: string, tarball: string): Promise<void> {
  const nodes = join(userFolder, '.n8n', 'nodes');
  await mkdir(nodes, { recursive: true });
  await writeFile(
    join(nodes, 'package.json'),
    JSON.stringify({ name: 'installed-nodes', private: true, dependencies: {} }, null, 2),
  );
  await run(['install', tarball, '--offline'], nodes);
}

/** Packs the checkout and installs the result into an n8n data folder. */
export async function installNode(userFolder: string, checkout = CHECKOUT): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'n8n-node-'));
  try {
    await installTarball(userFolder, await packNode(folder, checkout));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
