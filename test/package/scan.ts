/** n8n's own scanner of community packages, run on a checkout before anything is published. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { packNode } from '../host/package-node';

/** What n8n scans of a published package (scanner 0.32.0, `analyzePackageByName`). */
const PUBLISHED_FILES = ['**/*.js', 'package.json'];

/**
 * Scans the source and the packed package, as n8n does with what is on npm and on GitHub.
 *
 * @param checkout a built checkout
 * @param folder where temporary files may go
 * @returns what the scanner objects to, as it prints it
 */
export async function scanPackage(checkout: string, folder: string): Promise<string[]> {
  // The scanner makes a folder of its own when it is loaded, and leaves it behind.
  process.env.TMPDIR = folder;
  const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(
    '@n8n/scan-community-package/scanner/scanner.mjs'
  );
  const scan = async (what: string, path: string, patterns: string[]): Promise<string[]> => {
    const { passed, message, details } = await analyzePackage(path, patterns);
    // One that found no files says so in a message, and passes.
    if (passed && message === undefined) return [];
    return [[`The scanner objects to the ${what}: ${message}`, details].filter(Boolean).join('\n')];
  };
  return [
    ...(await scan('source', checkout, SOURCE_FILE_PATTERNS)),
    ...(await scan('package', await unpacked(checkout, folder), PUBLISHED_FILES)),
  ];
}

async function unpacked(checkout: string, folder: string): Promise<string> {
  const path = join(folder, 'unpacked');
  await mkdir(path);
  const tarball = await packNode(folder, checkout);
  await promisify(execFile)('tar', ['-xzf', tarball, '-C', path, '--strip-components=1']);
  return path;
}
