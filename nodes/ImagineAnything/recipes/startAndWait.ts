import type { IDataObject } from 'n8n-workflow';
import { refusalOf, withLeftBehind } from '../engine/recipe';
import type { Operation, Recipe, RecipeCalls } from '../engine/types';

/** The calls that a generation consists of. */
export interface GenerationOperations {
  start: Operation;
  retry: Operation;
  getPending: Operation;
  getHistory: Operation;
  getPost: Operation;
}

/** The service fails a job after five minutes (reference: AI Content Generation, Limits). */
export const DEFAULT_GENERATION_WAIT_S = 360;

const FIRST_POLL_MS = 2_000;

/** Two reads each time, so 24 a minute of the 100 that are allowed. */
const POLL_MS = 5_000;

/** How many of the newest jobs are looked through for one that has ended. */
const NEWEST = 50;

/**
 * Starts a generation and waits for its end.
 *
 * @param operations the calls of the API
 */
export function startAndWait(operations: GenerationOperations): Recipe {
  return async ({ values }) => {
    const given = Object.fromEntries(values);
    const maxWaitS = Number(given.maxWait ?? DEFAULT_GENERATION_WAIT_S);
    const retries = Number(given.retries ?? 0);
    return async (calls) => {
      const deadline = Date.now() + maxWaitS * 1000;
      let jobId = jobIdOf(calls, await calls.call(operations.start, given));
      for (let retriesLeft = retries; ; retriesLeft -= 1) {
        const job = await withJob(
          jobId,
          async () => await untilEnded(calls, operations, jobId, deadline),
        );
        if (job.status === 'completed') return [await withPost(calls, operations, job)];
        const reason = String(job.errorMessage || 'the service gives no reason');
        if (retriesLeft <= 0) {
          throw calls.failure(
            `The generation failed: ${reason}`,
            `The job ${jobId} can be tried again with Generation: Retry, three times in all.`,
          );
        }
        const again = await withJob(
          jobId,
          async () => await calls.call(operations.retry, { job: jobId }),
          `The job ${jobId} had failed: ${reason}.`,
        );
        jobId = jobIdOf(calls, again, jobId);
      }
    };
  };
}

function jobIdOf(calls: RecipeCalls, { jobId, id }: IDataObject, otherwise?: string): string {
  const found = jobId ?? id ?? otherwise;
  if (typeof found === 'number' || (typeof found === 'string' && found !== ''))
    return String(found);
  throw calls.failure(
    'The generation was started, but the answer has no job ID',
    'Look for it with Generation: Get Many.',
  );
}

async function withJob<Result>(
  jobId: string,
  step: () => Promise<Result>,
  leftBehind = `The job ${jobId} was started and goes on; find it with Generation: Get Many.`,
): Promise<Result> {
  try {
    return await step();
  } catch (thrown) {
    throw withLeftBehind(thrown, leftBehind);
  }
}

/** Polls until the job is completed or failed. Those that run are in one list, those that ended in another. */
async function untilEnded(
  calls: RecipeCalls,
  { getPending, getHistory }: GenerationOperations,
  jobId: string,
  deadline: number,
): Promise<IDataObject> {
  const isIt = ({ id, jobId: other }: IDataObject) =>
    [id, other].some((each) => each !== undefined && String(each) === jobId);
  let status = 'pending';
  for (let waitMs = FIRST_POLL_MS; ; waitMs = POLL_MS) {
    const left = deadline - Date.now();
    if (left <= 0) {
      throw calls.failure(
        `The generation took too long (status ${status})`,
        'Set Max Wait to a longer time.',
      );
    }
    await calls.wait(Math.min(waitMs, left));
    const job =
      (await calls.list(getPending, {}, Infinity)).find(isIt) ??
      (await calls.list(getHistory, {}, NEWEST)).find(isIt);
    status = typeof job?.status === 'string' ? job.status : status;
    if (job && (status === 'completed' || status === 'failed')) return job;
  }
}

/** Adds the post that a generation made. A post that is gone by now is left out. */
async function withPost(
  calls: RecipeCalls,
  { getPost }: GenerationOperations,
  job: IDataObject,
): Promise<IDataObject> {
  if (typeof job.postId !== 'string' || job.postId === '') return job;
  try {
    return { ...job, post: await calls.call(getPost, { post: job.postId }) };
  } catch (thrown) {
    if (refusalOf(thrown)?.status === 404) return job;
    throw withLeftBehind(thrown, `The generation is complete and made the post ${job.postId}.`);
  }
}
