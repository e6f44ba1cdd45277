/** What the log of a worker says about its executions, and killing a worker at work. */
import type { N8n } from '../host/n8n';
import { until } from '../host/until';

/** The ids of the executions that a worker has started or finished, from its log. */
export async function executionsOf(worker: N8n, what: 'started' | 'finished'): Promise<string[]> {
  const lines = (await worker.log()).matchAll(/Worker (started|finished) execution (\d+)/g);
  return [...lines].filter(([, word]) => word === what).map(([, , id]) => id);
}

/** The ids of the executions that a worker has started and not finished, from its log. */
export async function underWayAt(worker: N8n): Promise<string[]> {
  const done = await executionsOf(worker, 'finished');
  return (await executionsOf(worker, 'started')).filter((id) => !done.includes(id));
}

/**
 * Kills a worker while it runs executions. It is stopped first, so that it finishes none of them meanwhile.
 * @param earlier the executions that it left unfinished when it was killed before
 */
export async function killAtWork(worker: N8n, earlier: readonly string[] = []): Promise<void> {
  const pid = worker.pid;
  if (pid === undefined) throw new Error('The worker is not running');
  await until(
    async () => {
      process.kill(pid, 'SIGSTOP');
      const atWork = (await underWayAt(worker)).length > earlier.length;
      if (!atWork) process.kill(pid, 'SIGCONT');
      return atWork;
    },
    { what: 'the worker to run an execution', timeoutMs: 120_000, everyMs: 20 },
  );
  await worker.kill();
}
