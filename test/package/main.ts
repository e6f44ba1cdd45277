/**
 * `npm run lint:package`: what n8n asks of a package that it verifies, asked before it is published. Needs
 * a build. Another checkout can be named as the argument.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { CHECKOUT } from '../host/paths';
import { lintDescriptions } from './descriptions';
import { scanPackage } from './scan';

async function main(checkout: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'n8n-package-'));
  try {
    const findings = [
      ...(await scanPackage(checkout, folder)),
      ...(await lintDescriptions(checkout, join(folder, 'descriptions'))),
    ];
    for (const finding of findings) process.stdout.write(`${finding}\n\n`);
    process.stdout.write(`${findings.length} findings in source, package and descriptions\n`);
    process.exitCode = findings.length > 0 ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

void main(resolve(process.argv[2] ?? CHECKOUT));
