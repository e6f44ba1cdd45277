import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { readArguments } from './cli';
import { send } from './testing';

// Compiling the sandbox in a process of its own takes seconds on a busy machine.
jest.setTimeout(60_000);

type Process = ChildProcessByStdio<null, Readable, Readable>;
const running = new Set<Process>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

function start(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'cli.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
  const exit = new Promise<number | null>((exited) => {
    child.once('close', (code) => {
      running.delete(child);
      exited(code);
    });
  });
  const line = new Promise<string>((found, failed) => {
    child.stdout.on('data', () => {
      if (out.stdout.includes('\n')) found(out.stdout);
    });
    void exit.then(() => failed(new Error(out.stderr)));
  });
  line.catch(() => undefined);
  return { child, out, exit, line };
}

it.each(['SIGINT', 'SIGTERM'] as const)('listens, and ends with 0 on %s', async (signal) => {
  const { child, out, exit, line } = start('--envelope', 'bare', '--window-ms', '500');
  const { url } = JSON.parse(await line) as { url: string };
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await send({ url }, 'GET', '/api/posts')).body.posts).toEqual([]);
  child.kill(signal);
  expect(await exit).toBe(0);
  expect(out.stdout.trim().split('\n')).toHaveLength(1);
});

it('says that the port is busy', async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { out, exit } = start('--port', String(port));
  expect(await exit).toBe(1);
  expect(out).toEqual({
    stdout: '',
    stderr: 'sandbox: The port is busy: choose another with --port.\n',
  });
  server.close();
});

it('says which option is not acceptable', async () => {
  const { out, exit } = start('--envelope', 'wrapped');
  expect(await exit).toBe(1);
  expect(out.stderr).toBe('sandbox: envelope must be one of keyed, bare, not wrapped\n');
});

it('reads its options', () => {
  expect(
    readArguments([
      ...['--port', '4010', '--registered', 'client_id', '--token-ttl-s', '2.5'],
      ...['--fields', 'sdk'],
      ...['--window', 'fixed', '--write-limit', '5', '--upload-limit', '6'],
      ...['--redeliver', '2', '--repeated-mark', 'conflict'],
      ...['--accept', 'requires=asShown', '--accept', 'lists=add'],
      ...['--job-limit-status', '429', '--job-limit-headers', 'none'],
      ...['--characters', 'utf16', '--megabyte', 'decimal'],
    ]),
  ).toMatchObject({
    port: 4010,
    registered: 'client_id',
    fields: 'sdk',
    tokenTtlS: 2.5,
    window: 'fixed',
    limits: { write: 5, upload: 6 },
    redeliver: { attempts: 2 },
    repeats: { mark: 'conflict' },
    accepts: { requires: 'asShown', lists: 'add' },
    jobLimit: { status: 429, headers: 'none' },
    characters: 'utf16',
    megabyte: 'decimal',
  });
  expect(readArguments(['--help'])).toBe('help');
  expect(() => readArguments(['--port', 'abc'])).toThrow('--port must be a number, not abc');
  expect(() => readArguments(['--colour', 'red'])).toThrow("Unknown option '--colour'");
  expect(() => readArguments(['4010'])).toThrow();
});
