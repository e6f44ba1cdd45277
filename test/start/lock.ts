import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { lock } from 'proper-lockfile';

/** Another `npm start` runs in the same folder. */
export class AlreadyRunningError extends Error {}

interface Running {
  pid: number;
  editor?: string;
}

/** The lock of a folder, held until it is released. */
export interface FolderLock {
  /** Records the address of the editor for a second start. */
  announce(editor: string): Promise<void>;
  release(): Promise<void>;
}

const STALE_MS = 10_000;

/**
 * Locks `folder` for this process.
 * @throws AlreadyRunningError naming the process that holds the lock
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true });
  const note = join(folder, 'running.json');
  const write = async (running: Running) => await writeFile(note, JSON.stringify(running));
  const release = await acquire(folder, note);
  await write({ pid: process.pid });
  return {
    announce: async (editor) => await write({ pid: process.pid, editor }),
    release: async () => {
      await rm(note, { force: true });
      await release();
    },
  };
}

async function acquire(folder: string, note: string): Promise<() => Promise<void>> {
  const options = { lockfilePath: join(folder, 'lock'), stale: STALE_MS };
  try {
    return await lock(folder, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
  }
  const running = await read(note);
  if (running && isAlive(running.pid)) throw new AlreadyRunningError(describe(running));
  // Its owner was killed and could not release the lock; it expires by itself.
  try {
    return await lock(folder, {
      ...options,
      retries: { retries: STALE_MS / 500 + 2, factor: 1, minTimeout: 500, maxTimeout: 500 },
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    throw new AlreadyRunningError(describe(await read(note)));
  }
}

function describe(running: Running | undefined): string {
  const who = running ? ` (process ${running.pid})` : '';
  const where = running?.editor
    ? ` Its editor is at ${running.editor}.`
    : ' It is still preparing.';
  return `npm start is already running in this checkout${who}.${where} Stop it with Ctrl-C in its terminal before you start another.`;
}

async function read(note: string): Promise<Running | undefined> {
  try {
    return JSON.parse(await readFile(note, 'utf8')) as Running;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
