import type { IDataObject } from 'n8n-workflow';
import { readId, rejectionOf, withLeftBehind } from '../engine/recipe';
import type { Operation, RecipeCalls } from '../engine/operation';
import { deadlineIn } from '../../../credentials/http/deadline';
import { hadNoEffect } from '../transport/nodeError';
import type { UploadFile } from '../transport/multipart';
import { shorten } from '../transport/formatValue';
import { Wait } from './wait';

/** The operations that publishing files calls besides the uploads. */
export type MediaOperations = { getMany: Operation; delete: Operation };

/** A file, and how it is uploaded. */
export interface Upload {
  file: UploadFile;
  kind: 'image' | 'video';
  purpose: 'post' | 'byte';
  upload: Operation;
}

const POLL_MS = 3_000;

/** How long the deletion of unused uploads may take; the rate limit may hold it up for a minute. */
const CLEANUP_TIMEOUT_MS = 90_000;

/** The maximum length of the IDs in an error. */
const MAX_IDS_LENGTH = 1000;

/** How many of the newest files are searched for the one that is being processed. */
const NEWEST = 50;

/** States of a file that is not ready yet; the reference does not name them. */
const PROCESSING = /^(processing|pending|queued|uploading|transcoding|in_progress)$/i;
const FAILED = /^(failed|error|rejected)$/i;

/**
 * Uploads files, waits until the service has processed them, and publishes them. If they are not published, the
 * uploads are deleted.
 *
 * @param calls what the recipe may do
 * @param operations the operations for files
 * @param uploads the files, checked
 * @param maxWaitMs how long to wait for a video
 * @param publish publishes the files with these IDs; it is also given the responses to the uploads
 * @throws the error of the step that failed; it names what is left behind
 */
export async function publishFiles(
  calls: RecipeCalls,
  operations: MediaOperations,
  uploads: readonly Upload[],
  maxWaitMs: number,
  publish: (mediaIds: string[], media: readonly IDataObject[]) => Promise<IDataObject>,
): Promise<IDataObject> {
  const uploaded: IDataObject[] = [];
  const ids = () => uploaded.map((media) => idOf(media) ?? '');
  let maybePublished = false;
  try {
    for (const { file, purpose, upload } of uploads) {
      // Throws if the execution was cancelled.
      await calls.wait(0);
      const media = await calls.call(upload, { fileSource: 'binary', file, purpose });
      if (idOf(media) === undefined) {
        throw calls.failure(
          'The upload returned no media ID',
          'Nothing was published. The response is not as documented. Find the file with Media: Get Many.',
        );
      }
      uploaded.push(media);
    }
    const wait = new Wait(calls, maxWaitMs, 'Max Wait for Video');
    const isVideo = uploads.some(({ kind }) => kind === 'video');
    if (isVideo) await untilProcessed(calls, operations, uploaded[0], wait);
    for (;;) {
      // Throws if the execution was cancelled, as long as nothing can have been published.
      await calls.wait(0);
      maybePublished = true;
      const published = await publish(ids(), uploaded).catch((thrown: unknown) => {
        // Images are ready at once (reference: Upload an Image).
        if (!isVideo || !saysNotReady(thrown)) throw thrown;
        if (wait.isOver) throw withLeftBehind(calls, thrown, wait.advice);
        return undefined;
      });
      if (published !== undefined) return published;
      maybePublished = false;
      await waitForVideo(calls, wait);
    }
  } catch (thrown) {
    throw withLeftBehind(
      calls,
      thrown,
      // If they may have been published, the files are needed.
      maybePublished && !hadNoEffect(thrown)
        ? `The uploaded files were kept, because they may be in use: ${listed(ids())}.`
        : await deleteFiles(calls, operations, ids()),
    );
  }
}

function idOf({ id, media_id: snake, mediaId }: IDataObject): string | undefined {
  return readId(id, snake, mediaId);
}

function listed(ids: readonly string[]): string {
  return shorten(ids.join(', '), MAX_IDS_LENGTH);
}

