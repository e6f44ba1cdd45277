import type { IDataObject } from 'n8n-workflow';
import { numberIn } from '../engine/parameter';
import { readId, readText, rejectionOf, withLeftBehind } from '../engine/recipe';
import type { Operation, Recipe, RecipeCalls } from '../engine/operation';
import { deadlineIn } from '../transport/deadline';
import { shorten } from '../transport/formatValue';
import { Wait } from './wait';

/** The operations of a generation. */
type GenerationOperations = {
  start: Operation;
  retry: Operation;
  getPending: Operation;
  getHistory: Operation;
  getPost: Operation;
};

const FIRST_POLL_MS = 2_000;

/** Two reads each time, so 24 a minute of the 100 that are allowed. */
const POLL_MS = 5_000;

/** More than the three jobs that may run at the same time (reference: AI Content Generation, Limits). */
const PENDING = 100;

/** How many of the newest jobs are searched for one that has ended. */
const NEWEST = 50;

/** How many times a job can be retried (reference: Retry a Failed Generation). */
export const MAX_RETRIES = 3;

/** How long to try to read the post of a finished generation. */
const READ_POST_MS = 120_000;

/**
 * Starts a generation and waits until it has ended.
 *
 * @param uses the operations that it calls
 */
export function startAndWait(uses: GenerationOperations): Recipe {
  return {
    uses,
    prepare: async ({ values }) => {
      const given = Object.fromEntries(values);
      const maxWaitS = numberIn(values, 'maxWait');
      const retries = numberIn(values, 'retries');
      return async (calls) => {
        let jobId = jobIdOf(calls, await calls.call(uses.start, given));
        const wait = new Wait(calls, maxWaitS * 1000, 'Max Wait');
        for (let retriesLeft = retries; ; retriesLeft -= 1) {
          const job = await withJob(
            calls,
            jobId,
            async () => await untilEnded(calls, uses, jobId, wait),
          );
          if (job.status === 'completed') return [await withPost(calls, uses, job)];
          const reason = readText(job.errorMessage, 'the service gave no reason');
          if (retriesLeft <= 0 || wait.isOver) {
            throw calls.failure(
              `The generation failed: ${reason}`,
              whatNext(jobId, retriesOf(job, retries - retriesLeft)),
            );
          }
          const again = await withJob(
            calls,
            jobId,
            async () => await calls.call(uses.retry, { job: jobId }),
            `The job ${shorten(jobId)} failed: ${reason}.`,
          );
          jobId = jobIdOf(calls, again, jobId);
        }
      };
    },
  };
}

/** How many times a job was retried: as it says, and at least as often as it was done here. */
function retriesOf({ retryCount }: IDataObject, own: number): number {
  return typeof retryCount === 'number' ? Math.max(own, retryCount) : own;
}

/** Reference: Retry a Failed Generation. */
function whatNext(jobId: string, retried: number): string {
  return retried < MAX_RETRIES
    ? `Retry the job ${shorten(jobId)} with Generation: Retry. Retries left: ${MAX_RETRIES - retried}.`
    : `The job ${shorten(jobId)} was retried ${MAX_RETRIES} times, which is the most. Start a new generation instead.`;
}

function jobIdOf(calls: RecipeCalls, { jobId, id }: IDataObject, otherwise?: string): string {
  const found = readId(jobId, id) ?? otherwise;
  if (found !== undefined) return found;
  throw calls.failure(
    'The generation was started, but the response has no job ID',
    'Find it with Generation: Get Many.',
  );
}

async function withJob<Result>(
  calls: RecipeCalls,
  jobId: string,
  step: () => Promise<Result>,
  leftBehind = `The job ${shorten(jobId)} was started and may still be running. Find it with Generation: Get Many.`,
): Promise<Result> {
  try {
    return await step();
  } catch (thrown) {
    throw withLeftBehind(calls, thrown, leftBehind);
  }
}

/** Polls until the job has completed or failed. Running jobs are in one list, ended ones in another. */
async function untilEnded(
  calls: RecipeCalls,
  { getPending, getHistory }: GenerationOperations,
  jobId: string,
  wait: Wait,
): Promise<IDataObject> {
  const isIt = ({ id, jobId: other }: IDataObject) =>
    [id, other].some((each) => readId(each) === jobId);
  let status = 'pending';
  for (let waitMs = FIRST_POLL_MS; ; waitMs = POLL_MS) {
    if (wait.isOver) {
      throw calls.failure(
        `The generation has not finished yet (status ${shorten(status)})`,
        wait.advice,
      );
    }
    await wait.pause(waitMs);
    const job = await wait.look(
      async (inTime) =>
        (await inTime.list(getPending, {}, PENDING)).find(isIt) ??
        (await inTime.list(getHistory, {}, NEWEST)).find(isIt),
    );
    status = readText(job?.status, status);
    if (job && (status === 'completed' || status === 'failed')) return job;
  }
}

/** Adds the post that a generation published, unless it has been deleted. */
async function withPost(
  calls: RecipeCalls,
  { getPost }: GenerationOperations,
  job: IDataObject,
): Promise<IDataObject> {
  const postId = readId(job.postId);
  if (postId === undefined) return job;
  try {
    const post = await calls.until(deadlineIn(READ_POST_MS)).call(getPost, { post: postId });
    return { ...job, post };
  } catch (thrown) {
    const { status, isDocumented } = rejectionOf(thrown) ?? {};
    if (status === 404 && isDocumented) return job;
    const made = `The generation is complete and published the post ${shorten(postId)}.`;
    throw withLeftBehind(calls, thrown, made);
  }
}
