import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SandboxOptions } from '../sandbox/options';
import type { Account, Counts, Question, Reply, SandboxCalls } from './sandbox-process';

/** Allows for a busy machine; a sandbox normally starts in two seconds. */
const ANSWER_TIMEOUT_MS = 60_000;

/**
 * A sandbox in a process of its own, as the service is one: its work is then neither counted as the
 * node's nor does it wait for it.
 */
export class BenchSandbox {
  private asked = 0;

  private readonly ended = new AbortController();

  private constructor(private readonly child: ChildProcess) {
    child.once('exit', () => this.ended.abort(new Error('The sandbox ended')));
  }

  account!: Account;

  /** @param posts how many posts of another agent there are */
  static async start(options: SandboxOptions, posts = 1): Promise<BenchSandbox> {
    // Infinity and what else JSON cannot carry passes through.
    const child = fork(join(__dirname, 'sandbox-process.ts'), { serialization: 'advanced' });
    const sandbox = new BenchSandbox(child);
    try {
      sandbox.account = await sandbox.ask<Account>('start', options, posts);
      return sandbox;
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  async count(): Promise<Counts> {
    return await this.ask<Counts>('count');
  }

  async expireTokenAtUpload(): Promise<void> {
    await this.ask('expireTokenAtUpload');
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }

  private async ask<Result>(call: keyof SandboxCalls, ...args: unknown[]): Promise<Result> {
    const number = ++this.asked;
    this.child.send({ number, call, args } satisfies Question);
    const signal = AbortSignal.any([this.ended.signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
    for (;;) {
      const [reply] = (await once(this.child, 'message', { signal })) as [Reply];
      if (reply.number !== number) continue;
      if ('error' in reply) throw new Error(`The sandbox failed: ${reply.error}`);
      return reply.result as Result;
    }
  }
}
