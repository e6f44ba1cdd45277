import type { UploadFile } from '../transport/multipart';
import { DEFAULT_VIDEO_WAIT_S } from './createPost';
import { type MediaOperations, publishFiles } from './publishFiles';
import type { Recipe } from '../engine/operation';

/**
 * Publishes a byte: of a video that was uploaded before, or of a file of the item, which is uploaded first.
 *
 * @param media the calls for files
 */
export function createByte(media: MediaOperations): Recipe {
  return async ({ operation, values }) => {
    const given = Object.fromEntries(values);
    const file = values.get('file') as UploadFile | undefined;
    if (file === undefined) return async (calls) => [await calls.call(operation, given)];
    const maxWaitMs = Number(given.maxVideoWait ?? DEFAULT_VIDEO_WAIT_S) * 1000;
    return async (calls) => [
      await publishFiles(
        calls,
        media,
        [{ file, kind: 'video', purpose: 'byte' }],
        maxWaitMs,
        async ([mediaId]) =>
          await calls.call(operation, { ...given, videoSource: 'mediaId', media: mediaId }),
      ),
    ];
  };
}
