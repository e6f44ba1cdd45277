import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

/** Root of the checkout. */
export const CHECKOUT = resolve(__dirname, '..', '..');

/** The private package whose lockfile says exactly which n8n runs. */
export const HOST_PACKAGE = join(__dirname, 'package');

const NODE_MAJOR = 24;

/** Where hosts are kept between runs: outside the checkout, so that a fresh clone reuses them. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'n8n-nodes-imagineanything');
}

/** Names a host after everything its content depends on. */
export function hostHash(): string {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json']) {
    hash.update(readFileSync(join(HOST_PACKAGE, file)));
  }
  hash.update(`${process.platform}-${process.arch}-node${NODE_MAJOR}`);
  return hash.digest('hex').slice(0, 16);
}

/**
 * The Node.js that runs n8n. `npm run` puts the checkout's own Node.js 24 first on the path, so
 * this is normally the one we run in; a direct call from an older Node.js falls back to it.
 */
export function nodeBinary(): string {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  const own = join(CHECKOUT, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(own)) return own;
  throw new Error(
    `n8n needs Node.js ${NODE_MAJOR} and this is ${process.version}. Run \`npm ci\` first: it brings Node.js ${NODE_MAJOR} along.`,
  );
}

/** A PATH on which `node` is {@link nodeBinary}: n8n starts its task runner as plain `node`. */
export function pathWithNode(): string {
  return [dirname(nodeBinary()), process.env.PATH ?? ''].join(delimiter);
}

/**
 * The folder with Node.js' C headers that the `node` package brought, or undefined when it brought
 * none. With it node-gyp compiles without downloading headers.
 */
export function nodeHeaders(): string | undefined {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const fromNodePackage = createRequire(join(CHECKOUT, 'node_modules', 'node', 'package.json'));
  try {
    const folder = dirname(
      fromNodePackage.resolve(`node-${platform}-${process.arch}/package.json`),
    );
    return existsSync(join(folder, 'include')) ? folder : undefined;
  } catch {
    return undefined;
  }
}
