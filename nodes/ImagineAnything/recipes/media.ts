import type { IDataObject } from 'n8n-workflow';
import { refusalOf, withLeftBehind } from '../engine/recipe';
import { hadNoEffect } from '../transport/nodeError';
import type { Operation, RecipeCalls } from '../engine/types';
import type { UploadFile } from '../transport/fileForm';

/** The calls that publishing files consists of. */
export interface MediaOperations {
  uploadImage: Operation;
  uploadVideo: Operation;
  getMany: Operation;
  delete: Operation;
}

/** How a file is uploaded: as an image, or as a video for a purpose. */
export interface Upload {
  file: UploadFile;
  kind: 'image' | 'video';
  purpose: 'post' | 'byte';
}

const POLL_MS = 3_000;

const WAIT_LONGER = 'Set Max Wait for Video to a longer time.';

/** How many of the newest files are looked through for one that is processed. */
const NEWEST = 50;

/** States of a file that is not ready yet; the reference does not say how they are called. */
const PROCESSING = /^(processing|pending|queued|uploading|transcoding|in_progress)$/i;
const FAILED = /^(failed|error|rejected)$/i;

/**
 * Uploads files, waits until the service has processed them, and publishes them. What was uploaded is
 * deleted again when it is not published.
 *
 * @param calls what the recipe may do
 * @param operations the calls of the API
 * @param uploads the files, checked
 * @param maxWaitMs how long to wait for a video
 * @param publish publishes the files with these IDs
 * @throws the error of the step that failed; it names what is left behind
 */
export async function publishFiles(
  calls: RecipeCalls,
  operations: MediaOperations,
  uploads: readonly Upload[],
  maxWaitMs: number,
  publish: (mediaIds: string[]) => Promise<IDataObject>,
): Promise<IDataObject> {
  const uploaded: IDataObject[] = [];
  let maybePublished = false;
  try {
    for (const { file, kind, purpose } of uploads) {
      const operation = kind === 'image' ? operations.uploadImage : operations.uploadVideo;
      const media = await calls.call(operation, { file, purpose });
      if (idOf(media) === '') {
        throw calls.failure(
          'The upload gave no media ID',
          'Nothing was published. The answer of the service is not as documented.',
        );
      }
      uploaded.push(media);
    }
    const deadline = Date.now() + maxWaitMs;
    const isVideo = uploads.some(({ kind }) => kind === 'video');
    if (isVideo) await untilProcessed(calls, operations, uploaded[0], deadline);
    for (;;) {
      maybePublished = true;
      const [published] = await Promise.allSettled([publish(uploaded.map(idOf))]);
      if (published.status === 'fulfilled') return published.value;
      // Images are ready at once (reference: Upload an Image).
      if (!isVideo || !saysNotReady(published.reason)) throw published.reason as Error;
      if (Date.now() >= deadline) throw withLeftBehind(published.reason, WAIT_LONGER);
      maybePublished = false;
      await waitForVideo(calls, deadline);
    }
  } catch (thrown) {
    const ids = uploaded.map(idOf);
    throw withLeftBehind(
      thrown,
      // They may have been published, and then the files are needed.
      maybePublished && !hadNoEffect(thrown)
        ? `The uploaded files were kept, as they may be in use: ${ids.join(', ')}.`
        : await deleteFiles(calls, operations, ids),
    );
  }
}

function idOf({ id, media_id: snake, mediaId }: IDataObject): string {
  const found = [id, snake, mediaId].find((each) => each !== undefined && each !== null);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}

/** Reads the state of a file; one without a state is ready. */
function stateOf(media: IDataObject): 'ready' | 'processing' | 'failed' {
  const states = [media.status, media.processingStatus, media.state].map((each) =>
    typeof each === 'string' ? each : '',
  );
  if (states.some((each) => FAILED.test(each))) return 'failed';
  return states.some((each) => PROCESSING.test(each)) ? 'processing' : 'ready';
}

async function untilProcessed(
  calls: RecipeCalls,
  { getMany }: MediaOperations,
  uploaded: IDataObject,
  deadline: number,
): Promise<void> {
  for (let media = uploaded; ; ) {
    const state = stateOf(media);
    if (state === 'ready') return;
    if (state === 'failed') {
      throw calls.failure(
        'The service could not process the video',
        'Nothing was published. Check the format and the length of the video.',
      );
    }
    await waitForVideo(calls, deadline);
    const newest = await calls.list(getMany, { type: 'VIDEO' }, NEWEST);
    // A file that the list does not show has no state: publishing will tell.
    media = newest.find((each) => idOf(each) === idOf(uploaded)) ?? {};
  }
}

/**
 * Tells whether a video was refused because it is still processed. The reference does not name the code of
 * that; what says that something went wrong is final.
 */
function saysNotReady(thrown: unknown): boolean {
  const { status, said = '' } = refusalOf(thrown) ?? {};
  return (
    (status === 400 || status === 409) &&
    /process(ing|ed)|not.ready/i.test(said) &&
    !/process\w*[\s_-]+(fail|error)|fail\w*.{0,20}process/i.test(said)
  );
}

async function waitForVideo(calls: RecipeCalls, deadline: number): Promise<void> {
  const left = deadline - Date.now();
  if (left <= 0) {
    throw calls.failure(
      'The video is still being processed',
      `Nothing was published. ${WAIT_LONGER}`,
    );
  }
  await calls.wait(Math.min(POLL_MS, left));
}

/** Deletes what was uploaded in vain. @returns a sentence about what is left behind */
async function deleteFiles(
  calls: RecipeCalls,
  operations: MediaOperations,
  ids: readonly string[],
): Promise<string> {
  const left: string[] = [];
  for (const id of ids) {
    try {
      await calls.call(operations.delete, { deleteBy: 'id', media: id });
    } catch {
      left.push(id);
    }
  }
  if (left.length > 0) return `Uploaded files could not be deleted again: ${left.join(', ')}.`;
  return ids.length > 0 ? 'What had been uploaded was deleted again.' : '';
}