/** The fields that may hold the state of a file. */
function statesOf({ status, processingStatus, state }: IDataObject): string[] {
  return [status, processingStatus, state].filter((each) => typeof each === 'string');
}

/** Reads the state of a file; one without a state is ready. */
function stateOf(media: IDataObject): 'ready' | 'processing' | 'failed' {
  const states = statesOf(media);
  if (states.some((each) => FAILED.test(each))) return 'failed';
  return states.some((each) => PROCESSING.test(each)) ? 'processing' : 'ready';
}

async function untilProcessed(
  calls: RecipeCalls,
  { getMany }: MediaOperations,
  uploaded: IDataObject,
  wait: Wait,
): Promise<void> {
  const look = async () => {
    const newest = await wait.look(
      async (inTime) => await inTime.list(getMany, { type: 'VIDEO' }, NEWEST),
    );
    // A file that is not in the list has no state; publishing it will tell.
    return newest.find((each) => idOf(each) === idOf(uploaded)) ?? {};
  };
  // The upload need not say a state (docs/service.md: Responses). Where the list cannot be read either, publishing will tell.
  let media = statesOf(uploaded).length > 0 ? uploaded : await look().catch(() => ({}));
  for (;;) {
    const state = stateOf(media);
    if (state === 'ready') return;
    if (state === 'failed') {
      throw calls.failure(
        'The service could not process the video',
        'Nothing was published. Check the format and the length of the video.',
      );
    }
    await waitForVideo(calls, wait);
    media = await look();
  }
}

/**
 * Tells whether a video was refused because it is still being processed. The reference does not name a code for
 * that; a message that something failed is final.
 */
function saysNotReady(thrown: unknown): boolean {
  const { status, message = '' } = rejectionOf(thrown) ?? {};
  if (status !== 400 && status !== 409) return false;
  const words = message.toLowerCase().split(/[^a-z]+/);
  return (
    (/process(ing|ed)/i.test(message) || /not.ready/i.test(message)) &&
    !words.some((word, index) => saysFailed(word, words.slice(index + 1)))
  );
}

/** As in `processing_failed`, `process error` and `failed to finish the processing`. */
function saysFailed(word: string, next: readonly string[]): boolean {
  if (word.startsWith('fail')) return next.slice(0, 4).some((each) => each.startsWith('process'));
  return word.startsWith('process') && /^(fail|error)/.test(next[0] ?? '');
}

async function waitForVideo(calls: RecipeCalls, wait: Wait): Promise<void> {
  if (wait.isOver) {
    throw calls.failure(
      'The video is still being processed',
      `Nothing was published. ${wait.advice}`,
    );
  }
  await wait.pause(POLL_MS);
}

/** Deletes uploads that were not published. @returns a sentence about what is left behind */
async function deleteFiles(
  calls: RecipeCalls,
  operations: MediaOperations,
  ids: readonly string[],
): Promise<string> {
  if (ids.length === 0) return '';
  const inTime = calls.until(deadlineIn(CLEANUP_TIMEOUT_MS));
  let left = calls.isCancelled() ? ids : await deleteEach(inTime, operations, ids);
  // A cancelled execution sends nothing more, but must not leave its files behind.
  if (calls.isCancelled()) left = await deleteEach(calls.detached(), operations, left);
  return left.length > 0
    ? `These uploaded files could not be deleted: ${listed(left)}.`
    : 'The uploaded files were deleted.';
}

/** @returns the IDs of those that are still there */
async function deleteEach(
  calls: RecipeCalls,
  operations: MediaOperations,
  ids: readonly string[],
): Promise<string[]> {
  const left: string[] = [];
  for (const id of ids) {
    try {
      await calls.call(operations.delete, { deleteBy: 'id', media: id });
    } catch (thrown) {
      const { status, isDocumented } = rejectionOf(thrown) ?? {};
      if (status !== 404 || !isDocumented) left.push(id);
    }
  }
  return left;
}
