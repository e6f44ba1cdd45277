import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { ProcessMap } from '../../../credentials/memory/processMap';
import type { ApiResponse, ApiRequest, Client } from '../transport/client';
import { MultipartBody } from '../transport/multipart';

/** The outcome of a write: it succeeded, or that is unknown. */
type Result = { response: ApiResponse } | { doubtful: NodeApiError };

/** The results of an item by request; equal requests of one item in their order. */
type ItemResults = Map<string, Result[]>;

interface Run {
  items: Map<number, ItemResults>;
  /** How often n8n has run the node for this run index. */
  tries: number;
  /** On the monotonic clock, in milliseconds. */
  usedAt: number;
}

/** n8n waits 5 seconds at most between two tries (n8n 2.41.1, `getRetryParams`). */
const LIFETIME_MS = 600_000;
const MAX_RUNS = 100;

/** n8n's limits and default for *Max. Tries* (n8n 2.41.1, `getRetryParams`). */
const MIN_TRIES = 2;
const MAX_TRIES = 5;
const DEFAULT_TRIES = 3;

/** By execution, node and run index; the longest unused first. */
const runs = new ProcessMap<Run>();

/**
 * What the tries of a node have written so far, so that a later try creates nothing twice, and does not fail because
 * what it deletes is gone.
 */
export interface CompletedWrites {
  /** A client for an item that gives the first result of a write instead of sending it again. */
  clientFor(client: Client, itemIndex: number): Client;
  /** To be called at the end of a try. Nothing is remembered when n8n will not try again. */
  close(hasFailures: boolean): void;
}

const NONE: CompletedWrites = { clientFor: (client) => client, close: () => {} };

/**
 * Opens the memory of writes for one try of a node. With *Retry On Fail*, n8n runs the whole
 * node again in the same execution, also the items that have succeeded (n8n 2.41.1, `runNode`).
 * Another run of the node, as in a loop, has another run index; a retried execution is another one.
 *
 * @param context the functions of the running node
 * @returns a memory that remembers nothing where n8n will not try again
 */
export function openCompletedWrites(context: IExecuteFunctions): CompletedWrites {
  const { id: nodeId, retryOnFail, maxTries } = context.getNode();
  const executionId = context.getExecutionId();
  if (retryOnFail !== true || !executionId) return NONE;
  const { $runIndex: runIndex } = context.getWorkflowDataProxy(0);
  const key = JSON.stringify([executionId, nodeId, runIndex]);
  const now = performance.now();
  const run = takeRun(key, now);
  run.tries += 1;
  const allTries = Math.min(MAX_TRIES, Math.max(MIN_TRIES, Number(maxTries) || DEFAULT_TRIES));
  return {
    clientFor(client, itemIndex) {
      const results: ItemResults = run.items.get(itemIndex) ?? new Map<string, Result[]>();
      run.items.set(itemIndex, results);
      return new RememberingClient(client, results);
    },
    close(hasFailures) {
      if (!hasFailures || run.tries >= allTries) runs.delete(key);
    },
  };
}

function takeRun(key: string, now: number): Run {
  const run = runs.get(key) ?? { items: new Map(), tries: 0, usedAt: now };
  run.usedAt = now;
  runs.delete(key);
  runs.set(key, run);
  for (const [oldKey, { usedAt }] of runs) {
    if (now - usedAt < LIFETIME_MS && runs.size <= MAX_RUNS) break;
    runs.delete(oldKey);
  }
  return run;
}

class RememberingClient implements Client {
  /** How often each request was asked for in this try. */
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly client: Client,
    private readonly results: ItemResults,
  ) {}

  async send(request: ApiRequest): Promise<ApiResponse> {
    if (request.repeat === 'safe') return await this.client.send(request);
    const key = keyOf(request);
    const index = this.asked.get(key) ?? 0;
    this.asked.set(key, index + 1);
    const known = this.results.get(key)?.[index];
    if (known !== undefined && 'response' in known) return known.response;
    if (known !== undefined && request.repeat === 'creating') throw known.doubtful;
    const remember = (result: Result): void => {
      // A recipe deletes what it uploaded in vain: then it must be uploaded again.
      if (request.method === 'DELETE') this.results.clear();
      const results = [...(this.results.get(key) ?? [])];
      results[Math.min(index, results.length)] = result;
      this.results.set(key, results);
    };
    const mayBeDone = known !== undefined;
    const response = await this.client.send({ ...request, mayBeDone }).catch((error: unknown) => {
      if (error instanceof NodeApiError && error.context.mayHaveHadEffect === true) {
        remember({ doubtful: error });
      }
      throw error;
    });
    remember({ response });
    return response;
  }

  detached(): Client {
    return new RememberingClient(this.client.detached(), this.results);
  }
}

/** Names a request by everything that is sent but the token. */
function keyOf({ method, path, query, body }: ApiRequest): string {
  const content = body instanceof MultipartBody ? body.summary : body;
  const text = JSON.stringify([method, path, query ?? {}, content ?? null]);
  return createHash('sha256').update(text).digest('base64url');
}
