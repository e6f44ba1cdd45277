import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureHost } from '../host/install';
import { cacheFolder } from '../host/paths';
import { lockFolder } from './lock';

// Compiling `npm start` in a process of its own takes seconds on a busy machine.
jest.setTimeout(120_000);

const MAIN = join(__dirname, './main.ts');

let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'));
});

afterEach(async () => {
  // One that should have ended has started n8n, and ends that as well.
  child?.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** Runs `npm start` with these options to its end, which comes before it starts anything. */
async function start(...args: string[]) {
  const running = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
    env: { ...process.env, N8N_START_FOLDER: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = running;
  const out = { stdout: '', stderr: '' };
  running.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
  running.stderr.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
  const [exitCode] = (await once(running, 'close')) as [number | null];
  child = undefined;
  return { exitCode, stdout: out.stdout, stderr: out.stderr.trim() };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test.each([
  ['--port', 'n8n (--port)'],
  ['--sandbox-port', 'the sandbox (--sandbox-port)'],
])('a busy %s is named, and nothing is left behind', async (option, what) => {
  const server = createServer();
  const port = await listening(server);
  const ended = await start(option, String(port));
  server.close();

  expect(ended).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `Port ${port}, wanted for ${what}, is in use by another program. Choose another one, or leave the option out to have a free one chosen.`,
  });
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  [
    'is told where the first one is',
    'http://127.0.0.1:5678',
    ' Its editor is at http://127.0.0.1:5678.',
  ],
  ['is told that the first one prepares', undefined, ' It is still preparing.'],
])('a second start %s', async (_, editor, where) => {
  const first = await lockFolder(folder);
  if (editor) await first.announce(editor);
  const ended = await start();
  await first.release();

  expect(ended).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `npm start is already running in this checkout (process ${process.pid}).${where} Stop it with Ctrl-C in its terminal before you start another.`,
  });
});

test('a mistyped option is named', async () => {
  expect(await start('--port', 'http')).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: '--port must be a number from 1 to 65535, not "http".',
  });
});

describe('a download of n8n', () => {
  const before = { ...process.env };
  let cache: string;

  beforeEach(async () => {
    // On the disk that n8n would go to: the installation asks for space first.
    await mkdir(cacheFolder(), { recursive: true });
    cache = await mkdtemp(join(cacheFolder(), 'test-'));
  });

  afterEach(async () => {
    process.env = { ...before };
    await rm(cache, { recursive: true, force: true, maxRetries: 3 });
  });

  /** Has n8n installed where there is none yet, from a registry on this machine. */
  async function install(port: number): Promise<unknown> {
    Object.assign(process.env, {
      XDG_CACHE_HOME: cache,
      npm_config_cache: join(cache, 'npm'),
      npm_config_registry: `http://127.0.0.1:${port}/`,
      npm_config_replace_registry_host: 'always',
      npm_config_fetch_retries: '0',
      npm_config_noproxy: '127.0.0.1',
    });
    return await ensureHost().catch((error: Error) => error.message);
  }

  it('that breaks says why, and leaves nothing half installed', async () => {
    const server = createServer((_, response) => response.end('not what was asked for'));
    const port = await listening(server);
    const reason = await install(port);
    server.close();
    server.closeAllConnections();

    expect(reason).toMatch(
      /^n8n could not be installed \(downloading n8n\): The package registry gave no proper answer, perhaps because of a proxy in between\. The whole log: /,
    );
    expect(await readdir(cacheFolder())).toEqual([expect.stringMatching(/^host-\w+\.log$/)]);
  });
});
