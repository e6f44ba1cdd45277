import { readFile, writeFile } from 'node:fs/promises';

/**
 * Sets the peak of a process back to what it has in memory now (Linux, `proc(5)`: 5 in `clear_refs`).
 *
 * @param pid a process of the same user
 */
export async function resetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}

/**
 * Reads the most memory that a process was resident with since {@link resetPeak}, as the kernel counted
 * it: no sample can miss it.
 *
 * @param pid a process of the same user
 * @returns bytes
 */
export async function readPeak(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(status) ?? [];
  if (kibibytes === undefined) throw new Error('This system does not tell the peak of a process');
  return Number(kibibytes) * 1024;
}
